#include "doctor/malformed.hpp"

namespace doctor::rules {
namespace {

constexpr std::string_view explanation = R"(
## What it looks for
Loads that ended in a result object that nobody filled.

## Why it breaks loading
The object was made and the operation that should fill it never ran, or its outcome was dropped.
Asking it for its value fails with a message about the wrapper itself.

## What to do
Make results from outcomes only, so that there is none without one.

## What it can miss
Results that are never looked at.
)";

constexpr ommi::Malformed kinds[] = {ommi::Malformed::uninitialised_wrapper};

void check(const Evidence& evidence, Findings& findings) {
  find_malformed(evidence, kinds,
                 "make the result from the outcome of the operation, not before it", findings);
}

constexpr std::string_view database = R"(
CREATE TABLE User (id INTEGER PRIMARY KEY);
CREATE TABLE Post (id INTEGER PRIMARY KEY, user_id INTEGER REFERENCES User(id));
INSERT INTO User VALUES (1), (2);
INSERT INTO Post VALUES (1, 1), (2, 1), (3, 2);
)";

}  // namespace

extern constinit const Rule res003_neither_result = {
    .code = "RES003",
    .name = "neither-result",
    .level = Level::error,
    .summary = "a result arrived that wraps neither a value nor an error",
    .explanation = explanation,
    .failing = {.sql = database, .fault = "uninitialised_wrapper"},
    .fixed = {.sql = database},
    .check = check,
};

}  // namespace doctor::rules
