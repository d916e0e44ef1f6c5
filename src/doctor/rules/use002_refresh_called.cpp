#include <fmt/format.h>

#include "doctor/ommi_code.hpp"
#include "doctor/ommi_code_examples.hpp"
#include "doctor/ommi_uses.hpp"

namespace doctor::rules {
namespace {

constexpr std::string_view explanation = R"(
## What it looks for
`post.author.refresh()` and `refresh_if_needed()` of a lazy field whose model is known.

## Why it breaks loading
Ommi's `refresh` stores the result object itself as the value. From then on `await post.author` gives
a `DBResult` and not a User, a failure looks like a success, and nothing is asked again.

## What to do
Fetch the row again; its lazy fields are new.

## What it can miss
Fields of rows whose model cannot be told from the source.
)";

void check(const Evidence& evidence, Findings& findings) {
  const auto groups = grouped_uses(
      evidence, {"refresh"}, [](const python::Use& use) { return use.certain; },
      [](const python::Use& use) { return use.file + '|' + use.model + '.' + use.field; });
  for (const Uses& uses : groups) {
    const python::Use& first = *uses.front();
    Finding& finding = add_use(
        findings, evidence, uses,
        fmt::format("{}.{}() stores a result inside the result of {}.{}: then it gives a DBResult",
                    ommi::escaped(first.receiver), ommi::escaped(first.method),
                    ommi::escaped(last_name(first.model)), ommi::escaped(first.field)));
    finding.evidence.notes.emplace_back(
        "before it `await` gives the row; after it `await` gives DBSuccess, also of a failure");
    finding.remedies = {by_hand("fetch the row again instead: its lazy fields are new")};
  }
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

async def author_of(post: Post):
    await post.author.refresh()
    return await post.author
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

async def author_of(post: Post):
    return await post.author
)py";

}  // namespace

extern constinit const Rule use002_refresh_called = {
    .code = "USE002",
    .name = "refresh-called",
    .level = Level::error,
    .summary = "a lazy field is refreshed, which stores a result inside a result",
    .explanation = explanation,
    .failing = {.sql = examples::sound_database, .python = failing},
    .fixed = {.sql = examples::sound_database, .python = fixed},
    .check = check,
};

}  // namespace doctor::rules
