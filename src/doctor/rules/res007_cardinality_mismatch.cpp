#include "doctor/malformed.hpp"

namespace doctor::rules {
namespace {

constexpr std::string_view explanation = R"(
## What it looks for
Loads for which the driver gave more or fewer rows than the query allows: beyond its limit, or for
more keys than were named.

## Why it breaks loading
A to-one relationship has one place. What comes in excess is dropped or put into another owner's
list, and what is missing looks like a row that is not there.

## What to do
Let the driver honour limits and keys.

## What it can miss
Rows of the right number and the wrong content. Owners of which the data hold two rows are DAT004's.
)";

constexpr ommi::Malformed kinds[] = {ommi::Malformed::wrong_count};

void check(const Evidence& evidence, Findings& findings) {
  find_malformed(evidence, kinds, "honour the limit and the keys of the query", findings);
}

constexpr std::string_view database = R"(
CREATE TABLE User (id INTEGER PRIMARY KEY);
CREATE TABLE Post (id INTEGER PRIMARY KEY, user_id INTEGER REFERENCES User(id));
INSERT INTO User VALUES (1), (2);
INSERT INTO Post VALUES (1, 1), (2, 1), (3, 2);
)";

}  // namespace

extern constinit const Rule res007_cardinality_mismatch = {
    .code = "RES007",
    .name = "cardinality-mismatch",
    .level = Level::error,
    .summary = "another number of rows arrived than was asked for",
    .explanation = explanation,
    .failing = {.sql = database, .fault = "wrong_count"},
    .fixed = {.sql = database},
    .check = check,
};

}  // namespace doctor::rules
