#pragma once

/// \file
/// What each rule found, as numbers.

#include <cstdint>
#include <string_view>
#include <vector>

#include "doctor/diagnosis.hpp"

namespace doctor::report_parts {

struct RuleCount {
  std::string_view code;
  std::string_view name;
  Level level = Level::info;  // of its worst finding
  std::uint64_t open = 0;     // findings
  std::uint64_t known = 0;    // findings that are baselined or suppressed
  std::uint64_t rows = 0;     // of the open ones
};

/// The rules that found something, by code.
[[nodiscard]] std::vector<RuleCount> rule_counts(const Diagnosis& diagnosis);

}  // namespace doctor::report_parts
