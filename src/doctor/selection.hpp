#pragma once

/// \file
/// Which rules a run applies, and at which level.

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "doctor/rule.hpp"

namespace doctor {

/// What a user says about rules. A selector is a code (`DAT001`), the beginning of codes (`DAT`), a
/// name (`dangling-reference`) or `ALL`, in any case of letters.
struct Selectors {
  std::vector<std::string> select = {"ALL"};
  std::vector<std::string> ignore = {};
  std::map<std::string, Level> levels = {};  // by selector
};

/// A rule as selectors see it; the rules of a configuration have no more than that.
struct RuleName {
  std::string code;
  std::string name;
};

/// The rules that are built in.
[[nodiscard]] std::vector<RuleName> built_in_rules();

/// Whether `selector` means the rule of that code and name, and how exactly: 0 = not, and more the
/// longer the part of the code that it spells out.
[[nodiscard]] std::size_t match(std::string_view selector, std::string_view code,
                                std::string_view name);

/// Why `selector` means none of `rules`, with the nearest name; empty if it means any.
[[nodiscard]] std::string problem_of(std::string_view selector, std::span<const RuleName> rules);

/// All rules at their own levels, or what selectors say: the most exact selector decides, and
/// between equals the one that ignores.
class RuleSelection {
 public:
  RuleSelection() = default;
  explicit RuleSelection(Selectors selectors) : selectors_(std::move(selectors)) {}

  [[nodiscard]] bool selects(std::string_view code, std::string_view name) const;
  [[nodiscard]] bool selects(const Rule& rule) const {
    return rule.level >= least_ && selects(rule.code, rule.name);
  }
  /// The level that the finding of a rule gets, where `found` is the rule's own.
  [[nodiscard]] Level level_of(std::string_view code, std::string_view name, Level found) const;
  /// As it is, without the built-in rules that are below `level`.
  [[nodiscard]] RuleSelection at_least(Level level) const;

 private:
  Selectors selectors_;
  Level least_ = Level::info;
};

}  // namespace doctor
