#include <fmt/format.h>

#include "doctor/enforcement.hpp"
#include "doctor/proof.hpp"
#include "doctor/rule.hpp"
#include "doctor/wording.hpp"

namespace doctor::rules {
namespace {

constexpr std::string_view explanation = R"(
## What it looks for
One-to-one relationships for which the table has no key and no unique index over the columns that
name the owner. A reference that is the key itself, or begins one of one column, is unique and stays
silent; so does one with a unique index over a part of the rows.

## Why it breaks loading
It does not, until somebody adds a second row. From then on the load takes whichever comes first, and
nothing said so when the row was written.

## What to do
Make a unique index over the columns. Where two rows share an owner already (DAT004), decide between
them first.

## What it can miss
Relationships that no source knows to be one-to-one: that is what a unique index says.
)";

void check(const Evidence& evidence, Findings& findings) {
  for (const OneToOneSweep& seen : evidence.one_to_ones) {
    const ommi::Relation& relation = *seen.relation;
    const ommi::Model& child = *relation.target;
    const ommi::Table* table = ordinary_table(evidence.schema, child);
    if (!seen.unchecked.empty() || table == nullptr) continue;
    if (uniqueness(*table, child, relation.target_fields) != Uniqueness::none) continue;
    Finding& finding =
        findings.add(subject_of(child, relation.target_fields, &relation),
                     fmt::format("{} gives one {}, and nothing keeps two from naming the same {}",
                                 ommi::escaped(relation.name()), ommi::escaped(child.name()),
                                 ommi::escaped(relation.owner->name())));
    finding.count = seen.repeated;
    finding.scope = coverage(seen.rows);
    finding.relations = {&relation};
    finding.place = relation.info.place;
    finding.evidence.notes = {
        seen.repeated == 0 ? "no two rows do now"
                           : fmt::format("{} named twice now", counted(seen.repeated, "owner"))};
    const std::string index =
        fmt::format("CREATE UNIQUE INDEX {} ON {} ({});",
                    quoted_name(free_index_name(evidence.schema, child, relation.target_fields)),
                    quoted_table(child), quoted_columns(child, relation.target_fields));
    finding.remedies = {{seen.repeated == 0 ? Safety::safe : Safety::unsafe,
                         seen.repeated == 0 ? "make a unique index"
                                            : "make a unique index, once one row of each is left",
                         {index}}};
  }
}

constexpr std::string_view manifest = R"({"schema_version": 1, "source": "example", "models": [
  {"name": "User", "store_as": "User", "fields": [
    {"name": "id", "store_as": "id", "type": "integer", "nullable": false, "key": true}],
   "relationships": [{"name": "profile", "kind": "to-one", "target": "Profile",
                      "join": [["id", "user_id"]]}]},
  {"name": "Profile", "store_as": "Profile", "fields": [
    {"name": "id", "store_as": "id", "type": "integer", "nullable": false, "key": true},
    {"name": "user_id", "store_as": "user_id", "type": "integer", "nullable": true,
     "reference": {"model": "User", "field": "id"}}],
   "relationships": [{"name": "user", "kind": "to-one", "target": "User",
                      "join": [["user_id", "id"]]}]}]})";

constexpr std::string_view failing = R"(
CREATE TABLE User (id INTEGER PRIMARY KEY);
CREATE TABLE Profile (id INTEGER PRIMARY KEY, user_id INTEGER REFERENCES User(id));
INSERT INTO User VALUES (1), (2);
INSERT INTO Profile VALUES (1, 1), (2, 2), (3, NULL), (4, NULL);
)";

constexpr std::string_view fixed = R"(
CREATE TABLE User (id INTEGER PRIMARY KEY);
CREATE TABLE Profile (id INTEGER PRIMARY KEY, user_id INTEGER UNIQUE REFERENCES User(id));
INSERT INTO User VALUES (1), (2);
INSERT INTO Profile VALUES (1, 1), (2, 2), (3, NULL), (4, NULL);
)";

}  // namespace

extern constinit const Rule sch005_one_to_one_not_unique = {
    .code = "SCH005",
    .name = "one-to-one-not-unique",
    .level = Level::warning,
    .summary = "nothing keeps two rows from belonging to one owner",
    .explanation = explanation,
    .failing = {.sql = failing, .manifest = manifest},
    .fixed = {.sql = fixed, .manifest = manifest},
    .check = check,
};

}  // namespace doctor::rules
