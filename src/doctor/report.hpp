#pragma once

/// \file
/// Report formats: each is a pure function from a run to text, one file in report/, listed by the
/// build.

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "doctor/diagnosis.hpp"

namespace doctor {

struct ReportOptions {
  bool color = false;
  bool show_values = false;  // values that rows hold; keys are always shown
  bool verbose = false;
  bool quiet = false;  // findings only
  unsigned width = 100;
  bool statistics = false;  // for people: what each rule found, in a table
  bool explain = false;     // for people: a rule's explanation under its first finding
  /// Open findings from this level on fail the run; nothing: none does.
  std::optional<Level> gate = Level::warning;
  /// What the program ends with; by default what `gate` and completeness say.
  std::optional<int> exit_code = {};
  bool against_baseline = false;  // a baseline was compared with, even an empty one
  /// An absolute folder, such as the top of the repository: formats for build systems name what is
  /// below it by its path from there.
  std::string folder = {};
  /// The manifest of the models as the repository keeps it, and how that file is to be named: where
  /// no source says which line declares a thing, its line there stands in.
  std::string snapshot_file = {};
  std::string snapshot_text = {};
};

struct ReportFormat {
  std::string_view name;  // "json"
  std::string_view summary;
  std::string (*write)(const Diagnosis&, const ReportOptions&);
};

/// All formats, by name.
[[nodiscard]] std::span<const ReportFormat* const> all_report_formats() noexcept;
[[nodiscard]] const ReportFormat* find_report_format(std::string_view name) noexcept;

}  // namespace doctor
