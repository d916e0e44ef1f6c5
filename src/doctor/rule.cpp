#include "doctor/rule.hpp"

#include "doctor/wording.hpp"

namespace doctor {

Finding& Findings::add(Subject subject, std::string message) {
  Finding& finding = found_.emplace_back();
  finding.code = std::string(rule_->code);
  finding.name = std::string(rule_->name);
  finding.level = rule_->level;
  finding.subject = std::move(subject);
  finding.message = std::move(message);
  return finding;
}

const Rule* find_rule(std::string_view code_or_name) noexcept {
  for (const Rule* rule : all_rules()) {
    if (same_name(rule->code, code_or_name) || same_name(rule->name, code_or_name)) return rule;
  }
  return nullptr;
}

}  // namespace doctor
