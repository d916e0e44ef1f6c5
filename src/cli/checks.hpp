#pragma once

/// \file
/// Checks of what the user typed, for CLI11: each gives why a text is not acceptable, or nothing. A
/// line break in it sets off a hint.

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace cli {

using Check = std::function<std::string(const std::string&)>;

/// One of `names`; the nearest is offered.
[[nodiscard]] Check one_of(std::string_view what, std::vector<std::string> names);
/// Digits, at most `greatest`.
[[nodiscard]] Check whole_number(std::uint64_t greatest);
/// Seconds, with a fraction if need be.
[[nodiscard]] Check seconds();

/// "did you mean 'x'?", or the names there are when none is near.
[[nodiscard]] std::string name_hint(std::string_view name, const std::vector<std::string>& names);

}  // namespace cli
