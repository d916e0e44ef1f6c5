#include "doctor/malformed.hpp"

namespace doctor::rules {
namespace {

constexpr std::string_view explanation = R"(
## What it looks for
Loads for which the driver gave something else than was due: nothing at all, a text, a row with
another number of columns, values of another type, rows of other keys, an object that was never
awaited, or a part of the rows.

## Why it breaks loading
What is due is known for each call: rows of one model, so many columns, of these types. Anything else
cannot be made into rows, or makes rows that belong to somebody else.

## What to do
Let the driver return the rows that the query asks for, in the order of its columns.

## What it can miss
Values that are of the right type and wrong.
)";

constexpr ommi::Malformed kinds[] = {ommi::Malformed::not_rows,   ommi::Malformed::wrong_width,
                                     ommi::Malformed::wrong_cell, ommi::Malformed::foreign_rows,
                                     ommi::Malformed::unawaited,  ommi::Malformed::truncated};

void check(const Evidence& evidence, Findings& findings) {
  find_malformed(evidence, kinds,
                 "return the rows that were asked for, in the order of the columns", findings);
}

constexpr std::string_view database = R"(
CREATE TABLE User (id INTEGER PRIMARY KEY);
CREATE TABLE Post (id INTEGER PRIMARY KEY, user_id INTEGER REFERENCES User(id));
INSERT INTO User VALUES (1), (2);
INSERT INTO Post VALUES (1, 1), (2, 1), (3, 2);
)";

}  // namespace

extern constinit const Rule drv002_driver_returned_wrong_type = {
    .code = "DRV002",
    .name = "driver-returned-wrong-type",
    .level = Level::error,
    .summary = "a driver returned something that is not the rows asked for",
    .explanation = explanation,
    .failing = {.sql = database, .fault = "not_rows"},
    .fixed = {.sql = database},
    .check = check,
};

}  // namespace doctor::rules
