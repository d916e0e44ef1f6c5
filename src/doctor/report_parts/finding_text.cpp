#include "doctor/report_parts/finding_text.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "ommi/value.hpp"

namespace doctor::report_parts {
namespace {

constexpr std::size_t samples_shown = 3;

void add(std::vector<std::string>& lines, std::string_view label, std::string_view text) {
  if (!text.empty()) lines.push_back(fmt::format("{}: {}", label, text));
}

}  // namespace

std::vector<std::string> detail_lines(const Diagnosis& diagnosis, const Finding& finding,
                                      const Disclosure& disclosure) {
  std::vector<std::string> lines;
  add(lines, "where", subject_text(finding));
  add(lines, "known", standing_text(finding));
  const std::size_t shown = std::min(samples_shown, finding.samples.size());
  for (std::size_t at = 0; at < shown; ++at) {
    add(lines, "row", sample_text(finding.subject, finding.samples[at], disclosure));
  }
  if (shown > 0 && finding.count > shown) {
    add(lines, "rows", fmt::format("{} more", finding.count - shown));
  }
  add(lines, "boundary", boundary_text(diagnosis, finding));
  add(lines, "check", one_line(finding.evidence.sql));
  for (const std::string& note : finding.evidence.notes) add(lines, "fact", ommi::printable(note));
  for (const std::string& line : finding.explains) add(lines, "explains", ommi::printable(line));
  for (const Remedy& remedy : finding.remedies) {
    add(lines, "next",
        fmt::format("{} ({})", ommi::printable(remedy.title), to_string(remedy.safety)));
    for (const std::string& sql : remedy.sql) lines.push_back("  " + one_line(sql));
    for (const TextEdit& edit : remedy.edits) {
      for (const std::string& line : edit_lines(edit)) lines.push_back("  " + line);
    }
  }
  return lines;
}

}  // namespace doctor::report_parts
