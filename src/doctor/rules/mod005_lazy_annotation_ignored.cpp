#include <fmt/format.h>

#include "doctor/ommi_code.hpp"
#include "doctor/ommi_code_examples.hpp"

namespace doctor::rules {
namespace {

constexpr std::string_view explanation = R"(
## What it looks for
Lazy types that are not the outermost of an annotation: `Optional[LazyLoadTheRelated[User]]`,
`LazyLoadTheRelated[User] | None`, `Annotated[LazyLoadTheRelated[User], …]`; a lazy type without a target;
one that the module does not have at run time; one in quotes where the annotations are text already.

## Why it breaks loading
Ommi takes such a field for an ordinary TEXT column. Nothing is said: the attribute holds its default,
mostly None, and `await post.author` is `TypeError: object NoneType can't be used in 'await' expression`.
The table gets a column that nobody fills, or lacks one that every query asks for.

## What to do
Write the lazy type alone: `author: "LazyLoadTheRelated[User]"`. It may be left out when an instance is
made, with or without a default, so that it needs no Optional.

## What it can miss
Lazy types of one's own, derived from Ommi's.
)";

std::string reason(const python::Lazy& lazy) {
  const std::string text = ommi::escaped(lazy.text);
  if (lazy.form == "bare") return "it names no target";
  if (lazy.form == "optional") return text + " is inside Optional";
  if (lazy.form == "union-none") return text + " is part of a union";
  if (lazy.form == "annotated-wrapped") return text + " is inside Annotated";
  if (lazy.form == "type-statement") return text + " is behind a type alias of its own";
  if (lazy.form == "double-quoted")
    return "it is in quotes although the annotations of this file are text already";
  if (lazy.form == "not-imported") return "the module does not have the lazy type at run time";
  return text + " is inside of something else";
}

/// The annotation as it should be; empty where that is not plain.
std::string meant(const Evidence& evidence, const python::Model& model, const python::Lazy& lazy) {
  if (!lazy.target || lazy.form == "type-statement" || lazy.form == "not-imported") return {};
  const bool simple = !lazy.target->association && lazy.target->wrapped.empty();
  return simple && lazy.place.here ? quoted_whole(evidence, model, lazy.text) : "";
}

void check(const Evidence& evidence, Findings& findings) {
  for_each_field(evidence, [&](const python::Model& model, const python::Field& field) {
    if (!field.lazy || field.lazy->seen_by_ommi || field.class_var) return;
    Finding& finding =
        add_about(findings, evidence, model, &field,
                  fmt::format("{} is an ordinary TEXT column to Ommi, not a lazy field: {}",
                              name_of(model, field), reason(*field.lazy)));
    finding.evidence.notes = {
        "the attribute holds its default: awaiting it is TypeError: object NoneType can't be used "
        "in 'await' expression"};
    const std::string right = meant(evidence, model, *field.lazy);
    Remedy remedy{Safety::manual, "write the lazy type alone, with its target", {}, {}};
    if (!right.empty()) remedy.edits = with_annotation(model, field, right);
    if (field.lazy->form == "not-imported")
      remedy.title = "import the lazy type from ommi.models.query_fields where the program runs";
    finding.remedies = {std::move(remedy)};
  });
}

constexpr std::string_view failing = R"py(
from dataclasses import dataclass
from typing import Annotated, Optional
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
    author: Optional[LazyLoadTheRelated[User]] = None
)py";

}  // namespace

extern constinit const Rule mod005_lazy_annotation_ignored = {
    .code = "MOD005",
    .name = "lazy-annotation-ignored",
    .level = Level::error,
    .summary = "a lazy field is written in a way that makes it an ordinary column",
    .explanation = explanation,
    .failing = {.sql = examples::sound_database, .python = failing},
    .fixed = {.sql = examples::sound_database, .python = examples::sound_models},
    .check = check,
};

}  // namespace doctor::rules
