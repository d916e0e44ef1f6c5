#include "doctor/report_parts/json_parts.hpp"

#include <cmath>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "ommi/value.hpp"

namespace doctor::report_parts {
namespace {

using nlohmann::ordered_json;

bool valid_utf8(const std::string& text) {
  // The library's own judgement, so that what passes here is written as it is.
  try {
    const std::string written = ordered_json(text).dump();
    return !written.empty();
  } catch (const ordered_json::type_error&) {
    return false;
  }
}

ordered_json or_null(const std::string& text) {
  return text.empty() ? ordered_json(nullptr) : ordered_json(text);
}

ordered_json shown_or_hidden(const ommi::Value& value, bool shown) {
  if (shown || value.is_null()) return json_of(value);
  return {{"$hidden", hidden_text(value)}};
}

ordered_json named_json(const std::vector<NamedValue>& values, const Subject& subject,
                        const Disclosure& disclosure) {
  ordered_json out = ordered_json::object();
  for (const NamedValue& named : values) {
    out[named.name] = shown_or_hidden(named.value, disclosure.shows(subject, named));
  }
  return out;
}

ordered_json sample_json(const RowSample& sample, const Subject& subject,
                         const Disclosure& disclosure) {
  ordered_json value = nullptr;
  if (sample.value.size() == 1) {
    value = shown_or_hidden(sample.value[0].value, disclosure.shows(subject, sample.value[0]));
  } else if (!sample.value.empty()) {
    value = named_json(sample.value, subject, disclosure);
  }
  return {{"key", named_json(sample.key, subject, disclosure)}, {"value", value}};
}

ordered_json subject_json(const Subject& subject) {
  return {{"relationship", or_null(subject.relationship)},
          {"model", or_null(subject.model)},
          {"field", or_null(subject.field)},
          {"table", or_null(subject.table)},
          {"column", or_null(subject.column)}};
}

ordered_json remedy_json(const Remedy& remedy) {
  ordered_json edits = ordered_json::array();
  for (const TextEdit& edit : remedy.edits) {
    edits.push_back(
        {{"file", edit.file}, {"line", edit.line}, {"lines", edit.lines}, {"text", edit.text}});
  }
  return {{"kind", to_string(remedy.safety)},
          {"title", remedy.title},
          {"sql", remedy.sql},
          {"edits", std::move(edits)}};
}

ordered_json place_json(const ommi::Place& place) {
  if (place.file.empty()) return nullptr;
  return {{"file", place.file}, {"line", place.line}};
}

ordered_json join_json(const ommi::Relation& relation) {
  ordered_json out = ordered_json::array();
  for (const auto& [left, right] : join_pairs(relation)) {
    out.push_back(ordered_json::array({left, right}));
  }
  return out;
}

ordered_json plan_json(const std::optional<ommi::QueryPlan>& plan) {
  if (!plan) return nullptr;
  return {{"sql", plan->statement},
          {"steps", plan->steps},
          {"scanned", plan->scanned},
          {"automatic_index", plan->automatic_index}};
}

ordered_json hop_json(const HopSample& hop) {
  return {{"path", hop.path},
          {"outcome", to_string(hop.outcome)},
          {"rows", hop.rows},
          {"message", or_null(hop.message)}};
}

ordered_json error_json(const std::optional<ommi::DatabaseError>& error) {
  if (!error) return nullptr;
  return {{"code", ommi::to_string(error->code())},
          {"message", error->message()},
          {"sql", or_null(error->statement())}};
}

ordered_json outcomes_json(const RelationshipObservation& seen) {
  ordered_json out = ordered_json::object();
  for (std::size_t at = 0; at < outcome_count; ++at) {
    if (seen.outcomes[at] > 0) {
      out[std::string(to_string(static_cast<Outcome>(at)))] = seen.outcomes[at];
    }
  }
  return out;
}

ordered_json counts_json(const std::map<std::string, std::uint64_t>& counts) {
  ordered_json out = ordered_json::object();
  for (const auto& [name, count] : counts) out[name] = count;
  return out;
}

}  // namespace

ordered_json json_of(const ommi::Value& value) {
  switch (value.kind()) {
    case ommi::Kind::integer:
      return value.as<std::int64_t>();
    case ommi::Kind::real: {
      const auto number = value.as<double>();
      if (std::isfinite(number)) return number;
      return {{"$real", std::isnan(number) ? "nan" : number > 0 ? "inf" : "-inf"}};
    }
    case ommi::Kind::text: {
      const auto& text = value.as<std::string>();
      if (valid_utf8(text)) return text;
      return {{"$text", ommi::base64(text)}};
    }
    case ommi::Kind::blob:
      return {{"$blob", ommi::base64(value.as<ommi::Blob>().bytes)}};
    case ommi::Kind::null:
      break;
  }
  return nullptr;
}

ordered_json json_of(const Finding& finding, const Disclosure& disclosure) {
  return {{"code", finding.code},
          {"name", finding.name},
          {"level", to_string(finding.level)},
          {"fingerprint", finding.fingerprint},
          {"subject", subject_json(finding.subject)},
          {"message", finding.message},
          {"standing", to_string(finding.standing)},
          {"reason", or_null(finding.standing_reason)},
          {"root_cause", finding.root_cause},
          {"explains", finding.explains},
          {"count", finding.count},
          {"scope", finding.scope},
          {"samples", samples_json(finding, disclosure)},
          {"evidence",
           {{"sql", or_null(finding.evidence.sql)},
            {"plan", finding.evidence.plan},
            {"returned", or_null(finding.evidence.returned)},
            {"notes", finding.evidence.notes}}},
          {"place", place_json(finding.place)},
          {"remedies", remedies_json(finding)}};
}

ordered_json samples_json(const Finding& finding, const Disclosure& disclosure) {
  ordered_json samples = ordered_json::array();
  for (const RowSample& sample : finding.samples) {
    samples.push_back(sample_json(sample, finding.subject, disclosure));
  }
  return samples;
}

ordered_json remedies_json(const Finding& finding) {
  ordered_json remedies = ordered_json::array();
  for (const Remedy& remedy : finding.remedies) remedies.push_back(remedy_json(remedy));
  return remedies;
}

ordered_json json_of(const RelationshipObservation& seen, Verdict verdict) {
  const ommi::Relation& relation = *seen.relation;
  ordered_json samples = ordered_json::array();
  for (const HopSample& hop : seen.samples) samples.push_back(hop_json(hop));
  return {{"name", relation.name()},
          {"kind", relation.many() ? "to-many" : "to-one"},
          {"owner", relation.owner != nullptr ? ordered_json(relation.owner->name()) : nullptr},
          {"target", relation.info.target},
          {"via", or_null(relation.info.via)},
          {"join", join_json(relation)},
          {"origin", ommi::to_string(relation.info.origin)},
          {"confidence", relation.info.confidence},
          {"source", or_null(relation.info.place.to_string())},
          {"verdict", to_string(verdict)},
          {"loads", seen.loads},
          {"rows", seen.rows},
          {"driver_calls", seen.driver_calls},
          {"duration_ns", seen.duration_ns},
          {"complete", seen.complete},
          {"outcomes", outcomes_json(seen)},
          {"returned", counts_json(seen.returned)},
          {"errors", counts_json(seen.errors)},
          {"error", error_json(seen.error)},
          {"sql", or_null(seen.statement)},
          {"plan", plan_json(seen.plan)},
          {"samples", std::move(samples)}};
}

ordered_json json_of(const Suggestion& suggestion) {
  ordered_json examples = ordered_json::array();
  for (const ommi::Value& value : suggestion.counter_examples) examples.push_back(json_of(value));
  return {{"model", suggestion.model},
          {"fields", suggestion.reference.fields},
          {"target", suggestion.reference.model},
          {"target_fields", suggestion.reference.target_fields},
          {"confidence", suggestion.reference.confidence},
          {"values", suggestion.values},
          {"contained", suggestion.contained},
          {"counter_examples", std::move(examples)},
          {"why", suggestion.why}};
}

ordered_json json_of(const Skipped& skipped) {
  return {{"what", skipped.what}, {"why", skipped.why}};
}

ordered_json json_of(const PathStep& step, const ommi::Model* model, const Disclosure& disclosure) {
  ordered_json values = ordered_json::array();
  for (const ommi::Value& value : step.values) values.push_back(json_of(value));
  ordered_json rows = ordered_json::array();
  for (const RowSample& row : step.shown) {
    ordered_json fields = ordered_json::object();
    for (const NamedValue& named : fields_of(row)) {
      const bool shown = model != nullptr && disclosure.shows(*model, named.name);
      fields[named.name] = shown_or_hidden(named.value, shown);
    }
    rows.push_back(std::move(fields));
  }
  ordered_json children = ordered_json::array();
  for (const PathStep& child : step.children) {
    const ommi::Model* target = child.relation != nullptr ? child.relation->target : nullptr;
    children.push_back(json_of(child, target, disclosure));
  }
  return {
      {"path", step.path},
      {"relationship", step.relation != nullptr ? ordered_json(step.relation->name()) : nullptr},
      {"outcome", to_string(step.outcome)},
      {"sql", or_null(step.statement)},
      {"values", std::move(values)},
      {"returned", or_null(step.returned)},
      {"call", step.call},
      {"owners", step.owners},
      {"rows", step.rows},
      {"duration_ns", step.duration_ns},
      {"boundary", step.boundary},
      {"value", step.value},
      {"shown", std::move(rows)},
      {"children", std::move(children)}};
}

ordered_json json_summary(const Diagnosis& diagnosis) {
  return {{"error", diagnosis.count(Level::error)},
          {"warning", diagnosis.count(Level::warning)},
          {"info", diagnosis.count(Level::info)},
          {"baselined", diagnosis.count(Standing::baselined)},
          {"suppressed", diagnosis.count(Standing::suppressed)}};
}

std::string json_text(const ordered_json& json, int indent) {
  return json.dump(indent, ' ', true, ordered_json::error_handler_t::replace);
}

}  // namespace doctor::report_parts
