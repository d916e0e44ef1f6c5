#include <fmt/format.h>

#include "doctor/ommi_code.hpp"

namespace doctor::rules {
namespace {

constexpr std::string_view explanation = R"(
## What it looks for
`Annotated[Tag, "doc", AssociateUsing(PostTag)]`, where something stands before the strategy, and
`AssociateUsing("PostTag")`, where the association is a text.

## Why it breaks loading
Ommi takes the first of the metadata for the strategy, whatever it is. When that is none, no instance of
the model can be made, and so no row of it can even be fetched. A text is not looked up: instances are
made, and every load of the field fails.

## What to do
Put `AssociateUsing` first, and give it the class. Inside of an annotation in quotes the class may be
defined further down.

## What it can miss
Strategies of one's own.
)";

/// The annotation with the strategy first, or with the class in place of a text.
std::string meant(const Evidence& evidence, const python::Model& model,
                  const python::Field& field) {
  const python::Target& target = *field.lazy->target;
  const python::Association& association = *target.association;
  if (association.is_string) {
    if (!association.call_place.here) return {};
    const std::string call = fmt::format("AssociateUsing({})", association.text);
    const std::string text = replaced(field.annotation, association.call_place, call);
    return field.quoted ? text : quoted_whole(evidence, model, text);
  }
  if (!target.place.here || !association.call_place.here) return {};
  // What follows the strategy stays where it is; what came before it moves behind it.
  const python::Part between{target.place.end, association.call_place.start, true};
  if (between.end < between.start + 2) return {};
  std::string before = field.annotation.substr(between.start, between.end - between.start);
  while (!before.empty() && (before.back() == ' ' || before.back() == ',')) before.pop_back();
  const python::Part all{between.start, association.call_place.end, true};
  return replaced(field.annotation, all, ", " + association.call + before);
}

void check(const Evidence& evidence, Findings& findings) {
  for_each_field(evidence, [&](const python::Model& model, const python::Field& field) {
    if (!field.lazy || !field.lazy->seen_by_ommi || !field.lazy->target) return;
    const auto& association = field.lazy->target->association;
    if (!association || (association->first && !association->is_string)) return;
    const std::string call = ommi::escaped(association->call);
    Finding& finding = add_about(
        findings, evidence, model, &field,
        association->first
            ? fmt::format("{} names its association as a text, which Ommi does not look up: {}",
                          name_of(model, field), call)
            : fmt::format("no instance of {} can be made: in {} something stands before {}, and "
                          "Ommi takes the first for the strategy",
                          ommi::escaped(model.name), name_of(model, field), call));
    if (association->first) {
      finding.evidence.notes = {hidden_error(evidence,
                                             "AttributeError: 'str' object has no attribute "
                                             "'__ommi__'")};
    } else {
      finding.relations = relations_by_references(evidence, model);
      finding.evidence.notes = {"rows of it cannot be fetched either: each becomes an instance"};
    }
    Remedy remedy{Safety::manual, "put AssociateUsing first, and give it the class", {}, {}};
    const std::string right = meant(evidence, model, field);
    if (!right.empty()) remedy.edits = with_annotation(model, field, right);
    finding.remedies = {std::move(remedy)};
  });
}

constexpr std::string_view failing = R"py(
from dataclasses import dataclass
from typing import Annotated
from ommi import Key, ommi_model
from ommi.models.field_metadata import ReferenceTo
from ommi.models.query_fields import AssociateUsing, LazyLoadEveryRelated

@ommi_model
@dataclass
class Post:
    id: Annotated[int, Key]
    title: str
    tags: "LazyLoadEveryRelated[Annotated[Tag, 'by hand', AssociateUsing(PostTag)]]"

@ommi_model
@dataclass
class Tag:
    id: Annotated[int, Key]
    name: str

@ommi_model
@dataclass
class PostTag:
    post_id: Annotated[int, Key, ReferenceTo(Post.id)]
    tag_id: Annotated[int, Key, ReferenceTo(Tag.id)]
)py";

constexpr std::string_view fixed = R"py(
from dataclasses import dataclass
from typing import Annotated
from ommi import Key, ommi_model
from ommi.models.field_metadata import ReferenceTo
from ommi.models.query_fields import AssociateUsing, LazyLoadEveryRelated

@ommi_model
@dataclass
class Post:
    id: Annotated[int, Key]
    title: str
    tags: "LazyLoadEveryRelated[Annotated[Tag, AssociateUsing(PostTag)]]"

@ommi_model
@dataclass
class Tag:
    id: Annotated[int, Key]
    name: str

@ommi_model
@dataclass
class PostTag:
    post_id: Annotated[int, Key, ReferenceTo(Post.id)]
    tag_id: Annotated[int, Key, ReferenceTo(Tag.id)]
)py";

constexpr std::string_view database = R"(
CREATE TABLE "Post"("id" INTEGER, "title" TEXT, PRIMARY KEY ("id"));
CREATE TABLE "Tag"("id" INTEGER, "name" TEXT, PRIMARY KEY ("id"));
CREATE TABLE "PostTag"("post_id" INTEGER, "tag_id" INTEGER, PRIMARY KEY ("post_id", "tag_id"));
CREATE INDEX tag_posts ON "PostTag" ("tag_id");
INSERT INTO "Post" VALUES (1, 'first'), (2, 'second');
INSERT INTO "Tag" VALUES (1, 'news'), (2, 'code');
INSERT INTO "PostTag" VALUES (1, 1), (1, 2), (2, 2);
)";

}  // namespace

extern constinit const Rule mod006_association_strategy_ignored = {
    .code = "MOD006",
    .name = "association-strategy-ignored",
    .level = Level::error,
    .summary = "an AssociateUsing that Ommi does not take",
    .explanation = explanation,
    .failing = {.sql = database, .python = failing},
    .fixed = {.sql = database, .python = fixed},
    .check = check,
};

}  // namespace doctor::rules
