#pragma once

/// \file
/// How SQLite stores and compares (https://www.sqlite.org/datatype3.html), for values in memory.

#include <compare>
#include <optional>

#include "ommi/key.hpp"
#include "ommi/value.hpp"

namespace ommi::memory {

/// What a column of that affinity makes of a value that is put into it.
[[nodiscard]] Value stored(const Cell& cell, Affinity affinity);

/// The order of two stored values, as ORDER BY has it.
[[nodiscard]] std::weak_ordering compare_stored(const Cell& left, const Cell& right,
                                                Collation collation);

/// The order of a column's value and a value of no column; nothing if one is NULL.
[[nodiscard]] std::optional<std::weak_ordering> compare_with_value(const Cell& column,
                                                                   const Comparison& rule,
                                                                   const Cell& value);

/// The order of the values of two columns; nothing if one is NULL. The left one's collation holds.
[[nodiscard]] std::optional<std::weak_ordering> compare_columns(const Cell& left,
                                                                const Comparison& left_rule,
                                                                const Cell& right,
                                                                const Comparison& right_rule);

/// `cell` as text, as LIKE and instr look at it. `scratch` holds what is made.
[[nodiscard]] std::string_view text_of(const Cell& cell, std::string& scratch);

/// SQLite's LIKE without an escape character.
[[nodiscard]] bool is_like(std::string_view text, std::string_view pattern);

/// The position at which `part` first begins in `text`, from 1; 0 if it does not. As SQLite's
/// instr, a part begins at no byte that continues a character.
[[nodiscard]] std::size_t position_of(std::string_view part, std::string_view text);

}  // namespace ommi::memory
