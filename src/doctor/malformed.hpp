#pragma once

/// \file
/// Findings about drivers whose answers were no answers: several rules look for one kind each.

#include <span>
#include <string_view>

#include "doctor/rule.hpp"
#include "ommi/malformation.hpp"

namespace doctor {

/// One finding for each relationship and kind of `kinds` that its loads met.
void find_malformed(const Evidence& evidence, std::span<const ommi::Malformed> kinds,
                    std::string_view remedy, Findings& findings);

}  // namespace doctor
