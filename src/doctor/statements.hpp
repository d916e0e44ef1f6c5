#pragma once

/// \file
/// What the text of a statement says, as far as rules need it: pages, what they are ordered by, and
/// words of SQL in the place of values. It is read word by word; no dialect is parsed.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace doctor {

/// A statement that asks for a part of an answer, by its position.
struct Page {
  std::string question;                      // the statement up to its LIMIT
  std::optional<std::uint64_t> limit = {};   // nothing where it is bound
  std::optional<std::uint64_t> offset = {};  // the same
  std::vector<std::string> order = {};       // columns, as far as terms are no more than that

  /// Whether rows come before it, for all that the text says.
  [[nodiscard]] bool is_later() const noexcept { return !offset || *offset > 0; }
};

/// Of `text`, which may be several statements with semicolons between them, those that have both a
/// limit and an offset.
[[nodiscard]] std::vector<Page> pages_of(std::string_view text);

/// Whether `word` ("NULL", "IS NOT") stands, as a keyword, where a value is due: behind a
/// comparison, or in a list.
[[nodiscard]] bool stands_for_value(std::string_view word, std::string_view text);

}  // namespace doctor
