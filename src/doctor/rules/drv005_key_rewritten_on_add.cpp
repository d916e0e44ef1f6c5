#include <algorithm>

#include <fmt/format.h>

#include "doctor/ommi_code.hpp"
#include "doctor/wording.hpp"

namespace doctor::rules {
namespace {

constexpr std::string_view explanation = R"(
## What it looks for
Ommi models with lazy fields that start from a key which is a text or has several parts.

## Why it breaks loading
After `add` Ommi's SQLite driver sets the first part of the key of each row in memory to the number that
SQLite gave the row (`last_insert_rowid()`). That is the key only where the key is one INTEGER. A text
key, or the first part of a key of several, is overwritten: a lazy field of that object then asks for the
rows of another key, finds none or a stranger's, and no error is raised. What is stored is right.

## What to do
Fetch the row again after adding it, before its lazy fields are loaded.

## What it can miss
Keys whose column has another name than the field: there another attribute is set. Models that nothing
loads from.
)";

/// The fields of the model's key, as Ommi takes it.
std::vector<const python::Field*> key_of(const python::Model& model) {
  std::vector<const python::Field*> key;
  const std::string guessed = key_field(model);
  for (const python::Field& field : model.fields) {
    if (field.key || (!guessed.empty() && field.name == guessed)) key.push_back(&field);
  }
  return key;
}

bool is_integer(const python::Field& field) {
  const std::optional<python::Type>& type = field.field_type ? field.field_type : field.type;
  return type && type->exact == "int";
}

/// The lazy fields of the model that start from that field.
std::vector<const ommi::Relation*> started_by(const ommi::Model& model,
                                              const python::Field& field) {
  std::vector<const ommi::Relation*> relations;
  for (const ommi::Relation& relation : model.relations) {
    if (relation.problem) continue;
    const bool starts =
        std::any_of(relation.owner_fields.begin(), relation.owner_fields.end(),
                    [&](std::size_t number) { return model.fields()[number].name == field.name; });
    if (starts) relations.push_back(&relation);
  }
  return relations;
}

void check(const Evidence& evidence, Findings& findings) {
  for_each_model(evidence, [&](const python::Model& model) {
    const ommi::Model* const known = model_of(evidence, model);
    const std::vector<const python::Field*> key = key_of(model);
    if (known == nullptr || key.empty()) return;
    const python::Field& first = *key.front();
    if (first.column() != first.name || (key.size() == 1 && is_integer(first))) return;
    // A type that Ommi does not see as written is for another rule to say.
    if (first.stringified || !first.type || !first.type->optional.empty()) return;
    const auto relations = started_by(*known, first);
    if (relations.empty()) return;
    const char* const why =
        key.size() > 1 ? "is the first of several parts of the key" : "is a key that is no integer";
    Finding& finding = add_about(
        findings, evidence, model, &first,
        fmt::format("after add() {} is the row's number in memory, not the key that was stored: it "
                    "{}",
                    name_of(model, first), why));
    finding.relations = relations;
    finding.evidence.notes = {
        fmt::format("loaded from it: {}", relation_names(relations)),
        fmt::format("Ommi sets {} to last_insert_rowid() on each object that was added",
                    name_of(model, first))};
    finding.remedies = {
        {Safety::manual, "fetch the row again before its lazy fields are loaded", {}, {}}};
  });
}

constexpr std::string_view failing = R"py(
from dataclasses import dataclass
from typing import Annotated
from ommi import Key, ommi_model
from ommi.models.field_metadata import ReferenceTo
from ommi.models.query_fields import LazyLoadEveryRelated, LazyLoadTheRelated

@ommi_model
@dataclass
class User:
    login: Annotated[str, Key]
    posts: "LazyLoadEveryRelated[Post]"

@ommi_model
@dataclass
class Post:
    id: Annotated[int, Key]
    user_login: Annotated[str, ReferenceTo(User.login)]
    author: LazyLoadTheRelated[User]
)py";

constexpr std::string_view fixed = R"py(
from dataclasses import dataclass
from typing import Annotated
from ommi import Key, ommi_model
from ommi.models.field_metadata import ReferenceTo
from ommi.models.query_fields import LazyLoadTheRelated

@ommi_model
@dataclass
class User:
    login: Annotated[str, Key]

@ommi_model
@dataclass
class Post:
    id: Annotated[int, Key]
    user_login: Annotated[str, ReferenceTo(User.login)]
    author: LazyLoadTheRelated[User]
)py";

constexpr std::string_view database = R"(
CREATE TABLE "User"("login" TEXT, PRIMARY KEY ("login"));
CREATE TABLE "Post"("id" INTEGER, "user_login" TEXT, PRIMARY KEY ("id"));
CREATE INDEX post_user ON "Post" ("user_login");
INSERT INTO "User" VALUES ('ann'), ('bob');
INSERT INTO "Post" VALUES (1, 'ann'), (2, 'bob');
)";

}  // namespace

extern constinit const Rule drv005_key_rewritten_on_add = {
    .code = "DRV005",
    .name = "key-rewritten-on-add",
    .level = Level::error,
    .summary = "adding a row puts another key into the object than the one that is stored",
    .explanation = explanation,
    .failing = {.sql = database, .python = failing},
    .fixed = {.sql = database, .python = fixed},
    .check = check,
};

}  // namespace doctor::rules
