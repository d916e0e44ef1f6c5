#include <fmt/format.h>

#include "doctor/rule.hpp"
#include "doctor/searches.hpp"
#include "doctor/wording.hpp"

namespace doctor::rules {
namespace {

constexpr std::string_view explanation = R"(
## What it looks for
Lazy loads for which the database reads a whole table of 100 rows or more, although an index begins
with the columns that they search: one of another collation, or one that the database does not choose.

## Why it breaks loading
The index costs its upkeep and serves nobody; each load reads the table from end to end, so following
the relationship from every owner costs owners times rows.

## What to do
Make an index with the collation of the column. Where there is one already, let the database learn
about its values (`ANALYZE`).

## What it can miss
Tables that are small today. Where no index is there at all, that is SCH004's.
)";

void check(const Evidence& evidence, Findings& findings) {
  for (const Search& search : scanning_searches(evidence)) {
    if (search.index != Search::Index::unused) continue;
    const ommi::Model& model = *search.model;
    std::vector<const ommi::Relation*> relations;
    std::uint64_t rows = 0;
    std::uint64_t loads = 0;
    for (const RelationshipObservation* seen : search.loads) {
      relations.push_back(seen->relation);
      rows += seen->rows;
      loads += seen->loads;
    }
    Finding& finding = findings.add(
        subject_of(model, search.fields, relations.front()),
        fmt::format("each load of {} reads all {} of {}: the index over {} does not serve it",
                    relation_names(relations), counted(search.rows, "row"),
                    ommi::escaped(model.info.table()), column_names(model, search.fields)));
    const ommi::QueryPlan& plan = *search.loads.front()->plan;
    finding.count = relations.size();
    finding.scope = coverage(search.rows);
    finding.relations = relations;
    finding.evidence.sql = plan.statement;
    finding.evidence.plan = plan.steps;
    finding.evidence.notes = {
        fmt::format("{} gave {}", counted(loads, "load"), counted(rows, "row"))};
    if (std::string note = measured(evidence, search); !note.empty()) {
      finding.evidence.notes.push_back(std::move(note));
    }
    finding.remedies = {{Safety::safe,
                         "make an index with the collation of the column",
                         {create_index(evidence, search)}}};
  }
}

constexpr std::string_view failing = R"(
CREATE TABLE User (name TEXT PRIMARY KEY NOT NULL);
CREATE TABLE Post (id INTEGER PRIMARY KEY, user TEXT REFERENCES User(name));
CREATE INDEX Post_user ON Post (user COLLATE NOCASE);
INSERT INTO User VALUES ('ada'), ('ben'), ('eve');
WITH RECURSIVE number(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < 200)
INSERT INTO Post SELECT n, CASE n % 3 WHEN 0 THEN 'ada' WHEN 1 THEN 'ben' ELSE 'eve' END FROM number;
)";

constexpr std::string_view fixed = R"(
CREATE TABLE User (name TEXT PRIMARY KEY NOT NULL);
CREATE TABLE Post (id INTEGER PRIMARY KEY, user TEXT REFERENCES User(name));
CREATE INDEX Post_user ON Post (user);
INSERT INTO User VALUES ('ada'), ('ben'), ('eve');
WITH RECURSIVE number(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < 200)
INSERT INTO Post SELECT n, CASE n % 3 WHEN 0 THEN 'ada' WHEN 1 THEN 'ben' ELSE 'eve' END FROM number;
)";

}  // namespace

extern constinit const Rule prf004_scanning_lookup = {
    .code = "PRF004",
    .name = "scanning-lookup",
    .level = Level::warning,
    .summary = "a lazy load reads a whole table although an index is there",
    .explanation = explanation,
    .failing = {.sql = failing},
    .fixed = {.sql = fixed},
    .check = check,
};

}  // namespace doctor::rules
