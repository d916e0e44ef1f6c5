#include <nlohmann/json.hpp>

#include "doctor/report.hpp"
#include "doctor/report_parts/as_ommi.hpp"
#include "doctor/report_parts/json_parts.hpp"

namespace doctor::report {
namespace {

using nlohmann::ordered_json;

std::string line(std::string_view kind, const ordered_json& content) {
  ordered_json out = {{"kind", kind}};
  out.update(content);
  return report_parts::json_text(out) + '\n';
}

// The verdicts; the events before them were written while they happened.
std::string write(const Diagnosis& diagnosis, const ReportOptions& options) {
  const report_parts::Disclosure disclosure(diagnosis.sources.catalog.get(), options.show_values);
  std::string out;
  const auto& seen = diagnosis.evidence.relationships;
  for (std::size_t at = 0; at < seen.size(); ++at) {
    const bool judged = at < diagnosis.verdicts.size();
    ordered_json content =
        report_parts::json_of(seen[at], judged ? diagnosis.verdicts[at] : Verdict::unchecked);
    content["cardinality"] = content["kind"];
    content.erase("kind");
    out += line("relationship", content);
  }
  for (const OmmiComparison& one : diagnosis.evidence.as_ommi) {
    ordered_json content = {{"release", to_string(diagnosis.evidence.ommi.release)}};
    content.update(report_parts::json_of(one));
    out += line("as_ommi", content);
  }
  for (const Finding& finding : diagnosis.findings) {
    out += line("finding", report_parts::json_of(finding, disclosure));
  }
  for (const Skipped& skipped : diagnosis.skipped) {
    out += line("skipped", report_parts::json_of(skipped));
  }
  ordered_json summary = report_parts::json_summary(diagnosis);
  summary["database"] = diagnosis.database.name;
  summary["complete"] = diagnosis.complete();
  summary["driver_calls"] = diagnosis.driver_calls;
  summary["duration_ns"] = diagnosis.duration_ns;
  return out + line("summary", summary);
}

}  // namespace

extern constinit const ReportFormat ndjson = {
    .name = "ndjson",
    .summary = "one event a line as it happens, see docs/events.md",
    .write = write};

}  // namespace doctor::report
