#include <fmt/format.h>

#include "doctor/ommi_code.hpp"
#include "doctor/ommi_code_examples.hpp"
#include "doctor/ommi_uses.hpp"

namespace doctor::rules {
namespace {

constexpr std::string_view explanation = R"(
## What it looks for
`SQLiteDriver.connect({...})` with keys other than `database` and `isolation_level`.

## Why it breaks loading
Keys that it does not know are ignored without a word. With `{"filename": "app.db"}` an empty database
in memory is opened, or the one that was opened before: then no lazy field finds a table or a row.

## What to do
`SQLiteDriver.connect({"database": "app.db"})`.

## What it can miss
Settings that are computed, and those of other drivers, which refuse what they do not know.
)";

bool is_known(const python::NamedSetting& setting) {
  return setting.name.empty() || setting.name == "database" || setting.name == "isolation_level";
}

/// The first key that is ignored, or null.
const python::NamedSetting* ignored(const python::Use& use) {
  if (use.driver != "SQLiteDriver") return nullptr;
  for (const python::NamedSetting& setting : use.settings) {
    if (!is_known(setting)) return &setting;
  }
  return nullptr;
}

bool names_database(const python::Use& use) {
  for (const python::NamedSetting& setting : use.settings) {
    if (setting.name == "database" || setting.name.empty()) return true;
  }
  return false;
}

void check(const Evidence& evidence, Findings& findings) {
  const auto groups = grouped_uses(
      evidence, {"connect"}, [](const python::Use& use) { return ignored(use) != nullptr; },
      [](const python::Use& use) { return use.file + '|' + ignored(use)->name; });
  for (const Uses& uses : groups) {
    const python::Use& first = *uses.front();
    const python::NamedSetting& key = *ignored(first);
    const char* const then = names_database(first)
                                 ? "it is ignored"
                                 : "it is ignored, and an empty database in memory is opened";
    Finding& finding = add_use(findings, evidence, uses,
                               fmt::format("SQLiteDriver.connect does not know the setting {}: {}",
                                           ommi::escaped(key.name), then));
    finding.remedies = {by_hand(
        names_database(first)
            ? fmt::format("take {} out", ommi::escaped(key.name))
            : fmt::format("write {{\"database\": …}} instead of {}", ommi::escaped(key.name)))};
  }
}

constexpr std::string_view failing = R"py(
from dataclasses import dataclass
from typing import Annotated
from ommi import Key, ommi_model
from ommi.models.field_metadata import ReferenceTo
from ommi.models.query_fields import LazyLoadEveryRelated, LazyLoadTheRelated
from ommi.ext.drivers.sqlite import SQLiteDriver

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

driver = SQLiteDriver.connect({"filename": "app.db"})
)py";

constexpr std::string_view fixed = R"py(
from dataclasses import dataclass
from typing import Annotated
from ommi import Key, ommi_model
from ommi.models.field_metadata import ReferenceTo
from ommi.models.query_fields import LazyLoadEveryRelated, LazyLoadTheRelated
from ommi.ext.drivers.sqlite import SQLiteDriver

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

driver = SQLiteDriver.connect({"database": "app.db"})
)py";

}  // namespace

extern constinit const Rule use005_settings_key_ignored = {
    .code = "USE005",
    .name = "settings-key-ignored",
    .level = Level::warning,
    .summary = "a setting has a name that the driver does not know, and is ignored",
    .explanation = explanation,
    .failing = {.sql = examples::sound_database, .python = failing},
    .fixed = {.sql = examples::sound_database, .python = fixed},
    .check = check,
};

}  // namespace doctor::rules
