#pragma once

/// \file
/// Which rows of a model are worth loading from: the ends of its key, what the sweeps found, the
/// largest fan-outs, and a random sample with a fixed seed.

#include <cstdint>
#include <string>
#include <vector>

#include "doctor/sweep.hpp"
#include "doctor/traversal.hpp"
#include "ommi/database.hpp"

namespace doctor {

/// The fields that name a row of `model`: its key, or all of its fields.
[[nodiscard]] std::vector<std::size_t> identity_of(const ommi::Model& model);

/// The key of a row as a sample, with all fields where there is no key (at most twelve).
[[nodiscard]] std::vector<NamedValue> key_sample(const ommi::Record& record);

/// Finds the rows chosen for `model`. Throws DatabaseError.
[[nodiscard]] ommi::Finder choose_owners(const ommi::Database& database, const ommi::Model& model,
                                         const SweepResult& swept, const TraversalOptions& options);

}  // namespace doctor
