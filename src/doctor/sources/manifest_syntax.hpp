#pragma once

/// \file
/// JSON text with errors that say where: line and column of what is no JSON, a JSON pointer to what
/// is not allowed. Included by the manifest's reader only.

#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

namespace doctor::sources {

/// `key` as a part of a JSON pointer (RFC 6901).
[[nodiscard]] std::string pointer_part(std::string_view key);

/// Throws DatabaseError (ErrorCode::model) for text that is no JSON, an object with a key twice, or
/// nesting deeper than any manifest.
[[nodiscard]] nlohmann::json parse_json(std::string_view text, const std::string& file);

}  // namespace doctor::sources
