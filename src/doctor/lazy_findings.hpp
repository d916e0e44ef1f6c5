#pragma once

/// \file
/// Findings about lazy fields that do what none should: several rules look for one habit each.

#include <string>
#include <string_view>

#include "doctor/rule.hpp"

namespace doctor {

/// A finding about the relationship of `seen`, shown by what `look` gave.
Finding& add_lazy(const LazyObservation& seen, const LazyLook& look, std::string message,
                  std::string_view remedy, Findings& findings);

/// "2 rows", "an error (query)", "a result object around 2 rows".
[[nodiscard]] std::string given(const LazyLook& look);

}  // namespace doctor
