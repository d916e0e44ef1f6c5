#include <fmt/format.h>

#include "doctor/proof.hpp"
#include "doctor/rule.hpp"
#include "doctor/wording.hpp"

namespace doctor::rules {
namespace {

constexpr std::string_view explanation = R"(
## What it looks for
Owners that two or more rows name, where the relationship gives one row: a user with two profiles.
All rows are looked at, and two values are the same owner if the database says that they are equal.

## Why it breaks loading
The lazy load has one place to fill and several rows to fill it with. Which of them it takes is
nobody's decision, and may change with an index or a VACUUM; a strict load fails instead.

## What to do
Decide which row is the right one and remove the others, then add a UNIQUE index so that the
database refuses the next one.

## What it can miss
Relationships that no source knows to be one-to-one: without a unique set or a declaration they are
taken for to-many.
)";

void check(const Evidence& evidence, Findings& findings) {
  for (const OneToOneSweep& seen : evidence.one_to_ones) {
    if (seen.repeated == 0) continue;
    const ommi::Relation& relation = *seen.relation;
    const ommi::Model& child = *relation.target;
    Finding& finding = findings.add(
        subject_of(child, relation.target_fields, &relation),
        fmt::format("{} of {} {} named by more than one {}", counted(seen.repeated, "key"),
                    ommi::escaped(relation.owner->name()), seen.repeated == 1 ? "is" : "are",
                    ommi::escaped(child.name())));
    const std::string columns = quoted_columns(child, relation.target_fields);
    std::string not_null;
    for (const std::size_t field : relation.target_fields) {
      not_null += fmt::format("{}{} IS NOT NULL", not_null.empty() ? "" : " AND ",
                              quoted_columns(child, {field}));
    }
    finding.count = seen.repeated;
    finding.scope = coverage(seen.rows);
    finding.samples = seen.samples;
    finding.relations = {&relation};
    finding.place = relation.info.place;
    finding.evidence.sql =
        fmt::format("SELECT {}, count(*) FROM {} WHERE {} GROUP BY {} HAVING count(*) > 1;",
                    columns, quoted_table(child), not_null, columns);
    finding.evidence.notes = {fmt::format("{} too many: each load takes whichever comes first",
                                          counted(seen.surplus, "row"))};
    finding.remedies = {
        {Safety::manual,
         fmt::format("keep one {} of each {} and remove the others", ommi::escaped(child.name()),
                     ommi::escaped(relation.owner->name())),
         {}},
        {Safety::manual,
         fmt::format("or declare {} as a to-many relationship", ommi::escaped(relation.name())),
         {}}};
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
CREATE TABLE Profile (id INTEGER PRIMARY KEY, user_id INTEGER);
INSERT INTO User VALUES (1), (2);
INSERT INTO Profile VALUES (1, 1), (2, 1), (3, 2), (4, NULL), (5, NULL);
)";

constexpr std::string_view fixed = R"(
CREATE TABLE User (id INTEGER PRIMARY KEY);
CREATE TABLE Profile (id INTEGER PRIMARY KEY, user_id INTEGER UNIQUE);
INSERT INTO User VALUES (1), (2);
INSERT INTO Profile VALUES (1, 1), (3, 2), (4, NULL), (5, NULL);
)";

}  // namespace

extern constinit const Rule dat004_duplicate_one_to_one = {
    .code = "DAT004",
    .name = "duplicate-one-to-one",
    .level = Level::error,
    .summary = "two rows share the owner that only one of them can belong to",
    .explanation = explanation,
    .failing = {.sql = failing, .manifest = manifest},
    .fixed = {.sql = fixed, .manifest = manifest},
    .check = check,
};

}  // namespace doctor::rules
