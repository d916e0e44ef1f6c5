#include <fmt/format.h>

#include "doctor/ommi_code.hpp"
#include "doctor/ommi_code_examples.hpp"
#include "doctor/ommi_uses.hpp"

namespace doctor::rules {
namespace {

constexpr std::string_view explanation = R"(
## What it looks for
`transaction()` of a database whose SQLite driver was connected with an isolation level (`DEFERRED`,
`IMMEDIATE`, `EXCLUSIVE`), in a file that calls no `commit`.

## Why it breaks loading
Under such a level the block commits by a coroutine that nobody awaits: what was written is lost when
the block is left, without an error. Rows that were referred to are not there when they are loaded.

## What to do
`await transaction.commit()` at the end of the block; or connect with `"OMMI_DEFAULT"`, under which the
block commits.

## What it can miss
Drivers whose `connect` cannot be seen from there.
)";

bool loses(const python::Use& use) {
  return !use.commits && (use.isolation_level == "DEFERRED" || use.isolation_level == "IMMEDIATE" ||
                          use.isolation_level == "EXCLUSIVE");
}

void check(const Evidence& evidence, Findings& findings) {
  const auto groups = grouped_uses(evidence, {"transaction"}, loses, [](const python::Use& use) {
    return use.file + '|' + use.receiver;
  });
  for (const Uses& uses : groups) {
    const python::Use& first = *uses.front();
    Finding& finding = add_use(
        findings, evidence, uses,
        fmt::format("what is written in {} is lost: under the isolation level {} leaving the block "
                    "commits nothing",
                    ommi::escaped(first.text), ommi::escaped(first.isolation_level)));
    finding.remedies = {
        by_hand("await its commit() at the end of the block, or connect with "
                "\"isolation_level\": \"OMMI_DEFAULT\"")};
  }
}

constexpr std::string_view failing = R"py(
from dataclasses import dataclass
from typing import Annotated
from ommi import Key, use_driver, ommi_model
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

driver = SQLiteDriver.connect({"database": "app.db", "isolation_level": "IMMEDIATE"})

async def add_user(user):
    with use_driver(driver):
        async with driver.transaction() as transaction:
            await transaction.add([user])
)py";

constexpr std::string_view fixed = R"py(
from dataclasses import dataclass
from typing import Annotated
from ommi import Key, use_driver, ommi_model
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

driver = SQLiteDriver.connect({"database": "app.db", "isolation_level": "IMMEDIATE"})

async def add_user(user):
    with use_driver(driver):
        async with driver.transaction() as transaction:
            await transaction.add([user])
            await transaction.commit()
)py";

}  // namespace

extern constinit const Rule use006_transaction_not_committed = {
    .code = "USE006",
    .name = "transaction-not-committed",
    .level = Level::error,
    .summary = "leaving the transaction loses what was written in it",
    .explanation = explanation,
    .failing = {.sql = examples::sound_database, .python = failing},
    .fixed = {.sql = examples::sound_database, .python = fixed},
    .check = check,
};

}  // namespace doctor::rules
