#include <algorithm>

#include <fmt/format.h>

#include "doctor/ommi_code.hpp"
#include "doctor/ommi_code_examples.hpp"
#include "doctor/wording.hpp"

namespace doctor::rules {
namespace {

constexpr std::string_view explanation = R"(
## What it looks for
Models with the same table: by two `__ommi_model_name__` that are alike, by one that a derived model
inherits, or by classes of one name in several files. Models of different collections are left alone.

## Why it breaks loading
The table is made for one of them, by `CREATE TABLE IF NOT EXISTS`, and which one comes first differs from
run to run. Rows are read by position: the other model gets values of the wrong columns, or none that fit.

## What to do
Give each model a name of its own: `__ommi_model_name__ = "BlogUser"`.

## What it can miss
Names that are computed.
)";

bool share(const python::Model& left, const python::Model& right) {
  if (left.table.name.empty() || !same_name(left.table.name, right.table.name)) return false;
  // A class that is defined anew in its file is MOD015's.
  if (left.file == right.file && left.name == right.name) return false;
  return left.collection == right.collection;
}

/// The line that gives a class which inherits its table's name one of its own, above its first
/// field; nothing where its class's name is taken, too.
std::vector<TextEdit> with_own_name(const Evidence& evidence, const python::Model& model) {
  if (model.table.origin != "inherited" || model.fields.empty()) return {};
  for (const python::Model& other : evidence.python->models) {
    if (same_name(other.table.name, model.name)) return {};
  }
  const python::Field& first = model.fields.front();
  const std::string margin = first.source.substr(0, first.source.find_first_not_of(" \t"));
  const auto lines =
      1U + static_cast<unsigned>(std::count(first.source.begin(), first.source.end(), '\n'));
  return {{model.file, first.place.line, lines,
           fmt::format("{}__ommi_model_name__ = \"{}\"\n{}", margin, model.name, first.source),
           first.source}};
}

void add_finding(const Evidence& evidence, const python::Model& model, const python::Model& other,
                 Findings& findings) {
  Finding& finding =
      add_about(findings, evidence, model, nullptr,
                fmt::format("{} and {} are models of one table, {}", ommi::escaped(model.name),
                            ommi::escaped(other.name), ommi::escaped(model.table.name)));
  finding.discriminator = other.module + "." + other.qualname;
  finding.evidence.notes = {fmt::format("{} is at {}:{}", ommi::escaped(other.name),
                                        ommi::escaped(other.file), other.line)};
  if (model.table.origin == "inherited")
    finding.evidence.notes.push_back("the name is inherited from " +
                                     ommi::escaped(model.table.from));
  finding.remedies = {
      {Safety::manual,
       fmt::format("give {} an __ommi_model_name__ of its own", ommi::escaped(model.name)),
       {},
       with_own_name(evidence, model)}};
}

void check(const Evidence& evidence, Findings& findings) {
  std::vector<const python::Model*> before;
  for_each_model(evidence, [&](const python::Model& model) {
    const auto other = std::find_if(before.begin(), before.end(),
                                    [&](const python::Model* seen) { return share(*seen, model); });
    if (other != before.end()) add_finding(evidence, model, **other, findings);
    before.push_back(&model);
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
    user_id: Annotated[int, ReferenceTo(User.id)]
    author: LazyLoadTheRelated[User]

@ommi_model
@dataclass
class Draft:
    __ommi_model_name__ = "Post"
    id: Annotated[int, Key]
    title: str
    user_id: int
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
    user_id: Annotated[int, ReferenceTo(User.id)]
    author: LazyLoadTheRelated[User]

@ommi_model
@dataclass
class Draft:
    id: Annotated[int, Key]
    title: str
)py";

constexpr std::string_view fixed_database = R"(
CREATE TABLE "User"("id" INTEGER, "name" TEXT, PRIMARY KEY ("id"));
CREATE TABLE "Post"("id" INTEGER, "title" TEXT, "user_id" INTEGER, PRIMARY KEY ("id"));
CREATE INDEX post_user ON "Post" ("user_id");
INSERT INTO "User" VALUES (1, 'ann'), (2, 'bob');
INSERT INTO "Post" VALUES (1, 'first', 1), (2, 'second', 2);
CREATE TABLE "Draft"("id" INTEGER, "title" TEXT, PRIMARY KEY ("id"));
)";

}  // namespace

extern constinit const Rule mod016_shared_table_name = {
    .code = "MOD016",
    .name = "shared-table-name",
    .level = Level::warning,
    .summary = "two models of one table",
    .explanation = explanation,
    .failing = {.sql = examples::sound_database, .python = failing},
    .fixed = {.sql = fixed_database, .python = fixed},
    .check = check,
};

}  // namespace doctor::rules
