#include <fmt/format.h>
#include <fmt/ranges.h>

#include "doctor/rule.hpp"
#include "doctor/searches.hpp"
#include "doctor/wording.hpp"

namespace doctor::rules {
namespace {

constexpr std::string_view explanation = R"(
## What it looks for
Association tables of 100 links or more whose key or index begins with the columns of one side, where
a relationship looks for the other side: the plan of its lazy query reads the whole table.

## Why it breaks loading
An index is a phone book: it serves who knows the first name on its lines. From one side the links are
found at once; from the other each load reads all of them.

## What to do
Make an index that begins with the other side's columns.

## What it can miss
Directions that no relationship follows. Tables that are small today.
)";

void check(const Evidence& evidence, Findings& findings) {
  for (const Search& search : scanning_searches(evidence)) {
    if (search.index != Search::Index::trailing) continue;
    const RelationshipObservation& seen = *search.loads.front();
    const ommi::Relation& relation = *seen.relation;
    const ommi::Model& via = *search.model;
    Finding& finding = findings.add(
        subject_of(via, search.fields, &relation),
        fmt::format("each load of {} reads all {} of {}: {} begins with the other side",
                    ommi::escaped(relation.name()), counted(search.rows, "link"),
                    ommi::escaped(via.name()), ommi::escaped(search.name)));
    finding.count = search.loads.size();
    finding.scope = coverage(search.rows);
    for (const RelationshipObservation* load : search.loads) {
      finding.relations.push_back(load->relation);
    }
    finding.place = relation.info.place;
    finding.evidence.sql = seen.plan->statement;
    finding.evidence.plan = seen.plan->steps;
    if (std::string note = measured(evidence, search); !note.empty()) {
      finding.evidence.notes.push_back(std::move(note));
    }
    for (const RelationshipObservation& other : evidence.relationships) {
      if (&other == &seen || other.relation->via != &via || !other.plan) continue;
      finding.evidence.notes.push_back(fmt::format("{}, the other way: {}",
                                                   ommi::escaped(other.relation->name()),
                                                   fmt::join(other.plan->steps, "; ")));
    }
    finding.remedies = {
        {Safety::safe, "make an index for this direction", {create_index(evidence, search)}}};
  }
}

constexpr std::string_view failing = R"(
CREATE TABLE User (id INTEGER PRIMARY KEY);
CREATE TABLE Permission (id INTEGER PRIMARY KEY);
CREATE TABLE UserPermission (
  user_id INTEGER REFERENCES User(id),
  permission_id INTEGER REFERENCES Permission(id),
  PRIMARY KEY (user_id, permission_id));
INSERT INTO Permission VALUES (1), (2), (3);
WITH RECURSIVE number(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < 200)
INSERT INTO User SELECT n FROM number;
INSERT INTO UserPermission SELECT id, 1 + id % 3 FROM User;
)";

constexpr std::string_view fixed = R"(
CREATE TABLE User (id INTEGER PRIMARY KEY);
CREATE TABLE Permission (id INTEGER PRIMARY KEY);
CREATE TABLE UserPermission (
  user_id INTEGER REFERENCES User(id),
  permission_id INTEGER REFERENCES Permission(id),
  PRIMARY KEY (user_id, permission_id));
CREATE INDEX UserPermission_permission_id ON UserPermission (permission_id);
INSERT INTO Permission VALUES (1), (2), (3);
WITH RECURSIVE number(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < 200)
INSERT INTO User SELECT n FROM number;
INSERT INTO UserPermission SELECT id, 1 + id % 3 FROM User;
)";

}  // namespace

extern constinit const Rule sch008_association_reverse_not_indexed = {
    .code = "SCH008",
    .name = "association-reverse-not-indexed",
    .level = Level::warning,
    .summary = "an association is indexed for one direction only, and loads go in the other, too",
    .explanation = explanation,
    .failing = {.sql = failing},
    .fixed = {.sql = fixed},
    .check = check,
};

}  // namespace doctor::rules
