#pragma once

/// \file
/// A whole run: what was looked at, what was seen, what is wrong. A report is a pure function of
/// this.

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "doctor/custom.hpp"
#include "doctor/evidence.hpp"
#include "doctor/finding.hpp"
#include "doctor/selection.hpp"
#include "doctor/source.hpp"
#include "doctor/sweep.hpp"
#include "doctor/traversal.hpp"

namespace doctor {

enum class Verdict : std::uint8_t { ok, warning, failing, unchecked };
[[nodiscard]] std::string_view to_string(Verdict verdict) noexcept;

struct DatabaseFacts {
  std::string driver;
  std::string name;           // without any secret
  std::string sha256_before;  // empty when it was not asked for
  std::string sha256_after;
  std::vector<std::string> damage = {};  // what a check of the file found
  std::string logical = {};  // in the fingerprints: the same wherever the file lies; else the name
};

struct Diagnosis {
  DatabaseFacts database;
  SourcedCatalog sources;
  Evidence evidence;
  std::vector<Finding> findings;  // root causes first
  std::vector<Verdict> verdicts;  // beside evidence.relationships
  std::vector<Skipped> skipped;   // not empty: the run is incomplete
  std::vector<std::string> notes;
  std::uint64_t rows = 0;  // of the tables looked at
  std::uint64_t rows_swept = 0;
  std::uint64_t driver_calls = 0;
  std::int64_t duration_ns = 0;
  bool exhaustive = false;       // every row was loaded, not a sample
  std::optional<PathStep> path;  // the tree, when a path was followed

  /// Of the findings that are open.
  [[nodiscard]] std::size_t count(Level level) const noexcept;
  [[nodiscard]] std::size_t count(Standing standing) const noexcept;
  [[nodiscard]] bool complete() const noexcept { return skipped.empty(); }
};

/// What a check looks at, beyond what every look does.
struct CheckOptions {
  RuleSelection rules = {};
  std::vector<CustomRule> custom_rules = {};
  std::uint64_t most_of_a_custom_rule = 100;  // findings
  std::vector<Scenario> scenarios = {};
  std::uint64_t memory_bytes = std::uint64_t{256} << 20U;  // what the sweeps' keys may take
  std::chrono::milliseconds sweep_timeout{0};              // for the rows of one table; 0 = none
  unsigned jobs = 1;                                       // connections that sweep at one time
  std::function<void(const SweepProgress&)> sweep_progress = {};  // by one thread at a time
};

/// Follows `path`, sweeps, traverses and applies the rules. `database` uses the sources' catalog
/// already. Fails only with ErrorCode::not_found, when the rows that the path starts from are not
/// there; whatever else goes wrong is in `skipped`.
[[nodiscard]] ommi::DBResult<Diagnosis> examine(const ommi::Database& database,
                                                SourcedCatalog sources, DatabaseFacts facts,
                                                const TraversalOptions& options,
                                                const std::optional<Path>& path,
                                                const CheckOptions& check = {});

/// Whether a rule judges models by themselves, so that no database is needed.
[[nodiscard]] bool needs_only_models(std::string_view code) noexcept;

/// Applies those of `rules` (codes) that need only models. `name` goes into the fingerprints.
[[nodiscard]] Diagnosis examine_models(SourcedCatalog sources, std::string_view name,
                                       const std::vector<std::string>& rules);

}  // namespace doctor
