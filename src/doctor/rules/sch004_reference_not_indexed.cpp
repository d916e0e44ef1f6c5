#include <fmt/format.h>

#include "doctor/rule.hpp"
#include "doctor/searches.hpp"
#include "doctor/wording.hpp"

namespace doctor::rules {
namespace {

constexpr std::string_view explanation = R"(
## What it looks for
Lazy loads for which the database reads a whole table of 100 rows or more, because no index starts
with the columns that they search. The plan is the database's own, of the very query that the lazy
load sends. A column that leads a key or a longer index is indexed and is not reported.

## Why it breaks loading
The relationship works, and gets slower with every row: each load reads the table from end to end,
so following it from every owner costs owners times rows.

## What to do
Make an index over the columns. One index serves every relationship that searches them.

## What it can miss
Tables that are small today. An index that is there and cannot serve the load is PRF004's, one that
serves the other side of an association SCH008's.
)";

void check(const Evidence& evidence, Findings& findings) {
  for (const Search& search : scanning_searches(evidence)) {
    if (search.index != Search::Index::none) continue;
    const ommi::Model& model = *search.model;
    std::vector<const ommi::Relation*> relations;
    for (const RelationshipObservation* seen : search.loads) relations.push_back(seen->relation);
    Finding& finding = findings.add(
        subject_of(model, search.fields, relations.front()),
        fmt::format("each load of {} reads all {} of {}: no index starts with {}",
                    relation_names(relations), counted(search.rows, "row"),
                    ommi::escaped(model.info.table()), column_names(model, search.fields)));
    const ommi::QueryPlan& plan = *search.loads.front()->plan;
    finding.count = relations.size();
    finding.scope = coverage(search.rows);
    finding.subject.relationship = relations.size() == 1 ? finding.subject.relationship : "";
    finding.relations = relations;
    finding.evidence.sql = plan.statement;
    finding.evidence.plan = plan.steps;
    if (std::string note = measured(evidence, search); !note.empty()) {
      finding.evidence.notes.push_back(std::move(note));
    }
    finding.remedies = {{Safety::safe, "make an index", {create_index(evidence, search)}}};
  }
}

constexpr std::string_view failing = R"(
CREATE TABLE User (id INTEGER PRIMARY KEY);
CREATE TABLE Post (id INTEGER PRIMARY KEY, user_id INTEGER REFERENCES User(id));
INSERT INTO User VALUES (1), (2), (3);
WITH RECURSIVE number(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < 200)
INSERT INTO Post SELECT n, 1 + n % 3 FROM number;
)";

constexpr std::string_view fixed = R"(
CREATE TABLE User (id INTEGER PRIMARY KEY);
CREATE TABLE Post (id INTEGER PRIMARY KEY, user_id INTEGER REFERENCES User(id));
CREATE INDEX Post_user_id ON Post (user_id, id);
INSERT INTO User VALUES (1), (2), (3);
WITH RECURSIVE number(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < 200)
INSERT INTO Post SELECT n, 1 + n % 3 FROM number;
)";

}  // namespace

extern constinit const Rule sch004_reference_not_indexed = {
    .code = "SCH004",
    .name = "reference-not-indexed",
    .level = Level::warning,
    .summary = "a lazy load reads a whole table because its columns have no index",
    .explanation = explanation,
    .failing = {.sql = failing},
    .fixed = {.sql = fixed},
    .check = check,
};

}  // namespace doctor::rules
