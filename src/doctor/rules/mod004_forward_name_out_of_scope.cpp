#include <fmt/format.h>

#include "doctor/ommi_code.hpp"
#include "doctor/ommi_code_examples.hpp"

namespace doctor::rules {
namespace {

constexpr std::string_view explanation = R"(
## What it looks for
Targets and associations of lazy fields that are not in the module when the program runs: imported under
`TYPE_CHECKING` only, in another module, local to a function, misspelt; or, without quotes, defined
further down.

## Why it breaks loading
Ommi looks names in quotes up in the module that defines the model, each time an instance is made. What
it does not find becomes a stand-in, `ForwardReferenceTo_Post`, and every load of the field fails. Without
quotes the module cannot even be imported.

## What to do
Import the class where the program runs. Two modules that need each other can import at their ends: the
name has to be there when the first instance is made, not sooner.

## What it can miss
Names from files that were not given, and names that are put into a module while it runs.
)";

std::string reason(const python::Name& name) {
  const std::string text = ommi::escaped(name.text);
  if (name.where == "type-checking")
    return text + " is imported under TYPE_CHECKING only, and so not there at run time";
  if (name.where == "function") return text + " is local to a function";
  if (name.where == "class") return text + " is inside of a class";
  if (name.where == "later") return text + " is defined further down and not in quotes";
  if (name.where == "elsewhere" && name.candidates.size() == 1)
    return fmt::format("{} is {}, which this module does not import", text,
                       ommi::escaped(name.candidates.front()));
  if (name.where == "elsewhere") return text + " is in another module, which is not imported";
  if (name.closest.empty()) return "the module has no " + text;
  return fmt::format("the module has no {}; {} is near", text, ommi::escaped(name.closest));
}

bool is_out_of_scope(const python::Name& name) {
  if (name.reached) return false;
  for (const std::string_view where :
       {"type-checking", "function", "class", "later", "elsewhere", "missing"}) {
    if (name.where == where) return true;
  }
  return false;
}

Remedy remedy_of(const Evidence& evidence, const python::Model& model, const python::Field& field,
                 const python::Name& name) {
  if (name.where == "later")
    return {Safety::manual,
            "put the whole annotation in quotes",
            {},
            with_annotation(model, field, quoted_whole(evidence, model, field.annotation))};
  if (name.where == "missing" && !name.closest.empty())
    return {Safety::manual,
            fmt::format("write {}", ommi::escaped(name.closest)),
            {},
            with_part(model, field, name.place, name.closest)};
  if (name.where == "function" || name.where == "class")
    return {Safety::manual, "define the class in the module itself", {}, {}};
  return {Safety::manual,
          fmt::format("import {} where the program runs; at the end of the module if the two need "
                      "each other",
                      ommi::escaped(name.text)),
          {},
          {}};
}

void look_at(const Evidence& evidence, const python::Model& model, const python::Field& field,
             const python::Name& name, Findings& findings) {
  if (!is_out_of_scope(name)) return;
  Finding& finding =
      add_about(findings, evidence, model, &field,
                fmt::format("{} leads to {}, which is not in its module: {}", name_of(model, field),
                            ommi::escaped(name.text), reason(name)));
  finding.discriminator = name.text;
  const std::string text = ommi::escaped(name.text);
  finding.evidence.notes = {
      field.stringified
          ? hidden_error(evidence,
                         fmt::format("AttributeError: type object 'ForwardReferenceTo_{}' has no "
                                     "attribute '__ommi__'",
                                     text))
          : fmt::format("the module cannot be imported: NameError: name '{}' is not defined",
                        text)};
  finding.remedies = {remedy_of(evidence, model, field, name)};
}

void check(const Evidence& evidence, Findings& findings) {
  for_each_field(evidence, [&](const python::Model& model, const python::Field& field) {
    if (!field.lazy || !field.lazy->seen_by_ommi || !field.lazy->target) return;
    // Inner quotes are never looked up, wherever the name is: that is MOD003's.
    if (field.lazy->form == "quoted-inner") return;
    const python::Target& target = *field.lazy->target;
    look_at(evidence, model, field, target, findings);
    const bool named = target.association && !target.association->is_string;
    if (named) look_at(evidence, model, field, *target.association, findings);
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
    posts: LazyLoadEveryRelated[Post]

@ommi_model
@dataclass
class Post:
    id: Annotated[int, Key]
    title: str
    user_id: Annotated[int, ReferenceTo(User.id)]
    author: LazyLoadTheRelated[User]
)py";

}  // namespace

extern constinit const Rule mod004_forward_name_out_of_scope = {
    .code = "MOD004",
    .name = "forward-name-out-of-scope",
    .level = Level::error,
    .summary = "a lazy field names a class that its module does not have",
    .explanation = explanation,
    .failing = {.sql = examples::sound_database, .python = failing},
    .fixed = {.sql = examples::sound_database, .python = examples::sound_models},
    .check = check,
};

}  // namespace doctor::rules
