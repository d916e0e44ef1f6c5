#include <fmt/format.h>

#include "doctor/ommi_code.hpp"
#include "doctor/ommi_code_examples.hpp"

namespace doctor::rules {
namespace {

constexpr std::string_view explanation = R"(
## What it looks for
Models that a file defines twice under one name, and files that are imported under two names, so that
each of their models is made twice.

## Why it breaks loading
Ommi keeps references by the class itself, not by its name. A field that refers to one of the two classes
is not found by a lazy field that leads to the other: "No reference found between models", of two that
print alike.

## What to do
Define a model once, and import it by one name everywhere.

## What it can miss
Modules that are reloaded, or imported by names that are made up while the program runs.
)";

std::string places_of(const python::Duplicate& duplicate) {
  std::string all;
  for (const python::DuplicatePlace& place : duplicate.places) {
    all += fmt::format("{}{}:{}{}", all.empty() ? "" : ", ", ommi::escaped(place.file), place.line,
                       place.as.empty() ? "" : " (as " + ommi::escaped(place.as) + ")");
  }
  return all;
}

/// The model that a finding is about: the last that is meant, which is what the name stands for.
const python::Model* last_of(const python::Facts& facts, const python::Duplicate& duplicate) {
  const bool twice = duplicate.kind == "redefined";
  if (twice && duplicate.places.empty()) return nullptr;
  const std::string& file = twice ? duplicate.places.front().file : duplicate.file;
  const python::Model* last = nullptr;
  for (const python::Model& model : facts.models) {
    if (model.type_checking_only || model.file != file) continue;
    if (!twice || model.module + "." + model.qualname == duplicate.name) last = &model;
  }
  return last;
}

void check(const Evidence& evidence, Findings& findings) {
  if (evidence.python == nullptr) return;
  for (const python::Duplicate& duplicate : evidence.python->duplicates) {
    const bool twice = duplicate.kind == "redefined";
    if (!twice && duplicate.kind != "module-two-names") continue;
    const python::Model* const model = last_of(*evidence.python, duplicate);
    if (model == nullptr) continue;
    Finding& finding = add_about(
        findings, evidence, *model, nullptr,
        twice ? fmt::format("{} is defined more than once: references to one of the classes are "
                            "not found by the other",
                            ommi::escaped(model->name))
              : fmt::format("{} is imported under two names, and its models are made twice",
                            ommi::escaped(duplicate.file)));
    finding.count = duplicate.places.size();
    finding.discriminator = duplicate.kind;
    finding.evidence.notes = {"places: " + places_of(duplicate)};
    finding.remedies = {{Safety::manual,
                         twice ? "keep one of the definitions" : "import it by one name everywhere",
                         {},
                         {}}};
  }
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
    user_id: Annotated[int, ReferenceTo(User.id)]
    author: LazyLoadTheRelated[User]

@ommi_model
@dataclass
class User:
    id: Annotated[int, Key]
    name: str
    posts: "LazyLoadEveryRelated[Post]"
)py";

}  // namespace

extern constinit const Rule mod015_duplicate_definition = {
    .code = "MOD015",
    .name = "duplicate-definition",
    .level = Level::warning,
    .summary = "one model that is there twice when the program runs",
    .explanation = explanation,
    .failing = {.sql = examples::sound_database, .python = failing},
    .fixed = {.sql = examples::sound_database, .python = examples::sound_models},
    .check = check,
};

}  // namespace doctor::rules
