#include <string>
#include <vector>

#include <fmt/format.h>

#include "doctor/report.hpp"
#include "doctor/report_parts/phrases.hpp"
#include "ommi/value.hpp"

namespace doctor::report {
namespace {

using report_parts::counted;

// Everything that means something to Markdown or HTML, so that a name is only ever a name.
std::string safe(std::string_view text) {
  std::string out;
  for (const char byte : text) {
    if (byte == '<') {
      out += "&lt;";
    } else if (byte == '&') {
      out += "&amp;";
    } else {
      if (std::string_view("\\`*_{}[]()#!|>~$").find(byte) != std::string_view::npos) out += '\\';
      out += byte;
    }
  }
  return out;
}

// A code span, fenced by more backquotes than the text has in a row.
std::string code(std::string_view text) {
  std::size_t longest = 0;
  std::size_t run = 0;
  for (const char byte : text) {
    run = byte == '`' ? run + 1 : 0;
    longest = std::max(longest, run);
  }
  const std::string fence(longest + 1, '`');
  const std::string_view blank = longest > 0 ? " " : "";
  return fmt::format("{}{}{}{}{}", fence, blank, text, blank, fence);
}

std::string item(std::string_view label, std::string_view text) {
  return text.empty() ? std::string() : fmt::format("- {}: {}\n", label, text);
}

std::string code_item(std::string_view label, const std::string& text) {
  return text.empty() ? std::string() : item(label, code(text));
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
    out += fmt::format(
        "| {} | {} | {} | {} | {} | {} | {} | {} |\n", safe(ommi::escaped(one.relation->name())),
        safe(report_parts::kind_text(*one.relation)), safe(report_parts::join_text(*one.relation)),
        one.loads, one.rows, one.driver_calls, report_parts::duration_text(one.duration_ns),
        to_string(verdict));
  }
  return out + '\n';
}

std::string finding_section(const Diagnosis& diagnosis, const Finding& finding,
                            const report_parts::Disclosure& disclosure) {
  std::string out = fmt::format("### {} {} {}\n\n{}\n\n", to_string(finding.level), finding.code,
                                finding.name, safe(ommi::printable(finding.message)));
  out += item("where", safe(report_parts::subject_text(finding)));
  for (const RowSample& sample : finding.samples) {
    out += code_item("row", report_parts::sample_text(finding.subject, sample, disclosure));
  }
  out += code_item("query", report_parts::statement_text(diagnosis, finding));
  out += item("returned", safe(report_parts::returned_text(diagnosis, finding)));
  out += item("boundary", safe(report_parts::boundary_text(diagnosis, finding)));
  out += code_item("check", report_parts::one_line(finding.evidence.sql));
  for (const std::string& step : finding.evidence.plan)
    out += code_item("plan", ommi::printable(step));
  for (const std::string& note : finding.evidence.notes) {
    out += item("fact", safe(ommi::printable(note)));
  }
  for (const std::string& symptom : finding.explains) {
    out += item("explains", safe(ommi::printable(symptom)));
  }
  for (const Remedy& remedy : finding.remedies) {
    out += item("next", fmt::format("{} ({})", safe(ommi::printable(remedy.title)),
                                    to_string(remedy.safety)));
    for (const std::string& sql : remedy.sql) {
      out += fmt::format("  - {}\n", code(report_parts::one_line(sql)));
    }
  }
  return out + '\n';
}

std::string group(const Diagnosis& diagnosis, std::string_view title,
                  const std::vector<const Finding*>& findings,
                  const report_parts::Disclosure& disclosure) {
  if (findings.empty()) return {};
  std::string out = fmt::format("## {}\n\n", title);
  for (const Finding* finding : findings) out += finding_section(diagnosis, *finding, disclosure);
  return out;
}

std::string list(std::string_view title, const std::vector<std::string>& entries) {
  if (entries.empty()) return {};
  std::string out = fmt::format("## {}\n\n", title);
  for (const std::string& entry : entries) out += fmt::format("- {}\n", safe(entry));
  return out + '\n';
}

void add_steps(const PathStep& step, std::size_t depth, std::string& out) {
  const std::string margin(2 * depth, ' ');
  out += fmt::format("{}- {} is {}\n", margin, code(ommi::printable(step.path)),
                     safe(ommi::printable(step.value)));
  if (step.statement.empty() && step.relation != nullptr) {
    out += fmt::format("{}  - no driver call was needed\n", margin);
  } else if (!step.statement.empty()) {
    out += fmt::format("{}  - query {}\n", margin, code(report_parts::query_text(step.statement)));
    out += fmt::format("{}  - driver call {} returned {}, {}, {}\n", margin, step.call,
                       code(ommi::printable(step.returned)), counted(step.rows, "row", "rows"),
                       report_parts::duration_text(step.duration_ns));
  }
  out += fmt::format("{}  - boundary {}\n", margin, code(ommi::printable(step.boundary)));
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
  const report_parts::Disclosure disclosure(diagnosis.sources.catalog.get(), options.show_values);
  std::string out;
  if (!options.quiet) {
    out += fmt::format("# {}\n\n", safe(report_parts::heading_text(diagnosis)));
    if (diagnosis.path) {
      add_steps(*diagnosis.path, 0, out);
      out += '\n';
    }
    out += relationship_table(diagnosis);
  }
  out += group(diagnosis, "Root causes", report_parts::roots(diagnosis), disclosure);
  out += group(diagnosis, "Symptoms", report_parts::symptoms(diagnosis), disclosure);
  out += remarks(diagnosis, options);
  if (!options.quiet) out += safe(report_parts::summary_text(diagnosis)) + '\n';
  return out;
}

}  // namespace

extern constinit const ReportFormat markdown = {
    .name = "markdown", .summary = "for a ticket or a wiki", .write = write};

}  // namespace doctor::report
