#include <fmt/format.h>
#include <fmt/ranges.h>

#include "doctor/enforcement.hpp"
#include "doctor/proof.hpp"
#include "doctor/rule.hpp"
#include "doctor/wording.hpp"

namespace doctor::rules {
namespace {

constexpr std::string_view explanation = R"(
## What it looks for
Association tables whose key, or a unique index, lies within the columns of one side, where the
relationship from that side gives many rows.

## Why it breaks loading
The table takes one link for each row of that side: the second is refused, or replaces the first
(`INSERT OR REPLACE`). The list never holds more than one row, and links that were lost on the way in
leave no trace.

## What to do
Make the key of both sides' columns. SQLite cannot change a key in place: the table is made anew and
its rows are copied. Links that were lost have to be made again.

## What it can miss
Which links were lost: nothing in the database tells.
)";

void add_finding(const ommi::Relation& relation, const Evidence& evidence, Findings& findings) {
  const ommi::Model& via = *relation.via;
  Finding& finding = findings.add(
      subject_of(via, relation.via_owner_fields, &relation),
      fmt::format("{} can give one row only: {} is unique in {} by itself",
                  ommi::escaped(relation.name()), column_names(via, relation.via_owner_fields),
                  ommi::escaped(via.name())));
  for (const AssociationSweep& seen : evidence.associations) {
    if (seen.relation->via == &via) finding.scope = coverage(seen.rows);
  }
  finding.count = 1;
  finding.relations = {&relation};
  finding.place = relation.info.place;
  const ommi::Table* table = ordinary_table(evidence.schema, via);
  finding.evidence.notes = {
      fmt::format("the key of the table: {}",
                  ommi::escaped(fmt::format("{}", fmt::join(primary_key(*table), ", "))))};
  finding.remedies = {
      {Safety::manual,
       fmt::format("make {} anew with a key of both sides: {}, {}", ommi::escaped(via.info.table()),
                   column_names(via, relation.via_owner_fields),
                   column_names(via, relation.via_target_fields)),
       {}}};
}

void check(const Evidence& evidence, Findings& findings) {
  if (evidence.catalog == nullptr) return;
  for (const ommi::Model& owner : evidence.catalog->models()) {
    for (const ommi::Relation& relation : owner.relations) {
      if (relation.problem || relation.via == nullptr || !relation.many()) continue;
      const ommi::Table* table = ordinary_table(evidence.schema, *relation.via);
      if (table == nullptr) continue;
      if (uniqueness(*table, *relation.via, relation.via_owner_fields) == Uniqueness::full) {
        add_finding(relation, evidence, findings);
      }
    }
  }
}

constexpr std::string_view manifest = R"({"schema_version": 1, "source": "example", "models": [
  {"name": "User", "store_as": "User", "fields": [
    {"name": "id", "store_as": "id", "type": "integer", "nullable": false, "key": true}],
   "relationships": [{"name": "permissions", "kind": "to-many", "target": "Permission",
                      "via": "UserPermission",
                      "join": [["id", "user_id"]], "target_join": [["permission_id", "id"]]}]},
  {"name": "Permission", "store_as": "Permission", "fields": [
    {"name": "id", "store_as": "id", "type": "integer", "nullable": false, "key": true}]},
  {"name": "UserPermission", "store_as": "UserPermission", "fields": [
    {"name": "user_id", "store_as": "user_id", "type": "integer", "nullable": true,
     "reference": {"model": "User", "field": "id"}},
    {"name": "permission_id", "store_as": "permission_id", "type": "integer", "nullable": true,
     "reference": {"model": "Permission", "field": "id"}}]}]})";

constexpr std::string_view failing = R"(
CREATE TABLE User (id INTEGER PRIMARY KEY);
CREATE TABLE Permission (id INTEGER PRIMARY KEY);
CREATE TABLE UserPermission (user_id INTEGER PRIMARY KEY, permission_id INTEGER);
INSERT INTO User VALUES (1), (2);
INSERT INTO Permission VALUES (1), (2);
INSERT INTO UserPermission VALUES (1, 1), (2, 1);
)";

constexpr std::string_view fixed = R"(
CREATE TABLE User (id INTEGER PRIMARY KEY);
CREATE TABLE Permission (id INTEGER PRIMARY KEY);
CREATE TABLE UserPermission (
  user_id INTEGER, permission_id INTEGER, PRIMARY KEY (user_id, permission_id));
INSERT INTO User VALUES (1), (2);
INSERT INTO Permission VALUES (1), (2);
INSERT INTO UserPermission VALUES (1, 1), (2, 1), (1, 2);
)";

}  // namespace

extern constinit const Rule sch006_association_key_one_side = {
    .code = "SCH006",
    .name = "association-key-one-side",
    .level = Level::warning,
    .summary = "an association can hold one link per row of one side only",
    .explanation = explanation,
    .failing = {.sql = failing, .manifest = manifest},
    .fixed = {.sql = fixed, .manifest = manifest},
    .check = check,
};

}  // namespace doctor::rules
