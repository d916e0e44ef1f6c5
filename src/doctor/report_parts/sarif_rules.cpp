#include <array>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "doctor/report_parts/rule_text.hpp"
#include "doctor/report_parts/sarif_parts.hpp"
#include "doctor/rule.hpp"

namespace doctor::report_parts {
namespace {

using nlohmann::ordered_json;

/// What the first letters of a code say of its rules.
struct Family {
  std::string_view prefix;
  std::string_view tag;
  std::string_view precision;
};

// Rules over all rows or over the schema state facts; the others judge from what was seen or read.
constexpr std::array<Family, 10> families = {{{"DAT", "data", "very-high"},
                                              {"SCH", "schema", "very-high"},
                                              {"DRV", "driver", "very-high"},
                                              {"RES", "result-boundary", "very-high"},
                                              {"REL", "relationship", "high"},
                                              {"LZY", "lazy-field", "high"},
                                              {"PRF", "performance", "high"},
                                              {"MOD", "model", "high"},
                                              {"USE", "usage", "medium"},
                                              {"", "custom", "medium"}}};

const Family& family_of(std::string_view code) noexcept {
  for (const Family& family : families) {
    if (code.rfind(family.prefix, 0) == 0) return family;
  }
  return families.back();
}

std::string_view severity_of(Level level) noexcept {
  switch (level) {
    case Level::error:
      return "error";
    case Level::warning:
      return "warning";
    case Level::info:
      break;
  }
  return "recommendation";
}

// "dangling-reference" as SARIF names its rules: "DanglingReference".
std::string pascal_case(std::string_view name) {
  std::string out;
  bool capital = true;
  for (const char byte : name) {
    if (byte == '-' || byte == '_' || byte == ' ') {
      capital = true;
      continue;
    }
    const bool small = byte >= 'a' && byte <= 'z';
    out += capital && small ? static_cast<char>(byte - 'a' + 'A') : byte;
    capital = false;
  }
  return out;
}

// Text of our own as a sentence.
std::string sentence(std::string_view text) {
  std::string out = stopped(text);
  const bool small = !out.empty() && out[0] >= 'a' && out[0] <= 'z';
  if (small) out[0] = static_cast<char>(out[0] - 'a' + 'A');
  return out;
}

}  // namespace

std::string_view sarif_level(Level level) noexcept {
  switch (level) {
    case Level::error:
      return "error";
    case Level::warning:
      return "warning";
    case Level::info:
      break;
  }
  return "note";
}

std::string stopped(std::string_view text) {
  std::string out(text);
  const bool open =
      !out.empty() && std::string_view(".!?").find(out.back()) == std::string_view::npos;
  return open ? out + '.' : out;
}

SarifRules::SarifRules(const Diagnosis& diagnosis) {
  for (const Rule* rule : all_rules()) add({rule->code, rule->name, rule->level, rule});
  for (const Finding& finding : diagnosis.findings) {
    add({finding.code, finding.name, finding.level, nullptr});
  }
}

void SarifRules::add(const Entry& entry) {
  if (indexes_.insert({entry.code, entries_.size()}).second) entries_.push_back(entry);
}

std::size_t SarifRules::index_of(std::string_view code) const { return indexes_.at(code); }

ordered_json SarifRules::json() const {
  ordered_json rules = ordered_json::array();
  for (const Entry& entry : entries_) {
    const std::string summary = sentence(entry.rule != nullptr ? entry.rule->summary : entry.name);
    const std::string_view explanation = explanation_of(entry.code);
    const std::string markdown =
        explanation.empty() ? summary : fmt::format("{}\n\n{}", summary, explanation);
    std::string full = summary;
    const auto blocks = blocks_of(explanation);
    for (const TextBlock& block : blocks) {
      if (block.kind != TextBlock::Kind::paragraph) continue;
      full = sentence(block.text);
      break;
    }
    const Family& family = family_of(entry.rule != nullptr ? entry.code : std::string_view());
    const ordered_json tags = {"lazy-loading", family.tag};
    rules.push_back({{"id", entry.code},
                     {"name", pascal_case(entry.name)},
                     {"shortDescription", {{"text", summary}}},
                     {"fullDescription", {{"text", full}}},
                     {"help", {{"text", plain_text(markdown)}, {"markdown", markdown}}},
                     {"defaultConfiguration", {{"level", sarif_level(entry.level)}}},
                     {"properties",
                      {{"precision", family.precision},
                       {"problem.severity", severity_of(entry.level)},
                       {"tags", tags}}}});
  }
  return rules;
}

}  // namespace doctor::report_parts
