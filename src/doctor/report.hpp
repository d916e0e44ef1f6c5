#pragma once

/// \file
/// Report formats: each is a pure function from a run to text, one file in report/, listed by the
/// build.

#include <span>
#include <string>
#include <string_view>

#include "doctor/diagnosis.hpp"

namespace doctor {

struct ReportOptions {
  bool color = false;
  bool show_values = false;  // values that rows hold; keys are always shown
  bool verbose = false;
  bool quiet = false;  // findings only
  unsigned width = 100;
};

struct ReportFormat {
  std::string_view name;  // "json"
  std::string_view summary;
  std::string (*write)(const Diagnosis&, const ReportOptions&);
};

/// All formats, by name.
[[nodiscard]] std::span<const ReportFormat* const> all_report_formats() noexcept;
[[nodiscard]] const ReportFormat* find_report_format(std::string_view name) noexcept;

}  // namespace doctor
