#pragma once

/// \file
/// Fields that should tell rows apart, where the schema does not make them: do they?

#include <string>
#include <vector>

#include "doctor/evidence.hpp"
#include "doctor/sweep.hpp"
#include "ommi/database.hpp"

namespace doctor {

/// The keys of models and what references name, without numbers: those that the schema does not
/// hold to be unique, and those that may be NULL.
[[nodiscard]] std::vector<SetSweep> unheld_sets(const Evidence& evidence);

/// Counts NULLs and repeated values.
void count(const ommi::Database& database, const Evidence& evidence, SetSweep& set,
           std::size_t samples);

}  // namespace doctor
