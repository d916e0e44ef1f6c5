#include <fmt/format.h>

#include "doctor/ommi_code.hpp"
#include "doctor/ommi_code_examples.hpp"
#include "doctor/ommi_uses.hpp"

namespace doctor::rules {
namespace {

constexpr std::string_view explanation = R"(
## What it looks for
`use_models(...)` of an Ommi; and, where the models are never set up, `await db.add(...)` and
`await db.find(...)`, which set them up implicitly.

## Why it breaks loading
`use_models` makes the tables anew: it drops those of its models before, with every row. What referred
to these rows dangles, and lazy fields find nothing.

## What to do
`await driver.apply_schema(collection)` makes the tables that are missing and touches no other. The
implicit set-up is switched off by `Ommi(driver, allow_imlicit_model_setup=False)`, spelt like that.

## What it can miss
Databases whose object comes from another file. A file that opens a database in memory is left alone.
)";

bool in_memory(const Evidence& evidence, const std::string& file) {
  return is_done(evidence, [&](const python::Use& use) {
    if (use.kind != "connect" || use.file != file) return false;
    for (const python::NamedSetting& setting : use.settings) {
      if (setting.name == "database" && setting.value == ":memory:") return true;
    }
    return false;
  });
}

void check_explicit(const Evidence& evidence, Findings& findings) {
  const auto groups = grouped_uses(
      evidence, {"use-models"},
      [&](const python::Use& use) {
        return use.certain && use.method == "use_models" && !in_memory(evidence, use.file);
      },
      [](const python::Use& use) { return use.file + '|' + use.collection; });
  for (const Uses& uses : groups) {
    const std::string collection = ommi::escaped(uses.front()->collection);
    Finding& finding = add_use(
        findings, evidence, uses,
        fmt::format("use_models({}) drops the tables of its models, and all their rows, before it "
                    "makes them anew",
                    collection));
    finding.remedies = {
        by_hand(fmt::format("write await driver.apply_schema({}): it makes what is missing",
                            collection.empty() ? "get_global_collection()" : collection))};
  }
}

void check_implicit(const Evidence& evidence, Findings& findings) {
  const auto is_set_up = [](const python::Use& use) {
    return use.kind == "use-models" || use.implicit_setup_off;
  };
  if (is_done(evidence, is_set_up)) return;
  const auto groups = grouped_uses(
      evidence, {"implicit-setup"},
      [&](const python::Use& use) { return !in_memory(evidence, use.file); },
      [](const python::Use& use) { return use.file; });
  for (const Uses& uses : groups) {
    Finding& finding = add_use(
        findings, evidence, uses,
        fmt::format(
            "await {}.{}(…) sets the models up, which drops their tables and all their rows",
            ommi::escaped(uses.front()->receiver), ommi::escaped(uses.front()->method)));
    finding.remedies = {
        by_hand("write Ommi(driver, allow_imlicit_model_setup=False), and once "
                "await driver.apply_schema(get_global_collection())")};
  }
}

void check(const Evidence& evidence, Findings& findings) {
  check_explicit(evidence, findings);
  check_implicit(evidence, findings);
}

constexpr std::string_view failing = R"py(
from dataclasses import dataclass
from typing import Annotated
from ommi import Key, Ommi, use_driver, ommi_model
from ommi.models.field_metadata import ReferenceTo
from ommi.models.query_fields import LazyLoadEveryRelated, LazyLoadTheRelated
from ommi.models.collections import get_global_collection

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

async def start(driver):
    with use_driver(driver):
        async with Ommi(driver) as db:
            await db.use_models(get_global_collection())
)py";

constexpr std::string_view fixed = R"py(
from dataclasses import dataclass
from typing import Annotated
from ommi import Key, Ommi, use_driver, ommi_model
from ommi.models.field_metadata import ReferenceTo
from ommi.models.query_fields import LazyLoadEveryRelated, LazyLoadTheRelated
from ommi.models.collections import get_global_collection

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

async def start(driver):
    with use_driver(driver):
        async with Ommi(driver, allow_imlicit_model_setup=False) as db:
            await driver.apply_schema(get_global_collection())
)py";

}  // namespace

extern constinit const Rule use004_tables_dropped_by_use_models = {
    .code = "USE004",
    .name = "tables-dropped-by-use-models",
    .level = Level::error,
    .summary = "setting up the models drops their tables first",
    .explanation = explanation,
    .failing = {.sql = examples::sound_database, .python = failing},
    .fixed = {.sql = examples::sound_database, .python = fixed},
    .check = check,
};

}  // namespace doctor::rules
