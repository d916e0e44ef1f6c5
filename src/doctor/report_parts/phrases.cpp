#include "doctor/report_parts/phrases.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "ommi/value.hpp"

namespace doctor::report_parts {
namespace {

using ommi::escaped;

constexpr std::size_t value_limit = 60;

std::string field_text(const ommi::Model& model, std::size_t field) {
  return fmt::format("{}.{}", model.name(), model.fields()[field].name);
}

void pair_up(std::vector<std::pair<std::string, std::string>>& out, const ommi::Model& left,
             const std::vector<std::size_t>& left_fields, const ommi::Model& right,
             const std::vector<std::size_t>& right_fields) {
  for (std::size_t at = 0; at < left_fields.size() && at < right_fields.size(); ++at) {
    out.emplace_back(field_text(left, left_fields[at]), field_text(right, right_fields[at]));
  }
}

bool is_one_to_one(const ommi::Relation& relation) {
  if (relation.many() || relation.via != nullptr) return false;
  if (relation.direction == ommi::Direction::reverse) return true;
  return relation.owner != nullptr && relation.owner->unique(relation.owner_fields);
}

const RelationshipObservation* observation_of(const Diagnosis& diagnosis, const Finding& finding) {
  if (finding.subject.relationship.empty()) return nullptr;
  for (const RelationshipObservation& seen : diagnosis.evidence.relationships) {
    if (seen.relation->name() == finding.subject.relationship) return &seen;
  }
  return nullptr;
}

bool same_key(const RowSample& left, const RowSample& right) {
  if (left.key.empty() || left.key.size() != right.key.size()) return false;
  for (std::size_t at = 0; at < left.key.size(); ++at) {
    if (!(left.key[at].value == right.key[at].value)) return false;
  }
  return true;
}

// Whether a load that ended so is what the rule speaks of.
bool shows(const HopSample& hop, std::string_view code) {
  switch (hop.outcome) {
    case Outcome::dangling:
      return code == "DAT001";
    case Outcome::null:
      return code == "DAT003";
    case Outcome::partial:
      return code == "DAT002";
    case Outcome::unreadable:
      return code == "DRV004";
    case Outcome::failed:
      if (hop.code == ommi::ErrorCode::decode) return code == "DRV004";
      if (hop.code == ommi::ErrorCode::multiple_rows) return code == "DAT004";
      return code != "SCH004";
    case Outcome::loaded:
    case Outcome::empty:
      break;
  }
  return false;
}

// The load that shows the finding: of one of its own rows, if one of those was loaded.
const HopSample* hop_of(const RelationshipObservation& seen, const Finding& finding) {
  for (const RowSample& sample : finding.samples) {
    for (const HopSample& hop : seen.samples) {
      if (same_key(hop.owner, sample) && shows(hop, finding.code)) return &hop;
    }
  }
  for (const HopSample& hop : seen.samples) {
    if (shows(hop, finding.code)) return &hop;
  }
  return nullptr;
}

// How long the placeholders are that `text` begins with, a comma before them: ", ?", ", (?, ?)".
std::size_t placeholder_size(std::string_view text) {
  if (text.rfind(", ?", 0) == 0) return 3;
  if (text.rfind(", (?", 0) != 0) return 0;
  const std::size_t end = text.find(')');
  const bool plain = end != std::string_view::npos &&
                     text.substr(3, end - 3).find_first_not_of("?, ") == std::string_view::npos;
  return plain ? end + 1 : 0;
}

std::string named_text(const Subject& subject, const NamedValue& named,
                       const Disclosure& disclosure) {
  if (!disclosure.shows(subject, named)) {
    return fmt::format("{}: {}", escaped(named.name), hidden_text(named.value));
  }
  return fmt::format("{} = {}", escaped(named.name), value_text(named.value));
}

}  // namespace

std::string kind_text(const ommi::Relation& relation) {
  if (is_one_to_one(relation)) return "one-to-one";
  const std::string_view kind = relation.many() ? "to-many" : "to-one";
  if (relation.via == nullptr) return std::string(kind);
  return fmt::format("{} via {}", kind, escaped(relation.via->name()));
}

std::vector<std::pair<std::string, std::string>> join_pairs(const ommi::Relation& relation) {
  std::vector<std::pair<std::string, std::string>> pairs;
  if (relation.problem || relation.owner == nullptr || relation.target == nullptr) return pairs;
  if (relation.via == nullptr) {
    pair_up(pairs, *relation.owner, relation.owner_fields, *relation.target,
            relation.target_fields);
    return pairs;
  }
  pair_up(pairs, *relation.owner, relation.owner_fields, *relation.via, relation.via_owner_fields);
  pair_up(pairs, *relation.via, relation.via_target_fields, *relation.target,
          relation.target_fields);
  return pairs;
}

std::string join_text(const ommi::Relation& relation) {
  if (relation.problem) return ommi::printable(relation.problem->message);
  std::string text;
  for (const auto& [left, right] : join_pairs(relation)) {
    text += fmt::format("{}{} = {}", text.empty() ? "" : ", ", escaped(left), escaped(right));
  }
  return text;
}

std::string duration_text(std::int64_t nanoseconds) {
  const auto amount = static_cast<double>(nanoseconds);
  if (nanoseconds < 1'000'000) return fmt::format("{:.0f} µs", amount / 1e3);
  if (nanoseconds < 10'000'000) return fmt::format("{:.1f} ms", amount / 1e6);
  if (nanoseconds < 1'000'000'000) return fmt::format("{:.0f} ms", amount / 1e6);
  return fmt::format("{:.1f} s", amount / 1e9);
}

std::string counted(std::uint64_t number, std::string_view singular, std::string_view plural) {
  return fmt::format("{} {}", number, number == 1 ? singular : plural);
}

std::string hidden_text(const ommi::Value& value) {
  const ommi::Cell cell = value.cell();
  if (cell.kind < ommi::Kind::text) return std::string(to_string(cell.kind));
  return fmt::format("{}({})", to_string(cell.kind), cell.size);
}

std::string value_text(const ommi::Value& value) {
  return ommi::to_display(value.cell(), value_limit);
}

std::string one_line(std::string_view text) {
  std::string joined;
  char quote = 0;  // blanks inside a quoted name or text are a part of it
  for (const char byte : text) {
    if (quote == 0 && (byte == '\'' || byte == '"' || byte == '`')) {
      quote = byte;
    } else if (byte == quote) {
      quote = 0;
    }
    const bool blank = byte == '\n' || byte == '\r' || byte == '\t' || byte == ' ';
    if (!blank || quote != 0) {
      joined += byte;
    } else if (!joined.empty() && joined.back() != ' ') {
      joined += ' ';
    }
  }
  return ommi::printable(joined);
}

std::string query_text(std::string_view statement) {
  const std::string text = one_line(statement);
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const std::string_view rest = std::string_view(text).substr(at);
    const std::size_t size = placeholder_size(rest);
    std::size_t run = size;
    while (size > 0 && rest.substr(run, size) == rest.substr(0, size)) run += size;
    if (size > 0 && run >= 4 * size) {
      out += ", …";
      at += run;
    } else {
      out += text[at++];
    }
  }
  return out;
}

std::string sample_text(const Subject& subject, const RowSample& sample,
                        const Disclosure& disclosure) {
  const std::string& model = subject.model.empty() ? subject.table : subject.model;
  if (model.empty()) {  // a row of a statement, not of a table
    std::vector<std::string> all;
    for (const NamedValue& named : sample.key)
      all.push_back(named_text(subject, named, disclosure));
    return fmt::format("{}", fmt::join(all, ", "));
  }
  std::string key;
  for (const NamedValue& named : sample.key) {
    const std::string part = disclosure.shows(subject, named)
                                 ? (sample.key.size() == 1 ? value_text(named.value)
                                                           : named_text(subject, named, disclosure))
                                 : named_text(subject, named, disclosure);
    key += fmt::format("{}{}", key.empty() ? "" : ", ", part);
  }
  std::string values;
  for (const NamedValue& named : sample.value) {
    values +=
        fmt::format("{}{}", values.empty() ? ": " : ", ", named_text(subject, named, disclosure));
  }
  return fmt::format("{}[{}]{}", escaped(model), key, values);
}

std::string subject_text(const Finding& finding) {
  const Subject& subject = finding.subject;
  std::vector<std::string> parts;
  if (!subject.relationship.empty()) parts.push_back(escaped(subject.relationship));
  if (!subject.column.empty() && !subject.table.empty()) {
    parts.push_back(
        fmt::format("column {} of table {}", escaped(subject.column), escaped(subject.table)));
  } else if (!subject.field.empty() && !subject.model.empty()) {
    parts.push_back(fmt::format("field {} of {}", escaped(subject.field), escaped(subject.model)));
  } else if (!subject.table.empty()) {
    parts.push_back(fmt::format("table {}", escaped(subject.table)));
  } else if (!subject.model.empty() && subject.relationship.empty()) {
    parts.push_back(fmt::format("model {}", escaped(subject.model)));
  }
  if (!finding.scope.empty()) parts.push_back(ommi::printable(finding.scope));
  if (finding.place.line > 0) parts.push_back(ommi::printable(finding.place.to_string()));
  return fmt::format("{}", fmt::join(parts, " · "));
}

std::string hop_text(const HopSample& hop) {
  // Most messages begin with the place, which stands here already.
  std::string_view message = hop.message;
  const std::string place = hop.path + ": ";
  if (message.rfind(place, 0) == 0) message.remove_prefix(place.size());
  std::string text = fmt::format("{} is {}", ommi::printable(hop.path), to_string(hop.outcome));
  if (!message.empty()) text += fmt::format(": {}", ommi::printable(message));
  return text;
}

std::string boundary_text(const Diagnosis& diagnosis, const Finding& finding) {
  const RelationshipObservation* seen = observation_of(diagnosis, finding);
  if (seen == nullptr) return {};
  if (seen->error) {
    return fmt::format("{}: {}", to_string(seen->error->code()),
                       ommi::printable(seen->error->message()));
  }
  const HopSample* hop = hop_of(*seen, finding);
  if (hop == nullptr) return {};
  return hop_text(*hop);
}

std::string statement_text(const Diagnosis& diagnosis, const Finding& finding) {
  const RelationshipObservation* seen = observation_of(diagnosis, finding);
  if (seen == nullptr) return {};
  const bool failed = seen->statement.empty() && seen->error;
  return query_text(failed ? seen->error->statement() : seen->statement);
}

std::string returned_text(const Diagnosis& diagnosis, const Finding& finding) {
  if (!finding.evidence.returned.empty()) return ommi::printable(finding.evidence.returned);
  const RelationshipObservation* seen = observation_of(diagnosis, finding);
  if (seen == nullptr) return {};
  std::string text;
  for (const auto& [type, calls] : seen->returned) {
    text += fmt::format("{}{} by {}", text.empty() ? "" : ", ", ommi::printable(type),
                        counted(calls, "driver call", "driver calls"));
  }
  return text;
}

std::string suggestion_text(const Suggestion& suggestion) {
  const ommi::Reference& reference = suggestion.reference;
  std::string text = fmt::format(
      "{}.{} may name {}.{} (confidence {:.2f}): {}", escaped(suggestion.model),
      escaped(fmt::format("{}", fmt::join(reference.fields, ", "))), escaped(reference.model),
      escaped(fmt::format("{}", fmt::join(reference.target_fields, ", "))), reference.confidence,
      ommi::printable(suggestion.why));
  std::string against;
  for (const ommi::Value& value : suggestion.counter_examples) {
    against += fmt::format("{}{}", against.empty() ? "; not found: " : ", ", value_text(value));
  }
  return text + against;
}

std::string heading_text(const Diagnosis& diagnosis) {
  std::size_t models = 0;
  std::size_t relations = 0;
  if (diagnosis.sources.catalog) {
    models = diagnosis.sources.catalog->models().size();
    relations = diagnosis.sources.catalog->relation_count();
  }
  std::string from;
  for (const std::string& source : diagnosis.sources.draft.sources) {
    from += fmt::format("{}{}", from.empty() ? ", from " : " and ", ommi::printable(source));
  }
  return fmt::format("{}: {}, {}{}", escaped(diagnosis.database.name),
                     counted(models, "model", "models"),
                     counted(relations, "relationship", "relationships"), from);
}

std::string summary_text(const Diagnosis& diagnosis) {
  std::size_t sound = 0;
  for (const Verdict verdict : diagnosis.verdicts) sound += verdict == Verdict::ok ? 1U : 0U;
  const std::size_t remarks = diagnosis.count(Level::info);
  std::string text =
      fmt::format("{}, {}", counted(diagnosis.count(Level::error), "error", "errors"),
                  counted(diagnosis.count(Level::warning), "warning", "warnings"));
  if (remarks > 0) text += fmt::format(", {}", counted(remarks, "remark", "remarks"));
  for (const Standing standing : {Standing::baselined, Standing::suppressed}) {
    const std::size_t known = diagnosis.count(standing);
    if (known > 0) text += fmt::format(", {} {}", known, to_string(standing));
  }
  text += fmt::format("; {} of {} sound; {} swept, {} in {}", sound,
                      counted(diagnosis.verdicts.size(), "relationship", "relationships"),
                      counted(diagnosis.rows_swept, "row", "rows"),
                      counted(diagnosis.driver_calls, "driver call", "driver calls"),
                      duration_text(diagnosis.duration_ns));
  if (!diagnosis.exhaustive) text += "; of large tables a sample is loaded, with --all every row";
  if (!diagnosis.complete()) text += "; incomplete";
  return text;
}

const ommi::Model* model_of(const Diagnosis& diagnosis, const PathStep& step) {
  if (step.relation != nullptr) return step.relation->target;
  const ommi::Catalog* catalog = diagnosis.sources.catalog.get();
  if (catalog == nullptr) return nullptr;
  const ommi::Model* model = catalog->find(step.path);
  return model != nullptr ? model : catalog->find(step.path.substr(0, step.path.find('[')));
}

std::vector<NamedValue> fields_of(const RowSample& row) {
  std::vector<NamedValue> fields;
  for (const NamedValue& key : row.key) {
    const bool repeated =
        std::any_of(row.value.begin(), row.value.end(),
                    [&key](const NamedValue& value) { return value.name == key.name; });
    if (!repeated) fields.push_back(key);
  }
  fields.insert(fields.end(), row.value.begin(), row.value.end());
  return fields;
}

}  // namespace doctor::report_parts
