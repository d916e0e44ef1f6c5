#pragma once

/// \file
/// Text on a terminal: colour, columns, tables, cutting and wrapping.
///
/// A column is a code point: text of wide characters may stand out of line by a few columns, it
/// never breaks a line. Everything given to these functions is printable already (ommi::escaped).

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace doctor::report_parts {

enum class Tone : std::uint8_t { plain, strong, faint, good, caution, bad };

/// Colours, or leaves as it is.
class Painter {
 public:
  explicit Painter(bool color) noexcept : color_(color) {}
  [[nodiscard]] std::string operator()(std::string_view text, Tone tone) const;

 private:
  bool color_;
};

/// How many columns `text` takes.
[[nodiscard]] std::size_t columns(std::string_view text) noexcept;

/// `text`, at most `limit` columns wide; the cut is shown as `…`.
[[nodiscard]] std::string cut(std::string_view text, std::size_t limit);

/// `text` in lines of at most `width` columns, broken at blanks where there are any. The first line
/// has `taken` columns less.
[[nodiscard]] std::vector<std::string> wrapped(std::string_view text, std::size_t width,
                                               std::size_t taken = 0);

/// "  label     text", further lines under the text.
[[nodiscard]] std::string labelled(const Painter& paint, std::size_t width, std::string_view label,
                                   std::string_view text);
/// The same on one line however wide: what is to be pasted.
[[nodiscard]] std::string pasted(const Painter& paint, std::string_view label,
                                 std::string_view text);

struct TableColumn {
  std::string title;
  bool right = false;          // aligned to the right, as numbers are
  std::size_t shrinks_to = 0;  // may be cut down to so many columns; 0 = never cut
};

struct TableCell {
  std::string text;
  Tone tone = Tone::plain;
};

/// Rows under titles, aligned, each line at most `width` columns as far as columns may shrink.
[[nodiscard]] std::string table(const std::vector<TableColumn>& header,
                                const std::vector<std::vector<TableCell>>& rows, std::size_t width,
                                const Painter& paint);

}  // namespace doctor::report_parts
