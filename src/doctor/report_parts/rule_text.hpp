#pragma once

/// \file
/// A rule's explanation, taken apart so that each format can set it in its own way.
///
/// The Markdown of a rule is headings, paragraphs, lists and code; within a paragraph only code has
/// a mark of its own, a pair of backquotes.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace doctor::report_parts {

struct TextBlock {
  enum class Kind : std::uint8_t { heading, paragraph, item, code };
  Kind kind;
  std::string text;  // one line, but for code
};

[[nodiscard]] std::vector<TextBlock> blocks_of(std::string_view markdown);

/// The explanation of the rule with that code as it was written, without blank lines around it;
/// empty for a rule that is not in the catalogue.
[[nodiscard]] std::string_view explanation_of(std::string_view code) noexcept;
/// The same for a reader of plain text: headings and code on lines of their own.
[[nodiscard]] std::string plain_text(std::string_view markdown);

}  // namespace doctor::report_parts
