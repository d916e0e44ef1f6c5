#include <algorithm>

#include <fmt/format.h>

#include "doctor/enforcement.hpp"
#include "doctor/rule.hpp"
#include "doctor/wording.hpp"

namespace doctor::rules {
namespace {

constexpr std::string_view explanation = R"(
## What it looks for
References to a field that may be NULL and is not a key, where both sides do hold NULLs. Where only
one side does, or none yet, this is for information only.

## Why it breaks loading
NULL equals nothing, so a row without a value is related to nobody. Ommi asks for it with `IS NULL`:
then every row without a reference belongs to every row without a value, and a list shows rows of
strangers.

## What to do
Refer to the key, or declare the column NOT NULL and give every row a value.

## What it can miss
Keys that are NULL: those are DAT011's.
)";

bool may_be_null(const ReferenceSweep& seen, const ommi::Table& table) {
  return std::any_of(seen.target_fields.begin(), seen.target_fields.end(), [&](std::size_t number) {
    const ommi::FieldInfo& field = seen.target->fields()[number];
    const auto& key = seen.target->key;
    const ommi::Column* column = table.find_column(field.column());
    if (std::find(key.begin(), key.end(), number) != key.end()) return false;
    return field.nullable && column != nullptr && !column->not_null && column->key_part == 0;
  });
}

std::uint64_t nulls_of_target(const Evidence& evidence, const ReferenceSweep& seen) {
  std::vector<std::size_t> fields = seen.target_fields;
  std::sort(fields.begin(), fields.end());
  for (const SetSweep& set : evidence.sets) {
    if (set.model == seen.target && set.fields == fields) return set.nulls;
  }
  return 0;
}

void check(const Evidence& evidence, Findings& findings) {
  for (const ReferenceSweep& seen : evidence.references) {
    const ommi::Table* table = ordinary_table(evidence.schema, *seen.target);
    if (table == nullptr || !seen.unchecked.empty() || !may_be_null(seen, *table)) continue;
    const std::uint64_t nulls = nulls_of_target(evidence, seen);
    Finding& finding = findings.add(
        subject_of(*seen.model, seen.fields, main_relation(seen)),
        fmt::format("{} refers to {} by {}, which may be NULL", ommi::escaped(seen.model->name()),
                    ommi::escaped(seen.target->name()),
                    field_names(*seen.target, seen.target_fields)));
    if (nulls == 0 || seen.nulls == 0) finding.level = Level::info;
    finding.count = nulls;
    finding.scope = coverage(seen.rows);
    finding.relations = seen.relations;
    finding.discriminator = ommi::escaped(seen.target->name());
    if (const ommi::Relation* relation = main_relation(seen)) finding.place = relation->info.place;
    finding.evidence.notes = {
        fmt::format("{} of {} without a value", counted(nulls, "row"),
                    ommi::escaped(seen.target->name())),
        fmt::format("{} of {} without a reference", counted(seen.nulls, "row"),
                    ommi::escaped(seen.model->name()))};
    finding.remedies = {{Safety::manual, "refer to the key, or declare the column NOT NULL", {}}};
  }
}

constexpr std::string_view manifest = R"({"schema_version": 1, "source": "example", "models": [
  {"name": "User", "store_as": "User", "fields": [
    {"name": "id", "store_as": "id", "type": "integer", "nullable": false, "key": true},
    {"name": "email", "store_as": "email", "type": "text", "nullable": true}]},
  {"name": "Post", "store_as": "Post", "fields": [
    {"name": "id", "store_as": "id", "type": "integer", "nullable": false, "key": true},
    {"name": "user_email", "store_as": "user_email", "type": "text", "nullable": true,
     "reference": {"model": "User", "field": "email"}}],
   "relationships": [{"name": "author", "kind": "to-one", "target": "User",
                      "join": [["user_email", "email"]]}]}]})";

constexpr std::string_view failing = R"(
CREATE TABLE User (id INTEGER PRIMARY KEY, email TEXT UNIQUE);
CREATE TABLE Post (id INTEGER PRIMARY KEY, user_email TEXT);
INSERT INTO User VALUES (1, 'ada@example.org'), (2, NULL);
INSERT INTO Post VALUES (1, 'ada@example.org'), (2, NULL);
)";

constexpr std::string_view fixed = R"(
CREATE TABLE User (id INTEGER PRIMARY KEY, email TEXT UNIQUE NOT NULL);
CREATE TABLE Post (id INTEGER PRIMARY KEY, user_email TEXT);
INSERT INTO User VALUES (1, 'ada@example.org'), (2, 'ben@example.org');
INSERT INTO Post VALUES (1, 'ada@example.org'), (2, NULL);
)";

}  // namespace

extern constinit const Rule rel010_reference_to_nullable_column = {
    .code = "REL010",
    .name = "reference-to-nullable-column",
    .level = Level::warning,
    .summary = "a reference names a field that is NULL in some rows",
    .explanation = explanation,
    .failing = {.sql = failing, .manifest = manifest},
    .fixed = {.sql = fixed, .manifest = manifest},
    .check = check,
};

}  // namespace doctor::rules
