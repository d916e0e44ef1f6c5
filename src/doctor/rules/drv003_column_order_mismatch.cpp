#include <algorithm>

#include <fmt/format.h>

#include "doctor/ommi_code.hpp"
#include "doctor/proof.hpp"
#include "doctor/wording.hpp"

namespace doctor::rules {
namespace {

constexpr std::string_view explanation = R"(
## What it looks for
Tables whose columns stand in another order than the fields of their Ommi model, or have others between
them.

## Why it breaks loading
Ommi asks for `SELECT *` and gives the values to the fields by their position. Then a title is read from
the column of the author, references name rows of something else, and nothing says so unless a value
cannot be converted. It happens when fields are reordered, when a column was added later, and to tables
that something else has made.

## What to do
Put the fields in the order of the columns; or make the table anew in the order of the fields.

## What it can miss
Models that are given by a manifest: who reads those rows is not known. Further columns at the end.
)";

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + ommi::escaped(name);
  return text;
}

/// The columns that Ommi takes the model's to be; none where it makes others of the declarations.
std::vector<std::string> columns_of(const python::Model& model) {
  std::vector<std::string> columns;
  for (const python::Field& field : model.fields) {
    if (field.class_var) return {};
    if (field.is_column()) columns.push_back(field.column());
  }
  return columns;
}

bool all_there(const ommi::Table& table, const std::vector<std::string>& columns) {
  return std::all_of(columns.begin(), columns.end(), [&](const std::string& column) {
    return table.find_column(column) != nullptr;
  });
}

void check(const Evidence& evidence, Findings& findings) {
  if (evidence.schema == nullptr) return;
  for_each_model(evidence, [&](const python::Model& model) {
    const ommi::Table* const table = evidence.schema->find_table(model.table.name);
    const std::vector<std::string> fields = columns_of(model);
    // What is missing is for another rule to say.
    if (table == nullptr || fields.empty() || !all_there(*table, fields)) return;
    std::vector<std::string> columns, misread;
    for (const ommi::Column& column : table->columns) columns.push_back(column.name);
    for (std::size_t at = 0; at < fields.size(); ++at) {
      if (same_name(fields[at], columns[at])) continue;
      misread.push_back(fmt::format("{} from {}", fields[at], columns[at]));
    }
    if (misread.empty()) return;
    Finding& finding = add_about(findings, evidence, model, nullptr,
                                 fmt::format("Ommi reads rows of {} by position, and so {}",
                                             ommi::escaped(table->name), joined(misread)));
    finding.count = misread.size();
    if (const ommi::Model* const known = model_of(evidence, model)) {
      finding.relations = relations_touching(*evidence.catalog, *known);
    }
    finding.evidence.sql = fmt::format("SELECT * FROM {} LIMIT 1", quoted_name(table->name));
    finding.evidence.notes = {fmt::format("the fields in order: {}", joined(fields)),
                              fmt::format("the columns in order: {}", joined(columns))};
    finding.remedies = {
        {Safety::manual,
         fmt::format("put the fields of {} in the order of the columns", ommi::escaped(model.name)),
         {}},
        {Safety::unsafe, "make the table anew with its columns in the order of the fields", {}}};
  });
}

constexpr std::string_view models = R"py(
from dataclasses import dataclass
from typing import Annotated
from ommi import Key, ommi_model
from ommi.models.field_metadata import ReferenceTo
from ommi.models.query_fields import LazyLoadTheRelated

@ommi_model
@dataclass
class User:
    id: Annotated[int, Key]
    name: str

@ommi_model
@dataclass
class Post:
    id: Annotated[int, Key]
    user_id: Annotated[int, ReferenceTo(User.id)]
    words: int
    author: LazyLoadTheRelated[User]
)py";

constexpr std::string_view failing_database = R"(
CREATE TABLE "User"("id" INTEGER, "name" TEXT, PRIMARY KEY ("id"));
CREATE TABLE "Post"("id" INTEGER, "words" INTEGER, "user_id" INTEGER, PRIMARY KEY ("id"));
CREATE INDEX post_user ON "Post" ("user_id");
INSERT INTO "User" VALUES (1, 'ann'), (2, 'bob');
INSERT INTO "Post" VALUES (1, 120, 1), (2, 80, 2);
)";

constexpr std::string_view fixed_database = R"(
CREATE TABLE "User"("id" INTEGER, "name" TEXT, PRIMARY KEY ("id"));
CREATE TABLE "Post"("id" INTEGER, "user_id" INTEGER, "words" INTEGER, PRIMARY KEY ("id"));
CREATE INDEX post_user ON "Post" ("user_id");
INSERT INTO "User" VALUES (1, 'ann'), (2, 'bob');
INSERT INTO "Post" VALUES (1, 1, 120), (2, 2, 80);
)";

}  // namespace

extern constinit const Rule drv003_column_order_mismatch = {
    .code = "DRV003",
    .name = "column-order-mismatch",
    .level = Level::error,
    .summary = "the columns stand in another order than the fields that they are read into",
    .explanation = explanation,
    .failing = {.sql = failing_database, .python = models},
    .fixed = {.sql = fixed_database, .python = models},
    .check = check,
};

}  // namespace doctor::rules
