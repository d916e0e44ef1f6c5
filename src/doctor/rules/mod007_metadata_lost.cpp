#include <fmt/format.h>

#include "doctor/ommi_code.hpp"
#include "doctor/ommi_code_examples.hpp"

namespace doctor::rules {
namespace {

constexpr std::string_view explanation = R"(
## What it looks for
Metadata inside of an Optional or of a union (`Optional[Annotated[int, ReferenceTo(User.id)]]`,
`Annotated[…] | None`), a second `ReferenceTo`, `StoreAs` or `FieldType` of one field, an Annotated in inner
quotes, and `Key()`, which is no class to be called.

## Why it breaks loading
Ommi reads metadata only where the whole annotation is an Annotated, and of two of a kind the first.
Everything else is passed over without a word: the field has no reference, and the lazy fields that need
it fail with "No reference found between models"; or no key, and another one is guessed.

## What to do
Put Annotated outside: `Annotated[Optional[int], ReferenceTo(User.id)]`.

## What it can miss
Metadata in aliases of files that were not given.
)";

bool counts(const python::Metadata& metadata) {
  if (metadata.kind == "ReferenceTo" && metadata.text == "ReferenceTo") return true;
  return !metadata.effective && metadata.kind != "Auto" && metadata.kind != "unknown";
}

std::string reason(std::string_view why) {
  if (why == "inside-optional") return "it is inside Optional";
  if (why == "union-none") return "it is inside of a union";
  if (why == "type-statement") return "it is behind a type alias of its own";
  if (why == "inner-quotes" || why == "double-quoted") return "it is in quotes inside of a text";
  if (why.empty()) return "it is not called";
  if (why == "called") return "it is called";
  if (why == "second") return "there is one before it, and the first counts";
  return "the annotation as a whole is no Annotated";
}

/// `Optional[Annotated[int, Key]]` as `Annotated[Optional[int], Key]`; empty where it is not so.
std::string turned_inside_out(const std::string& annotation) {
  const std::size_t start = annotation.find("Annotated[");
  if (start == std::string::npos) return {};
  std::size_t comma = 0;
  unsigned depth = 0;
  for (std::size_t at = start + 9; at < annotation.size(); ++at) {
    const char letter = annotation[at];
    if (letter == '"' || letter == '\'') return {};
    if (letter == '[' || letter == '(') ++depth;
    if (letter == ',' && depth == 1 && comma == 0) comma = at;
    if (letter != ']' && letter != ')') continue;
    if (--depth > 0) continue;
    if (comma == 0) return {};
    const std::string type = annotation.substr(start + 10, comma - start - 10);
    return fmt::format("Annotated[{}{}{}{}]", annotation.substr(0, start), type,
                       annotation.substr(at + 1), annotation.substr(comma, at - comma));
  }
  return {};
}

Remedy remedy_of(const python::Model& model, const python::Field& field,
                 const python::Metadata& lost) {
  if (lost.why_lost == "called")
    return {Safety::manual,
            fmt::format("write {} without brackets", lost.kind),
            {},
            with_part(model, field, lost.place, lost.kind)};
  if (lost.why_lost.empty())
    return {Safety::manual, "name the field that is referred to: ReferenceTo(User.id)", {}, {}};
  if (lost.why_lost == "second")
    return {Safety::manual, fmt::format("keep one {}", lost.kind), {}, {}};
  Remedy remedy{Safety::manual, "put Annotated outside", {}, {}};
  const std::string right = turned_inside_out(field.annotation);
  if (!right.empty() && lost.place.here) remedy.edits = with_annotation(model, field, right);
  return remedy;
}

void check(const Evidence& evidence, Findings& findings) {
  for_each_field(evidence, [&](const python::Model& model, const python::Field& field) {
    std::string kinds;
    const python::Metadata* first = nullptr;
    bool reference = false;
    for (const python::Metadata& metadata : field.metadata) {
      if (!counts(metadata)) continue;
      if (first == nullptr) first = &metadata;
      kinds += (kinds.empty() ? "" : ", ") + ommi::escaped(metadata.text);
      reference = reference || metadata.kind == "ReferenceTo";
    }
    if (first == nullptr) return;
    Finding& finding = add_about(
        findings, evidence, model, &field,
        fmt::format("{} loses {}: {}", name_of(model, field), kinds, reason(first->why_lost)));
    if (reference && !field.reference) {
      finding.relations = relations_by_references(evidence, model);
      finding.evidence.notes = {
          hidden_error(evidence, "RuntimeError: No reference found between models")};
    }
    finding.remedies = {remedy_of(model, field, *first)};
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
    user_id: Optional[Annotated[int, ReferenceTo(User.id)]]
    author: LazyLoadTheRelated[User]
)py";

constexpr std::string_view fixed = R"py(
from dataclasses import dataclass
from typing import Annotated, Optional
from ommi import FieldType, Key, ommi_model
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
    user_id: Annotated[Optional[int], FieldType(int), ReferenceTo(User.id)]
    author: LazyLoadTheRelated[User]
)py";

}  // namespace

extern constinit const Rule mod007_metadata_lost = {
    .code = "MOD007",
    .name = "metadata-lost",
    .level = Level::error,
    .summary = "a key, reference or column name is written where Ommi does not look",
    .explanation = explanation,
    .failing = {.sql = examples::sound_database, .python = failing},
    .fixed = {.sql = examples::sound_database, .python = fixed},
    .check = check,
};

}  // namespace doctor::rules
