#include <fmt/format.h>

#include "doctor/report.hpp"
#include "doctor/report_parts/finding_text.hpp"
#include "doctor/report_parts/locations.hpp"
#include "ommi/value.hpp"

namespace doctor::report {
namespace {

// What a workflow command may not hold as it is; in its properties, `:` and `,` are not free
// either.
std::string escaped(std::string_view text, bool property) {
  std::string out;
  for (const char byte : text) {
    const bool reserved =
        byte == '%' || byte == '\r' || byte == '\n' || (property && (byte == ':' || byte == ','));
    out += reserved ? fmt::format("%{:02X}", static_cast<unsigned>(byte)) : std::string(1, byte);
  }
  return out;
}

// A line for the log. The runner takes `##[` for a command wherever it stands.
std::string log_line(std::string_view text) {
  std::string out;
  for (const char byte : text) {
    if (byte == '[' && out.size() >= 2 && out.compare(out.size() - 2, 2, "##") == 0) out += ' ';
    out += byte;
  }
  return out + '\n';
}

std::string_view command_of(Level level) noexcept {
  switch (level) {
    case Level::error:
      return "error";
    case Level::warning:
      return "warning";
    case Level::info:
      break;
  }
  return "notice";
}

std::string annotation(std::string_view command, const report_parts::Location& place,
                       std::string_view title, std::string_view text) {
  return fmt::format("::{} file={},line={},title={}::{}\n", command,
                     escaped(ommi::printable(place.file), true), place.line, escaped(title, true),
                     escaped(text, false));
}

std::string write(const Diagnosis& diagnosis, const ReportOptions& options) {
  const report_parts::Locations locations(diagnosis, options);
  const report_parts::Disclosure disclosure(diagnosis.sources.catalog.get(), options.show_values);
  std::string out;
  for (const Finding& finding : diagnosis.findings) {
    const std::string title = fmt::format("{} {} {}", finding.code, finding.name,
                                          report_parts::name_text(finding.subject));
    std::string text = ommi::printable(finding.message);
    if (finding.standing != Standing::open) {
      out += log_line(fmt::format("{} {}: {} ({})", to_string(finding.level), title, text,
                                  report_parts::standing_text(finding)));
      continue;
    }
    for (const std::string& line : report_parts::detail_lines(diagnosis, finding, disclosure)) {
      text += '\n' + line;
    }
    out += annotation(command_of(finding.level), locations.of(finding), title, text);
  }
  for (const Skipped& one : diagnosis.skipped) {
    out += annotation("error", locations.of_database(), "incomplete, not looked at",
                      fmt::format("{}: {}", ommi::printable(one.what), ommi::printable(one.why)));
  }
  if (options.quiet) return out;
  for (const std::string& note : diagnosis.notes) {
    out += log_line(fmt::format("note: {}", ommi::printable(note)));
  }
  return out + log_line(fmt::format("ommi-doctor: {}: {}", report_parts::heading_text(diagnosis),
                                    report_parts::summary_text(diagnosis)));
}

}  // namespace

extern constinit const ReportFormat github = {
    .name = "github", .summary = "annotations of a GitHub workflow", .write = write};

}  // namespace doctor::report
