#include <fmt/format.h>

#include "doctor/rule.hpp"
#include "doctor/wording.hpp"

namespace doctor::rules {
namespace {

constexpr std::string_view explanation = R"(
## What it looks for
Loads that fail with "not found", where an empty answer was due.

## Why it breaks loading
That there is no row is an answer. Reported as a failure it cannot be told from a query that did not
work: a caller who expects "none" handles neither.

## What to do
Let the driver return no rows; what it means that there are none is decided above it.

## What it can miss
Drivers that report a miss with an error of another kind.
)";

void check(const Evidence& evidence, Findings& findings) {
  for (const RelationshipObservation& seen : evidence.relationships) {
    const auto found = seen.errors.find("not_found");
    if (found == seen.errors.end()) continue;
    Finding& finding = findings.add(
        subject_of(*seen.relation),
        fmt::format("{} of {} fail with \"not found\", where an empty answer is due",
                    counted(found->second, "load"), ommi::escaped(seen.relation->name())));
    finding.count = found->second;
    finding.scope = fmt::format("{} of {}", found->second, counted(seen.loads, "load"));
    finding.relations = {seen.relation};
    finding.place = seen.relation->info.place;
    finding.evidence.sql = seen.statement;
    for (const HopSample& sample : seen.samples) {
      if (sample.code == ommi::ErrorCode::not_found) finding.samples.push_back(sample.owner);
    }
    finding.remedies = {{Safety::manual, "return no rows where there are none", {}}};
  }
}

constexpr std::string_view database = R"(
CREATE TABLE User (id INTEGER PRIMARY KEY);
CREATE TABLE Post (id INTEGER PRIMARY KEY, user_id INTEGER REFERENCES User(id));
INSERT INTO User VALUES (1), (2);
INSERT INTO Post VALUES (1, 1), (2, 1), (3, 2);
)";

}  // namespace

extern constinit const Rule res006_miss_reported_as_failure = {
    .code = "RES006",
    .name = "miss-reported-as-failure",
    .level = Level::warning,
    .summary = "a row that is not there is reported as an error of the query",
    .explanation = explanation,
    .failing = {.sql = database, .fault = "not_found"},
    .fixed = {.sql = database},
    .check = check,
};

}  // namespace doctor::rules
