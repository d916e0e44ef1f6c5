#include <fmt/format.h>

#include "doctor/ommi_code.hpp"
#include "doctor/ommi_code_examples.hpp"

namespace doctor::rules {
namespace {

constexpr std::string_view explanation = R"(
## What it looks for
Fields declared as `Optional[int]` or `int | None` without `FieldType(int)`. Where the table has another
column than Ommi would make, the finding is for information only.

## Why it breaks loading
Ommi knows four types by identity, and makes a TEXT column of everything else. Numbers are stored as text
there: they sort as text, a join with an INTEGER key is not served by its index, and PostgreSQL refuses to
compare them at all (`operator does not exist: text = integer`). Of `int | None` not even the values come
back as numbers.

## What to do
Say what the column is: `Annotated[int | None, FieldType(int)]`, and make the table anew.

## What it can miss
Optional types behind an alias of a file that was not given.
)";

bool is_optional_integer(const python::Field& field) {
  if (!field.is_column() || field.field_type || !field.type) return false;
  return !field.type->optional.empty() && field.type->exact == "other" &&
         field.type->inner == "builtins.int";
}

std::string meant(const python::Field& field) {
  const std::string& text = field.annotation;
  if (field.quoted || field.type->alias) return {};
  if (text.find("Annotated") == std::string::npos)
    return fmt::format("Annotated[{}, FieldType(int)]", text);
  const python::Part& type = field.type->place;
  if (!text.starts_with("Annotated[") || !type.here) return {};
  return replaced(text, {type.end, type.end, true}, ", FieldType(int)");
}

void check(const Evidence& evidence, Findings& findings) {
  for_each_field(evidence, [&](const python::Model& model, const python::Field& field) {
    if (!is_optional_integer(field)) return;
    Finding& finding =
        add_about(findings, evidence, model, &field,
                  fmt::format("{} may be None, and Ommi makes a TEXT column for {}",
                              name_of(model, field), ommi::escaped(field.type->text)));
    if (is_made_otherwise(evidence, model, field)) {
      finding.level = Level::info;
      finding.evidence.notes.push_back("the table has another column: it was made otherwise");
    }
    if (field.type->optional == "pipe") {
      finding.evidence.notes.push_back(
          "values of a TEXT column come back as text: Ommi does not look into a union that is "
          "written with |");
    }
    const std::string right = meant(field);
    Remedy remedy{Safety::manual, "say what the column is with FieldType(int) (from ommi)", {}, {}};
    if (!right.empty()) remedy.edits = with_annotation(model, field, right);
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
    user_id: Annotated[int | None, ReferenceTo(User.id)]
    author: LazyLoadTheRelated[User]
)py";

constexpr std::string_view fixed = R"py(
from dataclasses import dataclass
from typing import Annotated
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
    user_id: Annotated[int | None, FieldType(int), ReferenceTo(User.id)]
    author: LazyLoadTheRelated[User]
)py";

}  // namespace

extern constinit const Rule mod013_optional_integer_stored_as_text = {
    .code = "MOD013",
    .name = "optional-integer-stored-as-text",
    .level = Level::warning,
    .summary = "an optional integer, for which Ommi makes a TEXT column",
    .explanation = explanation,
    .failing = {.sql = examples::text_database, .python = failing},
    .fixed = {.sql = examples::sound_database, .python = fixed},
    .check = check,
};

}  // namespace doctor::rules
