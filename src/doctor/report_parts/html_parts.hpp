#pragma once

/// \file
/// The sections of the HTML report. All text goes through `markup`; nothing is loaded from
/// anywhere, and there is no script: filters and folds are the browser's own.

#include <string>
#include <string_view>

#include "doctor/report.hpp"
#include "doctor/report_parts/phrases.hpp"

namespace doctor::report_parts {

struct HtmlContext {
  const Diagnosis& diagnosis;
  const ReportOptions& options;
  Disclosure disclosure;
};

/// The page's whole style, for light and dark, narrow and wide, screen and paper.
[[nodiscard]] std::string_view html_style() noexcept;

[[nodiscard]] std::string html_header(const HtmlContext& context);
/// What was not looked at; empty for a complete run.
[[nodiscard]] std::string html_incomplete(const HtmlContext& context);
[[nodiscard]] std::string html_diagram(const HtmlContext& context);
[[nodiscard]] std::string html_path(const HtmlContext& context);
[[nodiscard]] std::string html_findings(const HtmlContext& context);
[[nodiscard]] std::string html_statistics(const HtmlContext& context);
[[nodiscard]] std::string html_relationships(const HtmlContext& context);
/// What Ommi's own queries give beside ours; empty where nothing was compared.
[[nodiscard]] std::string html_as_ommi(const HtmlContext& context);
[[nodiscard]] std::string html_remarks(const HtmlContext& context);
/// The explanations of the rules that found something.
[[nodiscard]] std::string html_rules(const HtmlContext& context);

/// `<h2>` and what belongs under it; empty where that is.
[[nodiscard]] std::string html_section(std::string_view id, std::string_view title,
                                       const std::string& content);

}  // namespace doctor::report_parts
