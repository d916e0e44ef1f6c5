#pragma once

/// \file
/// By which rule two columns compare, looked up by a bound value or joined.

#include "ommi/key.hpp"

namespace doctor {

/// The rule of `left = right` between two columns (https://www.sqlite.org/datatype3.html, sections
/// 4.2 and 7.1): a numeric affinity on either side is applied to the other, else a text affinity;
/// the left column's collation decides. A look-up by a bound value follows the rule of the column
/// alone.
[[nodiscard]] ommi::Comparison joined(const ommi::Comparison& left, const ommi::Comparison& right);

/// Whether two rules find the same values equal: all numeric affinities convert alike.
[[nodiscard]] bool same_equality(const ommi::Comparison& left, const ommi::Comparison& right);

}  // namespace doctor
