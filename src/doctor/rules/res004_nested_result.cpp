#include "doctor/malformed.hpp"

namespace doctor::rules {
namespace {

constexpr std::string_view explanation = R"(
## What it looks for
Loads that ended in a result object whose value is a result object again.

## Why it breaks loading
Two layers wrapped the same outcome. The outer one is a success whatever the inner one is: a failure
inside it is taken for a value, cached, and handed to code that expects rows.

## What to do
Wrap once, at the interface. Where two layers may wrap, flatten before the second does.

## What it can miss
Nesting that is undone before it comes to the interface.
)";

constexpr ommi::Malformed kinds[] = {ommi::Malformed::double_wrapped};

void check(const Evidence& evidence, Findings& findings) {
  find_malformed(evidence, kinds, "wrap once, at the interface", findings);
}

constexpr std::string_view database = R"(
CREATE TABLE User (id INTEGER PRIMARY KEY);
CREATE TABLE Post (id INTEGER PRIMARY KEY, user_id INTEGER REFERENCES User(id));
INSERT INTO User VALUES (1), (2);
INSERT INTO Post VALUES (1, 1), (2, 1), (3, 2);
)";

}  // namespace

extern constinit const Rule res004_nested_result = {
    .code = "RES004",
    .name = "nested-result",
    .level = Level::error,
    .summary = "a result arrived inside a result",
    .explanation = explanation,
    .failing = {.sql = database, .fault = "double_wrapped"},
    .fixed = {.sql = database},
    .check = check,
};

}  // namespace doctor::rules
