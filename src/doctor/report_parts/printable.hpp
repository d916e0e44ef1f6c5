#pragma once

/// \file
/// The last look at a text before it is printed.

#include <string>
#include <string_view>

namespace doctor::report_parts {

/// Like ommi::escaped, but leaves backslashes as they are: for messages, whose names were escaped
/// when they were put in. Doing it twice changes nothing.
[[nodiscard]] std::string printable(std::string_view text);

}  // namespace doctor::report_parts
