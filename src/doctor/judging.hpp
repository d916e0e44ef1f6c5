#pragma once

/// \file
/// Which findings count: those that the configuration accepts and those that were known before are
/// marked, none is dropped.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "doctor/diagnosis.hpp"
#include "doctor/settings.hpp"
#include "ommi/result.hpp"

namespace doctor {

/// Marks what `suppressions` accept. A suppression that has expired, or that nothing needs any
/// more, is said in the notes; nothing is known about those whose rule was not run.
void suppress(Diagnosis& diagnosis, const std::vector<Suppression>& suppressions,
              const RuleSelection& rules, const Day& now);

/// A finding that was there when the baseline was written.
struct KnownFinding {
  std::string fingerprint;
  std::string code;
  std::string name;
  std::string subject;
  std::uint64_t count = 0;
};

/// What was known at some time: a file that is committed beside the code.
struct Baseline {
  std::string database;  // its logical name
  std::vector<KnownFinding> findings;
};

/// Reads what write_baseline wrote. Fails with ErrorCode::model and "FILE: what is wrong", also
/// where it is of another database.
[[nodiscard]] ommi::DBResult<Baseline> read_baseline(std::string_view text, const std::string& file,
                                                     const std::string& database);
[[nodiscard]] std::string write_baseline(const Baseline& baseline);

/// Marks the findings of `diagnosis` that are in `baseline`, unless they have become more. What is
/// there no longer is said in the notes.
void apply_baseline(Diagnosis& diagnosis, const Baseline& baseline, const RuleSelection& rules);

/// A baseline of all that is open now.
[[nodiscard]] Baseline first_baseline(const Diagnosis& diagnosis, const std::string& database);
/// What is left of `baseline`: it loses what is gone, and counts go down. It never grows.
[[nodiscard]] Baseline next_baseline(const Diagnosis& diagnosis, const Baseline& baseline,
                                     const RuleSelection& rules);

/// When a run fails.
struct Gate {
  std::string fail_on = "warning";
  std::optional<std::uint64_t> max_warnings = {};
};
/// The level from which on an open finding fails the run; nothing where none does. Warnings that
/// are tolerated by their number are below it, and all of them at it when they are too many.
[[nodiscard]] std::optional<Level> failing_level(const Diagnosis& diagnosis, const Gate& gate);
/// Whether the open findings fail it.
[[nodiscard]] bool fails(const Diagnosis& diagnosis, const Gate& gate);

/// The name of what a finding is about, as suppressions and baselines call it.
[[nodiscard]] std::string subject_name(const Subject& subject);

}  // namespace doctor
