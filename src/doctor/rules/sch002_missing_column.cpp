#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "doctor/proof.hpp"
#include "doctor/rule.hpp"
#include "doctor/wording.hpp"

namespace doctor::rules {
namespace {

constexpr std::string_view explanation = R"(
## What it looks for
Fields of a model for which its table has no column (`store_as` counted), and references that name a
field which their target does not have.

## Why it breaks loading
A load asks for all fields of a model, so one missing column breaks every relationship that reads
the model's rows. A reference to a field that is not there cannot be followed at all.

## What to do
Where the column was renamed, say so in the model (`store_as`). Where it is new, add it to the
table: without harm if it may be NULL.

## What it can miss
A column of the right name that holds something else; DRV004 looks at the values.
)";

bool is_rowid(std::string_view column) {
  return same_name(column, "rowid") || same_name(column, "oid") || same_name(column, "_rowid_");
}

std::string nearest_column(const ommi::FieldInfo& field, const ommi::Model& model,
                           const ommi::Table& table) {
  std::vector<std::string> free;
  for (const ommi::Column& column : table.columns) {
    const auto is_stored_as = [&](const ommi::FieldInfo& other) {
      return same_name(other.column(), column.name);
    };
    if (std::none_of(model.fields().begin(), model.fields().end(), is_stored_as)) {
      free.push_back(column.name);
    }
  }
  return ommi::nearest(field.column(), free);
}

void add_finding(const Evidence& evidence, const ommi::Model& model, const ommi::Table& table,
                 std::size_t number, Findings& findings) {
  const ommi::FieldInfo& field = model.fields()[number];
  Finding& finding = findings.add(
      subject_of(model, {number}, nullptr),
      fmt::format("{} {} has no column {}", table.kind == ommi::TableKind::view ? "view" : "table",
                  ommi::escaped(table.name), ommi::escaped(field.column())));
  finding.count = 1;
  finding.place = field.place;
  finding.relations = relations_touching(*evidence.catalog, model);
  if (const std::string nearest = nearest_column(field, model, table); !nearest.empty()) {
    finding.evidence.notes.push_back(
        fmt::format("the nearest column that no field is stored in is {}", ommi::escaped(nearest)));
    finding.remedies.push_back(
        {Safety::manual,
         fmt::format("if {} is the column that is meant, say so in the model (store_as)",
                     ommi::escaped(nearest)),
         {}});
  }
  if (table.kind != ommi::TableKind::table) return;
  finding.remedies.push_back(
      {field.nullable ? Safety::safe : Safety::unsafe,
       field.nullable ? "add the column" : "add the column and give every row a value",
       {fmt::format("ALTER TABLE {} ADD COLUMN {}{}{};", quoted_name(table.name),
                    quoted_name(field.column()), field.declared_type.empty() ? "" : " ",
                    field.declared_type)}});
}

void check_fields(const Evidence& evidence, Findings& findings) {
  if (evidence.schema == nullptr || evidence.catalog == nullptr) return;
  for (const ommi::Model& model : evidence.catalog->models()) {
    const ommi::Table* table = evidence.schema->find_table(model.info.table());
    if (table == nullptr || !table->unreadable.empty()) continue;
    for (std::size_t field = 0; field < model.fields().size(); ++field) {
      const std::string& column = model.fields()[field].column();
      if (table->find_column(column) != nullptr) continue;
      if (table->kind == ommi::TableKind::table && !table->without_rowid && is_rowid(column)) {
        continue;
      }
      add_finding(evidence, model, *table, field, findings);
    }
  }
}

using Problems = std::vector<const ommi::Problem*>;

/// What is missing → the problems that it makes; those of references before those of relationships,
/// which only follow them.
std::map<std::string, Problems> by_what_is_missing(const Evidence& evidence) {
  std::map<std::string, Problems> groups;
  for (const ommi::Problem& problem : evidence.problems) {
    if (problem.what != ommi::Problem::What::unknown_field) continue;
    groups[problem.missing.empty() ? problem.message : problem.missing].push_back(&problem);
  }
  const auto follows = [&](const ommi::Problem* problem) {
    const ommi::Model* model =
        evidence.catalog == nullptr ? nullptr : evidence.catalog->find(problem->model);
    return model != nullptr && model->find_relation(problem->name) != nullptr &&
           !model->find_field(problem->name);
  };
  for (auto& [missing, problems] : groups) {
    std::stable_partition(problems.begin(), problems.end(),
                          [&](const ommi::Problem* problem) { return !follows(problem); });
  }
  return groups;
}

void add_relations(const Evidence& evidence, const Problems& problems, Finding& finding) {
  for (const ommi::Model& model : evidence.catalog->models()) {
    for (const ommi::Relation& relation : model.relations) {
      const bool broken =
          std::any_of(problems.begin(), problems.end(), [&](const ommi::Problem* problem) {
            return relation.problem && relation.problem->message == problem->message;
          });
      if (broken) finding.relations.push_back(&relation);
    }
  }
}

void check_problems(const Evidence& evidence, Findings& findings) {
  for (const auto& [missing, problems] : by_what_is_missing(evidence)) {
    const ommi::Problem& first = *problems.front();
    Subject subject;
    subject.model = first.model;
    subject.field = first.name;
    Finding& finding = findings.add(std::move(subject), ommi::escaped(first.message));
    finding.count = 1;
    finding.place = first.place;
    finding.discriminator = missing;
    if (!first.candidates.empty()) {
      finding.evidence.notes.push_back(fmt::format(
          "near it: {}", ommi::escaped(fmt::format("{}", fmt::join(first.candidates, ", ")))));
    }
    finding.remedies.push_back(
        {Safety::manual, "name a field that is there, in the model or in the manifest", {}});
    if (evidence.catalog == nullptr) continue;
    if (const ommi::Model* model = evidence.catalog->find(first.model)) {
      finding.subject.table = model->info.table();
    }
    add_relations(evidence, problems, finding);
    if (finding.relations.size() == 1) {
      finding.subject.relationship = finding.relations.front()->name();
    }
  }
}

void check(const Evidence& evidence, Findings& findings) {
  check_fields(evidence, findings);
  check_problems(evidence, findings);
}

constexpr std::string_view manifest = R"({"schema_version": 1, "source": "example", "models": [
  {"name": "User", "store_as": "User", "fields": [
    {"name": "id", "store_as": "id", "type": "integer", "nullable": false, "key": true}]},
  {"name": "Post", "store_as": "Post", "fields": [
    {"name": "id", "store_as": "id", "type": "integer", "nullable": false, "key": true},
    {"name": "user_id", "store_as": "user_id", "type": "integer", "nullable": true,
     "reference": {"model": "User", "field": "id"}}],
   "relationships": [{"name": "author", "kind": "to-one", "target": "User",
                      "join": [["user_id", "id"]]}]}]})";

constexpr std::string_view failing = R"(
CREATE TABLE User (id INTEGER PRIMARY KEY);
CREATE TABLE Post (id INTEGER PRIMARY KEY, userid INTEGER);
INSERT INTO User VALUES (1);
INSERT INTO Post VALUES (1, 1);
)";

constexpr std::string_view fixed = R"(
CREATE TABLE User (id INTEGER PRIMARY KEY);
CREATE TABLE Post (id INTEGER PRIMARY KEY, user_id INTEGER);
INSERT INTO User VALUES (1);
INSERT INTO Post VALUES (1, 1);
)";

}  // namespace

extern constinit const Rule sch002_missing_column = {
    .code = "SCH002",
    .name = "missing-column",
    .level = Level::error,
    .summary = "a field, or what a reference names, has no column",
    .explanation = explanation,
    .failing = {.sql = failing, .manifest = manifest},
    .fixed = {.sql = fixed, .manifest = manifest},
    .check = check,
};

}  // namespace doctor::rules
