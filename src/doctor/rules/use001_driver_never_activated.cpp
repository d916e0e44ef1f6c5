#include <fmt/format.h>

#include "doctor/ommi_code.hpp"
#include "doctor/ommi_code_examples.hpp"
#include "doctor/ommi_uses.hpp"

namespace doctor::rules {
namespace {

constexpr std::string_view explanation = R"(
## What it looks for
`Ommi(driver)` or `async with Ommi(driver)` in an application that has lazy fields, where nothing in the
sources makes a driver active: no `with use_driver(driver)`, no `async with driver`, no
`active_driver.set(...)`.

## Why it breaks loading
A lazy field asks for the active driver of its context. Since version 0.2.1 `Ommi` does not make its
driver active, so that every lazy field fails with a `LookupError` which the application does not see,
however sound its models are. Versions up to 0.2.0 did.

## What to do
`with use_driver(driver):` around the code that loads lazy fields. `async with driver:` also makes it
active, and closes its connection at the end.

## What it can miss
Applications that make a driver active somewhere, and not where the fields are loaded.
)";

bool has_lazy_fields(const python::Facts& facts) {
  for (const python::Model& model : facts.models) {
    for (const python::Field& field : model.fields) {
      if (field.lazy && field.lazy->seen_by_ommi) return true;
    }
  }
  return false;
}

void check(const Evidence& evidence, Findings& findings) {
  if (evidence.python == nullptr || !has_lazy_fields(*evidence.python)) return;
  if (is_done(evidence, [](const python::Use& use) { return use.kind == "activation"; })) return;
  const auto groups = grouped_uses(
      evidence, {"ommi"},
      [&](const python::Use& use) {
        const bool activates =
            evidence.ommi.release <= OmmiRelease::v0_2_0 && use.form == "async-with";
        return !use.activated && !activates;
      },
      [](const python::Use& use) { return use.file; });
  for (const Uses& uses : groups) {
    const std::string driver = uses.front()->driver.empty() ? "driver" : uses.front()->driver;
    Finding& finding =
        add_use(findings, evidence, uses,
                fmt::format("{} uses Ommi and nothing makes a driver active: no lazy field can be "
                            "loaded",
                            ommi::escaped(uses.front()->file)));
    finding.evidence.notes.push_back(
        hidden_error(evidence, "LookupError: <ContextVar name='active_driver'>"));
    finding.remedies = {
        by_hand(fmt::format("put `with use_driver({}):` around the code that loads "
                            "lazy fields (from ommi import use_driver)",
                            ommi::escaped(driver)))};
  }
}

constexpr std::string_view failing = R"py(
from dataclasses import dataclass
from typing import Annotated
from ommi import Key, Ommi, ommi_model
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

async def names():
    driver = SQLiteDriver.connect({"database": "app.db"})
    async with Ommi(driver) as db:
        for post in await db.find(Post).all.or_raise():
            print((await post.author).name)
)py";

constexpr std::string_view fixed = R"py(
from dataclasses import dataclass
from typing import Annotated
from ommi import Key, Ommi, use_driver, ommi_model
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

async def names():
    driver = SQLiteDriver.connect({"database": "app.db"})
    with use_driver(driver):
        async with Ommi(driver) as db:
            for post in await db.find(Post).all.or_raise():
                print((await post.author).name)
)py";

}  // namespace

extern constinit const Rule use001_driver_never_activated = {
    .code = "USE001",
    .name = "driver-never-activated",
    .level = Level::error,
    .summary = "no driver is made active, so no lazy field can be loaded",
    .explanation = explanation,
    .failing = {.sql = examples::sound_database, .python = failing},
    .fixed = {.sql = examples::sound_database, .python = fixed},
    .check = check,
};

}  // namespace doctor::rules
