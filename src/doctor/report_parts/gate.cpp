#include "doctor/report_parts/gate.hpp"

#include <algorithm>

namespace doctor::report_parts {

bool fails(const Finding& finding, const ReportOptions& options) noexcept {
  return options.gate && finding.standing == Standing::open && finding.level >= *options.gate;
}

int exit_code(const Diagnosis& diagnosis, const ReportOptions& options) noexcept {
  if (options.exit_code) return *options.exit_code;
  if (!diagnosis.complete()) return 2;
  return std::any_of(diagnosis.findings.begin(), diagnosis.findings.end(),
                     [&](const Finding& finding) { return fails(finding, options); })
             ? 1
             : 0;
}

}  // namespace doctor::report_parts
