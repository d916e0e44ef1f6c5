#pragma once

/// \file
/// What a run comes to: which findings fail it, and what the program ends with.

#include "doctor/report.hpp"

namespace doctor::report_parts {

/// Whether the finding by itself fails the run.
[[nodiscard]] bool fails(const Finding& finding, const ReportOptions& options) noexcept;

/// 0 nothing at the gate or above, 1 findings, 2 not everything was looked at.
[[nodiscard]] int exit_code(const Diagnosis& diagnosis, const ReportOptions& options) noexcept;

}  // namespace doctor::report_parts
