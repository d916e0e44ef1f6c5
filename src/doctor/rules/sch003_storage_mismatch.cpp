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
References whose column has another affinity or collation than the column that it names. The database
is asked how it would join them, from either side; where an index is there and is not used because of
it, this is a warning, else it is for information only.

## Why it breaks loading
A look-up by value uses the rule of the column that is searched; a JOIN uses a rule made of both. So
the two can relate different rows (LZY009), and an index made under one rule cannot serve the other:
the join reads the whole table for each row.

## What to do
Give both columns the same type and collation. In SQLite the table is made anew for that.

## What it can miss
Columns that differ and are never joined in the database.
)";

/// Whether the inner side of the join has an index that the plan does not use.
bool wastes_index(const Evidence& evidence, const ommi::QueryPlan& plan, const ommi::Model& model,
                  const FieldList& fields) {
  const ommi::Table* table = ordinary_table(evidence.schema, model);
  return table != nullptr && has_leading_index(*table, model, fields) && !plan.scanned.empty();
}

void add_plan(const ommi::QueryPlan& plan, Finding& finding) {
  finding.evidence.plan.push_back(plan.statement);
  for (const std::string& step : plan.steps) finding.evidence.plan.push_back("  " + step);
}

void check(const Evidence& evidence, Findings& findings) {
  for (const JoinPlans& plans : evidence.joins) {
    const ReferenceSweep& seen = evidence.references[plans.reference];
    const bool to_target =
        wastes_index(evidence, plans.to_target, *seen.target, seen.target_fields);
    const bool to_model = wastes_index(evidence, plans.to_model, *seen.model, seen.fields);
    Finding& finding = findings.add(
        subject_of(*seen.model, seen.fields, main_relation(seen)),
        fmt::format("{} and the {} of {} compare by different rules{}",
                    ommi::escaped(seen.model->name()) + "." + field_names(*seen.model, seen.fields),
                    field_names(*seen.target, seen.target_fields),
                    ommi::escaped(seen.target->name()),
                    to_target || to_model ? ", so that a join cannot use the index" : ""));
    if (!to_target && !to_model) finding.level = Level::info;
    finding.count = 1;
    finding.scope = coverage(seen.rows);
    finding.relations = seen.relations;
    finding.discriminator = ommi::escaped(seen.target->name());
    if (const ommi::Relation* relation = main_relation(seen)) finding.place = relation->info.place;
    for (std::size_t part = 0; part < seen.fields.size(); ++part) {
      finding.evidence.notes.push_back(comparison_of(*seen.model, seen.fields[part]));
      finding.evidence.notes.push_back(comparison_of(*seen.target, seen.target_fields[part]));
    }
    finding.evidence.sql = (to_model ? plans.to_model : plans.to_target).statement + ";";
    add_plan(plans.to_target, finding);
    add_plan(plans.to_model, finding);
    for (const RelationshipObservation& load : evidence.relationships) {
      const bool follows = std::find(seen.relations.begin(), seen.relations.end(), load.relation) !=
                           seen.relations.end();
      if (follows && load.plan) add_plan(*load.plan, finding);
    }
    finding.remedies = {
        {Safety::manual, "make the table anew with the same type and collation on both sides", {}}};
  }
}

constexpr std::string_view failing = R"(
CREATE TABLE User (id INTEGER PRIMARY KEY, name TEXT);
CREATE TABLE Post (id INTEGER PRIMARY KEY, user_id TEXT REFERENCES User(id));
CREATE INDEX Post_user_id ON Post (user_id);
INSERT INTO User VALUES (1, 'Ada'), (2, 'Ben');
INSERT INTO Post VALUES (1, '1'), (2, '2');
)";

constexpr std::string_view fixed = R"(
CREATE TABLE User (id INTEGER PRIMARY KEY, name TEXT);
CREATE TABLE Post (id INTEGER PRIMARY KEY, user_id INTEGER REFERENCES User(id));
CREATE INDEX Post_user_id ON Post (user_id);
INSERT INTO User VALUES (1, 'Ada'), (2, 'Ben');
INSERT INTO Post VALUES (1, 1), (2, 2);
)";

}  // namespace

extern constinit const Rule sch003_storage_mismatch = {
    .code = "SCH003",
    .name = "storage-mismatch",
    .level = Level::warning,
    .summary =
        "the two sides of a reference compare differently, so that an index cannot serve the join",
    .explanation = explanation,
    .failing = {.sql = failing},
    .fixed = {.sql = fixed},
    .check = check,
};

}  // namespace doctor::rules
