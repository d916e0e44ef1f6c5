#include <fmt/format.h>

#include "doctor/ommi_code.hpp"

namespace doctor::rules {
namespace {

constexpr std::string_view explanation = R"(
## What it looks for
`LazyLoadEveryRelated` of another model, where both refer to each other: `Department.employees`, where a
department names its head and an employee the department.

## Why it breaks loading
Ommi asks first whether the model has a reference to the target, and follows it if so; the kind of the
lazy field plays no part. `department.employees` is loaded by `Department.head_id`: it gives the head,
and nobody else. No error is raised.

## What to do
Keep the one reference in a model of its own, or ask for the rows:
`await db.find(Employee.department_id == department.id)`.

## What it can miss
A to-one that is meant the other way round: `Employee.leads`, say. It looks like any other.
)";

/// The first field of `model` that refers to `target`, or null.
const python::Field* reference_to(const Evidence& evidence, const python::Model& model,
                                  const python::Model& target) {
  for (const python::Field& field : model.fields) {
    if (!field.reference || !field.reference->model) continue;
    if (evidence.python->find(*field.reference->model) == &target) return &field;
  }
  return nullptr;
}

void check(const Evidence& evidence, Findings& findings) {
  for_each_field(evidence, [&](const python::Model& model, const python::Field& field) {
    if (!field.lazy || !field.lazy->many || !field.lazy->target) return;
    if (field.lazy->target->association) return;
    const python::Model* const target = evidence.python->find(*field.lazy->target);
    if (target == nullptr || target == &model) return;
    const python::Field* const taken = reference_to(evidence, model, *target);
    const python::Field* const meant = reference_to(evidence, *target, model);
    if (taken == nullptr || meant == nullptr) return;
    Finding& finding = add_about(
        findings, evidence, model, &field,
        fmt::format("{} does not give the rows of {} that refer to this one: Ommi follows "
                    "{}, not {}",
                    name_of(model, field), ommi::escaped(target->name), name_of(model, *taken),
                    name_of(*target, *meant)));
    finding.evidence.notes = {
        fmt::format("Ommi asks for rows of {} whose {} is this row's {}; meant are those whose {} "
                    "is this row's "
                    "{}",
                    ommi::escaped(target->table.name), ommi::escaped(taken->reference->field),
                    ommi::escaped(taken->column()), ommi::escaped(meant->column()),
                    ommi::escaped(meant->reference->field))};
    finding.remedies = {{Safety::manual,
                         fmt::format("take {} out and ask for the rows with db.find; or keep {} in "
                                     "a model of its own",
                                     name_of(model, field), name_of(model, *taken)),
                         {},
                         {}}};
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
class Department:
    id: Annotated[int, Key]
    head_id: Annotated[int, ReferenceTo("Employee.id")]
    head: "LazyLoadTheRelated[Employee]"
    employees: "LazyLoadEveryRelated[Employee]"

@ommi_model
@dataclass
class Employee:
    id: Annotated[int, Key]
    department_id: Annotated[int, ReferenceTo(Department.id)]
    department: "LazyLoadTheRelated[Department]"
)py";

constexpr std::string_view fixed = R"py(
from dataclasses import dataclass
from typing import Annotated
from ommi import Key, ommi_model
from ommi.models.field_metadata import ReferenceTo
from ommi.models.query_fields import LazyLoadEveryRelated, LazyLoadTheRelated

@ommi_model
@dataclass
class Department:
    id: Annotated[int, Key]
    head_id: Annotated[int, ReferenceTo("Employee.id")]
    head: "LazyLoadTheRelated[Employee]"

@ommi_model
@dataclass
class Employee:
    id: Annotated[int, Key]
    department_id: Annotated[int, ReferenceTo(Department.id)]
    department: "LazyLoadTheRelated[Department]"
)py";

constexpr std::string_view database = R"(
CREATE TABLE "Department"("id" INTEGER, "head_id" INTEGER, PRIMARY KEY ("id"));
CREATE TABLE "Employee"("id" INTEGER, "department_id" INTEGER, PRIMARY KEY ("id"));
CREATE INDEX employees ON "Employee" ("department_id");
CREATE INDEX heads ON "Department" ("head_id");
INSERT INTO "Department" VALUES (1, 1);
INSERT INTO "Employee" VALUES (1, 1), (2, 1);
)";

}  // namespace

extern constinit const Rule mod011_mutual_reference_direction = {
    .code = "MOD011",
    .name = "mutual-reference-direction",
    .level = Level::error,
    .summary = "a list between models that refer to each other follows the wrong reference",
    .explanation = explanation,
    .failing = {.sql = database, .python = failing},
    .fixed = {.sql = database, .python = fixed},
    .check = check,
};

}  // namespace doctor::rules
