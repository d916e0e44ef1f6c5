#include <fmt/format.h>

#include "doctor/ommi_code.hpp"
#include "doctor/ommi_code_examples.hpp"

namespace doctor::rules {
namespace {

constexpr std::string_view explanation = R"(
## What it looks for
References that cannot be resolved when the program runs: `ReferenceTo("User")` without a field, a name
or a field that is misspelt, a class that the defining module has only under `TYPE_CHECKING`, in
another module or in a function; and, without quotes, a class that is defined further down.

## Why it breaks loading
Ommi looks the text up in the module that defines the model, when the first lazy field is loaded, and
all references of a model at once: one that fails makes every lazy field of the model fail, and those of
others that are loaded by its references. Without quotes the module cannot even be imported.

## What to do
Write `ReferenceTo("User.id")`, with a class that is in the module when the program runs.

## What it can miss
Names from files that were not given, and modules that change their names while they run.
)";

/// The text that is meant, without quotes; empty where that is not plain.
std::string meant(const Evidence& evidence, const python::Reference& reference) {
  const std::string& text = reference.value.empty() ? reference.text : reference.value;
  if (reference.form == "string-class") {
    const python::Model* const target =
        reference.model ? evidence.python->find(*reference.model) : nullptr;
    const std::string key = target == nullptr ? "" : key_field(*target);
    return key.empty() ? "" : text + "." + key;
  }
  const std::size_t dot = text.rfind('.');
  if (dot == std::string::npos) return {};
  if (reference.why == "later" || reference.why == "too-late") return text;
  if (reference.why == "no-such-field" && !reference.closest.empty())
    return text.substr(0, dot + 1) + reference.closest;
  const bool misspelt = reference.why == "name-missing" && reference.model;
  if (misspelt && !reference.model->closest.empty())
    return reference.model->closest + text.substr(dot);
  return {};
}

std::string reason(const python::Reference& reference) {
  const std::string name = ommi::escaped(reference.model ? reference.model->text : reference.text);
  if (reference.form == "string-class") return "it names a class and no field";
  if (reference.why == "later") return name + " is defined further down and not in quotes";
  if (reference.why == "too-late")
    return name + " is defined further down, and the annotation is evaluated before";
  if (reference.why == "name-missing") return "the module has no " + name;
  if (reference.why == "other-module") return name + " is in another module, which is not imported";
  if (reference.why == "type-checking")
    return name + " is imported under TYPE_CHECKING only, and so not there at run time";
  if (reference.why == "function-local") return name + " is local to a function";
  if (reference.why == "class-local") return name + " is inside of a class";
  if (reference.why == "not-a-name") return "it is not the name of a field";
  if (reference.why == "not-a-model") return name + " is no Ommi model";
  const std::string field = ommi::escaped(reference.field);
  if (reference.why == "inherited-field")
    return fmt::format("{} is a field of a base class, which {} does not have", field, name);
  if (reference.why == "lazy-field")
    return fmt::format("{} is a lazy field of {}, not a column", field, name);
  return fmt::format("{} has no field {}", name, field);
}

bool is_broken(const python::Reference& reference) {
  if (reference.form == "string-class") return true;
  const bool names_field = reference.form == "string-field" || reference.form == "field";
  return names_field && reference.resolvable == false;
}

void check(const Evidence& evidence, Findings& findings) {
  for_each_field(evidence, [&](const python::Model& model, const python::Field& field) {
    if (!field.reference) return;
    python::Reference reference = *field.reference;
    const auto fault = fault_of_reference(*evidence.python, model, field);
    if (!fault || !(fault->too_late || is_broken(reference))) return;
    if (fault->too_late) reference.why = "too-late";
    Finding& finding =
        add_about(findings, evidence, model, &field,
                  fmt::format("{} refers to {}, which cannot be found: {}", name_of(model, field),
                              ommi::escaped(reference.text), reason(reference)));
    finding.relations = relations_by_references(evidence, model);
    finding.evidence.notes = {fault->at_import ? "the module cannot be imported: " + fault->error
                                               : hidden_error(evidence, fault->error)};
    const std::string right = meant(evidence, reference);
    Remedy remedy{Safety::manual,
                  "name a field of a class that the module has when the program runs, as in "
                  "ReferenceTo(\"User.id\")",
                  {},
                  {}};
    if (!right.empty()) {
      const bool quoted =
          reference.form != "field" || reference.why == "later" || reference.why == "too-late";
      const std::string written = quoted ? in_quotes(field, right) : right;
      remedy.title = fmt::format("write ReferenceTo({})", ommi::escaped(written));
      remedy.edits = with_part(model, field, reference.place, written);
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
    user_id: Annotated[int, ReferenceTo("User")]
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
    id: Annotated[int, Key]
    name: str
    posts: "LazyLoadEveryRelated[Post]"

@ommi_model
@dataclass
class Post:
    id: Annotated[int, Key]
    title: str
    user_id: Annotated[int, ReferenceTo("User.id")]
    author: LazyLoadTheRelated[User]
)py";

}  // namespace

extern constinit const Rule mod002_unresolvable_string_reference = {
    .code = "MOD002",
    .name = "unresolvable-string-reference",
    .level = Level::error,
    .summary = "a ReferenceTo names what is not there when it is looked up",
    .explanation = explanation,
    .failing = {.sql = examples::sound_database, .python = failing},
    .fixed = {.sql = examples::sound_database, .python = fixed},
    .check = check,
};

}  // namespace doctor::rules
