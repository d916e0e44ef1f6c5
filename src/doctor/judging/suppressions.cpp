#include <algorithm>

#include <fmt/format.h>

#include "doctor/judging.hpp"
#include "doctor/wording.hpp"

namespace doctor {
namespace {

/// Whether `pattern` means `text`: any case, `*` for any text.
bool fits(std::string_view pattern, std::string_view text) {
  const std::size_t star = pattern.find('*');
  if (star == std::string_view::npos) return same_name(pattern, text);
  if (text.size() < star || !same_name(pattern.substr(0, star), text.substr(0, star))) return false;
  const std::string_view rest = pattern.substr(star + 1);
  for (std::size_t at = star; at <= text.size(); ++at) {
    if (fits(rest, text.substr(at))) return true;
  }
  return false;
}

bool means(const std::string& object, const Finding& finding) {
  const Subject& subject = finding.subject;
  for (const std::string& name :
       {subject.relationship, subject.model, subject.model + "." + subject.field, subject.table,
        subject.table + "." + subject.column}) {
    if (!name.empty() && name.front() != '.' && name.back() != '.' && fits(object, name))
      return true;
  }
  return object == "*";
}

bool accepts(const Suppression& suppression, const Finding& finding) {
  return match(suppression.rule, finding.code, finding.name) > 0 &&
         means(suppression.object, finding);
}

bool was_run(const Suppression& suppression, const RuleSelection& rules) {
  const auto all = built_in_rules();
  const bool built_in = std::any_of(all.begin(), all.end(), [&](const RuleName& rule) {
    return match(suppression.rule, rule.code, rule.name) > 0 && rules.selects(rule.code, rule.name);
  });
  return built_in || problem_of(suppression.rule, all) != "";
}

std::string name_of(const Suppression& suppression) {
  return fmt::format("{}: the suppression of {} for {}", suppression.place.to_string(),
                     ommi::escaped(suppression.rule), ommi::escaped(suppression.object));
}

}  // namespace

std::string subject_name(const Subject& subject) {
  if (!subject.relationship.empty()) return subject.relationship;
  if (!subject.model.empty() && !subject.field.empty()) return subject.model + "." + subject.field;
  if (!subject.model.empty()) return subject.model;
  return subject.column.empty() ? subject.table : subject.table + "." + subject.column;
}

void suppress(Diagnosis& diagnosis, const std::vector<Suppression>& suppressions,
              const RuleSelection& rules, const Day& now) {
  for (const Suppression& suppression : suppressions) {
    const bool expired = suppression.expires && *suppression.expires < now;
    bool needed = false;
    for (Finding& finding : diagnosis.findings) {
      if (!accepts(suppression, finding)) continue;
      needed = true;
      if (expired || finding.standing == Standing::suppressed) continue;
      finding.standing = Standing::suppressed;
      finding.standing_reason = suppression.reason;
    }
    if (expired && needed) {
      diagnosis.notes.push_back(fmt::format("{} has expired on {}", name_of(suppression),
                                            to_string(*suppression.expires)));
    } else if (!needed && diagnosis.complete() && was_run(suppression, rules)) {
      diagnosis.notes.push_back(
          fmt::format("{} is not needed any more: nothing is found there", name_of(suppression)));
    }
  }
}

std::optional<Level> failing_level(const Diagnosis& diagnosis, const Gate& gate) {
  const bool too_many = gate.max_warnings && diagnosis.count(Level::warning) > *gate.max_warnings;
  if (gate.fail_on == "info" && (too_many || !gate.max_warnings)) return Level::info;
  if (too_many) return Level::warning;
  if (gate.fail_on == "never") return std::nullopt;
  if (gate.fail_on == "info" && diagnosis.count(Level::info) > 0) return Level::info;
  return gate.max_warnings || gate.fail_on == "error" ? Level::error : Level::warning;
}

bool fails(const Diagnosis& diagnosis, const Gate& gate) {
  const std::optional<Level> from = failing_level(diagnosis, gate);
  if (!from) return false;
  for (const Level level : {Level::info, Level::warning, Level::error}) {
    if (level >= *from && diagnosis.count(level) > 0) return true;
  }
  return false;
}

}  // namespace doctor
