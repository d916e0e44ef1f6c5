#pragma once

/// \file
/// Text inside XML, HTML and Markdown.

#include <string>
#include <string_view>

namespace doctor::report_parts {

/// `text`, made printable, as content or as the value of a quoted attribute: nothing of it is
/// markup, and nothing is a character that XML 1.0 forbids.
[[nodiscard]] std::string markup(std::string_view text);

/// `text`, which is printable, as Markdown's plain text.
[[nodiscard]] std::string markdown_text(std::string_view text);
/// The same as code on one line.
[[nodiscard]] std::string markdown_code(std::string_view text);

}  // namespace doctor::report_parts
