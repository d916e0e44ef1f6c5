#pragma once

/// \file
/// What an index would save, measured on a private copy.

#include <functional>
#include <vector>

#include "doctor/evidence.hpp"
#include "doctor/traversal.hpp"
#include "ommi/database.hpp"

namespace doctor {

/// Tries the indexes that lazy loads lack. `try_indexes` runs the tests.
[[nodiscard]] std::vector<IndexTrial> index_trials(
    const ommi::Database& database, const Evidence& evidence,
    const std::function<void(std::vector<IndexTest>&)>& try_indexes);

}  // namespace doctor
