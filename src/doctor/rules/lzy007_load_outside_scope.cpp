#include <fmt/format.h>

#include "doctor/lazy_findings.hpp"
#include "doctor/wording.hpp"

namespace doctor::rules {
namespace {

constexpr std::string_view explanation = R"(
## What it looks for
Loads that ran after their database was closed or given up: those of the run itself, and one that is made
on purpose, in memory. The error must say so (`detached`); a success is wrong whatever it holds.

## Why it breaks loading
What was not loaded before the end cannot be known any more. A field that then looks empty, or fails with
something that says nothing of the end, is searched for in the data, where nothing is wrong.

## What to do
Load what is needed while the database is open, at best with the query that fetches the owners. An
interface has to fail with an error of its own when it has no database.

## What it can miss
Loads of the application; only those that this tool makes are seen.
)";

bool says_so(const LazyLook& look) {
  return look.gave == Gave::failure && look.code == ommi::ErrorCode::detached;
}

void check_runs(const Evidence& evidence, Findings& findings) {
  for (const RelationshipObservation& seen : evidence.relationships) {
    const auto found = seen.errors.find("detached");
    if (found == seen.errors.end()) continue;
    Finding& finding = findings.add(
        subject_of(*seen.relation),
        fmt::format("{} of {} ran after the end of the database", counted(found->second, "load"),
                    ommi::escaped(seen.relation->name())));
    finding.count = found->second;
    finding.scope = fmt::format("{} of {}", found->second, counted(seen.loads, "load"));
    finding.relations = {seen.relation};
    finding.place = seen.relation->info.place;
    finding.discriminator = "run";
    finding.evidence.sql = seen.statement;
    finding.remedies = {
        {Safety::manual, "load while the database is open, or keep it open for longer", {}}};
  }
}

void check(const Evidence& evidence, Findings& findings) {
  check_runs(evidence, findings);
  for (const LazyObservation& seen : evidence.lazy_fields) {
    if (seen.closed.gave == Gave::nothing || says_so(seen.closed)) continue;
    add_lazy(seen, seen.closed,
             fmt::format("{} was looked at after the database was closed, and gives {}",
                         ommi::escaped(seen.relation->name()), given(seen.closed)),
             "fail with an error that says that there is no database", findings);
  }
}

constexpr std::string_view database = R"(
CREATE TABLE User (id INTEGER PRIMARY KEY);
CREATE TABLE Post (id INTEGER PRIMARY KEY, user_id INTEGER REFERENCES User(id));
INSERT INTO User VALUES (1), (2);
INSERT INTO Post VALUES (1, 1), (2, 1), (3, 2);
)";

}  // namespace

extern constinit const Rule lzy007_load_outside_scope = {
    .code = "LZY007",
    .name = "load-outside-scope",
    .level = Level::error,
    .summary = "a load after the end of its database is no clear error",
    .explanation = explanation,
    .failing = {.sql = database, .lazy_fault = "answers_when_closed"},
    .fixed = {.sql = database},
    .check = check,
};

}  // namespace doctor::rules
