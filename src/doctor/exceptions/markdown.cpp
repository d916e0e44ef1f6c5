/// \file
/// An explanation as Markdown.

#include <fmt/format.h>

#include "doctor/exceptions/words.hpp"
#include "doctor/report_parts/markup.hpp"
#include "doctor/report_parts/phrases.hpp"

namespace doctor::exceptions {
namespace {

using report_parts::markdown_code;
using report_parts::markdown_text;

std::string item(std::string_view label, std::string_view text) {
  return text.empty() ? std::string() : fmt::format("- {}: {}\n", label, markdown_text(text));
}

std::string exception_part(const Report& report, const Recognised& known) {
  const Exception& exception = report.explanation.pasted.exceptions[known.exception];
  std::string out = fmt::format("- {}: {}\n", markdown_code(said(exception)),
                                markdown_text(known.pattern->meaning));
  out += fmt::format("  (Ommi {})", markdown_text(known.pattern->versions));
  const std::string link = link_text(exception.link);
  return out + (link.empty() ? "\n" : fmt::format("; raised {}\n", link));
}

std::string findings_part(const Cause& cause) {
  std::string out;
  for (const Finding* finding : cause.found) {
    out += item("found", found_text(*finding));
    for (const Remedy& remedy : finding->remedies) {
      out += item("next", fmt::format("{} ({})", remedy.title, to_string(remedy.safety)));
      for (const std::string& sql : remedy.sql)
        out += fmt::format("  - {}\n", markdown_code(report_parts::one_line(sql)));
      for (const TextEdit& edit : remedy.edits) {
        for (const std::string& line : report_parts::edit_lines(edit))
          out += fmt::format("  - {}\n", markdown_code(line));
      }
    }
  }
  return out;
}

std::string cause_part(const Cause& cause) {
  std::string out = fmt::format("\n## {}: {}\n\n", to_string(cause.certainty),
                                markdown_text(head_of(cause.candidate)));
  out += findings_part(cause);
  if (cause.certainty == Certainty::confirmed) return out;
  out += item("check", cause.candidate.check) + item("next", cause.candidate.remedy);
  return out + item(cause.certainty == Certainty::ruled_out ? "why" : "open", cause.why);
}

}  // namespace

std::string as_markdown(const Report& report) {
  std::string out = "# What was recognised\n\n";
  for (const Recognised& known : report.explanation.known) out += exception_part(report, known);
  for (const Exception* stranger : strangers_of(report.explanation))
    out += fmt::format("- {}: not known here\n", markdown_code(said(*stranger)));
  const std::string code = way_to_hidden(report.explanation);
  if (!code.empty())
    out += fmt::format("\nIt hides another exception, which this shows: {}\n", markdown_code(code));
  for (const std::string& fact : tables_named(report.explanation, report.looked))
    out += "\n" + markdown_text(fact) + "\n";
  out += fmt::format("\n{}\n", summary_of(report.causes));
  for (const Cause& cause : report.causes) out += cause_part(cause);
  return out;
}

}  // namespace doctor::exceptions
