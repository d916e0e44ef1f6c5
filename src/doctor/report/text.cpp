#include <string>
#include <vector>

#include "doctor/report.hpp"
#include "doctor/report_parts/text_parts.hpp"

namespace doctor::report {
namespace {

using report_parts::Tone;

std::string paragraph(const report_parts::TextContext& context, const std::string& text,
                      Tone tone) {
  std::string out;
  for (const std::string& line : report_parts::wrapped(text, context.options.width)) {
    out += context.paint(line, tone) + '\n';
  }
  return out;
}

std::string write(const Diagnosis& diagnosis, const ReportOptions& options) {
  const report_parts::TextContext context{
      diagnosis, options, report_parts::Painter(options.color),
      report_parts::Disclosure(diagnosis.sources.catalog.get(), options.show_values)};
  std::vector<std::string> sections;
  if (!options.quiet) {
    sections.push_back(paragraph(context, report_parts::heading_text(diagnosis), Tone::strong));
    sections.push_back(report_parts::tree_lines(context));
    sections.push_back(report_parts::relationship_lines(context));
    sections.push_back(report_parts::as_ommi_lines(context));
  }
  sections.push_back(report_parts::finding_lines(context));
  sections.push_back(report_parts::remark_lines(context));
  sections.push_back(report_parts::statistics_lines(context));
  if (!options.quiet) {
    sections.push_back(paragraph(context, report_parts::summary_text(diagnosis), Tone::plain));
  }

  std::string out;
  for (const std::string& section : sections) {
    if (section.empty()) continue;
    if (!out.empty()) out += '\n';
    out += section;
  }
  return out;
}

}  // namespace

extern constinit const ReportFormat text = {
    .name = "text", .summary = "for people, in a terminal", .write = write};

}  // namespace doctor::report
