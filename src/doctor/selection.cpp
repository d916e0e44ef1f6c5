#include "doctor/selection.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "doctor/wording.hpp"
#include "ommi/model.hpp"

namespace doctor {
namespace {

// Longer than any code, so that a name is as exact as can be.
constexpr std::size_t whole = 100;
constexpr std::size_t everything = 1;

bool begins_with(std::string_view text, std::string_view beginning) {
  return text.size() >= beginning.size() && same_name(text.substr(0, beginning.size()), beginning);
}

std::size_t best_match(const std::vector<std::string>& selectors, std::string_view code,
                       std::string_view name) {
  std::size_t best = 0;
  for (const std::string& selector : selectors) best = std::max(best, match(selector, code, name));
  return best;
}

}  // namespace

std::vector<RuleName> built_in_rules() {
  std::vector<RuleName> names;
  for (const Rule* rule : all_rules())
    names.push_back({std::string(rule->code), std::string(rule->name)});
  return names;
}

std::size_t match(std::string_view selector, std::string_view code, std::string_view name) {
  if (same_name(selector, "ALL")) return everything;
  if (same_name(selector, code) || same_name(selector, name)) return whole;
  // A part of a number would mean rules that have nothing in common.
  const bool letters = std::all_of(selector.begin(), selector.end(), [](char letter) {
    return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z');
  });
  const bool family = letters && code.size() > selector.size() && code[selector.size()] >= '0' &&
                      code[selector.size()] <= '9';
  const bool part = !letters && code.size() > selector.size();
  if (!selector.empty() && (family || part) && begins_with(code, selector))
    return everything + selector.size();
  return 0;
}

std::string problem_of(std::string_view selector, std::span<const RuleName> rules) {
  std::vector<std::string> names;
  for (const RuleName& rule : rules) {
    if (match(selector, rule.code, rule.name) > 0) return {};
    names.push_back(rule.code);
    names.push_back(rule.name);
  }
  const std::string near = ommi::nearest(selector, names);
  return fmt::format("no rule is named '{}'{}", ommi::escaped(selector),
                     near.empty() ? std::string("; 'ommi-doctor rule' lists them")
                                  : fmt::format("; did you mean '{}'?", near));
}

bool RuleSelection::selects(std::string_view code, std::string_view name) const {
  const std::size_t selected = best_match(selectors_.select, code, name);
  return selected > 0 && selected > best_match(selectors_.ignore, code, name);
}

Level RuleSelection::level_of(std::string_view code, std::string_view name, Level found) const {
  std::size_t best = 0;
  for (const auto& [selector, level] : selectors_.levels) {
    const std::size_t exact = match(selector, code, name);
    if (exact <= best) continue;
    best = exact;
    found = level;
  }
  return found;
}

RuleSelection RuleSelection::at_least(Level level) const {
  RuleSelection narrowed = *this;
  narrowed.least_ = level;
  return narrowed;
}

}  // namespace doctor
