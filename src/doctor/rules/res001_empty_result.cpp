#include "doctor/malformed.hpp"

namespace doctor::rules {
namespace {

constexpr std::string_view explanation = R"(
## What it looks for
Loads that ended in a success object with nothing in it.

## Why it breaks loading
A success promises a value. Whoever opens it finds none, and fails with a message about the wrapper
("does not wrap a result") that says nothing of the query, the row or the driver.

## What to do
Make the value first and the result after it; a list without rows is a value, too.

## What it can miss
Results that are made and never looked at.
)";

constexpr ommi::Malformed kinds[] = {ommi::Malformed::empty_wrapper};

void check(const Evidence& evidence, Findings& findings) {
  find_malformed(evidence, kinds, "put the value into the result, also where it is an empty list",
                 findings);
}

constexpr std::string_view database = R"(
CREATE TABLE User (id INTEGER PRIMARY KEY);
CREATE TABLE Post (id INTEGER PRIMARY KEY, user_id INTEGER REFERENCES User(id));
INSERT INTO User VALUES (1), (2);
INSERT INTO Post VALUES (1, 1), (2, 1), (3, 2);
)";

}  // namespace

extern constinit const Rule res001_empty_result = {
    .code = "RES001",
    .name = "empty-result",
    .level = Level::error,
    .summary = "a success arrived that wraps no value",
    .explanation = explanation,
    .failing = {.sql = database, .fault = "empty_wrapper"},
    .fixed = {.sql = database},
    .check = check,
};

}  // namespace doctor::rules
