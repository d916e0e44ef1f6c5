#include <fmt/format.h>

#include "doctor/ommi_code.hpp"

namespace doctor::rules {
namespace {

constexpr std::string_view explanation = R"(
## What it looks for
`LazyLoadEveryRelated` of a model in the model itself, where the model refers to itself: `Node.children`
beside `Node.parent_id`.

## Why it breaks loading
Ommi asks first whether the model has a reference to the target, and follows it if so; the kind of the
lazy field plays no part. A model that refers to itself always has one, so `children` is loaded as
`parent` is: it gives the parent, and for the root nothing. No error is raised.

## What to do
Ommi has no way to declare it. Ask for the rows: `await db.find(Node.parent_id == node.id)`.

## What it can miss
Lists through an association, which are another matter.
)";

bool refers_to_itself(const Evidence& evidence, const python::Model& model,
                      const python::Field& field) {
  return field.reference && field.reference->model &&
         evidence.python->find(*field.reference->model) == &model;
}

std::string query_note(const python::Model& model, const python::Field& reference) {
  return fmt::format(
      "Ommi asks for rows of {0} whose {1} is this row's {2}; meant are those whose {2} is this "
      "row's {1}",
      ommi::escaped(model.table.name), ommi::escaped(reference.reference->field),
      ommi::escaped(reference.column()));
}

void check(const Evidence& evidence, Findings& findings) {
  for_each_field(evidence, [&](const python::Model& model, const python::Field& field) {
    if (!field.lazy || !field.lazy->many || !field.lazy->target) return;
    const python::Target& target = *field.lazy->target;
    if (target.association || evidence.python->find(target) != &model) return;
    std::string references;
    std::vector<std::string> notes;
    for (const python::Field& other : model.fields) {
      if (!refers_to_itself(evidence, model, other)) continue;
      references += (references.empty() ? "" : ", ") + name_of(model, other);
      notes.push_back(query_note(model, other));
    }
    if (references.empty()) return;
    Finding& finding = add_about(
        findings, evidence, model, &field,
        fmt::format("{} does not give the rows that refer to this one: Ommi follows {} forward, as "
                    "for a to-one",
                    name_of(model, field), references));
    finding.evidence.notes = std::move(notes);
    finding.remedies = {
        {Safety::manual,
         fmt::format("take {} out, and ask for the rows with db.find where they are needed",
                     name_of(model, field)),
         {},
         {}}};
  });
}

constexpr std::string_view failing = R"py(
from dataclasses import dataclass
from typing import Annotated
from ommi import FieldType, Key, ommi_model
from ommi.models.field_metadata import ReferenceTo
from ommi.models.query_fields import LazyLoadEveryRelated, LazyLoadTheRelated

@ommi_model
@dataclass
class Node:
    id: Annotated[int, Key]
    parent_id: Annotated[int | None, FieldType(int), ReferenceTo("Node.id")]
    parent: "LazyLoadTheRelated[Node]"
    children: "LazyLoadEveryRelated[Node]"
)py";

constexpr std::string_view fixed = R"py(
from dataclasses import dataclass
from typing import Annotated
from ommi import FieldType, Key, ommi_model
from ommi.models.field_metadata import ReferenceTo
from ommi.models.query_fields import LazyLoadEveryRelated, LazyLoadTheRelated

@ommi_model
@dataclass
class Node:
    id: Annotated[int, Key]
    parent_id: Annotated[int | None, FieldType(int), ReferenceTo("Node.id")]
    parent: "LazyLoadTheRelated[Node]"
)py";

constexpr std::string_view database = R"(
CREATE TABLE "Node"("id" INTEGER, "parent_id" INTEGER, PRIMARY KEY ("id"));
CREATE INDEX node_parent ON "Node" ("parent_id");
INSERT INTO "Node" VALUES (1, NULL), (2, 1), (3, 1);
)";

}  // namespace

extern constinit const Rule mod010_self_reference_direction = {
    .code = "MOD010",
    .name = "self-reference-direction",
    .level = Level::error,
    .summary = "a list of a model in itself follows the reference the wrong way",
    .explanation = explanation,
    .failing = {.sql = database, .python = failing},
    .fixed = {.sql = database, .python = fixed},
    .check = check,
};

}  // namespace doctor::rules
