#include <algorithm>
#include <functional>

#include <fmt/format.h>

#include "doctor/custom.hpp"

namespace doctor {
namespace {

using Names = std::vector<std::string>;

class Rows final : public ommi::RowVisitor {
 public:
  explicit Rows(std::function<bool(std::span<const ommi::Cell>)> take) : take_(std::move(take)) {}
  bool row(std::span<const ommi::Cell> cells) override { return take_(cells); }

 private:
  std::function<bool(std::span<const ommi::Cell>)> take_;
};

std::string filled_in(std::string_view text, const Names& names,
                      std::span<const ommi::Cell> cells) {
  constexpr std::size_t longest_value = 60;
  std::string out;
  while (!text.empty()) {
    const std::size_t open = text.find('{');
    const std::size_t close = open == text.npos ? text.npos : text.find('}', open);
    if (close == text.npos) break;
    const auto found =
        std::find(names.begin(), names.end(), text.substr(open + 1, close - open - 1));
    out += text.substr(0, open);
    out += found == names.end()
               ? std::string(text.substr(open, close - open + 1))
               : to_display(cells[static_cast<std::size_t>(found - names.begin())], longest_value);
    text.remove_prefix(close + 1);
  }
  return out.append(text);
}

Finding finding_of(const CustomRule& rule, const Names& names, std::span<const ommi::Cell> cells) {
  Finding finding;
  finding.code = rule.code;
  finding.name = rule.name;
  finding.level = rule.level;
  finding.subject.table = rule.table;
  finding.message = filled_in(rule.message, names, cells);
  finding.discriminator = finding.message;
  finding.count = 1;
  finding.evidence.sql = rule.sql;
  finding.place = rule.place;
  RowSample& sample = finding.samples.emplace_back();
  for (std::size_t i = 0; i < names.size(); ++i)
    sample.key.push_back({names[i], ommi::Value(cells[i])});
  return finding;
}

}  // namespace

std::vector<Finding> apply_custom_rule(const ommi::Database& database, const CustomRule& rule,
                                       std::uint64_t most, std::vector<Skipped>& skipped) {
  std::vector<Finding> findings;
  const std::string what = fmt::format("rule {}", ommi::escaped(rule.code));
  const auto names = database.columns(rule.sql);
  if (!names) {
    skipped.push_back({what, names.failure()->message()});
    return findings;
  }
  std::uint64_t more = 0;
  Rows rows([&](std::span<const ommi::Cell> cells) {
    if (findings.size() < most) {
      findings.push_back(finding_of(rule, names.value(), cells));
    } else {
      ++more;
    }
    return true;
  });
  const auto read = database.select(rule.sql, {}, names.value().size(), rows);
  if (!read) skipped.push_back({what, read.failure()->message()});
  if (more > 0) {
    findings.back().evidence.notes.push_back(
        fmt::format("{} more rows of the same kind are not shown", more));
    findings.back().count += more;
  }
  return findings;
}

}  // namespace doctor
