#include <algorithm>

#include <fmt/format.h>

#include "doctor/proof.hpp"
#include "doctor/rule.hpp"
#include "doctor/wording.hpp"

namespace doctor::rules {
namespace {

constexpr std::string_view explanation = R"(
## What it looks for
Rows whose reference is NULL although the models promise that it is set: the relationship is
declared as required, or a field of the reference as never NULL. A reference that may be NULL and is
NULL is an ordinary "none" and stays silent.

## Why it breaks loading
Code that follows a required relationship does not expect nothing. What it does with it (an error
about a missing result, a crash on the next attribute) says little about the row that caused it.

## What to do
Give these rows a reference, or say in the model that there may be none. Adding NOT NULL to the
column keeps new ones out.

## What it can miss
Promises that are only in the application's head: the database's own NOT NULL is kept by the
database.
)";

/// What was promised, or empty.
std::string promise_of(const ReferenceSweep& seen) {
  for (const ommi::Relation* relation : seen.relations) {
    if (relation->direction == ommi::Direction::forward && relation->info.required) {
      return fmt::format("{} is declared as required", ommi::escaped(relation->name()));
    }
  }
  for (const std::size_t field : seen.fields) {
    if (!seen.model->fields()[field].nullable) {
      return fmt::format("{}.{} is declared as never NULL", ommi::escaped(seen.model->name()),
                         field_names(*seen.model, {field}));
    }
  }
  return {};
}

void check(const Evidence& evidence, Findings& findings) {
  for (const ReferenceSweep& seen : evidence.references) {
    if (seen.nulls == 0 || is_association_side(seen)) continue;
    const std::string promise = promise_of(seen);
    if (promise.empty()) continue;
    Finding& finding = findings.add(
        subject_of(*seen.model, seen.fields, main_relation(seen)),
        fmt::format("{} of {} {} no {} although the models promise one", counted(seen.nulls, "row"),
                    ommi::escaped(seen.model->name()), seen.nulls == 1 ? "names" : "name",
                    ommi::escaped(seen.target->name())));
    finding.count = seen.nulls;
    finding.scope = coverage(seen.rows);
    finding.samples = seen.null_samples;
    finding.relations = seen.relations;
    finding.evidence.sql =
        select_rows(*seen.model, seen.fields, null_condition(*seen.model, seen.fields));
    finding.evidence.notes = {promise};
    if (const ommi::Relation* relation = main_relation(seen)) finding.place = relation->info.place;
    finding.remedies = {{Safety::manual, "declare the relationship as one that may be empty", {}},
                        {Safety::manual, "give these rows a reference", {}}};
  }
}

constexpr std::string_view manifest = R"({"schema_version": 1, "source": "example", "models": [
  {"name": "User", "store_as": "User", "fields": [
    {"name": "id", "store_as": "id", "type": "integer", "nullable": false, "key": true}]},
  {"name": "Post", "store_as": "Post", "fields": [
    {"name": "id", "store_as": "id", "type": "integer", "nullable": false, "key": true},
    {"name": "user_id", "store_as": "user_id", "type": "integer", "nullable": false,
     "reference": {"model": "User", "field": "id"}}],
   "relationships": [{"name": "author", "kind": "to-one", "target": "User",
                      "join": [["user_id", "id"]]}]}]})";

constexpr std::string_view failing = R"(
CREATE TABLE User (id INTEGER PRIMARY KEY);
CREATE TABLE Post (id INTEGER PRIMARY KEY, user_id INTEGER);
INSERT INTO User VALUES (1);
INSERT INTO Post VALUES (1, 1), (2, NULL);
)";

constexpr std::string_view fixed = R"(
CREATE TABLE User (id INTEGER PRIMARY KEY);
CREATE TABLE Post (id INTEGER PRIMARY KEY, user_id INTEGER);
INSERT INTO User VALUES (1);
INSERT INTO Post VALUES (1, 1), (2, 1);
)";

}  // namespace

extern constinit const Rule dat003_null_in_required_reference = {
    .code = "DAT003",
    .name = "null-in-required-reference",
    .level = Level::warning,
    .summary = "a reference that is promised to be set is NULL",
    .explanation = explanation,
    .failing = {.sql = failing, .manifest = manifest},
    .fixed = {.sql = fixed, .manifest = manifest},
    .check = check,
};

}  // namespace doctor::rules
