#include <fmt/format.h>

#include "doctor/enforcement.hpp"
#include "doctor/proof.hpp"
#include "doctor/rule.hpp"
#include "doctor/wording.hpp"

namespace doctor::rules {
namespace {

constexpr std::string_view explanation = R"(
## What it looks for
References of the models for which the table declares no FOREIGN KEY over the same columns.

## Why it breaks loading
It breaks nothing. But the database cannot refuse a row that refers to nobody, and every tool that
reads the schema is blind to the relationship.

## What to do
Declare the foreign key when the table is next made anew; SQLite cannot add one in place. Rows that
would violate it (DAT001) come first.

## What it can miss
Nothing among the references that are known.
)";

void check(const Evidence& evidence, Findings& findings) {
  for (const ReferenceSweep& seen : evidence.references) {
    const ommi::Table* table = ordinary_table(evidence.schema, *seen.model);
    const ommi::Table* target = ordinary_table(evidence.schema, *seen.target);
    if (table == nullptr || target == nullptr || !seen.unchecked.empty()) continue;
    if (declared_key(*table, seen) != nullptr) continue;
    Finding& finding =
        findings.add(subject_of(*seen.model, seen.fields, main_relation(seen)),
                     fmt::format("{} declares no foreign key for {}, which refers to {}",
                                 ommi::escaped(table->name), column_names(*seen.model, seen.fields),
                                 ommi::escaped(target->name)));
    finding.count = 1;
    finding.scope = coverage(seen.rows);
    finding.relations = seen.relations;
    finding.discriminator = ommi::escaped(target->name);
    if (const ommi::Relation* relation = main_relation(seen)) finding.place = relation->info.place;
    finding.evidence.notes = {
        fmt::format("{} would violate it now", counted(seen.dangling, "row"))};
    finding.remedies = {
        {Safety::manual,
         fmt::format("declare FOREIGN KEY ({}) REFERENCES {} ({}) when the table is made anew",
                     quoted_columns(*seen.model, seen.fields), quoted_name(target->name),
                     quoted_columns(*seen.target, seen.target_fields)),
         {}}};
  }
}

constexpr std::string_view failing = R"(
CREATE TABLE User (id INTEGER PRIMARY KEY);
CREATE TABLE Post (id INTEGER PRIMARY KEY, user_id INTEGER);
INSERT INTO User VALUES (1), (2), (3), (4);
INSERT INTO Post VALUES (1, 1), (2, 2), (3, 3), (4, 4), (5, 4);
)";

constexpr std::string_view fixed = R"(
CREATE TABLE User (id INTEGER PRIMARY KEY);
CREATE TABLE Post (id INTEGER PRIMARY KEY, user_id INTEGER REFERENCES User(id));
INSERT INTO User VALUES (1), (2), (3), (4);
INSERT INTO Post VALUES (1, 1), (2, 2), (3, 3), (4, 4), (5, 4);
)";

}  // namespace

extern constinit const Rule sch009_reference_not_declared = {
    .code = "SCH009",
    .name = "reference-not-declared",
    .level = Level::info,
    .summary = "a reference of the models is no foreign key of the table",
    .explanation = explanation,
    .failing = {.sql = failing},
    .fixed = {.sql = fixed},
    .check = check,
};

}  // namespace doctor::rules
