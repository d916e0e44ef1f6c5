#include <fmt/format.h>

#include "doctor/report_parts/as_ommi.hpp"
#include "doctor/report_parts/diagram.hpp"
#include "doctor/report_parts/html_parts.hpp"
#include "doctor/report_parts/markup.hpp"
#include "doctor/report_parts/rule_text.hpp"
#include "doctor/report_parts/statistics.hpp"
#include "ommi/value.hpp"

namespace doctor::report_parts {
namespace {

constexpr double column_width = 1060;  // of the page

// A path breaks where its folders do, a name behind its full stops.
std::string breakable(const std::string& name) {
  std::string out;
  for (const char byte : markup(name)) {
    out += byte;
    if (byte == '/' || byte == '.') out += "<wbr>";
  }
  return out;
}

std::string tile(std::string_view tone, std::size_t count, std::string_view singular,
                 std::string_view plural) {
  return fmt::format("<li class=\"{}{}\"><b>{}</b> {}</li>\n", tone, count > 0 ? " some" : "",
                     count, count == 1 ? singular : plural);
}

std::string_view tone_of(Verdict verdict) noexcept {
  switch (verdict) {
    case Verdict::ok:
      return "sound";
    case Verdict::warning:
      return "warning";
    case Verdict::failing:
      return "failing";
    case Verdict::unchecked:
      break;
  }
  return "unchecked";
}

std::string cell(std::string_view label, const std::string& content, bool number = false) {
  return fmt::format("<td{} data-label=\"{}\">{}</td>", number ? " class=\"number\"" : "", label,
                     content);
}

std::string relationship_row(const RelationshipObservation& seen, Verdict verdict) {
  const std::string badge =
      fmt::format("<span><span class=\"badge {}\">{}</span>{}</span>", tone_of(verdict),
                  to_string(verdict), seen.complete ? "" : " cut short");
  return fmt::format(
      "<tr>{}{}{}{}{}{}{}{}</tr>\n",
      cell("relationship",
           fmt::format("<b>{}</b>", breakable(ommi::escaped(seen.relation->name())))),
      cell("verdict", badge), cell("kind", markup(kind_text(*seen.relation))),
      cell("join",
           fmt::format("<span class=\"mono\">{}</span>", breakable(join_text(*seen.relation)))),
      cell("loads", fmt::format("{}", seen.loads), true),
      cell("rows", fmt::format("{}", seen.rows), true),
      cell("queries", fmt::format("{}", seen.driver_calls), true),
      cell("time", duration_text(seen.duration_ns), true));
}

std::string items(const std::vector<std::string>& texts) {
  std::string out;
  for (const std::string& text : texts) out += fmt::format("<li>{}</li>\n", markup(text));
  return out.empty() ? out : fmt::format("<ul class=\"card texts\">\n{}</ul>\n", out);
}

std::string step_text(const HtmlContext& context, const PathStep& step) {
  std::string out = fmt::format("<li><p><b>{}</b> is {} ({})</p>\n", markup(step.path),
                                markup(step.value), to_string(step.outcome));
  if (!step.statement.empty()) {
    out += fmt::format("<pre>{}</pre>\n<p class=\"hint\">driver call {} returned {}, {}, {}</p>\n",
                       markup(query_text(step.statement)), step.call, markup(step.returned),
                       counted(step.rows, "row", "rows"), duration_text(step.duration_ns));
  } else if (step.relation != nullptr) {
    out += "<p class=\"hint\">no driver call was needed</p>\n";
  }
  if (!step.boundary.empty()) {
    out += fmt::format("<p class=\"hint\">boundary: {}</p>\n", markup(step.boundary));
  }
  const ommi::Model* model = model_of(context.diagnosis, step);
  for (const RowSample& row : step.shown) {
    out +=
        fmt::format("<p><code>{}</code></p>\n", markup(row_text(model, row, context.disclosure)));
  }
  if (step.rows > step.shown.size() && !step.shown.empty()) {
    out += fmt::format("<p class=\"hint\">… {} in all</p>\n", counted(step.rows, "row", "rows"));
  }
  if (step.children.empty()) return out + "</li>\n";
  out += "<ul>\n";
  for (const PathStep& child : step.children) out += step_text(context, child);
  return out + "</ul></li>\n";
}

// Text in which a pair of backquotes holds code.
std::string with_code(std::string_view text) {
  std::string out;
  bool inside = false;
  while (true) {
    const std::size_t mark = text.find('`');
    out += markup(text.substr(0, mark));
    if (mark == std::string_view::npos) break;
    out += inside ? "</code>" : "<code>";
    inside = !inside;
    text.remove_prefix(mark + 1);
  }
  return inside ? out + "</code>" : out;
}

std::string explanation(std::string_view code) {
  std::string out;
  for (const TextBlock& block : blocks_of(explanation_of(code))) {
    switch (block.kind) {
      case TextBlock::Kind::heading:
        out += fmt::format("<h3>{}</h3>\n", markup(block.text));
        break;
      case TextBlock::Kind::code:
        out += fmt::format("<pre>{}</pre>\n", markup(block.text));
        break;
      case TextBlock::Kind::item:
        out += fmt::format("<ul><li>{}</li></ul>\n", with_code(block.text));
        break;
      case TextBlock::Kind::paragraph:
        out += fmt::format("<p>{}</p>\n", with_code(block.text));
        break;
    }
  }
  return out.empty() ? "<p>A rule of the configuration, which has no explanation.</p>\n" : out;
}

}  // namespace

std::string html_section(std::string_view id, std::string_view title, const std::string& content) {
  if (content.empty()) return {};
  return fmt::format("<section id=\"{}\"><h2>{}</h2>\n{}</section>\n", id, title, content);
}

std::string html_header(const HtmlContext& context) {
  const Diagnosis& diagnosis = context.diagnosis;
  std::size_t sound = 0;
  for (const Verdict verdict : diagnosis.verdicts) sound += verdict == Verdict::ok ? 1U : 0U;
  std::string tiles = tile("failing", diagnosis.count(Level::error), "error", "errors") +
                      tile("warning", diagnosis.count(Level::warning), "warning", "warnings") +
                      tile("remark", diagnosis.count(Level::info), "remark", "remarks");
  for (const Standing standing : {Standing::baselined, Standing::suppressed}) {
    const std::size_t count = diagnosis.count(standing);
    if (count > 0) tiles += tile("unchecked", count, to_string(standing), to_string(standing));
  }
  tiles += fmt::format("<li class=\"sound{}\"><b>{} of {}</b> relationships sound</li>\n",
                       sound > 0 ? " some" : "", sound, diagnosis.verdicts.size());
  // The heading says the name first, which stands over it in large letters already.
  const std::string name = ommi::escaped(diagnosis.database.name);
  const std::string heading = heading_text(diagnosis).substr(name.size() + 2);
  return fmt::format(
      "<header>\n<p>ommi-doctor {}</p>\n<h1>{}</h1>\n<p>{}</p>\n<ul class=\"counts\">\n{}</ul>\n"
      "<p>{}</p>\n</header>\n",
      OMMI_DOCTOR_VERSION, breakable(name), markup(heading), tiles,
      markup(summary_text(diagnosis)));
}

std::string html_incomplete(const HtmlContext& context) {
  if (context.diagnosis.complete()) return {};
  std::string list;
  for (const Skipped& one : context.diagnosis.skipped) {
    list += fmt::format("<li><b>{}</b>: {}</li>\n", markup(one.what), markup(one.why));
  }
  return fmt::format(
      "<section id=\"incomplete\" class=\"card incomplete\"><h2>Incomplete</h2>\n<p class=\"hint\">"
      "This was not looked at; nothing may be concluded from silence.</p>\n<ul>\n{}</ul></section>"
      "\n",
      list);
}

std::string html_diagram(const HtmlContext& context) {
  const Diagram diagram = diagram_of(context.diagnosis);
  const Picture picture = picture_of(diagram);
  if (picture.svg.empty()) return {};
  std::string hint = "An arrow leads from the model that refers to the one that it refers to.";
  if (diagram.left_out > 0) {
    hint =
        fmt::format("{} {} of the {} models {} drawn: those with findings, and their neighbours.",
                    hint, diagram.nodes.size(), diagram.nodes.size() + diagram.left_out,
                    diagram.nodes.size() == 1 ? "is" : "are");
  }
  if (picture.width > widest_shrunk) hint += " The picture is wide: it scrolls sideways.";
  constexpr std::string_view legend =
      "<ul class=\"legend\"><li class=\"failing\"><i></i>failing</li><li class=\"warning\"><i></i>"
      "warning</li><li class=\"unchecked\"><i></i>not looked at</li></ul>\n";
  return html_section(
      "diagram", "Models and relationships",
      fmt::format("<p class=\"hint\">{}</p>\n<figure class=\"diagram{}\">\n{}"
                  "</figure>\n{}",
                  hint, picture.width < column_width ? " narrow" : "", picture.svg, legend));
}

std::string html_path(const HtmlContext& context) {
  if (!context.diagnosis.path) return {};
  return html_section("path", "The path",
                      fmt::format("<ul class=\"card tree\">\n{}</ul>\n",
                                  step_text(context, *context.diagnosis.path)));
}

std::string html_statistics(const HtmlContext& context) {
  if (!context.options.statistics) return {};
  std::string rows;
  for (const RuleCount& count : rule_counts(context.diagnosis)) {
    rows += fmt::format("<tr>{}{}{}{}{}{}</tr>\n", cell("code", markup(count.code)),
                        cell("name", markup(count.name)),
                        cell("level", std::string(to_string(count.level))),
                        cell("open", fmt::format("{}", count.open), true),
                        cell("known", fmt::format("{}", count.known), true),
                        cell("rows", fmt::format("{}", count.rows), true));
  }
  if (rows.empty()) return {};
  return html_section(
      "statistics", "Statistics",
      fmt::format("<div class=\"card scroll\"><table class=\"wide\"><thead><tr><th>code</th>"
                  "<th>name</th><th>level</th><th class=\"number\">open</th>"
                  "<th class=\"number\">known</th><th class=\"number\">rows</th></tr></thead>"
                  "<tbody>\n{}</tbody></table></div>\n",
                  rows));
}

std::string html_relationships(const HtmlContext& context) {
  const Diagnosis& diagnosis = context.diagnosis;
  std::string rows;
  for (std::size_t at = 0; at < diagnosis.evidence.relationships.size(); ++at) {
    rows += relationship_row(diagnosis.evidence.relationships[at], at < diagnosis.verdicts.size()
                                                                       ? diagnosis.verdicts[at]
                                                                       : Verdict::unchecked);
  }
  if (rows.empty()) return {};
  return html_section(
      "relationships", "Relationships",
      fmt::format("<div class=\"card scroll\"><table class=\"wide\"><thead><tr>"
                  "<th>relationship</th><th>verdict</th><th>kind</th><th>join</th>"
                  "<th class=\"number\">loads</th><th class=\"number\">rows</th>"
                  "<th class=\"number\">queries</th><th class=\"number\">time</th></tr></thead>"
                  "<tbody>\n{}</tbody></table></div>\n",
                  rows));
}

std::string html_as_ommi(const HtmlContext& context) {
  const Evidence& evidence = context.diagnosis.evidence;
  std::string rows;
  std::string details;
  for (const OmmiComparison& one : evidence.as_ommi) {
    const std::string name = ommi::escaped(one.relation->name());
    rows += fmt::format("<tr>{}{}{}{}{}</tr>\n", cell("relationship", markup(name)),
                        cell("owners", fmt::format("{}", one.owners), true),
                        cell("same", fmt::format("{}", one.same), true),
                        cell("other rows", fmt::format("{}", one.other_rows), true),
                        cell("raises", fmt::format("{}", one.raises), true));
    std::string facts;
    for (const Fact& fact : facts_of(evidence, one)) {
      const auto& [label, text] = fact;
      facts += fmt::format("<dt>{}</dt><dd>{}</dd>\n", markup(label),
                           is_query(fact) ? "<code>" + markup(text) + "</code>" : markup(text));
    }
    if (facts.empty()) continue;
    details +=
        fmt::format("<h3>{}</h3>\n<dl class=\"card facts\">\n{}</dl>\n", markup(name), facts);
  }
  if (rows.empty()) return {};
  return html_section(
      "as-ommi", as_ommi_heading(evidence.ommi),
      fmt::format("<div class=\"card scroll\"><table class=\"wide\"><thead><tr>"
                  "<th>relationship</th><th class=\"number\">owners</th>"
                  "<th class=\"number\">same</th><th class=\"number\">other rows</th>"
                  "<th class=\"number\">raises</th></tr></thead><tbody>\n{}</tbody></table></div>"
                  "\n{}",
                  rows, details));
}

std::string html_remarks(const HtmlContext& context) {
  std::vector<std::string> suggestions;
  for (const Suggestion& one : context.diagnosis.sources.draft.suggestions) {
    suggestions.push_back(suggestion_text(one));
  }
  return html_section("suggestions", "Suggestions, not judged", items(suggestions)) +
         html_section("notes", "Notes", items(context.diagnosis.notes));
}

std::string html_rules(const HtmlContext& context) {
  std::string out;
  for (const RuleCount& count : rule_counts(context.diagnosis)) {
    out += fmt::format(
        "<details class=\"card rule-text\" id=\"rule-{0}\"{1}><summary>{0} {2}</summary>\n{3}"
        "</details>\n",
        markup(count.code), context.options.explain ? " open" : "", markup(count.name),
        explanation(count.code));
  }
  return html_section("rules", "About the rules", out);
}

}  // namespace doctor::report_parts
