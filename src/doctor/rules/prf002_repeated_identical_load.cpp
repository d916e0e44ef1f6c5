#include <fmt/format.h>

#include "doctor/rule.hpp"
#include "doctor/wording.hpp"

namespace doctor::rules {
namespace {

constexpr std::string_view explanation = R"(
## What it looks for
Loads of one relationship, for owners that had come together, that sent the same statement with the same
values more than once.

## Why it breaks loading
Nothing is wrong but the time: the answer was known. Where rows change between two of them, owners that
share a row show it in two states.

## What to do
Load each key once for the whole list (`Fetch::peers`, which is what libommi does by itself), or keep a
map from keys to the rows that were loaded.

## What it can miss
Repetitions between lists, or between relationships: each is an answer of its own. Of one list the first
4096 statements are told apart.
)";

void check(const Evidence& evidence, Findings& findings) {
  for (const RelationshipObservation& seen : evidence.relationships) {
    if (seen.repeated.calls == 0) continue;
    const ommi::Relation& relation = *seen.relation;
    Finding& finding = findings.add(
        subject_of(relation),
        fmt::format("{} of {} asked what was known from another, in the same words",
                    counted(seen.repeated.calls, "load"), ommi::escaped(relation.name())));
    finding.count = seen.repeated.calls;
    finding.scope =
        fmt::format("{} of {}", seen.repeated.calls, counted(seen.driver_calls, "driver call"));
    finding.relations = {&relation};
    finding.place = relation.info.place;
    finding.evidence.sql = seen.repeated.statement;
    finding.evidence.notes = {fmt::format("{} asked more than once, one of them {}",
                                          counted(seen.repeated.distinct, "question"),
                                          counted(seen.repeated.most, "time")),
                              fmt::format("the repetitions took {:.1f} ms",
                                          static_cast<double>(seen.repeated.duration_ns) / 1e6)};
    finding.remedies = {
        {Safety::manual, "load each key once, and keep the rows by their keys", {}}};
  }
}

// The same rows: what differs is how they are loaded, owner by owner or all at once.
constexpr std::string_view database = R"(
CREATE TABLE User (id INTEGER PRIMARY KEY);
CREATE TABLE Post (id INTEGER PRIMARY KEY, user_id INTEGER REFERENCES User(id));
INSERT INTO User VALUES (1), (2);
INSERT INTO Post VALUES (1, 1), (2, 1), (3, 2);
)";

}  // namespace

extern constinit const Rule prf002_repeated_identical_load = {
    .code = "PRF002",
    .name = "repeated-identical-load",
    .level = Level::warning,
    .summary = "the same statement was sent with the same values more than once",
    .explanation = explanation,
    .failing = {.sql = database},
    .fixed = {.sql = database},
    .check = check,
};

}  // namespace doctor::rules
