#include <fmt/format.h>

#include "doctor/proof.hpp"
#include "doctor/rule.hpp"
#include "doctor/wording.hpp"

namespace doctor::rules {
namespace {

constexpr std::string_view explanation = R"(
## What it looks for
Scenarios of the configuration: paths that the application follows, with the rows that they must end
at, and how many queries, rows and milliseconds they may take. Each is walked with real lazy loads.

## Why it breaks loading
A relationship that gives other rows than it did, or takes more queries than it did, is a change that
nobody may have meant. A budget makes it fail on the day that it happens.

## What to do
Look at the hop that grew: an index that is gone, a relationship that is loaded one owner at a time,
rows that are there twice. If the change was meant, change the budget.

## What it can miss
Time depends on the machine: keep `max-ms` generous, and let queries and rows do the work.

    [[scenario]]
    name = "front page"
    path = "User[1].posts.author"
    rows = 12
    max-queries = 3
    max-rows = 40
    max-ms = 200
)";

struct Totals {
  std::uint64_t rows = 0;
  std::uint64_t queries = 0;
  double ms = 0;
};

Totals totals_of(const ScenarioRun& run) {
  Totals totals;
  for (const ScenarioHop& hop : run.hops) {
    totals.rows += hop.rows;
    totals.queries += hop.queries;
    totals.ms += static_cast<double>(hop.duration_ns) / 1e6;
  }
  return totals;
}

/// What is out of the budget, one phrase each.
std::vector<std::string> broken(const ScenarioRun& run) {
  const Totals totals = totals_of(run);
  const Budget& budget = run.budget;
  std::vector<std::string> out;
  if (!run.error.empty()) return {run.error};
  if (budget.rows && !run.hops.empty() && run.hops.back().rows != *budget.rows)
    out.push_back(fmt::format("{} at its end, and {} are due", counted(run.hops.back().rows, "row"),
                              *budget.rows));
  if (budget.max_queries && totals.queries > *budget.max_queries)
    out.push_back(fmt::format("{} queries of at most {}", totals.queries, *budget.max_queries));
  if (budget.max_rows && totals.rows > *budget.max_rows)
    out.push_back(fmt::format("{} rows of at most {}", totals.rows, *budget.max_rows));
  if (budget.max_ms && totals.ms > *budget.max_ms)
    out.push_back(fmt::format("{:.1f} ms of at most {:g}", totals.ms, *budget.max_ms));
  return out;
}

void check(const Evidence& evidence, Findings& findings) {
  for (const ScenarioRun& run : evidence.scenarios) {
    const std::vector<std::string> faults = broken(run);
    if (faults.empty()) continue;
    Subject subject;
    if (!run.relations.empty()) subject.relationship = run.relations.back()->name();
    Finding& finding =
        findings.add(subject, fmt::format("scenario '{}' ({}): {}", ommi::escaped(run.name),
                                          ommi::escaped(run.path), fmt::join(faults, ", ")));
    finding.discriminator = run.name;
    finding.count = faults.size();
    finding.place = run.place;
    for (const ScenarioHop& hop : run.hops) {
      finding.evidence.notes.push_back(
          fmt::format("{}: {}, {}, {:.2f} ms", ommi::escaped(hop.name), counted(hop.rows, "row"),
                      hop.queries == 1 ? "1 query" : fmt::format("{} queries", hop.queries),
                      static_cast<double>(hop.duration_ns) / 1e6));
    }
    finding.remedies = {{Safety::manual, "mend the hop that grew, or change the budget", {}}};
  }
}

// The same rows: what differs is what the scenario expects of them.
constexpr std::string_view database = R"(
CREATE TABLE User (id INTEGER PRIMARY KEY);
CREATE TABLE Post (id INTEGER PRIMARY KEY, user_id INTEGER REFERENCES User(id));
INSERT INTO User VALUES (1), (2);
INSERT INTO Post VALUES (1, 1), (2, 1), (3, 2);
)";

}  // namespace

extern constinit const Rule prf006_budget_exceeded = {
    .code = "PRF006",
    .name = "budget-exceeded",
    .level = Level::error,
    .summary = "a scenario gives other rows than it must, or costs more than it may",
    .explanation = explanation,
    .failing = {.sql = database,
                .settings = "[[scenario]]\nname = \"posts\"\npath = \"User[1].posts\"\nrows = 3\n"},
    .fixed = {.sql = database,
              .settings = "[[scenario]]\nname = \"posts\"\npath = \"User[1].posts\"\nrows = 2\n"
                          "max-queries = 2\n"},
    .check = check,
};

}  // namespace doctor::rules
