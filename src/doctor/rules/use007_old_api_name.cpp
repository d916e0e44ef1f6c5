#include <fmt/format.h>

#include "doctor/ommi_code.hpp"
#include "doctor/ommi_code_examples.hpp"
#include "doctor/ommi_uses.hpp"

namespace doctor::rules {
namespace {

constexpr std::string_view explanation = R"(
## What it looks for
Names of Ommi 0.1 (`DatabaseResult`, `SQLiteConfig`, `from_config`, `create_models`, `fetch.one()` …), names
that are imported from a module that does not offer them (`from ommi import ReferenceTo`), and the methods
`Model.fetch`, `row.save()` and the like. README and older pages of Ommi's documentation show them.

## Why it breaks loading
They are errors when the line is reached: an ImportError, or an AttributeError which may be hidden in a
result.

## What to do
What replaced the name is said beside it.

## What it can miss
Names on objects whose class cannot be told from the source.
)";

struct Replaced {
  std::string_view old;
  std::string_view by;
};

constexpr Replaced replaced_names[] = {
    {"DatabaseResult", "DBResult (from ommi import DBResult)"},
    {"AsyncResultWrapper", "DBResult.build, whose result is awaited"},
    {"DatabaseStatus", "DBResult (from ommi import DBResult)"},
    {"SQLiteConfig", "a dict: SQLiteDriver.connect({\"database\": …})"},
    {"PostgreSQLConfig", "a dict: await PostgreSQLDriver.connect({\"host\": …})"},
    {"MongoDBConfig", "MongoDBSettings"},
    {"from_config", "connect"},
    {"create_models", "await driver.apply_schema(collection)"},
    {"setup_on", "await driver.apply_schema(collection)"},
    {"remove_from", "await driver.delete_schema(collection)"},
    {"raise_on_errors", "or_raise()"},
    {"value_or", "result_or(default)"},
    {"fetch_related", "await of the lazy field"},
    {"fetch.one", "await db.find(…).one()"},
    {"fetch.all", "await db.find(…).all()"},
    {"find.set", "await db.find(…).update({…})"},
    {"ommi.models.get_global_collection", "ommi.models.collections.get_global_collection"},
    {"save", "await driver.update(…)"},
    {"reload", "a new db.find(…)"},
    {"delete", "await db.find(…).delete()"},
    {"fetch", "await db.find(…).all()"},
    {"count", "await db.find(…).count()"},
};

std::string_view what_replaced(std::string_view name) {
  for (const Replaced& replaced : replaced_names) {
    if (name == replaced.old) return replaced.by;
  }
  const std::string_view last = last_name(name);
  return last == name ? std::string_view() : what_replaced(last);
}

std::string name_of(const python::Use& use) {
  return use.kind == "active-record" ? use.method : use.name;
}

std::string message_of(const python::Use& use) {
  if (use.kind == "wrong-import") {
    return fmt::format("{} does not offer {}: the import is an error", ommi::escaped(use.module),
                       ommi::escaped(use.name));
  }
  if (use.kind == "active-record") {
    return fmt::format("{}.{} asks a driver for `find`, which no driver has",
                       ommi::escaped(last_name(use.model)), ommi::escaped(use.method));
  }
  return fmt::format("{} is of Ommi 0.1, and not there since 0.2", ommi::escaped(use.name));
}

std::string remedy_of(const python::Use& use) {
  if (!use.known_in.empty()) {
    return fmt::format("write from {} import {}", ommi::escaped(use.known_in.front()),
                       ommi::escaped(use.name));
  }
  const std::string_view by = what_replaced(name_of(use));
  return by.empty() ? "see Ommi's current documentation" : fmt::format("use {}", by);
}

void check(const Evidence& evidence, Findings& findings) {
  if (evidence.ommi.release < OmmiRelease::v0_2_0) return;  // the names are that release's
  const auto groups = grouped_uses(
      evidence, {"old-name", "wrong-import", "active-record"},
      [](const python::Use&) { return true; },
      [](const python::Use& use) {
        return fmt::format("{}|{}|{}|{}", use.file, use.kind, name_of(use), use.model);
      });
  for (const Uses& uses : groups) {
    Finding& finding = add_use(findings, evidence, uses, message_of(*uses.front()));
    finding.remedies = {by_hand(remedy_of(*uses.front()))};
  }
}

constexpr std::string_view failing = R"py(
from dataclasses import dataclass
from typing import Annotated
from ommi import Key, ommi_model
from ommi.models.field_metadata import ReferenceTo
from ommi.models.query_fields import LazyLoadEveryRelated, LazyLoadTheRelated
from ommi.database import DatabaseResult

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

async def first(db) -> DatabaseResult:
    return await db.find(User.id == 1).fetch.one()
)py";

constexpr std::string_view fixed = R"py(
from dataclasses import dataclass
from typing import Annotated
from ommi import Key, DBResult, ommi_model
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

async def first(db) -> DBResult:
    return await db.find(User.id == 1).one()
)py";

}  // namespace

extern constinit const Rule use007_old_api_name = {
    .code = "USE007",
    .name = "old-api-name",
    .level = Level::warning,
    .summary = "a name of an older Ommi, or from the wrong module, which version 0.2 does not have",
    .explanation = explanation,
    .failing = {.sql = examples::sound_database, .python = failing},
    .fixed = {.sql = examples::sound_database, .python = fixed},
    .check = check,
};

}  // namespace doctor::rules
