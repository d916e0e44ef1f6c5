#include <algorithm>

#include <fmt/format.h>

#include "doctor/ommi_code.hpp"
#include "doctor/wording.hpp"

namespace doctor::rules {
namespace {

constexpr std::string_view explanation = R"(
## What it looks for
Models in which no field is marked with Key and none is called `id` or `_id`, so that Ommi takes the
first field whose class is derived from int: where that is a bool, and where the look for it fails.

## Why it breaks loading
`bool` is derived from `int`. With a bool for a key the table holds two rows at most. And Ommi asks
`issubclass` of every field's type: one that is no class (Optional, a union, `list[…]`, a NewType),
wherever it stands, is `TypeError: issubclass() arg 1 must be a class` when the table is made or a row is
added.

## What to do
Mark the key: `Annotated[int, Key]`.

## What it can miss
Types from files that were not given.
)";

const python::Type* type_of(const python::Field& field) {
  if (field.field_type) return &*field.field_type;
  return field.type ? &*field.type : nullptr;
}

bool has_key(const python::Model& model) {
  return std::any_of(model.fields.begin(), model.fields.end(), [](const python::Field& field) {
    return field.is_column() && (field.key || field.column() == "id" || field.column() == "_id");
  });
}

/// The field that is the key: the table's own, else the first int that refers to nothing; null
/// where neither is there.
const python::Field* key_meant(const Evidence& evidence, const python::Model& model) {
  const ommi::Table* const table =
      evidence.schema == nullptr ? nullptr : evidence.schema->find_table(model.table.name);
  std::vector<std::string> parts;
  if (table != nullptr) {
    for (const ommi::Column& column : table->columns) {
      if (column.key_part > 0) parts.push_back(column.name);
    }
  }
  const auto is_meant = [&](const python::Field& field) {
    if (field.lazy || field.class_var || field.quoted) return false;
    if (!parts.empty()) return parts.size() == 1 && same_name(field.column(), parts.front());
    const python::Type* const type = type_of(field);
    return type != nullptr && type->exact == "int" && !field.reference;
  };
  const auto found = std::find_if(model.fields.begin(), model.fields.end(), is_meant);
  return found == model.fields.end() ? nullptr : &*found;
}

/// The lines of that field, marked.
std::vector<TextEdit> with_key(const python::Model& model, const python::Field& field) {
  const std::string& text = field.annotation;
  if (!field.type || field.type->alias) return {};
  if (text.find("Annotated") == std::string::npos)
    return with_annotation(model, field, fmt::format("Annotated[{}, Key]", text));
  const python::Part& type = field.type->place;
  if (!text.starts_with("Annotated[") || !type.here) return {};
  return with_part(model, field, {type.end, type.end, true}, ", Key");
}

void add_finding(const Evidence& evidence, const python::Model& model, const python::Field& field,
                 std::string message, Findings& findings) {
  Finding& finding = add_about(findings, evidence, model, &field, std::move(message));
  finding.relations = relations_by_references(evidence, model);
  const python::Field* const key = key_meant(evidence, model);
  finding.remedies = {
      {Safety::manual,
       fmt::format("mark the key of {}: Annotated[…, Key] (from ommi)", ommi::escaped(model.name)),
       {},
       key == nullptr ? std::vector<TextEdit>() : with_key(model, *key)}};
}

void look_at(const Evidence& evidence, const python::Model& model, Findings& findings) {
  if (has_key(model)) return;
  const python::Field* guessed = nullptr;
  for (const python::Field& field : model.fields) {
    // A lazy field that became a column is MOD005's.
    const python::Type* const type = field.lazy ? nullptr : type_of(field);
    if (type == nullptr) continue;
    if (type->is_class == false) {
      return add_finding(
          evidence, model, field,
          fmt::format("{} has no Key, and to guess one Ommi asks what {} is derived from: "
                      "TypeError: issubclass() arg 1 must be a class",
                      ommi::escaped(model.name), ommi::escaped(type->text)),
          findings);
    }
    if (guessed == nullptr && type->int_subclass) guessed = &field;
  }
  if (guessed == nullptr || type_of(*guessed)->exact != "bool") return;
  add_finding(evidence, model, *guessed,
              fmt::format("{} has no Key, and Ommi takes {} for it, a bool",
                          ommi::escaped(model.name), name_of(model, *guessed)),
              findings);
}

void check(const Evidence& evidence, Findings& findings) {
  for_each_model(evidence, [&](const python::Model& model) { look_at(evidence, model, findings); });
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
    active: bool
    number: int
    posts: "LazyLoadEveryRelated[Post]"

@ommi_model
@dataclass
class Post:
    id: Annotated[int, Key]
    title: str
    user_id: Annotated[int, ReferenceTo(User.number)]
    author: LazyLoadTheRelated[User]
)py";

constexpr std::string_view fixed = R"py(
from dataclasses import dataclass
from typing import Annotated
from ommi import Key, ommi_model
from ommi.models.field_metadata import ReferenceTo
from ommi.models.query_fields import LazyLoadEveryRelated, LazyLoadTheRelated

@ommi_model
@dataclass
class User:
    active: bool
    number: Annotated[int, Key]
    posts: "LazyLoadEveryRelated[Post]"

@ommi_model
@dataclass
class Post:
    id: Annotated[int, Key]
    title: str
    user_id: Annotated[int, ReferenceTo(User.number)]
    author: LazyLoadTheRelated[User]
)py";

constexpr std::string_view database = R"(
CREATE TABLE "User"("active" INTEGER, "number" INTEGER, PRIMARY KEY ("number"));
CREATE TABLE "Post"("id" INTEGER, "title" TEXT, "user_id" INTEGER, PRIMARY KEY ("id"));
CREATE INDEX post_user ON "Post" ("user_id");
INSERT INTO "User" VALUES (1, 1), (1, 2);
INSERT INTO "Post" VALUES (1, 'first', 1), (2, 'second', 2);
)";

}  // namespace

extern constinit const Rule mod014_default_key_surprise = {
    .code = "MOD014",
    .name = "default-key-surprise",
    .level = Level::warning,
    .summary = "a model without Key, for which Ommi guesses badly",
    .explanation = explanation,
    .failing = {.sql = database, .python = failing},
    .fixed = {.sql = database, .python = fixed},
    .check = check,
};

}  // namespace doctor::rules
