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
Relationships for which the lazy load and the equivalent JOIN give different rows. Every row is
compared by both rules; besides, owners are loaded for real and counted against a JOIN.

## Why it breaks loading
A look-up by a value converts the value with the key column's affinity and compares with the key
column's collation. A JOIN looks at the types of both columns. Where these differ ('01' and 1, 'A'
and 'a', a text reference to an integer key), a row is related one way and not the other: a report
counts what a page does not show, and going there and back does not return.

## What to do
Give both columns the same type and collation, and the values the same form.

## What it can miss
Columns that compare by a collation which only the application has.
)";

void add_oracle(const OracleCheck& oracle, const ommi::Relation& relation, Finding& finding) {
  finding.evidence.notes.push_back(fmt::format("{}: {} of {} loaded for real differ from the JOIN",
                                               ommi::escaped(relation.name()), oracle.differing,
                                               counted(oracle.owners, "owner")));
  for (const HopSample& sample : oracle.samples) {
    finding.evidence.notes.push_back(
        fmt::format("{}: {}", ommi::escaped(sample.path), ommi::escaped(sample.message)));
  }
}

void check_reference(const ReferenceSweep& seen, const Evidence& evidence, Findings& findings) {
  Finding& finding = findings.add(
      subject_of(*seen.model, seen.fields, main_relation(seen)),
      fmt::format("{} of {} {} to different rows of {} by look-up and by JOIN",
                  counted(seen.join_differs, "row"), ommi::escaped(seen.model->name()),
                  seen.join_differs == 1 ? "leads" : "lead", ommi::escaped(seen.target->name())));
  const bool both_ways =
      std::any_of(seen.relations.begin(), seen.relations.end(), [](const ommi::Relation* relation) {
        return relation->direction != ommi::Direction::forward;
      });
  finding.count = seen.join_differs;
  finding.scope = coverage(seen.rows);
  finding.samples = seen.join_samples;
  finding.relations = seen.relations;
  finding.evidence.sql =
      select_rows(*seen.model, seen.fields, differing_condition(columns_of(seen), both_ways));
  if (const ommi::Relation* relation = main_relation(seen)) finding.place = relation->info.place;
  for (std::size_t part = 0; part < seen.fields.size(); ++part) {
    finding.evidence.notes.push_back(comparison_of(*seen.model, seen.fields[part]));
    finding.evidence.notes.push_back(comparison_of(*seen.target, seen.target_fields[part]));
  }
  for (const RelationshipObservation& load : evidence.relationships) {
    const auto& relations = seen.relations;
    const bool follows =
        std::find(relations.begin(), relations.end(), load.relation) != relations.end();
    if (follows && load.oracle.differing > 0) add_oracle(load.oracle, *load.relation, finding);
  }
  finding.remedies = {{Safety::manual,
                       "give both columns the same type and collation, and convert the values",
                       {}}};
}

void check_load(const RelationshipObservation& seen, Findings& findings) {
  const ommi::Relation& relation = *seen.relation;
  Finding& finding = findings.add(
      subject_of(relation),
      fmt::format("the lazy load of {} and the JOIN give different rows for "
                  "{}",
                  ommi::escaped(relation.name()), counted(seen.oracle.differing, "owner")));
  finding.count = seen.oracle.differing;
  finding.scope = fmt::format("{} of {}", seen.oracle.owners, counted(seen.loads, "load"));
  finding.relations = {&relation};
  finding.place = relation.info.place;
  finding.discriminator = "loads";
  finding.evidence.sql = seen.oracle.sql;
  for (const HopSample& sample : seen.oracle.samples) finding.samples.push_back(sample.owner);
  add_oracle(seen.oracle, relation, finding);
  finding.remedies = {
      {Safety::manual, "compare the two columns' types, collations and values", {}}};
}

void check(const Evidence& evidence, Findings& findings) {
  std::vector<const ommi::Relation*> told;
  for (const ReferenceSweep& seen : evidence.references) {
    if (seen.join_differs == 0) continue;
    check_reference(seen, evidence, findings);
    told.insert(told.end(), seen.relations.begin(), seen.relations.end());
  }
  for (const RelationshipObservation& seen : evidence.relationships) {
    if (seen.oracle.differing == 0) continue;
    if (std::find(told.begin(), told.end(), seen.relation) == told.end()) {
      check_load(seen, findings);
    }
  }
}

constexpr std::string_view failing = R"(
CREATE TABLE Country (code TEXT PRIMARY KEY, name TEXT);
CREATE TABLE City (id INTEGER PRIMARY KEY, country INTEGER REFERENCES Country(code));
INSERT INTO Country VALUES ('1', 'one'), ('01', 'another');
INSERT INTO City VALUES (1, 1), (2, '01');
)";

constexpr std::string_view fixed = R"(
CREATE TABLE Country (code TEXT PRIMARY KEY, name TEXT);
CREATE TABLE City (id INTEGER PRIMARY KEY, country TEXT REFERENCES Country(code));
INSERT INTO Country VALUES ('1', 'one'), ('01', 'another');
INSERT INTO City VALUES (1, '1'), (2, '01');
)";

}  // namespace

extern constinit const Rule lzy009_traversal_oracle_failed = {
    .code = "LZY009",
    .name = "traversal-oracle-failed",
    .level = Level::error,
    .summary = "a lazy load and the equivalent JOIN give different rows",
    .explanation = explanation,
    .failing = {.sql = failing},
    .fixed = {.sql = fixed},
    .check = check,
};

}  // namespace doctor::rules
