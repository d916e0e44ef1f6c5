#include "doctor/report_parts/statistics.hpp"

#include <algorithm>
#include <map>

namespace doctor::report_parts {

std::vector<RuleCount> rule_counts(const Diagnosis& diagnosis) {
  std::map<std::string_view, RuleCount> by_code;
  for (const Finding& finding : diagnosis.findings) {
    RuleCount& count = by_code[finding.code];
    count.code = finding.code;
    count.name = finding.name;
    count.level = std::max(count.level, finding.level);
    if (finding.standing == Standing::open) {
      ++count.open;
      count.rows += finding.count;
    } else {
      ++count.known;
    }
  }
  std::vector<RuleCount> counts;
  for (const auto& [code, count] : by_code) counts.push_back(count);
  return counts;
}

}  // namespace doctor::report_parts
