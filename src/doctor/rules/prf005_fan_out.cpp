#include <fmt/format.h>

#include "doctor/rule.hpp"
#include "doctor/wording.hpp"

namespace doctor::rules {
namespace {

constexpr std::string_view explanation = R"(
## What it looks for
To-many relationships of which an owner has more than 1000 rows. All rows are counted; the largest
number is given, and the one that 95 of 100 owners do not exceed.

## Why it breaks loading
A lazy field loads all rows of its owner at once. For most owners that is what is wanted; for these it
is a long wait and much memory, for a page that shows ten of them.

## What to do
Load a page of the rows with a query of their own, or only their number; or declare a limit and an
order for the relationship.

## What it can miss
Tables of more than 1,000,000 rows in which none of the owners that were loaded has that many, or
that have no index over the reference (SCH004).
)";

void check(const Evidence& evidence, Findings& findings) {
  for (const FanOut& seen : evidence.fan_outs) {
    const ommi::Relation& relation = *seen.relation;
    if (seen.largest <= seen.limit) continue;
    Finding& finding = findings.add(
        subject_of(relation),
        fmt::format("{} of {} {} more than {} in {}", counted(seen.beyond, "row"),
                    ommi::escaped(relation.owner->name()), seen.beyond == 1 ? "has" : "have",
                    counted(seen.limit, "row"), ommi::escaped(relation.name())));
    finding.count = seen.beyond;
    finding.scope = coverage(seen.rows);
    finding.samples = seen.samples;
    finding.relations = {&relation};
    finding.place = relation.info.place;
    finding.evidence.notes = {
        fmt::format("the most: {}; 95 of 100 owners that have any have at most {}",
                    counted(seen.largest, "row"), seen.percentile_95)};
    finding.remedies = {{Safety::manual, "load a page of them, or only their number", {}}};
  }
}

constexpr std::string_view failing = R"(
CREATE TABLE User (id INTEGER PRIMARY KEY);
CREATE TABLE Post (id INTEGER PRIMARY KEY, user_id INTEGER REFERENCES User(id));
CREATE INDEX Post_user_id ON Post (user_id);
INSERT INTO User VALUES (1), (2);
WITH RECURSIVE number(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < 1002)
INSERT INTO Post SELECT n, CASE n WHEN 1 THEN 2 ELSE 1 END FROM number;
)";

constexpr std::string_view fixed = R"(
CREATE TABLE User (id INTEGER PRIMARY KEY);
CREATE TABLE Post (id INTEGER PRIMARY KEY, user_id INTEGER REFERENCES User(id));
CREATE INDEX Post_user_id ON Post (user_id);
INSERT INTO User VALUES (1), (2);
WITH RECURSIVE number(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < 1002)
INSERT INTO Post SELECT n, CASE WHEN n <= 2 THEN 2 ELSE 1 END FROM number;
)";

}  // namespace

extern constinit const Rule prf005_fan_out = {
    .code = "PRF005",
    .name = "fan-out",
    .level = Level::info,
    .summary = "an owner has very many rows",
    .explanation = explanation,
    .failing = {.sql = failing},
    .fixed = {.sql = fixed},
    .check = check,
};

}  // namespace doctor::rules
