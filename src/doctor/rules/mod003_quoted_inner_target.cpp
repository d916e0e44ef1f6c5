#include <fmt/format.h>

#include "doctor/ommi_code.hpp"
#include "doctor/ommi_code_examples.hpp"

namespace doctor::rules {
namespace {

constexpr std::string_view explanation = R"(
## What it looks for
`LazyLoadTheRelated["User"]` and `"LazyLoadEveryRelated['Post']"`: quotes inside of the brackets. Ommi's
README of old wrote it so, and until 0.1.8 it worked.

## Why it breaks loading
Python leaves a `ForwardRef` there, and Ommi does not evaluate it. The field is lazy, and every load of
it fails, with an error that hides behind "DBResult.DBFailure does not wrap a result".

## What to do
Put the whole annotation in quotes: `"LazyLoadEveryRelated[Post]"`. Where the class is defined above, no
quotes are needed.

## What it can miss
Nothing that is written in the sources it was given.
)";

void check(const Evidence& evidence, Findings& findings) {
  if (evidence.ommi.release < OmmiRelease::v0_1_9) return;  // that is how it was written
  for_each_field(evidence, [&](const python::Model& model, const python::Field& field) {
    if (!field.lazy || field.lazy->form != "quoted-inner") return;
    const python::Lazy& lazy = *field.lazy;
    const bool associated = lazy.target && lazy.target->association;
    Finding& finding =
        add_about(findings, evidence, model, &field,
                  fmt::format("{} names its target in inner quotes, which Ommi never resolves: {}",
                              name_of(model, field), ommi::escaped(lazy.text)));
    const std::string target = lazy.target ? ommi::escaped(lazy.target->text) : "X";
    finding.evidence.notes = {hidden_error(
        evidence, associated
                      ? fmt::format("TypeError: Unexpected node type: ForwardRef('{}')", target)
                      : "AttributeError: 'ForwardRef' object has no attribute '__ommi__'")};
    const std::string right = quoted_whole(evidence, model, lazy.text);
    finding.remedies = {{Safety::manual,
                         "put the whole annotation in quotes, and nothing inside of it",
                         {},
                         with_annotation(model, field, right)}};
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
    posts: LazyLoadEveryRelated["Post"]

@ommi_model
@dataclass
class Post:
    id: Annotated[int, Key]
    title: str
    user_id: Annotated[int, ReferenceTo(User.id)]
    author: LazyLoadTheRelated[User]
)py";

}  // namespace

extern constinit const Rule mod003_quoted_inner_target = {
    .code = "MOD003",
    .name = "quoted-inner-target",
    .level = Level::error,
    .summary = "a lazy field names its target in inner quotes, which nobody resolves",
    .explanation = explanation,
    .failing = {.sql = examples::sound_database, .python = failing},
    .fixed = {.sql = examples::sound_database, .python = examples::sound_models},
    .check = check,
};

}  // namespace doctor::rules
