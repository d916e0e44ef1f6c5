#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "doctor/report_parts/finding_text.hpp"
#include "doctor/report_parts/gate.hpp"
#include "doctor/report_parts/json_parts.hpp"
#include "doctor/report_parts/sarif_parts.hpp"
#include "ommi/value.hpp"

namespace doctor::report_parts {
namespace {

using nlohmann::ordered_json;

constexpr std::string_view incomplete_id = "RUN001";
constexpr std::string_view note_id = "RUN002";

ordered_json physical(const Location& location) {
  ordered_json region = {{"startLine", location.line}};
  if (!location.text.empty()) region["snippet"] = {{"text", location.text}};
  return {{"artifactLocation", {{"uri", uri_of(location.file)}}}, {"region", std::move(region)}};
}

ordered_json logical(const Subject& subject) {
  ordered_json out = ordered_json::array();
  const auto add = [&out](const std::string& full, std::string_view kind) {
    if (full.empty()) return;
    const std::string shown = ommi::escaped(full);
    out.push_back({{"name", shown.substr(shown.rfind('.') + 1)},
                   {"fullyQualifiedName", shown},
                   {"kind", kind}});
  };
  add(subject.relationship, "member");
  add(subject.model, "type");
  if (subject.model.empty()) add(subject.table, "resource");
  return out;
}

// What a reviewer needs without opening anything else: GitHub shows this text and no property.
ordered_json message_of(const SarifContext& context, const Finding& finding) {
  std::string whole = stopped(ommi::printable(finding.message));
  for (const std::string& line : detail_lines(context.diagnosis, finding, context.disclosure)) {
    whole += '\n' + line;
  }
  // In SARIF, `[a](b)` is a link and a brace begins a placeholder.
  std::string text;
  for (const char byte : whole) {
    if (byte == '(' && !text.empty() && text.back() == ']') text += ' ';
    text += byte;
    if (byte == '{' || byte == '}') text += byte;
  }
  return {{"text", std::move(text)}};
}

ordered_json related(const SarifContext& context, const Finding& finding) {
  ordered_json out = ordered_json::array();
  for (const ommi::Relation* relation : finding.relations) {
    if (relation->name() == finding.subject.relationship) continue;
    Subject subject;
    subject.relationship = relation->name();
    out.push_back(
        {{"id", out.size() + 1},
         {"message", {{"text", fmt::format("{} is affected.", ommi::escaped(relation->name()))}}},
         {"physicalLocation", physical(context.locations.of(*relation))},
         {"logicalLocations", logical(subject)}});
  }
  return out;
}

ordered_json change_of(const Locations& locations, const TextEdit& edit) {
  ordered_json deleted = {{"startLine", edit.line}};
  std::string text = edit.text;
  if (edit.lines == 0) {
    deleted.update({{"startColumn", 1}, {"endColumn", 1}});
    text += '\n';
  } else {
    deleted["endLine"] = edit.line + edit.lines - 1;
  }
  return {{"artifactLocation", {{"uri", uri_of(locations.relative(edit.file))}}},
          {"replacements", ordered_json::array({{{"deletedRegion", std::move(deleted)},
                                                 {"insertedContent", {{"text", text}}}}})}};
}

ordered_json fixes(const SarifContext& context, const Finding& finding) {
  ordered_json out = ordered_json::array();
  for (const Remedy& remedy : finding.remedies) {
    if (remedy.edits.empty()) continue;
    ordered_json changes = ordered_json::array();
    for (const TextEdit& edit : remedy.edits) {
      changes.push_back(change_of(context.locations, edit));
    }
    out.push_back({{"description", {{"text", stopped(ommi::printable(remedy.title))}}},
                   {"artifactChanges", std::move(changes)}});
  }
  return out;
}

ordered_json suppressions(const Finding& finding) {
  ordered_json one = {{"kind", "external"}, {"status", "accepted"}};
  if (!finding.standing_reason.empty()) {
    one["justification"] = ommi::printable(finding.standing_reason);
  }
  return ordered_json::array({std::move(one)});
}

ordered_json properties(const SarifContext& context, const Finding& finding) {
  const auto steps = ordered_json(finding.evidence.plan);
  return {{"rootCause", finding.root_cause}, {"standing", to_string(finding.standing)},
          {"count", finding.count},          {"scope", finding.scope},
          {"explains", finding.explains},    {"samples", samples_json(finding, context.disclosure)},
          {"sql", finding.evidence.sql},     {"plan", steps},
          {"notes", finding.evidence.notes}, {"remedies", remedies_json(finding)}};
}

ordered_json result_of(const SarifContext& context, const Finding& finding,
                       std::string_view fingerprint) {
  ordered_json location = {{"physicalLocation", physical(context.locations.of(finding))}};
  if (ordered_json names = logical(finding.subject); !names.empty()) {
    location["logicalLocations"] = std::move(names);
  }
  ordered_json result = {
      {"ruleId", finding.code},
      {"ruleIndex", context.rules.index_of(finding.code)},
      {"kind", "fail"},
      {"level", sarif_level(finding.level)},
      {"message", message_of(context, finding)},
      {"locations", ordered_json::array({std::move(location)})},
      // GitHub knows an alert again by the first; made by us, it does not depend on line numbers.
      {"partialFingerprints",
       {{"primaryLocationLineHash", fingerprint}, {"ommiDoctor/v1", fingerprint}}}};
  if (ordered_json others = related(context, finding); !others.empty()) {
    result["relatedLocations"] = std::move(others);
  }
  if (finding.standing == Standing::suppressed) result["suppressions"] = suppressions(finding);
  if (context.options.against_baseline || context.diagnosis.count(Standing::baselined) > 0) {
    result["baselineState"] = finding.standing == Standing::open ? "new" : "unchanged";
  }
  if (ordered_json changes = fixes(context, finding); !changes.empty()) {
    result["fixes"] = std::move(changes);
  }
  result["properties"] = properties(context, finding);
  return result;
}

ordered_json notification(std::string_view id, std::size_t index, std::string_view level,
                          const std::string& text, const Location& database) {
  return {{"descriptor", {{"id", id}, {"index", index}}},
          {"level", level},
          {"message", {{"text", text}}},
          {"locations", ordered_json::array({{{"physicalLocation", physical(database)}}})}};
}

}  // namespace

ordered_json sarif_results(const SarifContext& context) {
  std::map<std::string, std::size_t> seen;
  ordered_json results = ordered_json::array();
  for (const Finding& finding : context.diagnosis.findings) {
    const std::size_t number = ++seen[finding.fingerprint];
    results.push_back(
        result_of(context, finding, fmt::format("{}:{}", finding.fingerprint, number)));
  }
  return results;
}

ordered_json sarif_notification_rules() {
  const auto rule = [](std::string_view id, std::string_view name, std::string_view text,
                       std::string_view help, std::string_view level) {
    return ordered_json{{"id", id},
                        {"name", name},
                        {"shortDescription", {{"text", text}}},
                        {"fullDescription", {{"text", text}}},
                        {"help", {{"text", help}}},
                        {"defaultConfiguration", {{"level", level}}}};
  };
  return ordered_json::array(
      {rule(incomplete_id, "Incomplete", "A part of the database was not looked at.",
            "Nothing may be concluded from silence: remove what was in the way and run it again.",
            "error"),
       rule(note_id, "Note", "A remark on how the database was looked at.",
            "Nothing has to be done about it.", "note")});
}

ordered_json sarif_invocation(const SarifContext& context) {
  const Diagnosis& diagnosis = context.diagnosis;
  const Location database = context.locations.of_database();
  ordered_json notifications = ordered_json::array();
  for (const Skipped& one : diagnosis.skipped) {
    notifications.push_back(notification(
        incomplete_id, 0, "error",
        stopped(fmt::format("{}: {}", ommi::printable(one.what), ommi::printable(one.why))),
        database));
  }
  for (const std::string& note : diagnosis.notes) {
    notifications.push_back(
        notification(note_id, 1, "note", stopped(ommi::printable(note)), database));
  }
  static constexpr std::string_view meanings[] = {"nothing at or above the gate was found",
                                                  "something at or above the gate was found",
                                                  "not everything could be looked at"};
  const int code = exit_code(diagnosis, context.options);
  ordered_json invocation = {{"executionSuccessful", diagnosis.complete()}, {"exitCode", code}};
  if (code >= 0 && code < 3) invocation["exitCodeDescription"] = meanings[code];
  invocation["toolExecutionNotifications"] = std::move(notifications);
  return invocation;
}

}  // namespace doctor::report_parts
