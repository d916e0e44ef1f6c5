#include <fmt/format.h>

#include "doctor/report_parts/text_parts.hpp"
#include "ommi/value.hpp"

namespace doctor::report_parts {
namespace {

Tone tone_of(Verdict verdict) noexcept {
  switch (verdict) {
    case Verdict::ok:
      return Tone::good;
    case Verdict::warning:
      return Tone::caution;
    case Verdict::failing:
      return Tone::bad;
    case Verdict::unchecked:
      break;
  }
  return Tone::faint;
}

std::vector<TableCell> row_of(const RelationshipObservation& seen, Verdict verdict) {
  const std::string verdict_text = seen.complete
                                       ? std::string(to_string(verdict))
                                       : fmt::format("{} (cut short)", to_string(verdict));
  return {{ommi::escaped(seen.relation->name())},   {kind_text(*seen.relation)},
          {join_text(*seen.relation), Tone::faint}, {fmt::format("{}", seen.loads)},
          {fmt::format("{}", seen.rows)},           {fmt::format("{}", seen.driver_calls)},
          {duration_text(seen.duration_ns)},        {verdict_text, tone_of(verdict)}};
}

// What --verbose adds to a relationship: its statement, its plan, each sample.
std::string detail(const TextContext& context, const RelationshipObservation& seen) {
  std::string out = context.paint(ommi::escaped(seen.relation->name()), Tone::strong) + '\n';
  for (const auto& [type, calls] : seen.returned) {
    out += fmt::format("  returned  {} by {}\n", ommi::printable(type),
                       counted(calls, "driver call", "driver calls"));
  }
  if (!seen.statement.empty()) out += fmt::format("  query     {}\n", query_text(seen.statement));
  if (seen.plan) {
    for (const std::string& step : seen.plan->steps) {
      out += fmt::format("  plan      {}\n", ommi::printable(step));
    }
  }
  if (seen.largest > 1) {
    out += fmt::format("  largest   {} of {}\n", counted(seen.largest, "row", "rows"),
                       ommi::printable(seen.largest_owner));
  }
  for (const auto& [code, loads] : seen.errors) {
    out +=
        fmt::format("  failed    {}: {}\n", ommi::printable(code), counted(loads, "load", "loads"));
  }
  for (const HopSample& hop : seen.samples) {
    out += fmt::format("  sample    {}\n", hop_text(hop));
  }
  if (!seen.oracle.unchecked.empty()) {
    out += fmt::format("  join      not compared: {}\n", ommi::printable(seen.oracle.unchecked));
  } else if (seen.oracle.owners > 0) {
    out += fmt::format("  join      compared for {}, {} differ\n",
                       counted(seen.oracle.owners, "owner", "owners"), seen.oracle.differing);
  }
  return out;
}

}  // namespace

std::string relationship_lines(const TextContext& context) {
  const auto& seen = context.diagnosis.evidence.relationships;
  if (seen.empty()) return {};
  std::vector<std::vector<TableCell>> rows;
  for (std::size_t at = 0; at < seen.size(); ++at) {
    const auto& verdicts = context.diagnosis.verdicts;
    rows.push_back(row_of(seen[at], at < verdicts.size() ? verdicts[at] : Verdict::unchecked));
  }
  std::string out = table({{"relationship", false, 18},
                           {"kind", false, 10},
                           {"join", false, 12},
                           {"loads", true},
                           {"rows", true},
                           {"queries", true},
                           {"time", true},
                           {"verdict"}},
                          rows, context.options.width, context.paint);
  if (!context.options.verbose) return out;
  for (const RelationshipObservation& one : seen) out += '\n' + detail(context, one);
  return out;
}

}  // namespace doctor::report_parts
