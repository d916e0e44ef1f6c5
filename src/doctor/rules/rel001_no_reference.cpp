#include <fmt/format.h>

#include "doctor/model_problems.hpp"
#include "doctor/wording.hpp"

namespace doctor::rules {
namespace {

constexpr std::string_view explanation = R"(
## What it looks for
Relationships between two models of which neither has a reference to the other, and that name no fields
themselves.

## Why it breaks loading
A lazy field is loaded by comparing a reference with a key. Without a reference there is nothing to
compare, so every load of this relationship fails, whatever the rows hold.

## What to do
Declare the reference on the field that holds the other model's key, or name the fields of the
relationship.

## What it can miss
Nothing among the declared relationships; what is not declared at all is not looked for here.
Associations are REL004.
)";

void add_fields(const ommi::Model& model, Finding& finding) {
  std::string names;
  for (const ommi::FieldInfo& field : model.fields()) {
    names += (names.empty() ? "" : ", ") + ommi::escaped(field.name);
  }
  finding.evidence.notes.push_back(
      fmt::format("fields of {}: {}", ommi::escaped(model.name()), names));
}

/// The field of `from` that looks like it holds the key of `to`.
void propose(const ommi::Model& from, const ommi::Model& to, Finding& finding) {
  if (to.key.size() != 1) return;
  const std::string& key = to.fields()[to.key.front()].name;
  std::vector<std::string> names;
  for (const ommi::FieldInfo& field : from.fields()) {
    if (!field.key) names.push_back(field.name);
  }
  const std::string field = ommi::nearest(to.name() + "_" + key, names);
  if (field.empty()) return;
  finding.remedies.push_back(
      {Safety::manual,
       fmt::format("declare that {}.{} refers to {}.{}", ommi::escaped(from.name()),
                   ommi::escaped(field), ommi::escaped(to.name()), ommi::escaped(key)),
       {}});
}

void add_models(const ommi::Relation& relation, const ommi::Catalog& catalog, Finding& finding) {
  std::vector<const ommi::Model*> models = {relation.owner};
  for (const std::string& name : {relation.info.target, relation.info.via}) {
    const ommi::Model* model = name.empty() ? nullptr : catalog.find(name);
    if (model != nullptr && model != relation.owner) models.push_back(model);
  }
  for (const ommi::Model* model : models) add_fields(*model, finding);
  for (const ommi::Model* from : models) {
    for (const ommi::Model* to : models) {
      const bool may_refer = relation.info.via.empty() || from->name() == relation.info.via;
      if (from != to && may_refer) propose(*from, *to, finding);
    }
  }
}

void check(const Evidence& evidence, Findings& findings) {
  for_each_problem(evidence, findings, ommi::Problem::What::no_reference,
                   [&](Finding& finding, const ommi::Problem&, const ommi::Relation* relation) {
                     if (relation != nullptr) add_models(*relation, *evidence.catalog, finding);
                     const char* const proposed = finding.remedies.empty() ? "" : "or ";
                     finding.remedies.push_back(
                         {Safety::manual,
                          fmt::format("{}name the fields that the relationship compares", proposed),
                          {}});
                   });
}

constexpr std::string_view failing_manifest =
    R"({"schema_version": 1, "source": "example", "models": [
  {"name": "User", "store_as": "User", "fields": [
    {"name": "id", "store_as": "id", "type": "integer", "nullable": false, "key": true}],
   "relationships": [{"name": "posts", "kind": "to-many", "target": "Post"}]},
  {"name": "Post", "store_as": "Post", "fields": [
    {"name": "id", "store_as": "id", "type": "integer", "nullable": false, "key": true},
    {"name": "number", "store_as": "number", "type": "integer", "nullable": true}]}]})";

constexpr std::string_view fixed_manifest =
    R"({"schema_version": 1, "source": "example", "models": [
  {"name": "User", "store_as": "User", "fields": [
    {"name": "id", "store_as": "id", "type": "integer", "nullable": false, "key": true}],
   "relationships": [{"name": "posts", "kind": "to-many", "target": "Post"}]},
  {"name": "Post", "store_as": "Post", "fields": [
    {"name": "id", "store_as": "id", "type": "integer", "nullable": false, "key": true},
    {"name": "number", "store_as": "number", "type": "integer", "nullable": true,
     "reference": {"model": "User", "field": "id"}}]}]})";

constexpr std::string_view database = R"(
CREATE TABLE User (id INTEGER PRIMARY KEY);
CREATE TABLE Post (id INTEGER PRIMARY KEY, number INTEGER);
INSERT INTO User VALUES (1), (2);
INSERT INTO Post VALUES (1, 1), (2, 1);
)";

}  // namespace

extern constinit const Rule rel001_no_reference = {
    .code = "REL001",
    .name = "no-reference",
    .level = Level::error,
    .summary = "a relationship between two models that do not refer to each other",
    .explanation = explanation,
    .failing = {.sql = database, .manifest = failing_manifest},
    .fixed = {.sql = database, .manifest = fixed_manifest},
    .check = check,
};

}  // namespace doctor::rules
