#include <algorithm>

#include <fmt/format.h>

#include "doctor/rule.hpp"
#include "doctor/wording.hpp"

namespace doctor::rules {
namespace {

constexpr std::string_view explanation = R"(
## What it looks for
References that name some of the fields of a composite key and leave the others out, and composite
references that pair fields crosswise: `year` with `number` and `number` with `year`.

## Why it breaks loading
A part of a key is shared by many rows. A to-one relationship over it finds all of them, so it is
refused here; a list on the other side is claimed by every row with that part. Fields that are paired
crosswise name another row, or none.

## What to do
Let the reference name all fields of the key, each beside its own.

## What it can miss
Fields that are paired wrongly and have other names.
)";

bool is_part_of_key(const ReferenceSweep& seen) {
  const ommi::Model& target = *seen.target;
  if (seen.target_fields.size() >= target.key.size() || target.unique(seen.target_fields)) {
    return false;
  }
  return std::all_of(seen.target_fields.begin(), seen.target_fields.end(), [&](std::size_t field) {
    return std::find(target.key.begin(), target.key.end(), field) != target.key.end();
  });
}

bool is_crossed(const ReferenceSweep& seen) {
  const auto named_alike = [&](std::size_t one, std::size_t other) {
    return same_name(seen.model->fields()[seen.fields[one]].name,
                     seen.target->fields()[seen.target_fields[other]].name);
  };
  for (std::size_t one = 0; one < seen.fields.size(); ++one) {
    for (std::size_t other = one + 1; other < seen.fields.size(); ++other) {
      if (named_alike(one, other) && named_alike(other, one) && !named_alike(one, one)) return true;
    }
  }
  return false;
}

Finding& add_finding(const ReferenceSweep& seen, std::string message, Findings& findings) {
  Finding& finding =
      findings.add(subject_of(*seen.model, seen.fields, main_relation(seen)), std::move(message));
  finding.count = 1;
  finding.scope = coverage(seen.rows);
  finding.relations = seen.relations;
  finding.discriminator = ommi::escaped(seen.target->name());
  if (const ommi::Relation* relation = main_relation(seen)) finding.place = relation->info.place;
  for (std::size_t part = 0; part < seen.fields.size(); ++part) {
    finding.evidence.notes.push_back(
        fmt::format("{} is paired with {}", field_names(*seen.model, {seen.fields[part]}),
                    field_names(*seen.target, {seen.target_fields[part]})));
  }
  finding.remedies = {
      {Safety::manual,
       fmt::format("let it name the whole key: {}", field_names(*seen.target, seen.target->key)),
       {}}};
  return finding;
}

void check_problems(const Evidence& evidence, Findings& findings) {
  for (const ommi::Problem& problem : evidence.problems) {
    if (problem.what != ommi::Problem::What::partial_reference) continue;
    const ommi::Model* model =
        evidence.catalog == nullptr ? nullptr : evidence.catalog->find(problem.model);
    const ommi::Relation* relation =
        model == nullptr ? nullptr : model->find_relation(problem.name);
    Subject subject;
    subject.model = problem.model;
    if (relation != nullptr) subject = subject_of(*relation);
    Finding& finding = findings.add(std::move(subject), ommi::escaped(problem.message));
    finding.count = 1;
    finding.place = problem.place;
    if (relation != nullptr) finding.relations = {relation};
    finding.remedies = {{Safety::manual, "let the reference name the whole key", {}}};
  }
}

void check(const Evidence& evidence, Findings& findings) {
  check_problems(evidence, findings);
  for (const ReferenceSweep& seen : evidence.references) {
    if (is_part_of_key(seen)) {
      add_finding(seen,
                  fmt::format("{} names {} of the {} fields of {}'s key",
                              ommi::escaped(seen.model->name()), seen.target_fields.size(),
                              seen.target->key.size(), ommi::escaped(seen.target->name())),
                  findings);
    } else if (is_crossed(seen)) {
      add_finding(
          seen,
          fmt::format("{} refers to {} with its fields paired crosswise",
                      ommi::escaped(seen.model->name()), ommi::escaped(seen.target->name())),
          findings);
    }
  }
}

constexpr std::string_view failing_manifest =
    R"({"schema_version": 1, "source": "example", "models": [
  {"name": "Order", "store_as": "Order", "fields": [
    {"name": "year", "store_as": "year", "type": "integer", "nullable": false, "key": true},
    {"name": "number", "store_as": "number", "type": "integer", "nullable": false, "key": true}]},
  {"name": "Line", "store_as": "Line", "fields": [
    {"name": "id", "store_as": "id", "type": "integer", "nullable": false, "key": true},
    {"name": "year", "store_as": "year", "type": "integer", "nullable": true},
    {"name": "number", "store_as": "number", "type": "integer", "nullable": true}],
   "references": [{"fields": ["year"], "model": "Order", "target_fields": ["year"]}],
   "relationships": [{"name": "order", "kind": "to-one", "target": "Order",
                      "join": [["year", "year"]]}]}]})";

constexpr std::string_view fixed_manifest =
    R"({"schema_version": 1, "source": "example", "models": [
  {"name": "Order", "store_as": "Order", "fields": [
    {"name": "year", "store_as": "year", "type": "integer", "nullable": false, "key": true},
    {"name": "number", "store_as": "number", "type": "integer", "nullable": false, "key": true}]},
  {"name": "Line", "store_as": "Line", "fields": [
    {"name": "id", "store_as": "id", "type": "integer", "nullable": false, "key": true},
    {"name": "year", "store_as": "year", "type": "integer", "nullable": true},
    {"name": "number", "store_as": "number", "type": "integer", "nullable": true}],
   "references": [{"fields": ["year", "number"], "model": "Order", "target_fields": ["year", "number"]}],
   "relationships": [{"name": "order", "kind": "to-one", "target": "Order",
                      "join": [["year", "year"], ["number", "number"]]}]}]})";

constexpr std::string_view database = R"(
CREATE TABLE "Order" (year INTEGER, number INTEGER, PRIMARY KEY (year, number)) WITHOUT ROWID;
CREATE TABLE Line (id INTEGER PRIMARY KEY, year INTEGER, number INTEGER);
CREATE INDEX Line_order ON Line (year, number);
INSERT INTO "Order" VALUES (2023, 1), (2023, 2), (2024, 1);
INSERT INTO Line VALUES (1, 2023, 1), (2, 2024, 1);
)";

}  // namespace

extern constinit const Rule rel009_composite_reference_partial = {
    .code = "REL009",
    .name = "composite-reference-partial",
    .level = Level::warning,
    .summary = "a reference covers a part of a composite key, or pairs its columns wrongly",
    .explanation = explanation,
    .failing = {.sql = database, .manifest = failing_manifest},
    .fixed = {.sql = database, .manifest = fixed_manifest},
    .check = check,
};

}  // namespace doctor::rules
