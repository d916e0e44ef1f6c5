#pragma once

/// \file
/// Comparing names as people write them.

#include <algorithm>
#include <string_view>

namespace ommi::names {

/// Equal but for ASCII case, which is how SQL compares identifiers.
[[nodiscard]] inline bool equal_ignoring_case(std::string_view left,
                                              std::string_view right) noexcept {
  const auto lower = [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  };
  return std::equal(left.begin(), left.end(), right.begin(), right.end(),
                    [&](char a, char b) { return lower(a) == lower(b); });
}

}  // namespace ommi::names
