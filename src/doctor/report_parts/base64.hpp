#pragma once

/// \file
/// Bytes as text (RFC 4648, section 4).

#include <string>
#include <string_view>

namespace doctor::report_parts {

[[nodiscard]] std::string base64(std::string_view bytes);

}  // namespace doctor::report_parts
