#include "doctor/malformed.hpp"

namespace doctor::rules {
namespace {

constexpr std::string_view explanation = R"(
## What it looks for
Loads for which the driver gave rows, or an error, inside a result object of its own. Each answer is
looked at where it comes in, before anything is made of it.

## Why it breaks loading
The interface wraps what it is given. A result that is wrapped already becomes a result inside a
result: the field yields an object that is neither rows nor an error, and the code that uses it fails
with "does not wrap a result", far from the driver.

## What to do
Let the driver return rows as they are and raise its errors. The interface makes the one result.

## What it can miss
Calls that no load makes; the conformance suite makes all of them.
)";

constexpr ommi::Malformed kinds[] = {ommi::Malformed::wrapped_success,
                                     ommi::Malformed::wrapped_failure};

void check(const Evidence& evidence, Findings& findings) {
  find_malformed(evidence, kinds,
                 "return rows as they are, and raise errors: the interface wraps them", findings);
}

constexpr std::string_view database = R"(
CREATE TABLE User (id INTEGER PRIMARY KEY);
CREATE TABLE Post (id INTEGER PRIMARY KEY, user_id INTEGER REFERENCES User(id));
INSERT INTO User VALUES (1), (2);
INSERT INTO Post VALUES (1, 1), (2, 1), (3, 2);
)";

}  // namespace

extern constinit const Rule drv001_driver_returned_wrapped_result = {
    .code = "DRV001",
    .name = "driver-returned-wrapped-result",
    .level = Level::error,
    .summary = "a driver returned a result object; only the interface may make one",
    .explanation = explanation,
    .failing = {.sql = database, .fault = "wrapped_success"},
    .fixed = {.sql = database},
    .check = check,
};

}  // namespace doctor::rules
