#include <fmt/format.h>

#include "doctor/lazy_findings.hpp"
#include "doctor/wording.hpp"

namespace doctor::rules {
namespace {

constexpr std::string_view explanation = R"(
## What it looks for
Owners whose reference is NULL, and what their lazy field gives. It must be empty, and no query is due:
NULL names nobody.

## Why it breaks loading
`WHERE email IS NULL` finds every row that belongs to nobody. An owner that has no key, because it was
not stored yet or because the reference is empty, is then shown strangers' rows, and whatever is done to
"its" rows is done to those.

## What to do
Give nothing, without a query, where a part of the owner's key is NULL.

## What it can miss
Queries that found no stranger; PRF003 tells of those.
)";

void check(const Evidence& evidence, Findings& findings) {
  for (const LazyObservation& seen : evidence.lazy_fields) {
    if (seen.keyless.rows == 0) continue;
    Finding& finding = add_lazy(
        seen, seen.keyless,
        fmt::format("{} of an owner whose key is NULL gives {} of others",
                    ommi::escaped(seen.relation->name()), counted(seen.keyless.rows, "row")),
        "give nothing, without a query, where the key is NULL", findings);
    finding.evidence.notes = {fmt::format("looked at {}", seen.keyless_owner),
                              counted(seen.keyless.calls, "driver call")};
  }
}

constexpr std::string_view failing = R"(
CREATE TABLE User (id INTEGER PRIMARY KEY, email TEXT UNIQUE);
CREATE TABLE Post (id INTEGER PRIMARY KEY, user_email TEXT REFERENCES User(email));
INSERT INTO User VALUES (1, 'ada@example.org'), (2, NULL);
INSERT INTO Post VALUES (1, 'ada@example.org'), (2, NULL);
)";

constexpr std::string_view fixed = R"(
CREATE TABLE User (id INTEGER PRIMARY KEY);
CREATE TABLE Post (id INTEGER PRIMARY KEY, user_id INTEGER REFERENCES User(id));
INSERT INTO User VALUES (1), (2);
INSERT INTO Post VALUES (1, 1), (2, NULL);
)";

}  // namespace

extern constinit const Rule lzy006_null_parent_key_query = {
    .code = "LZY006",
    .name = "null-parent-key-query",
    .level = Level::error,
    .summary = "an owner without a key is given the rows of others",
    .explanation = explanation,
    .failing = {.sql = failing, .lazy_fault = "null_is_queried"},
    .fixed = {.sql = fixed},
    .check = check,
};

}  // namespace doctor::rules
