#pragma once

/// \file
/// What the rules about declarations that do not hold together share.

#include <functional>

#include "doctor/rule.hpp"

namespace doctor {

/// Calls `each(finding, problem, relation)` with a new finding for every problem of that kind; the
/// relationship is null where the problem is not one's.
void for_each_problem(
    const Evidence& evidence, Findings& findings, ommi::Problem::What what,
    const std::function<void(Finding&, const ommi::Problem&, const ommi::Relation*)>& each);

}  // namespace doctor
