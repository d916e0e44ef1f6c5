/// \file
/// An explanation as JSON: docs/explain.md says what it holds.

#include <nlohmann/json.hpp>

#include "doctor/exceptions/words.hpp"
#include "doctor/report_parts/json_parts.hpp"
#include "doctor/rule.hpp"

namespace doctor::exceptions {
namespace {

using nlohmann::ordered_json;

ordered_json or_null(std::string_view text) {
  return text.empty() ? ordered_json(nullptr) : ordered_json(text);
}

ordered_json frames_json(const Exception& exception) {
  ordered_json frames = ordered_json::array();
  for (const Frame& frame : exception.frames)
    frames.push_back({{"file", frame.file}, {"line", frame.line}, {"code", or_null(frame.code)}});
  return frames;
}

ordered_json exception_json(const Exception& exception, const Pattern* pattern) {
  ordered_json json = {{"type", or_null(exception.type)},
                       {"message", exception.message},
                       {"link", to_string(exception.link)},
                       {"name", nullptr},
                       {"meaning", nullptr},
                       {"versions", nullptr},
                       {"hides", false},
                       {"frames", frames_json(exception)}};
  if (pattern == nullptr) return json;
  json["name"] = pattern->name;
  json["meaning"] = pattern->meaning;
  json["versions"] = pattern->versions;
  json["hides"] = pattern->hides;
  return json;
}

ordered_json cause_json(const Cause& cause, const report_parts::Disclosure& disclosure) {
  const Rule* const rule = find_rule(cause.candidate.code);
  ordered_json findings = ordered_json::array();
  for (const Finding* finding : cause.found)
    findings.push_back(report_parts::json_of(*finding, disclosure));
  return {{"certainty", to_string(cause.certainty)},
          {"code", rule == nullptr ? ordered_json(nullptr) : ordered_json(rule->code)},
          {"name", rule == nullptr ? ordered_json(nullptr) : ordered_json(rule->name)},
          {"cause", cause.candidate.cause},
          {"check", cause.candidate.check},
          {"remedy", cause.candidate.remedy},
          {"why", or_null(cause.why)},
          {"findings", std::move(findings)}};
}

}  // namespace

std::string as_json(const Report& report) {
  const Explanation& explanation = report.explanation;
  ordered_json exceptions = ordered_json::array();
  for (const Recognised& known : explanation.known) {
    const Exception& exception = explanation.pasted.exceptions[known.exception];
    exceptions.push_back(exception_json(exception, known.pattern));
  }
  ordered_json strangers = ordered_json::array();
  for (const Exception* stranger : strangers_of(explanation))
    strangers.push_back(exception_json(*stranger, nullptr));
  const Diagnosis* const diagnosis = report.looked.diagnosis;
  const report_parts::Disclosure disclosure(
      diagnosis == nullptr ? nullptr : diagnosis->evidence.catalog, false);
  ordered_json causes = ordered_json::array();
  for (const Cause& cause : report.causes) causes.push_back(cause_json(cause, disclosure));
  ordered_json skipped = ordered_json::array();
  if (diagnosis != nullptr) {
    for (const Skipped& one : diagnosis->skipped) skipped.push_back(report_parts::json_of(one));
  }
  const ordered_json document = {{"schema_version", 1},
                                 {"recognised", std::move(exceptions)},
                                 {"unknown", std::move(strangers)},
                                 {"awaited", or_null(explanation.awaited)},
                                 {"shows_hidden", or_null(way_to_hidden(explanation))},
                                 {"facts", tables_named(explanation, report.looked)},
                                 {"causes", std::move(causes)},
                                 {"left_out", explanation.pasted.left_out},
                                 {"skipped", std::move(skipped)}};
  return report_parts::json_text(document, 2) + '\n';
}

}  // namespace doctor::exceptions
