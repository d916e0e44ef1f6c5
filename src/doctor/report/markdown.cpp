#include <set>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "doctor/report.hpp"
#include "doctor/report_parts/as_ommi.hpp"
#include "doctor/report_parts/markup.hpp"
#include "doctor/report_parts/phrases.hpp"
#include "doctor/report_parts/rule_text.hpp"
#include "doctor/report_parts/statistics.hpp"
#include "ommi/value.hpp"

namespace doctor::report {
namespace {

using report_parts::counted;

using report_parts::markdown_code;
using report_parts::markdown_text;

std::string item(std::string_view label, std::string_view text) {
  return text.empty() ? std::string() : fmt::format("- {}: {}\n", label, text);
}

std::string code_item(std::string_view label, const std::string& text) {
  return text.empty() ? std::string() : item(label, markdown_code(text));
}

std::string relationship_table(const Diagnosis& diagnosis) {
  const auto& seen = diagnosis.evidence.relationships;
  if (seen.empty()) return {};
  std::string out =
      "| relationship | kind | join | loads | rows | queries | time | verdict |\n"
      "| --- | --- | --- | ---: | ---: | ---: | ---: | --- |\n";
  for (std::size_t at = 0; at < seen.size(); ++at) {
    const RelationshipObservation& one = seen[at];
    const Verdict verdict =
        at < diagnosis.verdicts.size() ? diagnosis.verdicts[at] : Verdict::unchecked;
    out += fmt::format("| {} | {} | {} | {} | {} | {} | {} | {} |\n",
                       markdown_text(ommi::escaped(one.relation->name())),
                       markdown_text(report_parts::kind_text(*one.relation)),
                       markdown_text(report_parts::join_text(*one.relation)), one.loads, one.rows,
                       one.driver_calls, report_parts::duration_text(one.duration_ns),
                       to_string(verdict));
  }
  return out;
}

std::string as_ommi(const Evidence& evidence) {
  if (evidence.as_ommi.empty()) return {};
  std::string rows =
      "| relationship | owners | same | other rows | raises |\n"
      "| --- | ---: | ---: | ---: | ---: |\n";
  std::string details;
  for (const OmmiComparison& one : evidence.as_ommi) {
    const std::string name = markdown_text(ommi::escaped(one.relation->name()));
    rows += fmt::format("| {} | {} | {} | {} | {} |\n", name, one.owners, one.same, one.other_rows,
                        one.raises);
    const auto facts = report_parts::facts_of(evidence, one);
    if (!facts.empty()) details += fmt::format("\n**{}**\n\n", name);
    for (const report_parts::Fact& fact : facts) {
      const auto& [label, text] = fact;
      details +=
          item(label, report_parts::is_query(fact) ? markdown_code(text) : markdown_text(text));
    }
  }
  return fmt::format("## {}\n\n{}{}\n", markdown_text(report_parts::as_ommi_heading(evidence.ommi)),
                     rows, details);
}

// One line over it, and the rest where the reader opens it; HTML needs the blank line to end.
std::string folded(std::string_view title, const std::string& content) {
  if (content.empty()) return {};
  return fmt::format("<details><summary>{}</summary>\n\n{}\n</details>\n\n", title, content);
}

std::string title_of(const Finding& finding) {
  return fmt::format("{} {} {}", to_string(finding.level), finding.code, finding.name);
}

std::string evidence(const Diagnosis& diagnosis, const Finding& finding,
                     const report_parts::Disclosure& disclosure) {
  std::string out;
  for (const RowSample& sample : finding.samples) {
    out += code_item("row", report_parts::sample_text(finding.subject, sample, disclosure));
  }
  out += code_item("query", report_parts::statement_text(diagnosis, finding));
  out += item("returned", markdown_text(report_parts::returned_text(diagnosis, finding)));
  out += item("boundary", markdown_text(report_parts::boundary_text(diagnosis, finding)));
  out += code_item("check", report_parts::one_line(finding.evidence.sql));
  for (const std::string& step : finding.evidence.plan)
    out += code_item("plan", ommi::printable(step));
  for (const std::string& note : finding.evidence.notes) {
    out += item("fact", markdown_text(ommi::printable(note)));
  }
  return out;
}

std::string next_steps(const Finding& finding) {
  std::string out;
  for (const Remedy& remedy : finding.remedies) {
    out += item("next", fmt::format("{} ({})", markdown_text(ommi::printable(remedy.title)),
                                    to_string(remedy.safety)));
    for (const std::string& sql : remedy.sql) {
      out += fmt::format("  - {}\n", markdown_code(report_parts::one_line(sql)));
    }
    for (const TextEdit& edit : remedy.edits) {
      for (const std::string& line : report_parts::edit_lines(edit))
        out += fmt::format("  - {}\n", markdown_code(line));
    }
  }
  return out;
}

std::string explanation(const Finding& finding) {
  std::string out;
  for (const report_parts::TextBlock& block :
       report_parts::blocks_of(report_parts::explanation_of(finding.code))) {
    switch (block.kind) {
      case report_parts::TextBlock::Kind::heading:
        out += fmt::format("**{}**\n\n", block.text);
        break;
      case report_parts::TextBlock::Kind::code:
        out += fmt::format("```\n{}\n```\n\n", block.text);
        break;
      case report_parts::TextBlock::Kind::item:
        out += fmt::format("- {}\n\n", block.text);
        break;
      case report_parts::TextBlock::Kind::paragraph:
        out += block.text + "\n\n";
        break;
    }
  }
  return out;
}

// The findings; each rule is explained once, if it is asked for.
class FindingWriter {
 public:
  FindingWriter(const Diagnosis& diagnosis, const ReportOptions& options)
      : diagnosis_(diagnosis),
        options_(options),
        disclosure_(diagnosis.sources.catalog.get(), options.show_values) {}

  void group(std::string_view title, const std::vector<const Finding*>& findings) {
    if (findings.empty()) return;
    out_ += fmt::format("## {}\n\n", title);
    bool line = false;
    for (const Finding* finding : findings) {
      line = !options_.verbose && out_.size() > most_bytes;
      if (line) {
        out_ += short_line(*finding);
      } else {
        section(*finding);
      }
    }
    if (line) out_ += "\nThe last ones are named only; --verbose shows all of them.\n\n";
  }

  // Named and folded away: nobody has to act on these.
  void known(const std::vector<const Finding*>& findings) {
    std::string lines;
    for (const Finding* finding : findings) lines += short_line(*finding);
    out_ += folded(counted(findings.size(), "finding known already, not counted",
                           "findings known already, not counted"),
                   lines);
  }

  [[nodiscard]] std::string take() && { return std::move(out_); }

 private:
  // A comment on a pull request holds 65,536 characters.
  static constexpr std::size_t most_bytes = 40'000;

  void section(const Finding& finding) {
    out_ += fmt::format("### {}\n\n{}\n\n", title_of(finding),
                        markdown_text(ommi::printable(finding.message)));
    out_ += item("where", markdown_text(report_parts::subject_text(finding)));
    for (const std::string& symptom : finding.explains) {
      out_ += item("explains", markdown_text(ommi::printable(symptom)));
    }
    out_ += next_steps(finding) + '\n';
    out_ += folded("evidence", evidence(diagnosis_, finding, disclosure_));
    if (options_.explain && explained_.insert(finding.code).second) {
      out_ += folded(fmt::format("about {} {}", finding.code, finding.name), explanation(finding));
    }
  }

  static std::string short_line(const Finding& finding) {
    const std::string standing = report_parts::standing_text(finding);
    return fmt::format("- {}: {}, {}{}\n", title_of(finding),
                       markdown_text(report_parts::name_text(finding.subject)),
                       markdown_text(ommi::printable(finding.message)),
                       standing.empty() ? "" : fmt::format(" ({})", markdown_text(standing)));
  }

  const Diagnosis& diagnosis_;
  const ReportOptions& options_;
  report_parts::Disclosure disclosure_;
  std::set<std::string_view> explained_;
  std::string out_;
};

std::string statistics(const Diagnosis& diagnosis) {
  std::string out =
      "## Statistics\n\n"
      "| code | name | level | open | known | rows |\n"
      "| --- | --- | --- | ---: | ---: | ---: |\n";
  for (const report_parts::RuleCount& count : report_parts::rule_counts(diagnosis)) {
    out += fmt::format("| {} | {} | {} | {} | {} | {} |\n", count.code, count.name,
                       to_string(count.level), count.open, count.known, count.rows);
  }
  return out + '\n';
}

std::string list(std::string_view title, const std::vector<std::string>& entries) {
  if (entries.empty()) return {};
  std::string out = fmt::format("## {}\n\n", title);
  for (const std::string& entry : entries) out += fmt::format("- {}\n", markdown_text(entry));
  return out + '\n';
}

void add_steps(const PathStep& step, std::size_t depth, std::string& out) {
  const std::string margin(2 * depth, ' ');
  out += fmt::format("{}- {} is {}\n", margin, markdown_code(ommi::printable(step.path)),
                     markdown_text(ommi::printable(step.value)));
  if (step.statement.empty() && step.relation != nullptr) {
    out += fmt::format("{}  - no driver call was needed\n", margin);
  } else if (!step.statement.empty()) {
    out += fmt::format("{}  - query {}\n", margin,
                       markdown_code(report_parts::query_text(step.statement)));
    out += fmt::format("{}  - driver call {} returned {}, {}, {}\n", margin, step.call,
                       markdown_code(ommi::printable(step.returned)),
                       counted(step.rows, "row", "rows"),
                       report_parts::duration_text(step.duration_ns));
  }
  out += fmt::format("{}  - boundary {}\n", margin, markdown_code(ommi::printable(step.boundary)));
  for (const PathStep& child : step.children) add_steps(child, depth + 1, out);
}

std::string remarks(const Diagnosis& diagnosis, const ReportOptions& options) {
  std::vector<std::string> suggestions;
  std::vector<std::string> notes;
  std::vector<std::string> skipped;
  for (const Suggestion& one : diagnosis.sources.draft.suggestions) {
    suggestions.push_back(report_parts::suggestion_text(one));
  }
  for (const std::string& note : diagnosis.notes) notes.push_back(ommi::printable(note));
  for (const Skipped& one : diagnosis.skipped) {
    skipped.push_back(fmt::format("{}: {}", ommi::printable(one.what), ommi::printable(one.why)));
  }
  std::string out;
  if (!options.quiet) out += list("Suggestions, not judged", suggestions) + list("Notes", notes);
  return out + list("Incomplete, not looked at", skipped);
}

std::string write(const Diagnosis& diagnosis, const ReportOptions& options) {
  std::string out;
  if (!options.quiet) {
    out += fmt::format("# {}\n\n{}\n\n", markdown_text(report_parts::heading_text(diagnosis)),
                       markdown_text(report_parts::summary_text(diagnosis)));
    if (diagnosis.path) {
      add_steps(*diagnosis.path, 0, out);
      out += '\n';
    }
    out += folded(counted(diagnosis.evidence.relationships.size(), "relationship", "relationships"),
                  relationship_table(diagnosis));
    out += as_ommi(diagnosis.evidence);
  }
  FindingWriter findings(diagnosis, options);
  findings.group("Root causes", report_parts::roots(diagnosis));
  findings.group("Symptoms", report_parts::symptoms(diagnosis));
  findings.known(report_parts::known(diagnosis));
  out += std::move(findings).take();
  out += remarks(diagnosis, options);
  if (options.statistics) out += statistics(diagnosis);
  return out;
}

}  // namespace

extern constinit const ReportFormat markdown = {
    .name = "markdown", .summary = "for a pull request, a ticket or a wiki", .write = write};

}  // namespace doctor::report
