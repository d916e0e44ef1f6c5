#include <algorithm>

#include <fmt/format.h>

#include "doctor/report_parts/text_parts.hpp"
#include "ommi/value.hpp"

namespace doctor::report_parts {
namespace {

constexpr std::size_t samples_shown = 3;
constexpr std::size_t label_width = 10;
constexpr std::size_t indent = 2;

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

// "  label     text", further lines under the text.
std::string labelled(const TextContext& context, std::string_view label, std::string_view text) {
  const std::size_t margin = indent + label_width;
  const std::size_t room =
      context.options.width > margin + 20 ? context.options.width - margin : 20;
  std::string out;
  for (const std::string& line : wrapped(text, room)) {
    const std::string_view shown = out.empty() ? label : std::string_view();
    const std::string padding(label_width - std::min(label_width, columns(shown)), ' ');
    out += fmt::format("  {}{}{}\n", context.paint(shown, Tone::faint), padding, line);
  }
  return out;
}

// SQL is to be pasted, so it stays on one line however wide.
std::string pasted(const TextContext& context, std::string_view label, std::string_view text) {
  return fmt::format("  {}{}{}\n", context.paint(label, Tone::faint),
                     std::string(label_width - std::min(label_width, columns(label)), ' '), text);
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

std::string next_steps(const TextContext& context, const Finding& finding) {
  std::string out;
  for (const Remedy& remedy : finding.remedies) {
    out +=
        labelled(context, "next",
                 fmt::format("{} ({})", ommi::printable(remedy.title), to_string(remedy.safety)));
    // The first one is the one to take; the others' statements would bury it.
    if (&remedy != &finding.remedies.front() && !context.options.verbose) continue;
    for (const std::string& sql : remedy.sql) out += pasted(context, "", one_line(sql));
  }
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
  out += samples(context, finding) + evidence(context, finding);
  for (const std::string& symptom : finding.explains) {
    out += labelled(context, "explains", ommi::printable(symptom));
  }
  return out + next_steps(context, finding);
}

std::string group(const TextContext& context, std::string_view title,
                  const std::vector<const Finding*>& findings) {
  if (findings.empty()) return {};
  std::string out = context.paint(title, Tone::strong) + '\n';
  for (const Finding* finding : findings) out += '\n' + one_finding(context, *finding);
  return out;
}

}  // namespace

std::string finding_lines(const TextContext& context) {
  const auto causes = roots(context.diagnosis);
  const auto rest = symptoms(context.diagnosis);
  std::string out = group(context, counted(causes.size(), "root cause", "root causes"), causes);
  if (!causes.empty() && !rest.empty()) out += '\n';
  return out + group(context, counted(rest.size(), "symptom of these", "symptoms of these"), rest);
}

}  // namespace doctor::report_parts
