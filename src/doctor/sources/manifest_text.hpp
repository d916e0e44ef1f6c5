#pragma once

/// \file
/// Names from a database as JSON strings, and back, without loss.
///
/// JSON text is Unicode; a name in a database may be any bytes. Each byte that is not part of valid
/// UTF-8 is written as the character U+F700 plus the byte (U+F780 … U+F7FF, private use), and a
/// character of that range that really is in a name as its three bytes, each in the same way. So
/// decoding is: every character in U+F780 … U+F7FF is one byte.

#include <string>
#include <string_view>

namespace doctor::sources {

[[nodiscard]] std::string to_json_text(std::string_view bytes);
[[nodiscard]] std::string from_json_text(std::string_view text);

}  // namespace doctor::sources
