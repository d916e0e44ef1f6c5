#include <map>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "doctor/proof.hpp"
#include "doctor/rule.hpp"
#include "doctor/wording.hpp"

namespace doctor::rules {
namespace {

constexpr std::string_view explanation = R"(
## What it looks for
Models whose table (or view) is not in the database, and references or relationships that name a
table that is not there.

## Why it breaks loading
Every relationship that starts from the table, leads to it or goes through it fails, each with its
own message. This is one fault, so it is one finding; what it breaks is listed under it.

## What to do
Where the table was renamed, say so in the model (`store_as`). Where it was never made, or was
dropped, make it again from the application's schema.

## What it can miss
A table of the right name that holds something else.
)";

std::vector<std::string> table_names(const ommi::Schema& schema) {
  std::vector<std::string> names;
  for (const ommi::Table& table : schema.tables) {
    if (table.kind != ommi::TableKind::shadow) names.push_back(table.name);
  }
  return names;
}

/// Renaming often means a plural, which few edits of a short name do not reach.
std::string nearest_table(const std::string& name, const ommi::Schema& schema) {
  const std::vector<std::string> tables = table_names(schema);
  std::string found = ommi::nearest(name, tables);
  if (found.empty()) found = ommi::nearest(name + "s", tables);
  if (found.empty() && name.size() > 1 && name.back() == 's') {
    found = ommi::nearest(name.substr(0, name.size() - 1), tables);
  }
  return found;
}

std::string doubled_quotes(std::string_view text) {
  std::string doubled;
  for (const char letter : text) doubled.append(letter == '\'' ? 2 : 1, letter);
  return doubled;
}

std::string quoted_fields(const ommi::Model& model) {
  std::string columns;
  for (const ommi::FieldInfo& field : model.fields()) {
    columns += fmt::format("{}{}{}{}", columns.empty() ? "" : ", ", quoted_name(field.column()),
                           field.declared_type.empty() ? "" : " ", field.declared_type);
  }
  std::string key;
  for (const std::size_t part : model.key) {
    key += (key.empty() ? "" : ", ") + quoted_name(model.fields()[part].column());
  }
  return key.empty() ? columns : fmt::format("{}, PRIMARY KEY ({})", columns, key);
}

void add_nearest(Finding& finding, const std::string& name, const Evidence& evidence) {
  if (evidence.schema == nullptr) return;
  const std::string nearest = nearest_table(name, *evidence.schema);
  if (nearest.empty()) return;
  finding.evidence.notes.push_back(
      fmt::format("the nearest name in the database is {}", ommi::escaped(nearest)));
  finding.remedies.push_back(
      {Safety::manual,
       fmt::format("if {} is the table that is meant, say so in the model (store_as)",
                   ommi::escaped(nearest)),
       {}});
}

/// Models without a table.
void check_models(const Evidence& evidence, Findings& findings) {
  if (evidence.schema == nullptr || evidence.catalog == nullptr) return;
  for (const ommi::Model& model : evidence.catalog->models()) {
    const std::string& table = model.info.table();
    if (evidence.schema->find_table(table) != nullptr) continue;
    Subject subject;
    subject.model = model.name();
    subject.table = table;
    Finding& finding = findings.add(std::move(subject),
                                    fmt::format("the table {} of {} is not in the database",
                                                ommi::escaped(table), ommi::escaped(model.name())));
    finding.count = 1;
    finding.place = model.info.place;
    finding.relations = relations_touching(*evidence.catalog, model);
    finding.evidence.sql = fmt::format(
        "SELECT name FROM sqlite_schema WHERE name = '{}' COLLATE NOCASE;", doubled_quotes(table));
    add_nearest(finding, table, evidence);
    // An empty table beside a renamed one would hide the fault.
    const bool renamed = !finding.remedies.empty();
    finding.remedies.push_back(
        {renamed ? Safety::unsafe : Safety::safe,
         "make the table, empty",
         {fmt::format("CREATE TABLE {} ({});", quoted_name(table), quoted_fields(model))}});
  }
}

/// What refers to one unknown name.
struct Unknown {
  std::set<const ommi::Model*> models;
  std::vector<const ommi::Relation*> relations;
  std::vector<std::string> notes;
  ommi::Place place;
};

/// Names that references and relationships give and no model has.
std::map<std::string, Unknown> unknown_names(const ommi::Catalog& catalog) {
  std::map<std::string, Unknown> unknown;
  for (const ommi::Model& model : catalog.models()) {
    for (const ommi::Reference& reference : model.info.references) {
      if (catalog.find(reference.model) != nullptr) continue;
      Unknown& found = unknown[reference.model];
      found.models.insert(&model);
      found.place = reference.place;
      found.notes.push_back(
          fmt::format("{}.{} refers to it", ommi::escaped(model.name()),
                      ommi::escaped(fmt::format("{}", fmt::join(reference.fields, ", ")))));
    }
    for (const ommi::Relation& relation : model.relations) {
      for (const std::string& name : {relation.info.target, relation.info.via}) {
        if (name.empty() || catalog.find(name) != nullptr) continue;
        Unknown& found = unknown[name];
        found.models.insert(&model);
        found.relations.push_back(&relation);
        found.place = relation.info.place;
        found.notes.push_back(ommi::escaped(relation.name()) + " leads to it");
      }
    }
  }
  return unknown;
}

void check_names(const Evidence& evidence, Findings& findings) {
  if (evidence.catalog == nullptr) return;
  for (auto& [name, unknown] : unknown_names(*evidence.catalog)) {
    // A table without a model was left out on purpose; one that is not there is the fault.
    if (evidence.schema != nullptr && evidence.schema->find_table(name) != nullptr) continue;
    Subject subject;
    if (unknown.models.size() == 1) {
      subject.model = (*unknown.models.begin())->name();
    }
    subject.table = name;
    Finding& finding = findings.add(
        std::move(subject),
        fmt::format("{}, which references or relationships name, is neither a model nor a table",
                    ommi::escaped(name)));
    finding.count = unknown.notes.size();
    finding.place = unknown.place;
    finding.relations = unknown.relations;
    finding.evidence.notes = unknown.notes;
    add_nearest(finding, name, evidence);
    finding.remedies.push_back({Safety::manual, "make the table, or drop what refers to it", {}});
  }
}

void check(const Evidence& evidence, Findings& findings) {
  check_models(evidence, findings);
  check_names(evidence, findings);
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
CREATE TABLE users (id INTEGER PRIMARY KEY);
CREATE TABLE Post (id INTEGER PRIMARY KEY, user_id INTEGER);
INSERT INTO users VALUES (1);
INSERT INTO Post VALUES (1, 1);
)";

constexpr std::string_view fixed = R"(
CREATE TABLE User (id INTEGER PRIMARY KEY);
CREATE TABLE Post (id INTEGER PRIMARY KEY, user_id INTEGER);
INSERT INTO User VALUES (1);
INSERT INTO Post VALUES (1, 1);
)";

}  // namespace

extern constinit const Rule sch001_missing_table = {
    .code = "SCH001",
    .name = "missing-table",
    .level = Level::error,
    .summary = "a model, reference or relationship has no table",
    .explanation = explanation,
    .failing = {.sql = failing, .manifest = manifest},
    .fixed = {.sql = fixed, .manifest = manifest},
    .check = check,
};

}  // namespace doctor::rules
