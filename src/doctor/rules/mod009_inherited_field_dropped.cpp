#include <fmt/format.h>

#include "doctor/ommi_code.hpp"
#include "doctor/ommi_code_examples.hpp"

namespace doctor::rules {
namespace {

constexpr std::string_view explanation = R"(
## What it looks for
Models with a base class that declares fields of its own: a mixin with `id` and `created`, or another
model.

## Why it breaks loading
Ommi looks at the annotations of the class itself. What a base class declares is no column, no reference
and no lazy field: the table lacks it, rows are made without it (a `TypeError` where it has no default),
lazy fields that need the reference fail with "No reference found between models", and another key is
guessed.

## What to do
Declare the fields in the model itself.

## What it can miss
Base classes from files that were not given.
)";

void look_at(const Evidence& evidence, const python::Model& model, Findings& findings) {
  std::string names;
  bool references = false;
  std::vector<std::string> places;
  for (const python::Base& base : model.bases) {
    for (const python::DroppedField& field : base.fields_dropped) {
      if (field.class_var) continue;
      names += (names.empty() ? "" : ", ") + ommi::escaped(field.name);
      references = references || field.reference || field.lazy;
      places.push_back(fmt::format("{}.{} is at {}:{}", ommi::escaped(field.owner),
                                   ommi::escaped(field.name), ommi::escaped(field.file),
                                   field.line));
    }
  }
  if (names.empty()) return;
  Finding& finding =
      add_about(findings, evidence, model, nullptr,
                fmt::format("{} lacks fields of its base classes, which Ommi does not see: {}",
                            ommi::escaped(model.name), names));
  finding.count = places.size();
  if (references) finding.relations = relations_by_references(evidence, model);
  finding.evidence.notes = std::move(places);
  finding.remedies = {{Safety::manual,
                       fmt::format("declare them in {} itself", ommi::escaped(model.name)),
                       {},
                       {}}};
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

@dataclass
class Written:
    user_id: Annotated[int, ReferenceTo(User.id)]

@ommi_model
@dataclass
class Post(Written):
    id: Annotated[int, Key]
    title: str
    author: LazyLoadTheRelated[User]
)py";

}  // namespace

extern constinit const Rule mod009_inherited_field_dropped = {
    .code = "MOD009",
    .name = "inherited-field-dropped",
    .level = Level::error,
    .summary = "fields of a base class, which Ommi does not see",
    .explanation = explanation,
    .failing = {.sql = examples::sound_database, .python = failing},
    .fixed = {.sql = examples::sound_database, .python = examples::sound_models},
    .check = check,
};

}  // namespace doctor::rules
