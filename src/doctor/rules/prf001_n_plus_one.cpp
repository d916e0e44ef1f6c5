#include <fmt/format.h>

#include "doctor/proof.hpp"
#include "doctor/rule.hpp"
#include "doctor/wording.hpp"

namespace doctor::rules {
namespace {

// One or two loads are no pattern, and a list of one owner has nothing to be batched with.
constexpr std::uint64_t least_loads = 3;

constexpr std::string_view explanation = R"(
## What it looks for
Relationships that were loaded once for each of three or more owners that had come together, in one
list. Loading the field of a single owner is what lazy loading is for, and is not counted, however
often it happens.

## Why it breaks loading
Nothing is wrong but the time: N owners cost N statements, where one would do, and every one of them
waits for the database.

## What to do
Load the field for the whole list at once (`Fetch::peers`, which is what libommi does by itself), or
with one query over all keys.

## What it can miss
Loops over owners that were read one by one.
)";

std::string batched_query(const ommi::Relation& relation) {
  if (relation.via != nullptr) {
    std::string pairs;
    for (std::size_t part = 0; part < relation.target_fields.size(); ++part) {
      pairs += fmt::format("{}{} = {}", pairs.empty() ? "" : " AND ",
                           quoted_column(*relation.target, relation.target_fields[part]),
                           quoted_column(*relation.via, relation.via_target_fields[part]));
    }
    return fmt::format("SELECT {0}.*, {1}.* FROM {0} JOIN {1} ON {2} WHERE {3} IN (?, ?, …)",
                       quoted_table(*relation.via), quoted_table(*relation.target), pairs,
                       quoted_column(*relation.via, relation.via_owner_fields.front()));
  }
  return fmt::format("SELECT * FROM {} WHERE {} IN (?, ?, …)", quoted_table(*relation.target),
                     quoted_columns(*relation.target, {relation.target_fields.front()}));
}

void check(const Evidence& evidence, Findings& findings) {
  for (const RelationshipObservation& seen : evidence.relationships) {
    if (seen.single_owner_loads < least_loads || seen.relation->problem) continue;
    const ommi::Relation& relation = *seen.relation;
    Finding& finding = findings.add(
        subject_of(relation),
        fmt::format("{} was loaded one owner at a time, {} for owners that came together",
                    ommi::escaped(relation.name()), counted(seen.single_owner_loads, "time")));
    finding.count = seen.single_owner_loads;
    finding.scope = fmt::format("{} of {}", seen.single_owner_loads, counted(seen.loads, "load"));
    finding.relations = {&relation};
    finding.place = relation.info.place;
    finding.evidence.sql = seen.statement;
    finding.evidence.notes = {fmt::format("{} in all", counted(seen.driver_calls, "driver call")),
                              fmt::format("one query would do: {}", batched_query(relation))};
    finding.remedies = {{Safety::manual, "load the field for all owners of the list at once", {}}};
  }
}

// The same rows: what differs is how they are loaded, owner by owner or all at once.
constexpr std::string_view database = R"(
CREATE TABLE User (id INTEGER PRIMARY KEY);
CREATE TABLE Post (id INTEGER PRIMARY KEY, user_id INTEGER REFERENCES User(id));
INSERT INTO User VALUES (1), (2), (3), (4);
INSERT INTO Post VALUES (1, 1), (2, 1), (3, 2), (4, 3), (5, 4);
)";

}  // namespace

extern constinit const Rule prf001_n_plus_one = {
    .code = "PRF001",
    .name = "n-plus-one",
    .level = Level::warning,
    .summary = "a field is loaded once per owner instead of once per list",
    .explanation = explanation,
    .failing = {.sql = database},
    .fixed = {.sql = database},
    .check = check,
};

}  // namespace doctor::rules
