#include <fmt/format.h>

#include "doctor/ommi_code.hpp"
#include "doctor/ommi_code_examples.hpp"

namespace doctor::rules {
namespace {

constexpr std::string_view explanation = R"(
## What it looks for
`ReferenceTo(User)`: the class itself, or a lambda, None or another value, where a field of a model is
due. Some of Ommi's documentation writes it so.

## Why it breaks loading
Ommi resolves all references of a model together, when the first lazy field is loaded. One that is no
field ends that with `TypeError: Unexpected value for reference`, and so every lazy field of the model
fails, and every one of other models that is loaded by its references. What the application sees is
"DBResult.DBFailure does not wrap a result", which says nothing of it.

## What to do
Name the field: `ReferenceTo(User.id)`, or `ReferenceTo("User.id")` where the class comes later.

## What it can miss
References that are made by code that runs.
)";

/// The field that is meant, as it is to be written there; empty where that is not plain.
std::string field_meant(const Evidence& evidence, const python::Model& model,
                        const python::Field& field) {
  const python::Reference& reference = *field.reference;
  if (reference.form != "class" || !reference.model) return {};
  const python::Model* const target = evidence.python->find(*reference.model);
  const std::string key = target == nullptr ? "" : key_field(*target);
  if (key.empty()) return {};
  const std::string written = reference.text + "." + key;
  const bool later = target->file == model.file && target->line >= model.line;
  return later ? in_quotes(field, written) : written;
}

std::string thing(const python::Reference& reference) {
  if (reference.form == "class") return "the class " + ommi::escaped(reference.text);
  return reference.text.empty() ? "nothing" : ommi::escaped(reference.text);
}

void check(const Evidence& evidence, Findings& findings) {
  for_each_field(evidence, [&](const python::Model& model, const python::Field& field) {
    if (!field.reference) return;
    const python::Reference& reference = *field.reference;
    const bool value =
        reference.form == "lambda" || reference.form == "none" || reference.form == "other";
    if (reference.form != "class" && !(value && reference.resolvable == false)) return;
    Finding& finding = add_about(
        findings, evidence, model, &field,
        fmt::format(
            "{} refers to {}, where a field is due: no lazy field that needs the references "
            "of {} can be loaded",
            name_of(model, field), thing(reference), ommi::escaped(model.name)));
    finding.relations = relations_by_references(evidence, model);
    const auto fault = fault_of_reference(*evidence.python, model, field);
    if (fault) finding.evidence.notes = {hidden_error(evidence, fault->error)};
    const std::string meant = field_meant(evidence, model, field);
    Remedy remedy{Safety::manual, "name the field that is referred to", {}, {}};
    if (!meant.empty()) {
      remedy.title = fmt::format("write ReferenceTo({})", ommi::escaped(meant));
      remedy.edits = with_part(model, field, reference.place, meant);
    }
    finding.remedies = {std::move(remedy)};
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
    id: Annotated[int, Key]
    name: str
    posts: "LazyLoadEveryRelated[Post]"

@ommi_model
@dataclass
class Post:
    id: Annotated[int, Key]
    title: str
    user_id: Annotated[int, ReferenceTo(User)]
    author: LazyLoadTheRelated[User]
)py";

}  // namespace

extern constinit const Rule mod001_reference_to_class = {
    .code = "MOD001",
    .name = "reference-to-class",
    .level = Level::error,
    .summary = "a ReferenceTo names a class, where a field is due",
    .explanation = explanation,
    .failing = {.sql = examples::sound_database, .python = failing},
    .fixed = {.sql = examples::sound_database, .python = examples::sound_models},
    .check = check,
};

}  // namespace doctor::rules
