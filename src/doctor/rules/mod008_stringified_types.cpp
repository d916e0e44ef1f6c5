#include <optional>

#include <fmt/format.h>

#include "doctor/ommi_code.hpp"
#include "doctor/ommi_code_examples.hpp"

namespace doctor::rules {
namespace {

constexpr std::string_view explanation = R"(
## What it looks for
Fields of built-in types in a file with `from __future__ import annotations`, or in quotes: `"int"`,
`"Annotated[int, Key]"`. Where the table has other columns than Ommi would make, it is a warning.

## Why it breaks loading
Ommi looks the names of a text up in the module, and there `int` is not. What it does not find is of no
type that it knows: the column becomes TEXT, numbers come back as text and do not equal the keys that
they refer to, and ids that the database makes are never stored in the instance.

## What to do
Leave `from __future__ import annotations` out of files with models, and put only lazy fields in quotes.

## What it can miss
Types in a file whose names are put into it while it runs.
)";

bool is_number(const python::Type& type) {
  const std::string& meant = type.inner.empty() ? type.resolved : type.inner;
  return meant == "builtins.int" || meant == "builtins.float" || meant == "builtins.bool";
}

bool is_affected(const python::Field& field) {
  const std::optional<python::Type>& type = field.field_type ? field.field_type : field.type;
  if (field.lazy || field.class_var || !type) return false;
  return type->exact == "stringified" && is_number(*type);
}

Remedy remedy_of(const Evidence& evidence, const python::Model& model,
                 const std::vector<const python::Field*>& affected) {
  if (future_annotations(evidence, model))
    return {Safety::manual, "leave 'from __future__ import annotations' out of this file", {}, {}};
  Remedy remedy{Safety::manual, "write the types without quotes", {}, {}};
  for (const python::Field* field : affected) {
    const std::string& text = field->annotation;
    const bool whole = text.size() > 2 && text.find(text.front(), 1) == text.size() - 1;
    if (!field->quoted || !whole) continue;
    for (TextEdit& edit : with_annotation(model, *field, text.substr(1, text.size() - 2)))
      remedy.edits.push_back(std::move(edit));
  }
  return remedy;
}

void look_at(const Evidence& evidence, const python::Model& model, Findings& findings) {
  std::vector<const python::Field*> affected;
  std::string names;
  bool otherwise = true;
  for (const python::Field& field : model.fields) {
    if (!is_affected(field)) continue;
    affected.push_back(&field);
    names += (names.empty() ? "" : ", ") + ommi::escaped(field.name);
    otherwise = otherwise && is_made_otherwise(evidence, model, field);
  }
  if (affected.empty()) return;
  Finding& finding = add_about(
      findings, evidence, model, nullptr,
      fmt::format("types of {} are text to Ommi, which does not find them: {} {} TEXT",
                  ommi::escaped(model.name), names, affected.size() == 1 ? "becomes" : "become"));
  finding.place.line = affected.front()->line;
  finding.count = affected.size();
  finding.relations = relations_by_references(evidence, model);
  if (otherwise) {
    finding.level = Level::warning;
    finding.evidence.notes = {"the table has other columns: it was made otherwise"};
  }
  finding.remedies = {remedy_of(evidence, model, affected)};
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
    id: Annotated[int, Key]
    name: str
    posts: "LazyLoadEveryRelated[Post]"

@ommi_model
@dataclass
class Post:
    id: Annotated[int, Key]
    title: str
    user_id: "Annotated[int, ReferenceTo(User.id)]"
    author: LazyLoadTheRelated[User]
)py";

}  // namespace

extern constinit const Rule mod008_stringified_types = {
    .code = "MOD008",
    .name = "stringified-types",
    .level = Level::error,
    .summary = "annotations that are text, in which Ommi does not find int, float or bool",
    .explanation = explanation,
    .failing = {.sql = examples::text_database, .python = failing},
    .fixed = {.sql = examples::sound_database, .python = examples::sound_models},
    .check = check,
};

}  // namespace doctor::rules
