#include <array>

#include <fmt/format.h>
#include <nettle/sha2.h>

#include "doctor/report.hpp"
#include "doctor/report_parts/html_parts.hpp"
#include "doctor/report_parts/markup.hpp"
#include "ommi/value.hpp"

namespace doctor::report {
namespace {

using report_parts::HtmlContext;

// The page may use this one style and nothing else: no script, no image, no request.
std::string policy() {
  const std::string_view style = report_parts::html_style();
  sha256_ctx context;
  sha256_init(&context);
  sha256_update(&context, style.size(), reinterpret_cast<const std::uint8_t*>(style.data()));
  std::array<std::uint8_t, SHA256_DIGEST_SIZE> digest{};
  sha256_digest(&context, digest.size(), digest.data());
  const std::string bytes(digest.begin(), digest.end());
  return fmt::format(
      "default-src 'none'; style-src 'sha256-{}'; base-uri 'none'; form-action 'none'",
      ommi::base64(bytes));
}

std::string body(const HtmlContext& context) {
  std::string out = report_parts::html_header(context) + "<main>\n";
  out += report_parts::html_incomplete(context);
  const bool quiet = context.options.quiet;
  if (!quiet) out += report_parts::html_path(context) + report_parts::html_diagram(context);
  out += report_parts::html_findings(context) + report_parts::html_statistics(context);
  if (!quiet) {
    out += report_parts::html_relationships(context) + report_parts::html_as_ommi(context) +
           report_parts::html_remarks(context);
  }
  return out + report_parts::html_rules(context) + "</main>\n";
}

std::string write(const Diagnosis& diagnosis, const ReportOptions& options) {
  const HtmlContext context{
      diagnosis, options,
      report_parts::Disclosure(diagnosis.sources.catalog.get(), options.show_values)};
  return fmt::format(
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"{}\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<meta name=\"referrer\" content=\"no-referrer\">\n"
      "<title>ommi-doctor: {}</title>\n<style>{}</style>\n</head>\n<body>\n{}</body>\n</html>\n",
      policy(), report_parts::markup(ommi::escaped(diagnosis.database.name)),
      report_parts::html_style(), body(context));
}

}  // namespace

extern constinit const ReportFormat html = {
    .name = "html", .summary = "one page with a diagram, for a browser", .write = write};

}  // namespace doctor::report
