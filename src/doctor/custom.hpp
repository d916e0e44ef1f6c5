#pragma once

/// \file
/// What a team adds to the rules for its own database: statements whose rows are findings, and
/// traversals with a budget.

#include <cstdint>
#include <string>
#include <vector>

#include "doctor/evidence.hpp"
#include "doctor/finding.hpp"
#include "doctor/sweep.hpp"
#include "ommi/database.hpp"

namespace doctor {

/// A rule of the configuration: each row of its statement is one finding.
struct CustomRule {
  std::string code;  // "SHOP001"
  std::string name;
  Level level = Level::warning;
  std::string message;  // "order {id} has no lines": {column} stands for its value
  std::string sql;
  std::string table;  // what the findings are about, or empty
  ommi::Place place;  // in the configuration
};

/// Runs the statement and gives a finding for each row, at most `most`; how many more there are is
/// told in the last one. A statement that fails or would write is `skipped`.
[[nodiscard]] std::vector<Finding> apply_custom_rule(const ommi::Database& database,
                                                     const CustomRule& rule, std::uint64_t most,
                                                     std::vector<Skipped>& skipped);

/// A traversal that must give what it should, at a price.
struct Scenario {
  std::string name;
  std::string path;  // "User[1].posts.author", as `trace` takes it
  Budget budget;
  ommi::Place place;
};

/// Walks the whole path with real lazy loads, as a program would: from every row that it starts
/// with, each hop loaded for all rows of an answer at once.
[[nodiscard]] ScenarioRun run_scenario(const ommi::Database& database, const Scenario& scenario);

}  // namespace doctor
