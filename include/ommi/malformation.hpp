#pragma once

/// \file
/// In which way an answer was not what a driver may return, and what came instead.
///
///     if (const ommi::Malformation* evidence = error.malformation()) {
///       std::cerr << to_string(evidence->what) << ": " << evidence->got << '\n';
///     }

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace ommi {

/// In which way an answer is not what a driver may return; `none` = as due.
enum class Malformed : std::uint8_t {
  none,
  empty_wrapper,          // a success that wraps no result
  uninitialised_wrapper,  // a result object that nobody filled
  wrapped_success,        // a success around rows that were due raw
  wrapped_failure,        // a failure returned instead of thrown
  double_wrapped,         // a result inside a result
  both_sides,             // a result and an error
  failure_without_error,  // a failure that names no error, or only a bare text
  not_rows,               // null, a scalar or a map where rows were due
  wrong_width,            // a row with fewer or more cells than columns asked for
  wrong_cell,             // a cell that is not of its field's type, or not a value at all
  foreign_rows,           // rows of another model, or of keys that were not asked for
  wrong_count,            // fewer or more rows than asked for or added; not a number of rows
  unawaited,              // a coroutine or generator object
  truncated,              // the answer was cut off
};
inline constexpr std::size_t malformed_count = 15;

/// The stable name, such as "empty_wrapper".
[[nodiscard]] std::string_view to_string(Malformed what) noexcept;

/// The evidence of a malformed answer.
struct Malformation {
  Malformed what = Malformed::none;
  std::string expected;               // "rows of Post, 4 columns each"
  std::string got;                    // an excerpt of what came
  std::optional<std::size_t> row;     // counted from 0
  std::optional<std::size_t> column;  // counted from 0
};

}  // namespace ommi
