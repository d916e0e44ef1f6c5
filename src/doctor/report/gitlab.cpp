#include <map>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "doctor/report.hpp"
#include "doctor/report_parts/finding_text.hpp"
#include "doctor/report_parts/json_parts.hpp"
#include "doctor/report_parts/locations.hpp"
#include "ommi/value.hpp"

namespace doctor::report {
namespace {

using nlohmann::ordered_json;

// GitLab has five severities; what is known already is never more than the least.
std::string_view severity_of(const Finding& finding) noexcept {
  if (finding.standing != Standing::open) return "info";
  switch (finding.level) {
    case Level::error:
      return "critical";
    case Level::warning:
      return "minor";
    case Level::info:
      break;
  }
  return "info";
}

ordered_json place_json(const report_parts::Location& place) {
  return {{"path", place.file}, {"lines", {{"begin", place.line}}}};
}

std::string description_of(const Finding& finding) {
  std::string text =
      fmt::format("{} {}: {}", finding.code, report_parts::name_text(finding.subject),
                  ommi::printable(finding.message));
  const std::string standing = report_parts::standing_text(finding);
  if (!standing.empty()) text += fmt::format(" ({})", standing);
  return text;
}

// GitLab drops an entry whose fingerprint is there already.
class Fingerprints {
 public:
  std::string unique(const std::string& fingerprint) {
    const std::size_t number = ++seen_[fingerprint];
    return number == 1 ? fingerprint : fmt::format("{}-{}", fingerprint, number);
  }

 private:
  std::map<std::string, std::size_t> seen_;
};

std::string write(const Diagnosis& diagnosis, const ReportOptions& options) {
  const report_parts::Locations locations(diagnosis, options);
  const report_parts::Disclosure disclosure(diagnosis.sources.catalog.get(), options.show_values);
  Fingerprints fingerprints;
  ordered_json issues = ordered_json::array();
  for (const Finding& finding : diagnosis.findings) {
    std::string body;
    for (const std::string& line : report_parts::detail_lines(diagnosis, finding, disclosure)) {
      body += line + '\n';
    }
    issues.push_back({{"type", "issue"},
                      {"description", description_of(finding)},
                      {"check_name", finding.name},
                      {"content", {{"body", std::move(body)}}},
                      {"categories", ordered_json::array({"Bug Risk"})},
                      {"fingerprint", fingerprints.unique(finding.fingerprint)},
                      {"severity", severity_of(finding)},
                      {"location", place_json(locations.of(finding))}});
  }
  for (const Skipped& one : diagnosis.skipped) {
    const std::string text =
        fmt::format("{}: {}", ommi::printable(one.what), ommi::printable(one.why));
    issues.push_back(
        {{"type", "issue"},
         {"description", "incomplete, not looked at: " + text},
         {"check_name", "incomplete"},
         {"content", {{"body", "nothing may be concluded from silence\n"}}},
         {"categories", ordered_json::array({"Bug Risk"})},
         {"fingerprint", fingerprints.unique("incomplete " + ommi::printable(one.what))},
         {"severity", "blocker"},
         {"location", place_json(locations.of_database())}});
  }
  return report_parts::json_text(issues, 2) + '\n';
}

}  // namespace

extern constinit const ReportFormat gitlab = {
    .name = "gitlab", .summary = "a GitLab code quality report", .write = write};

}  // namespace doctor::report
