#include <algorithm>
#include <set>
#include <sstream>

#include <fmt/format.h>

#include "doctor/report_parts/rule_text.hpp"
#include "doctor/report_parts/statistics.hpp"
#include "doctor/report_parts/text_parts.hpp"
#include "doctor/rule.hpp"
#include "ommi/value.hpp"

namespace doctor::report_parts {
namespace {

constexpr std::size_t samples_shown = 3;

Tone tone_of(Level level) noexcept {
  switch (level) {
    case Level::error:
      return Tone::bad;
    case Level::warning:
      return Tone::caution;
    case Level::info:
      break;
  }
  return Tone::faint;
}

std::string labelled(const TextContext& context, std::string_view label, std::string_view text) {
  return labelled(context.paint, context.options.width, label, text);
}

std::string pasted(const TextContext& context, std::string_view label, std::string_view text) {
  return pasted(context.paint, label, text);
}

std::string samples(const TextContext& context, const Finding& finding) {
  std::string out;
  const std::size_t shown = context.options.verbose
                                ? finding.samples.size()
                                : std::min(samples_shown, finding.samples.size());
  for (std::size_t at = 0; at < shown; ++at) {
    const std::string text = sample_text(finding.subject, finding.samples[at], context.disclosure);
    out +=
        labelled(context, at == 0 ? "rows" : "", cut(text, 4 * std::size_t{context.options.width}));
  }
  if (finding.count > shown && shown > 0) {
    out += labelled(context, "", fmt::format("… and {} more", finding.count - shown));
  }
  return out;
}

std::string evidence(const TextContext& context, const Finding& finding) {
  std::string out;
  const std::string statement = statement_text(context.diagnosis, finding);
  const std::string returned = returned_text(context.diagnosis, finding);
  const std::string boundary = boundary_text(context.diagnosis, finding);
  if (!statement.empty()) out += pasted(context, "query", statement);
  if (!returned.empty()) out += labelled(context, "returned", returned);
  if (!boundary.empty()) out += labelled(context, "boundary", boundary);
  if (!finding.evidence.sql.empty()) {
    out += pasted(context, "check", one_line(finding.evidence.sql));
  }
  for (const std::string& step : finding.evidence.plan) {
    out += labelled(context, "plan", ommi::printable(step));
  }
  for (const std::string& note : finding.evidence.notes) {
    out += labelled(context, "fact", ommi::printable(note));
  }
  return out;
}

std::string explanation(const TextContext& context, const Finding& finding) {
  std::string out;
  for (const TextBlock& block : blocks_of(explanation_of(finding.code))) {
    if (block.kind == TextBlock::Kind::heading) {
      out += fmt::format("{}    {}\n", out.empty() ? "" : "\n",
                         context.paint(block.text, Tone::strong));
      continue;
    }
    const bool code = block.kind == TextBlock::Kind::code;
    std::istringstream lines(block.text);
    for (std::string line; std::getline(lines, line);) {
      if (block.kind == TextBlock::Kind::item) line.insert(0, "- ");
      const std::size_t room = std::max<std::size_t>(context.options.width, 24) - 4;
      for (const std::string& part : code ? std::vector{line} : wrapped(line, room)) {
        out += fmt::format("    {}\n", part);
      }
    }
  }
  return out;
}

std::string next_steps(const TextContext& context, const Finding& finding) {
  std::string out;
  for (const Remedy& remedy : finding.remedies) {
    out +=
        labelled(context, "next",
                 fmt::format("{} ({})", ommi::printable(remedy.title), to_string(remedy.safety)));
    // The first one is the one to take; the others' statements would bury it.
    if (&remedy != &finding.remedies.front() && !context.options.verbose) continue;
    for (const std::string& sql : remedy.sql) out += pasted(context, "", one_line(sql));
    for (const TextEdit& edit : remedy.edits) {
      for (const std::string& line : edit_lines(edit)) out += pasted(context, "", line);
    }
  }
  // A rule of the configuration has said all in its message.
  if (find_rule(finding.code) == nullptr) return out;
  return out + labelled(context, "more", fmt::format("ommi-doctor rule {}", finding.code));
}

std::string one_finding(const TextContext& context, const Finding& finding) {
  const std::string title =
      context.paint(fmt::format("{} {} {}", to_string(finding.level), finding.code, finding.name),
                    tone_of(finding.level));
  const std::string plain =
      fmt::format("{} {} {}: ", to_string(finding.level), finding.code, finding.name);
  std::string out;
  constexpr std::size_t hanging = 4;
  const std::size_t room = std::max<std::size_t>(context.options.width, 24) - hanging;
  for (const std::string& line :
       wrapped(ommi::printable(finding.message), room, plain.size() - hanging)) {
    out += out.empty() ? fmt::format("{}: {}\n", title, context.paint(line, Tone::strong))
                       : fmt::format("    {}\n", line);
  }
  const std::string subject = subject_text(finding);
  if (!subject.empty()) out += labelled(context, "where", subject);
  const std::string standing = standing_text(finding);
  if (!standing.empty()) out += labelled(context, "known", standing);
  out += samples(context, finding) + evidence(context, finding);
  for (const std::string& symptom : finding.explains) {
    out += labelled(context, "explains", ommi::printable(symptom));
  }
  return out + next_steps(context, finding);
}

// Findings with a title over them; `explained` holds the rules that were explained already.
std::string group(const TextContext& context, std::string_view title,
                  const std::vector<const Finding*>& findings,
                  std::set<std::string_view>& explained) {
  if (findings.empty()) return {};
  std::string out = context.paint(title, Tone::strong) + '\n';
  for (const Finding* finding : findings) {
    out += '\n' + one_finding(context, *finding);
    if (!context.options.explain || !explained.insert(finding->code).second) continue;
    const std::string text = explanation(context, *finding);
    if (!text.empty()) out += '\n' + text;
  }
  return out;
}

std::string known_line(const TextContext& context, const Finding& finding) {
  const std::string text = fmt::format("{} {} {} {}: {} ({})", to_string(finding.level),
                                       finding.code, finding.name, name_text(finding.subject),
                                       ommi::printable(finding.message), standing_text(finding));
  std::string out;
  for (const std::string& line : wrapped(text, std::max(context.options.width, 24U) - 4)) {
    out += fmt::format("{}{}\n", out.empty() ? "  " : "    ", context.paint(line, Tone::faint));
  }
  return out;
}

// What is known already is named and no more, unless more is asked for.
std::string known_lines(const TextContext& context) {
  const auto findings = known(context.diagnosis);
  if (findings.empty()) return {};
  std::string out = context.paint("known already, not counted", Tone::strong) + '\n';
  for (const Finding* finding : findings) {
    out += context.options.verbose ? '\n' + one_finding(context, *finding)
                                   : known_line(context, *finding);
  }
  return out;
}

}  // namespace

std::string finding_lines(const TextContext& context) {
  const auto causes = roots(context.diagnosis);
  const auto rest = symptoms(context.diagnosis);
  std::set<std::string_view> explained;
  std::string out;
  for (const std::string& section :
       {group(context, counted(causes.size(), "root cause", "root causes"), causes, explained),
        group(context, counted(rest.size(), "symptom of these", "symptoms of these"), rest,
              explained),
        known_lines(context)}) {
    if (!out.empty() && !section.empty()) out += '\n';
    out += section;
  }
  return out;
}

std::string statistics_lines(const TextContext& context) {
  if (!context.options.statistics) return {};
  std::vector<std::vector<TableCell>> rows;
  for (const RuleCount& count : rule_counts(context.diagnosis)) {
    rows.push_back({{std::string(count.code)},
                    {std::string(count.name)},
                    {std::string(to_string(count.level)), tone_of(count.level)},
                    {fmt::format("{}", count.open)},
                    {fmt::format("{}", count.known)},
                    {fmt::format("{}", count.rows)}});
  }
  if (rows.empty()) return "no rule found anything\n";
  return table(
      {{"code"}, {"name", false, 20}, {"level"}, {"open", true}, {"known", true}, {"rows", true}},
      rows, context.options.width, context.paint);
}

}  // namespace doctor::report_parts
