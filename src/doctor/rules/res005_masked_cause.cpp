#include "doctor/malformed.hpp"

namespace doctor::rules {
namespace {

constexpr std::string_view explanation = R"(
## What it looks for
Loads that ended in a failure with no error in it, or with a bare text where an error was due.

## Why it breaks loading
The cause was known where the operation failed and is gone where somebody reads about it. What is left
is the message of a wrapper.

## What to do
Keep the error that was raised; where another one is raised for it, chain them (`raise … from error`).

## What it can miss
An error that was replaced by another one with a cause of its own.
)";

constexpr ommi::Malformed kinds[] = {ommi::Malformed::failure_without_error};

void check(const Evidence& evidence, Findings& findings) {
  find_malformed(evidence, kinds, "keep the error that was raised, and chain what is raised for it",
                 findings);
}

constexpr std::string_view database = R"(
CREATE TABLE User (id INTEGER PRIMARY KEY);
CREATE TABLE Post (id INTEGER PRIMARY KEY, user_id INTEGER REFERENCES User(id));
INSERT INTO User VALUES (1), (2);
INSERT INTO Post VALUES (1, 1), (2, 1), (3, 2);
)";

}  // namespace

extern constinit const Rule res005_masked_cause = {
    .code = "RES005",
    .name = "masked-cause",
    .level = Level::error,
    .summary = "a failure arrived that does not say what failed",
    .explanation = explanation,
    .failing = {.sql = database, .fault = "failure_without_error"},
    .fixed = {.sql = database},
    .check = check,
};

}  // namespace doctor::rules
