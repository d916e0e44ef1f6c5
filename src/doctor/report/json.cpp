#include <nlohmann/json.hpp>

#include "doctor/report.hpp"
#include "doctor/report_parts/as_ommi.hpp"
#include "doctor/report_parts/json_parts.hpp"

namespace doctor::report {
namespace {

using nlohmann::ordered_json;

ordered_json database_json(const DatabaseFacts& facts) {
  const auto or_null = [](const std::string& text) {
    return text.empty() ? ordered_json(nullptr) : ordered_json(text);
  };
  return {{"driver", facts.driver},
          {"name", facts.name},
          {"sha256_before", or_null(facts.sha256_before)},
          {"sha256_after", or_null(facts.sha256_after)}};
}

ordered_json catalog_json(const SourcedCatalog& sources) {
  const bool sealed = sources.catalog != nullptr;
  return {{"models", sealed ? sources.catalog->models().size() : 0},
          {"relationships", sealed ? sources.catalog->relation_count() : 0},
          {"sources", sources.draft.sources}};
}

template <class List>
ordered_json list_json(const List& list) {
  ordered_json out = ordered_json::array();
  for (const auto& one : list) out.push_back(report_parts::json_of(one));
  return out;
}

ordered_json scope_json(const Diagnosis& diagnosis) {
  std::size_t traversed = 0;
  for (const RelationshipObservation& seen : diagnosis.evidence.relationships) {
    traversed += seen.loads > 0 ? 1U : 0U;
  }
  return {{"rows", diagnosis.rows},
          {"rows_swept", diagnosis.rows_swept},
          {"relationships_traversed", traversed},
          {"exhaustive", diagnosis.exhaustive},
          {"driver_calls", diagnosis.driver_calls},
          {"duration_ns", diagnosis.duration_ns},
          {"skipped", list_json(diagnosis.skipped)}};
}

ordered_json relationships_json(const Diagnosis& diagnosis) {
  ordered_json out = ordered_json::array();
  const auto& seen = diagnosis.evidence.relationships;
  for (std::size_t at = 0; at < seen.size(); ++at) {
    const bool judged = at < diagnosis.verdicts.size();
    out.push_back(
        report_parts::json_of(seen[at], judged ? diagnosis.verdicts[at] : Verdict::unchecked));
  }
  return out;
}

ordered_json path_json(const Diagnosis& diagnosis, const report_parts::Disclosure& disclosure) {
  if (!diagnosis.path) return nullptr;
  const ommi::Model* model = report_parts::model_of(diagnosis, *diagnosis.path);
  return report_parts::json_of(*diagnosis.path, model, disclosure);
}

std::string write(const Diagnosis& diagnosis, const ReportOptions& options) {
  const report_parts::Disclosure disclosure(diagnosis.sources.catalog.get(), options.show_values);
  ordered_json findings = ordered_json::array();
  for (const Finding& finding : diagnosis.findings) {
    findings.push_back(report_parts::json_of(finding, disclosure));
  }
  const ordered_json report = {
      {"schema_version", 1},
      {"tool", {{"name", "ommi-doctor"}, {"version", OMMI_DOCTOR_VERSION}}},
      {"complete", diagnosis.complete()},
      {"database", database_json(diagnosis.database)},
      {"catalog", catalog_json(diagnosis.sources)},
      {"scope", scope_json(diagnosis)},
      {"path", path_json(diagnosis, disclosure)},
      {"relationships", relationships_json(diagnosis)},
      {"as_ommi", report_parts::as_ommi_json(diagnosis.evidence)},
      {"findings", std::move(findings)},
      {"suggestions", list_json(diagnosis.sources.draft.suggestions)},
      {"notes", diagnosis.notes},
      {"summary", report_parts::json_summary(diagnosis)}};
  return report_parts::json_text(report, 2) + '\n';
}

}  // namespace

extern constinit const ReportFormat json = {
    .name = "json", .summary = "for programs, see docs/report.schema.json", .write = write};

}  // namespace doctor::report
