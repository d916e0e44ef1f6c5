#include <fmt/format.h>

#include "doctor/ommi_code.hpp"
#include "doctor/ommi_code_examples.hpp"
#include "doctor/ommi_uses.hpp"

namespace doctor::rules {
namespace {

constexpr std::string_view explanation = R"(
## What it looks for
`post.author.name`, `for post in user.posts`, `if post.author`, `len(user.posts)` and the like: a lazy
field that is used as its value. `.value`, `.get()` and `.result` of it are how Ommi 0.1 was used.

## Why it breaks loading
The field is an object that loads when it is awaited. It has no attribute of the row and no length, is
true whether there is a row or not, and cannot be looped over.

## What to do
`await` the field: `(await post.author).name`, `for post in await user.posts`.

## What it can miss
Rows whose model cannot be told from the source; fields that are passed on to other functions, which
may await them.
)";

bool is_old(const python::Use& use) {
  return use.method == "value" || use.method == "get" || use.method == "result";
}

/// Functions that want the value itself.
bool wants_value(std::string_view context) {
  for (const std::string_view callee :
       {"print", "len", "str", "repr", "list", "tuple", "set", "sorted", "sum", "min", "max",
        "enumerate", "iter", "bool", "json.dumps", "asdict", "dataclasses.asdict"}) {
    if (context == "argument:" + std::string(callee)) return true;
  }
  return false;
}

bool is_used_as_value(const python::Use& use) {
  if (!use.certain) return false;
  for (const std::string_view context : {"attribute", "iterated", "formatted", "compared",
                                         "subscript", "operand", "condition", "called"}) {
    if (use.context == context) return true;
  }
  return wants_value(use.context);
}

std::string message_of(const python::Use& use) {
  const std::string field = ommi::escaped(fmt::format("{}.{}", last_name(use.model), use.field));
  if (use.context == "attribute") {
    return is_old(use) ? fmt::format("{}.{} is of Ommi 0.1: the lazy field has no such attribute",
                                     ommi::escaped(use.text), ommi::escaped(use.method))
                       : fmt::format("{}.{} is asked of the lazy field {}, not of what it loads",
                                     ommi::escaped(use.text), ommi::escaped(use.method), field);
  }
  return fmt::format("{} is used as a value, and is a lazy field: {} is not awaited",
                     ommi::escaped(use.text), field);
}

std::string remedy_of(const python::Use& use) {
  const std::string text = ommi::escaped(use.text);
  if (use.context == "attribute" && !is_old(use)) {
    return fmt::format("write (await {}).{}", text, ommi::escaped(use.method));
  }
  if (use.method == "get") return fmt::format("write await {}, or await {}.or_use(…)", text, text);
  return fmt::format("write await {}", text);
}

void check(const Evidence& evidence, Findings& findings) {
  const bool has_old_names = evidence.ommi.release < OmmiRelease::v0_2_0;
  const auto groups = grouped_uses(
      evidence, {"lazy-access"},
      [&](const python::Use& use) {
        const bool as_of_old = has_old_names && use.context == "attribute" && is_old(use);
        return is_used_as_value(use) && !as_of_old;
      },
      [](const python::Use& use) {
        return fmt::format("{}|{}.{}|{}|{}", use.file, use.model, use.field, use.context,
                           use.method);
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

async def lines(user: User):
    return [post.title for post in user.posts]
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

async def lines(user: User):
    return [post.title for post in await user.posts]
)py";

}  // namespace

extern constinit const Rule use003_lazy_field_not_awaited = {
    .code = "USE003",
    .name = "lazy-field-not-awaited",
    .level = Level::error,
    .summary = "a lazy field is used as if it were the row, without await",
    .explanation = explanation,
    .failing = {.sql = examples::sound_database, .python = failing},
    .fixed = {.sql = examples::sound_database, .python = fixed},
    .check = check,
};

}  // namespace doctor::rules
