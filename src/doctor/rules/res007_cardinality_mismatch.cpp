#include <algorithm>

#include <fmt/format.h>

#include "doctor/malformed.hpp"
#include "doctor/wording.hpp"

namespace doctor::rules {
namespace {

constexpr std::string_view explanation = R"(
## What it looks for
Loads of a to-one relationship that found several rows, and answers of a driver with another number
of rows than the query allows.

## Why it breaks loading
A to-one relationship has one place. What comes in excess is dropped, at random, or the load fails;
what is missing looks like a row that is not there.

## What to do
Let the reference name a key, or fields that are unique; or declare the relationship as one to many.
A driver has to honour limits and keys.

## What it can miss
Owners that were not loaded. Two rows that belong to one owner of a one-to-one are DAT004's.
)";

constexpr ommi::Malformed kinds[] = {ommi::Malformed::wrong_count};

bool is_dat004s(const Evidence& evidence, const ommi::Relation& relation) {
  return std::any_of(
      evidence.one_to_ones.begin(), evidence.one_to_ones.end(),
      [&](const OneToOneSweep& seen) { return seen.relation == &relation && seen.repeated > 0; });
}

void check(const Evidence& evidence, Findings& findings) {
  for (const RelationshipObservation& seen : evidence.relationships) {
    const auto found = seen.errors.find("multiple_rows");
    if (found == seen.errors.end() || is_dat004s(evidence, *seen.relation)) continue;
    Finding& finding = findings.add(
        subject_of(*seen.relation),
        fmt::format("{} of {} found several rows, where one is due", counted(found->second, "load"),
                    ommi::escaped(seen.relation->name())));
    finding.count = found->second;
    finding.scope = fmt::format("{} of {}", found->second, counted(seen.loads, "load"));
    finding.relations = {seen.relation};
    finding.place = seen.relation->info.place;
    finding.discriminator = "several";
    finding.evidence.sql = seen.statement;
    for (const HopSample& sample : seen.samples) {
      if (sample.code == ommi::ErrorCode::multiple_rows) finding.samples.push_back(sample.owner);
    }
    finding.remedies = {
        {Safety::manual, "let the reference name a key, or fields that are unique", {}}};
  }
  find_malformed(evidence, kinds, "honour the limit and the keys of the query", findings);
}

constexpr std::string_view manifest = R"({"schema_version": 1, "source": "example", "models": [
  {"name": "User", "store_as": "User", "fields": [
    {"name": "id", "store_as": "id", "type": "integer", "nullable": false, "key": true},
    {"name": "email", "store_as": "email", "type": "text", "nullable": false}]},
  {"name": "Post", "store_as": "Post", "fields": [
    {"name": "id", "store_as": "id", "type": "integer", "nullable": false, "key": true},
    {"name": "user_email", "store_as": "user_email", "type": "text", "nullable": true,
     "reference": {"model": "User", "field": "email"}}],
   "relationships": [{"name": "author", "kind": "to-one", "target": "User",
                      "join": [["user_email", "email"]]}]}]})";

constexpr std::string_view failing = R"(
CREATE TABLE User (id INTEGER PRIMARY KEY, email TEXT NOT NULL);
CREATE TABLE Post (id INTEGER PRIMARY KEY, user_email TEXT);
INSERT INTO User VALUES (1, 'ada@example.org'), (2, 'ada@example.org');
INSERT INTO Post VALUES (1, 'ada@example.org');
)";

constexpr std::string_view fixed = R"(
CREATE TABLE User (id INTEGER PRIMARY KEY, email TEXT NOT NULL UNIQUE);
CREATE TABLE Post (id INTEGER PRIMARY KEY, user_email TEXT);
INSERT INTO User VALUES (1, 'ada@example.org'), (2, 'ben@example.org');
INSERT INTO Post VALUES (1, 'ada@example.org');
)";

}  // namespace

extern constinit const Rule res007_cardinality_mismatch = {
    .code = "RES007",
    .name = "cardinality-mismatch",
    .level = Level::error,
    .summary = "a to-one relationship found several rows",
    .explanation = explanation,
    .failing = {.sql = failing, .manifest = manifest},
    .fixed = {.sql = fixed, .manifest = manifest},
    .check = check,
};

}  // namespace doctor::rules
