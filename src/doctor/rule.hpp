#pragma once

/// \file
/// A rule: one way in which a lazily loaded relationship goes wrong. Pure functions over evidence:
/// no database, no clock, no file. Each is one file in rules/, named like the object it defines,
/// and listed by the build.

#include <span>
#include <string_view>
#include <vector>

#include "doctor/evidence.hpp"
#include "doctor/finding.hpp"

namespace doctor {

/// A database, and optionally its models (a manifest, or Python), that shows a rule at work. Some
/// faults only a driver has: then `fault` names what its answers to loads are, a lie
/// (ommi::Malformed) or an error (ommi::ErrorCode). Others are of the lazy fields above it: then
/// `lazy_fault` names what they do (doctor/traverse/faulty_lazy_interface.hpp).
struct Example {
  std::string_view sql;
  std::string_view manifest = {};
  std::string_view settings = {};  // of an ommi-doctor.toml
  std::string_view fault = {};
  std::string_view lazy_fault = {};
  std::string_view python = {};  // the text of a models.py, instead of a manifest
};

struct Rule;

/// Collects what a rule finds; fills in the rule's code, name and level.
class Findings {
 public:
  explicit Findings(const Rule& rule) : rule_(&rule) {}
  /// A new finding about `subject`, to be filled in further.
  Finding& add(Subject subject, std::string message);
  [[nodiscard]] std::vector<Finding> take() && { return std::move(found_); }

 private:
  const Rule* rule_;
  std::vector<Finding> found_;
};

struct Rule {
  std::string_view code;  // "DAT001"
  std::string_view name;  // "dangling-reference": the fault, not the cure
  Level level;
  std::string_view summary;  // one line
  std::string_view
      explanation;  // Markdown: what it looks for, why it matters, what to do, what it can miss
  Example failing;  // run by the tests: must be found …
  Example fixed;    // … and must not
  void (*check)(const Evidence&, Findings&);
};

/// All rules, by code.
[[nodiscard]] std::span<const Rule* const> all_rules() noexcept;

/// The rule with that code or name (any case), or null.
[[nodiscard]] const Rule* find_rule(std::string_view code_or_name) noexcept;

class RuleSelection;

/// Runs the selected rules over `evidence` and adds `others`, which were found another way; root
/// causes first, symptoms attached to them, then by level, code and subject. `database` is the
/// logical name that goes into the fingerprints.
[[nodiscard]] std::vector<Finding> diagnose(const Evidence& evidence, std::string_view database,
                                            const RuleSelection& selection,
                                            std::vector<Finding> others = {});
[[nodiscard]] std::vector<Finding> diagnose(const Evidence& evidence, std::string_view database);

}  // namespace doctor
