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
Association tables without a key and without a unique index over the pair of their two sides. Where
nobody declared the relationship (it was inferred, or read off the schema) and no pair occurs twice,
this is for information only.

## Why it breaks loading
It does not, until a pair is linked twice. Then lists that are loaded through the association hold
its target twice, totals are too high, and removing one link seems to do nothing (DAT005).

## What to do
Make the pair the primary key, or make a unique index over it. Delete the repeated rows first.

## What it can miss
Pairs that may occur twice by design, because a third column tells them apart: declare a model for
such a table instead of an association.
)";

std::vector<std::size_t> pair_of(const ommi::Relation& relation) {
  std::vector<std::size_t> pair = relation.via_owner_fields;
  for (const std::size_t field : relation.via_target_fields) {
    if (std::find(pair.begin(), pair.end(), field) == pair.end()) pair.push_back(field);
  }
  return pair;
}

bool is_promised(const ommi::Relation& relation) {
  return relation.info.origin != ommi::Origin::inferred &&
         relation.info.origin != ommi::Origin::declared;
}

void check(const Evidence& evidence, Findings& findings) {
  for (const AssociationSweep& seen : evidence.associations) {
    const ommi::Relation& relation = *seen.relation;
    const ommi::Model& via = *relation.via;
    const std::vector<std::size_t> pair = pair_of(relation);
    const ommi::Table* table = ordinary_table(evidence.schema, via);
    if (!seen.unchecked.empty() || table == nullptr) continue;
    if (uniqueness(*table, via, pair) != Uniqueness::none) continue;
    Finding& finding =
        findings.add(subject_of(via, pair, &relation),
                     fmt::format("nothing keeps {} from linking the same {} and {} twice",
                                 ommi::escaped(via.name()), ommi::escaped(relation.owner->name()),
                                 ommi::escaped(relation.target->name())));
    if (!is_promised(relation) && seen.surplus == 0) finding.level = Level::info;
    finding.count = seen.repeated_pairs;
    finding.scope = coverage(seen.rows);
    finding.place = relation.info.place;
    for (const ommi::Relation* other : relations_touching(*evidence.catalog, via)) {
      if (other->via == &via) finding.relations.push_back(other);
    }
    finding.evidence.notes = {seen.surplus == 0
                                  ? "no pair occurs twice now"
                                  : fmt::format("{} too many now", counted(seen.surplus, "row"))};
    finding.remedies = {{seen.surplus == 0 ? Safety::safe : Safety::unsafe,
                         seen.surplus == 0
                             ? "make a unique index"
                             : "make a unique index, once the repeated rows are deleted",
                         {fmt::format("CREATE UNIQUE INDEX {} ON {} ({});",
                                      quoted_name(free_index_name(evidence.schema, via, pair)),
                                      quoted_table(via), quoted_columns(via, pair))}}};
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
CREATE TABLE UserPermission (user_id INTEGER, permission_id INTEGER);
INSERT INTO User VALUES (1), (2);
INSERT INTO Permission VALUES (1), (2);
INSERT INTO UserPermission VALUES (1, 1), (1, 2), (2, 2);
)";

constexpr std::string_view fixed = R"(
CREATE TABLE User (id INTEGER PRIMARY KEY);
CREATE TABLE Permission (id INTEGER PRIMARY KEY);
CREATE TABLE UserPermission (
  permission_id INTEGER, note TEXT, user_id INTEGER, UNIQUE (permission_id, user_id));
INSERT INTO User VALUES (1), (2);
INSERT INTO Permission VALUES (1), (2);
INSERT INTO UserPermission VALUES (1, 'x', 1), (2, 'y', 1), (2, 'z', 2);
)";

}  // namespace

extern constinit const Rule sch007_association_pair_not_unique = {
    .code = "SCH007",
    .name = "association-pair-not-unique",
    .level = Level::warning,
    .summary = "nothing keeps an association from linking the same pair twice",
    .explanation = explanation,
    .failing = {.sql = failing, .manifest = manifest},
    .fixed = {.sql = fixed, .manifest = manifest},
    .check = check,
};

}  // namespace doctor::rules
