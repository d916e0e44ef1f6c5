#include <fmt/format.h>

#include "doctor/report_parts/html_parts.hpp"
#include "doctor/report_parts/markup.hpp"

namespace doctor::report_parts {
namespace {

std::string_view tone_of(Level level) noexcept {
  switch (level) {
    case Level::error:
      return "failing";
    case Level::warning:
      return "warning";
    case Level::info:
      break;
  }
  return "remark";
}

std::string fact(std::string_view label, const std::string& content) {
  return content.empty() ? std::string() : fmt::format("<dt>{}</dt><dd>{}</dd>\n", label, content);
}

std::string code(const std::string& text) {
  return text.empty() ? std::string() : fmt::format("<code>{}</code>", markup(text));
}

std::string block(const std::string& text) {
  return text.empty() ? std::string() : fmt::format("<pre>{}</pre>", markup(text));
}

template <class List>
std::string listed(const List& texts) {
  std::string out;
  for (const std::string& text : texts) out += fmt::format("<li>{}</li>", markup(text));
  return out.empty() ? out : fmt::format("<ul>{}</ul>", out);
}

std::string facts(const HtmlContext& context, const Finding& finding) {
  std::string rows;
  for (const RowSample& sample : finding.samples) {
    rows += code(sample_text(finding.subject, sample, context.disclosure));
  }
  if (finding.count > finding.samples.size() && !rows.empty()) {
    rows += fmt::format("… and {} more", finding.count - finding.samples.size());
  }
  const std::string out = fact("Where", markup(subject_text(finding))) +
                          fact("Known", markup(standing_text(finding))) + fact("Rows", rows) +
                          fact("Explains", listed(finding.explains));
  return fmt::format("<dl class=\"facts\">\n{}</dl>\n", out);
}

std::string evidence(const HtmlContext& context, const Finding& finding) {
  std::string plan;
  for (const std::string& step : finding.evidence.plan) plan += code(step);
  const std::string out = fact("Query", block(statement_text(context.diagnosis, finding))) +
                          fact("Returned", markup(returned_text(context.diagnosis, finding))) +
                          fact("Boundary", markup(boundary_text(context.diagnosis, finding))) +
                          fact("Check", block(one_line(finding.evidence.sql))) +
                          fact("Plan", plan) + fact("Facts", listed(finding.evidence.notes));
  if (out.empty()) return {};
  return fmt::format(
      "<details class=\"inner\"><summary>Evidence</summary>\n<dl class=\"facts\">\n{}</dl>"
      "</details>\n",
      out);
}

std::string_view tone_of(Safety safety) noexcept {
  switch (safety) {
    case Safety::safe:
      return "sound";
    case Safety::unsafe:
      return "warning";
    case Safety::manual:
      break;
  }
  return "unchecked";
}

std::string remedies(const Finding& finding) {
  std::string out;
  for (const Remedy& remedy : finding.remedies) {
    std::string steps;
    for (const std::string& sql : remedy.sql) steps += block(one_line(sql));
    for (const TextEdit& edit : remedy.edits)
      steps += block(fmt::format("{}", fmt::join(edit_lines(edit), "\n")));
    out +=
        fmt::format("<div class=\"remedy\"><p><span class=\"badge {}\">{}</span> {}</p>{}</div>\n",
                    tone_of(remedy.safety), to_string(remedy.safety), markup(remedy.title), steps);
  }
  if (out.empty()) return {};
  return fmt::format("<details class=\"inner\"><summary>What to do</summary>\n{}</details>\n", out);
}

std::string article(const HtmlContext& context, std::size_t at) {
  const Finding& finding = context.diagnosis.findings[at];
  const bool open = finding.standing == Standing::open;
  const std::string_view level = to_string(finding.level);
  std::string badges =
      fmt::format("<span class=\"badge {}\">{}</span>", tone_of(finding.level), level);
  if (!open) {
    badges +=
        fmt::format(" <span class=\"badge unchecked\">{}</span>", to_string(finding.standing));
  }
  if (!finding.root_cause) badges += " <span class=\"badge unchecked\">symptom</span>";
  return fmt::format(
      "<article class=\"card finding level-{0} {1} {2}\" id=\"finding-{3}\"><details{4}><summary>"
      "{5} <span class=\"rule\"><a href=\"#rule-{6}\">{6}</a> {7} · {8}</span>"
      "<span class=\"message\">{9}</span></summary>\n<div class=\"body\">\n{10}{11}{12}</div>"
      "</details></article>\n",
      level, tone_of(finding.level), open ? "open" : "known", at + 1,
      open && finding.level != Level::info ? " open" : "", badges, markup(finding.code),
      markup(finding.name), markup(name_text(finding.subject)), markup(finding.message),
      facts(context, finding), remedies(finding), evidence(context, finding));
}

std::string filter(std::string_view id, std::string_view tone, std::size_t count,
                   std::string_view singular, std::string_view plural) {
  if (count == 0) return {};
  return fmt::format(
      "<input type=\"checkbox\" id=\"show-{0}\" checked><label class=\"{1}\" for=\"show-{0}\">"
      "{2}</label>\n",
      id, tone, counted(count, singular, plural));
}

}  // namespace

std::string html_findings(const HtmlContext& context) {
  const Diagnosis& diagnosis = context.diagnosis;
  std::string list;
  std::string known_list;  // after those that count
  for (std::size_t at = 0; at < diagnosis.findings.size(); ++at) {
    const bool open = diagnosis.findings[at].standing == Standing::open;
    (open ? list : known_list) += article(context, at);
  }
  list += known_list;
  if (list.empty()) list = "<p class=\"card\">Nothing was found.</p>\n";
  const std::size_t known =
      diagnosis.count(Standing::baselined) + diagnosis.count(Standing::suppressed);
  return fmt::format(
      "<section id=\"findings\" class=\"area\"><h2>Findings</h2>\n{}{}{}{}<div class=\"list\">\n{}"
      "</div></section>\n",
      filter("error", "failing", diagnosis.count(Level::error), "error", "errors"),
      filter("warning", "warning", diagnosis.count(Level::warning), "warning", "warnings"),
      filter("info", "remark", diagnosis.count(Level::info), "remark", "remarks"),
      filter("known", "unchecked", known, "known already", "known already"), list);
}

}  // namespace doctor::report_parts
