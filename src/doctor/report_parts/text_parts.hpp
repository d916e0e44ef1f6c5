#pragma once

/// \file
/// The sections of the text report, each a text of whole lines.

#include <string>

#include "doctor/report.hpp"
#include "doctor/report_parts/layout.hpp"
#include "doctor/report_parts/phrases.hpp"

namespace doctor::report_parts {

/// What every section needs.
struct TextContext {
  const Diagnosis& diagnosis;
  const ReportOptions& options;
  Painter paint;
  Disclosure disclosure;
};

/// The relationships' names as `Post.author`, kind, join, loads, rows, queries, time, verdict.
[[nodiscard]] std::string relationship_lines(const TextContext& context);
/// What Ommi's own queries give beside ours; empty where nothing was compared.
[[nodiscard]] std::string as_ommi_lines(const TextContext& context);
/// The tree of a path; empty where none was followed.
[[nodiscard]] std::string tree_lines(const TextContext& context);
/// Findings: root causes with their evidence, then what is left, then what is known already.
[[nodiscard]] std::string finding_lines(const TextContext& context);
/// A table of what each rule found; empty where it was not asked for.
[[nodiscard]] std::string statistics_lines(const TextContext& context);
/// Suggestions, notes, and what was skipped.
[[nodiscard]] std::string remark_lines(const TextContext& context);

}  // namespace doctor::report_parts
