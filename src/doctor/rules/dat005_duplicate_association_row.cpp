#include <algorithm>

#include <fmt/format.h>

#include "doctor/proof.hpp"
#include "doctor/rule.hpp"
#include "doctor/wording.hpp"

namespace doctor::rules {
namespace {

constexpr std::string_view explanation = R"(
## What it looks for
Rows of an association table that link the same two rows more than once. Rows with a NULL side are
no links and are not counted.

## Why it breaks loading
A list that is loaded through the association holds its target as often as there are links: totals
are too high, and removing one link seems to do nothing.

## What to do
Keep one row of each pair and delete the others, then make the pair the primary key or add a UNIQUE
index over it. Where the rows carry more than the pair (a date, a role), look at them first: they
may differ.

## What it can miss
Nothing among the rows: all of them are compared, by the association's own columns' rules.
)";

/// Whether the table holds nothing but the pair, so that repeated rows are identical.
bool only_the_pair(const ommi::Model& model, const std::vector<std::size_t>& pair,
                   const ommi::Schema* schema) {
  const ommi::Table* table = schema == nullptr ? nullptr : schema->find_table(model.info.table());
  return table != nullptr && table->columns.size() == pair.size();
}

void add_remedy(const ommi::Model& via, const std::vector<std::size_t>& pair,
                const std::string& not_null, const Evidence& evidence, Finding& finding) {
  const ommi::Table* table =
      evidence.schema == nullptr ? nullptr : evidence.schema->find_table(via.info.table());
  if (table == nullptr || table->kind != ommi::TableKind::table || table->without_rowid) return;
  const std::string condition =
      fmt::format("{} AND rowid NOT IN (SELECT min(rowid) FROM {} GROUP BY {})", not_null,
                  quoted_table(via), quoted_columns(via, pair));
  const bool identical = only_the_pair(via, pair, evidence.schema);
  finding.remedies.push_back(
      {identical ? Safety::safe : Safety::unsafe,
       identical ? "keep a copy and delete the repeated rows, which are identical"
                 : "keep a copy and delete all but the first row of each pair",
       {keep_copy(via, pair, finding.code, condition, evidence.schema),
        fmt::format("DELETE FROM {} WHERE {};", quoted_table(via), condition)}});
}

void check(const Evidence& evidence, Findings& findings) {
  for (const AssociationSweep& seen : evidence.associations) {
    if (seen.surplus == 0) continue;
    const ommi::Relation& relation = *seen.relation;
    const ommi::Model& via = *relation.via;
    std::vector<std::size_t> pair = relation.via_owner_fields;
    for (const std::size_t field : relation.via_target_fields) {
      if (std::find(pair.begin(), pair.end(), field) == pair.end()) pair.push_back(field);
    }
    std::string not_null;
    for (const std::size_t field : pair) {
      not_null += fmt::format("{}{} IS NOT NULL", not_null.empty() ? "" : " AND ",
                              quoted_columns(via, {field}));
    }
    Finding& finding = findings.add(
        subject_of(via, pair, &relation),
        fmt::format("{} of {} and {} {} linked more than once in {}",
                    counted(seen.repeated_pairs, "pair"), ommi::escaped(relation.owner->name()),
                    ommi::escaped(relation.target->name()), seen.repeated_pairs == 1 ? "is" : "are",
                    ommi::escaped(via.name())));
    finding.count = seen.surplus;
    finding.scope = coverage(seen.rows);
    finding.samples = seen.repeated_samples;
    finding.place = relation.info.place;
    for (const ommi::Relation* other : relations_touching(*evidence.catalog, via)) {
      if (other->via == &via) finding.relations.push_back(other);
    }
    const std::string columns = quoted_columns(via, pair);
    finding.evidence.sql =
        fmt::format("SELECT {}, count(*) FROM {} WHERE {} GROUP BY {} HAVING count(*) > 1;",
                    columns, quoted_table(via), not_null, columns);
    finding.evidence.notes = {
        fmt::format("{} beyond the first of each pair", counted(seen.surplus, "row"))};
    add_remedy(via, pair, not_null, evidence, finding);
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
INSERT INTO UserPermission VALUES (1, 1), (1, 2), (1, 1), (2, 2);
)";

constexpr std::string_view fixed = R"(
CREATE TABLE User (id INTEGER PRIMARY KEY);
CREATE TABLE Permission (id INTEGER PRIMARY KEY);
CREATE TABLE UserPermission (
  user_id INTEGER, permission_id INTEGER, PRIMARY KEY (user_id, permission_id));
INSERT INTO User VALUES (1), (2);
INSERT INTO Permission VALUES (1), (2);
INSERT INTO UserPermission VALUES (1, 1), (1, 2), (2, 2);
)";

}  // namespace

extern constinit const Rule dat005_duplicate_association_row = {
    .code = "DAT005",
    .name = "duplicate-association-row",
    .level = Level::warning,
    .summary = "an association links the same two rows more than once",
    .explanation = explanation,
    .failing = {.sql = failing, .manifest = manifest},
    .fixed = {.sql = fixed, .manifest = manifest},
    .check = check,
};

}  // namespace doctor::rules
