#pragma once

/// \file
/// Rows from which references lead back to themselves: a parent whose parent is its own child, or
/// the same through several tables.

#include <vector>

#include "doctor/evidence.hpp"
#include "ommi/database.hpp"

namespace doctor {

/// The ways in which to-one relationships lead back to the model that they start from, without
/// numbers; each way once, from the model that comes first. A reference that is followed under two
/// names is one.
[[nodiscard]] std::vector<LoopSweep> ways_back(const Evidence& evidence,
                                               const std::vector<const ommi::Relation*>& only);

/// Follows the references of every row and counts the loops.
void count(const ommi::Database& database, LoopSweep& way, std::size_t samples);

}  // namespace doctor
