#pragma once

/// \file
/// Questions that are asked, or answered, as none should be: in pages, twice over, or with keys
/// written into the statement.

#include <memory>

#include "ommi/driver.hpp"

namespace ommi::faulty {

/// Asks `inner` for pages of `rows` rows until one is not full; the statement of the answer is all
/// of theirs.
[[nodiscard]] std::unique_ptr<Cursor> fetch_pages(Driver& inner, const Query& query,
                                                  std::uint64_t rows);

/// What `inner` answers, every row twice.
[[nodiscard]] std::unique_ptr<Cursor> fetch_doubled(Driver& inner, const Query& query);

/// What `inner` answers, without the rows whose key is a keyword's text, which the statement shows
/// in the place of a value.
[[nodiscard]] std::unique_ptr<Cursor> fetch_inlined(Driver& inner, const Query& query);

}  // namespace ommi::faulty
