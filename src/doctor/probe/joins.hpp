#pragma once

/// \file
/// How the database would join the two sides of a reference that compare by different rules.

#include <vector>

#include "doctor/evidence.hpp"
#include "ommi/database.hpp"

namespace doctor {

/// The plans of those references; the database is asked, nothing is run.
[[nodiscard]] std::vector<JoinPlans> plans_of_mismatches(const ommi::Database& database,
                                                         const Evidence& evidence);

}  // namespace doctor
