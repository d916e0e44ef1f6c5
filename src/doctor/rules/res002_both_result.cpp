#include "doctor/malformed.hpp"

namespace doctor::rules {
namespace {

constexpr std::string_view explanation = R"(
## What it looks for
Loads that ended in an object with both rows and an error in it.

## Why it breaks loading
Which of the two counts depends on who asks first: one caller goes on with rows of a failed query,
another one raises.

## What to do
Decide at the driver: rows, or an error, and never both.

## What it can miss
An error that was dropped before the result was made.
)";

constexpr ommi::Malformed kinds[] = {ommi::Malformed::both_sides};

void check(const Evidence& evidence, Findings& findings) {
  find_malformed(evidence, kinds, "return rows or raise an error, never both", findings);
}

constexpr std::string_view database = R"(
CREATE TABLE User (id INTEGER PRIMARY KEY);
CREATE TABLE Post (id INTEGER PRIMARY KEY, user_id INTEGER REFERENCES User(id));
INSERT INTO User VALUES (1), (2);
INSERT INTO Post VALUES (1, 1), (2, 1), (3, 2);
)";

}  // namespace

extern constinit const Rule res002_both_result = {
    .code = "RES002",
    .name = "both-result",
    .level = Level::error,
    .summary = "a result arrived that wraps a value and an error",
    .explanation = explanation,
    .failing = {.sql = database, .fault = "both_sides"},
    .fixed = {.sql = database},
    .check = check,
};

}  // namespace doctor::rules
