#include <algorithm>

#include <fmt/format.h>

#include "doctor/enforcement.hpp"
#include "doctor/proof.hpp"
#include "doctor/rule.hpp"
#include "doctor/wording.hpp"

namespace doctor::rules {
namespace {

constexpr std::string_view explanation = R"(
## What it looks for
References to fields of a model that are not its key and that nothing holds to be unique. A declared
foreign key of that kind is SCH010's, a part of a composite key REL009's.

## Why it breaks loading
A reference is to name one row. Where two hold the same value, a to-one relationship takes either, or
fails; a list on the other side is claimed by both.

## What to do
Refer to the key; or, where the values are meant to be unique, make a unique index over them.

## What it can miss
Nothing among the references that are known.
)";

bool is_declared(const ReferenceSweep& seen, const ommi::Schema* schema) {
  const ommi::Table* table = ordinary_table(schema, *seen.model);
  return table != nullptr && declared_key(*table, seen) != nullptr;
}

bool is_part_of_key(const ReferenceSweep& seen) {
  const auto& key = seen.target->key;
  return seen.target_fields.size() < key.size() &&
         std::all_of(seen.target_fields.begin(), seen.target_fields.end(), [&](std::size_t field) {
           return std::find(key.begin(), key.end(), field) != key.end();
         });
}

const SetSweep* set_of(const Evidence& evidence, const ReferenceSweep& seen) {
  std::vector<std::size_t> fields = seen.target_fields;
  std::sort(fields.begin(), fields.end());
  for (const SetSweep& set : evidence.sets) {
    if (set.model == seen.target && set.fields == fields && set.unchecked.empty()) return &set;
  }
  return nullptr;
}

void check(const Evidence& evidence, Findings& findings) {
  for (const ReferenceSweep& seen : evidence.references) {
    const ommi::Model& target = *seen.target;
    const ommi::Table* table = ordinary_table(evidence.schema, target);
    const SetSweep* set = set_of(evidence, seen);
    if (table == nullptr || set == nullptr || target.unique(seen.target_fields)) continue;
    if (uniqueness(*table, target, seen.target_fields) != Uniqueness::none) continue;
    if (is_declared(seen, evidence.schema) || is_part_of_key(seen)) continue;
    Finding& finding =
        findings.add(subject_of(*seen.model, seen.fields, main_relation(seen)),
                     fmt::format("{} refers to {} by {}, which is neither its key nor unique",
                                 ommi::escaped(seen.model->name()), ommi::escaped(target.name()),
                                 field_names(target, seen.target_fields)));
    finding.count = set->repeated;
    finding.scope = coverage(set->rows);
    finding.samples = set->repeated_samples;
    finding.relations = seen.relations;
    finding.discriminator = ommi::escaped(target.name());
    if (const ommi::Relation* relation = main_relation(seen)) finding.place = relation->info.place;
    finding.evidence.notes = {
        set->repeated == 0 ? "no value repeats now"
                           : fmt::format("{} of {} now", counted(set->repeated, "repeated value"),
                                         field_names(target, seen.target_fields))};
    finding.remedies = {
        {set->repeated == 0 ? Safety::safe : Safety::unsafe,
         "make the values unique",
         {fmt::format("CREATE UNIQUE INDEX {} ON {} ({});",
                      quoted_name(free_index_name(evidence.schema, target, seen.target_fields)),
                      quoted_table(target), quoted_columns(target, seen.target_fields))}},
        {Safety::manual, "or refer to the key", {}}};
  }
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
INSERT INTO User VALUES (1, 'ada@example.org'), (2, 'ben@example.org');
INSERT INTO Post VALUES (1, 'ada@example.org'), (2, 'ben@example.org');
)";

constexpr std::string_view fixed = R"(
CREATE TABLE User (id INTEGER PRIMARY KEY, email TEXT NOT NULL UNIQUE);
CREATE TABLE Post (id INTEGER PRIMARY KEY, user_email TEXT);
INSERT INTO User VALUES (1, 'ada@example.org'), (2, 'ben@example.org');
INSERT INTO Post VALUES (1, 'ada@example.org'), (2, 'ben@example.org');
)";

}  // namespace

extern constinit const Rule rel006_reference_to_non_key = {
    .code = "REL006",
    .name = "reference-to-non-key",
    .level = Level::warning,
    .summary = "a reference names fields that are neither key nor unique",
    .explanation = explanation,
    .failing = {.sql = failing, .manifest = manifest},
    .fixed = {.sql = fixed, .manifest = manifest},
    .check = check,
};

}  // namespace doctor::rules
