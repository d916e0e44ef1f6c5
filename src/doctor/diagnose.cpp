#include <algorithm>
#include <array>
#include <map>
#include <tuple>
#include <utility>

#include <fmt/format.h>
#include <nettle/sha2.h>

#include "doctor/rule.hpp"
#include "doctor/selection.hpp"
#include "doctor/wording.hpp"

namespace doctor {

namespace {

using ommi::Relation;
using RelationList = std::vector<const Relation*>;

bool contains(const RelationList& relations, const Relation* relation) {
  return std::find(relations.begin(), relations.end(), relation) != relations.end();
}

/// How near to the root a fault lies: a table that is not there comes before all that reads it.
unsigned depth_of(const Finding& finding) {
  if (finding.code == "SCH001") return 0;
  if (finding.code == "SCH002") return 1;
  if (finding.code == "REL001" || finding.code == "REL002" || finding.code == "REL009") return 2;
  return 3;
}

/// Of two findings about the same fields, which rule's is the root.
constexpr std::pair<std::string_view, std::string_view> causes[] = {
    {"DAT001", "SCH010"}, {"DAT002", "SCH010"}, {"DAT007", "SCH010"}, {"DAT008", "SCH010"},
    {"DAT004", "SCH005"}, {"DAT005", "SCH007"}, {"LZY009", "SCH003"},
};

bool same_fields(const Subject& left, const Subject& right) {
  return left.model == right.model && left.field == right.field && left.table == right.table;
}

bool is_cause(const Finding& cause, const Finding& finding) {
  return std::any_of(std::begin(causes), std::end(causes), [&](const auto& pair) {
    return cause.code == pair.first && finding.code == pair.second &&
           cause.level >= finding.level && same_fields(cause.subject, finding.subject);
  });
}

bool shares_relation(const Finding& left, const Finding& right) {
  return std::any_of(right.relations.begin(), right.relations.end(),
                     [&](const Relation* relation) { return contains(left.relations, relation); });
}

/// A reference that the source loses is one that the models do not have.
bool is_source_of(const Finding& cause, const Finding& finding) {
  if (finding.code != "REL001" || !shares_relation(cause, finding)) return false;
  return cause.code == "MOD001" || cause.code == "MOD002" || cause.code == "MOD007" ||
         cause.code == "MOD009";
}

bool explains(const Finding& cause, const Finding& finding) {
  if (is_cause(cause, finding) || is_source_of(cause, finding)) return true;
  // What is wrong in a source is wrong whatever the database holds.
  if (finding.code.starts_with("MOD")) return false;
  const unsigned depth = depth_of(cause);
  if (depth >= depth_of(finding)) return false;
  // A wrong definition makes loads wrong and slow; what the rows hold is not its doing.
  if (depth == 2 && finding.code != "LZY009" && finding.code != "PRF001") return false;
  if (depth == 0 && same_name(cause.subject.table, finding.subject.table)) return true;
  return !finding.relations.empty() &&
         std::all_of(finding.relations.begin(), finding.relations.end(),
                     [&](const Relation* relation) { return contains(cause.relations, relation); });
}

std::string name_of(const Subject& subject) {
  if (!subject.relationship.empty()) return subject.relationship;
  if (!subject.model.empty() && !subject.field.empty()) return subject.model + "." + subject.field;
  if (!subject.model.empty()) return subject.model;
  return subject.column.empty() ? subject.table : subject.table + "." + subject.column;
}

void attach_findings(std::vector<Finding>& findings) {
  for (Finding& finding : findings) {
    Finding* cause = nullptr;
    for (Finding& other : findings) {
      if (!explains(other, finding)) continue;
      if (cause == nullptr || depth_of(other) < depth_of(*cause)) cause = &other;
    }
    if (cause == nullptr) continue;
    finding.root_cause = false;
    cause->explains.push_back(fmt::format(
        "{} {}: {}", finding.code, ommi::escaped(name_of(finding.subject)), finding.message));
  }
}

/// One way in which loads of a relationship end badly.
struct Symptom {
  std::string code;  // of the error, or of the outcome
  std::string line;
};

std::vector<Symptom> symptoms_of(const RelationshipObservation& seen) {
  const std::string name = ommi::escaped(seen.relation->name());
  std::vector<Symptom> symptoms;
  if (seen.error) {
    symptoms.push_back(
        {std::string(ommi::to_string(seen.error->code())),
         fmt::format("{}: cannot be loaded: {}", name, ommi::escaped(seen.error->message()))});
  }
  for (const auto& [code, loads] : seen.errors) {
    symptoms.push_back({code, fmt::format("{}: {} of {} fail ({})", name, loads,
                                          counted(seen.loads, "load"), ommi::escaped(code))});
  }
  const auto outcome = [&](Outcome kind, std::string_view code, std::string_view text) {
    const std::uint64_t loads = seen.outcomes[static_cast<std::size_t>(kind)];
    if (loads == 0 || seen.errors.count(std::string(code)) != 0) return;
    symptoms.push_back({std::string(code), fmt::format("{}: {} of {} {}", name, loads,
                                                       counted(seen.loads, "load"), text)});
  };
  outcome(Outcome::dangling, "dangling_reference", "name a row that is not there");
  outcome(Outcome::partial, "partial", "leave out links whose row is not there");
  outcome(Outcome::unreadable, "decode", "start from a row that cannot be read");
  return symptoms;
}

/// The rules whose faults show as that error, the likeliest first.
std::vector<std::string_view> causes_of(std::string_view code) {
  if (code == "dangling_reference" || code == "partial") {
    return {"DAT001", "DAT002", "DAT007", "DAT008", "DRV006"};
  }
  if (code == "malformed_result") {
    return {"DRV001", "DRV002", "RES001", "RES002", "RES003", "RES004", "RES005", "RES007"};
  }
  if (code == "not_found") return {"RES006"};
  if (code == "detached") return {"LZY007"};
  if (code == "query") return {"DRV006", "SCH001", "SCH002", "REL002", "REL001", "REL009"};
  if (code == "decode") return {"DRV004", "SCH001", "SCH002"};
  if (code == "multiple_rows") return {"DAT004", "REL006", "RES007", "REL002"};
  if (code == "missing_column") return {"SCH002", "SCH001"};
  return {"SCH001", "SCH002", "REL002", "REL001", "REL009", "MOD001",
          "MOD002", "MOD004", "MOD007", "MOD009", "MOD012"};
}

Finding* cause_of(const Symptom& symptom, const Relation* relation,
                  std::vector<Finding>& findings) {
  for (const std::string_view code : causes_of(symptom.code)) {
    for (Finding& finding : findings) {
      if (finding.code == code && finding.root_cause && contains(finding.relations, relation)) {
        return &finding;
      }
    }
  }
  return nullptr;
}

void attach_symptoms(const Evidence& evidence, std::vector<Finding>& findings) {
  for (const RelationshipObservation& seen : evidence.relationships) {
    for (const Symptom& symptom : symptoms_of(seen)) {
      Finding* cause = cause_of(symptom, seen.relation, findings);
      if (cause != nullptr) cause->explains.push_back(symptom.line);
    }
  }
}

/// Relationships that no load was tried of, or could be, because of what is missing.
void attach_unloadable(const Evidence& evidence, std::vector<Finding>& findings) {
  RelationList observed;
  for (const RelationshipObservation& seen : evidence.relationships) {
    if (seen.loads > 0 || seen.error || !seen.errors.empty()) observed.push_back(seen.relation);
  }
  RelationList told;
  for (Finding& finding : findings) {
    if (depth_of(finding) > 1 || !finding.root_cause) continue;
    for (const Relation* relation : finding.relations) {
      if (contains(observed, relation) || contains(told, relation)) continue;
      told.push_back(relation);
      finding.explains.push_back(ommi::escaped(relation->name()) + ": cannot be loaded");
    }
  }
}

/// Whether a rule counts rows, which a damaged file can hide or show twice.
bool is_about_rows(std::string_view code) {
  return code.substr(0, 3) == "DAT" || code == "DRV004" || code == "LZY009" || code == "PRF005";
}

std::string hex_sha256(std::string_view text) {
  sha256_ctx context;
  sha256_init(&context);
  sha256_update(&context, text.size(), reinterpret_cast<const std::uint8_t*>(text.data()));
  std::array<std::uint8_t, SHA256_DIGEST_SIZE> digest{};
  sha256_digest(&context, digest.size(), digest.data());
  std::string hex;
  for (const std::uint8_t byte : digest) hex += fmt::format("{:02x}", byte);
  return hex;
}

std::string fingerprint_of(const Finding& finding, std::string_view database) {
  const Subject& subject = finding.subject;
  return hex_sha256(fmt::format("{}|{}|{}/{}/{}/{}/{}|{}", finding.code, database,
                                subject.relationship, subject.model, subject.field, subject.table,
                                subject.column, finding.discriminator));
}

bool comes_first(const Finding& left, const Finding& right) {
  const auto rank = [](const Finding& finding) {
    const Subject& subject = finding.subject;
    return std::make_tuple(!finding.root_cause, -static_cast<int>(finding.level),
                           std::string_view(finding.code), std::string_view(subject.relationship),
                           std::string_view(subject.model), std::string_view(subject.field),
                           std::string_view(subject.table), std::string_view(subject.column),
                           std::string_view(finding.discriminator));
  };
  return rank(left) < rank(right);
}

}  // namespace

std::vector<Finding> diagnose(const Evidence& evidence, std::string_view database,
                              const RuleSelection& selection, std::vector<Finding> others) {
  std::vector<Finding> findings = std::move(others);
  for (const Rule* rule : all_rules()) {
    if (!selection.selects(*rule)) continue;
    if (!evidence.damage.empty() && is_about_rows(rule->code) && rule->code != "DAT010") continue;
    Findings found(*rule);
    rule->check(evidence, found);
    // A finding may be worth less than its rule.
    for (Finding& finding : std::move(found).take()) {
      Rule as_found = *rule;
      as_found.level = finding.level;
      if (selection.selects(as_found)) findings.push_back(std::move(finding));
    }
  }
  for (Finding& finding : findings) {
    finding.level = selection.level_of(finding.code, finding.name, finding.level);
    finding.fingerprint = fingerprint_of(finding, database);
  }
  attach_findings(findings);
  std::stable_sort(findings.begin(), findings.end(), comes_first);
  attach_symptoms(evidence, findings);
  attach_unloadable(evidence, findings);
  return findings;
}

std::vector<Finding> diagnose(const Evidence& evidence, std::string_view database) {
  return diagnose(evidence, database, RuleSelection());
}

}  // namespace doctor
