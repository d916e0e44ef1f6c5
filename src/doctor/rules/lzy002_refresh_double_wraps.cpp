#include <fmt/format.h>

#include "doctor/lazy_findings.hpp"
#include "doctor/wording.hpp"

namespace doctor::rules {
namespace {

constexpr std::string_view explanation = R"(
## What it looks for
Lazy fields that give rows, are refreshed, and then give a result object: the refresh kept the answer of
the loading function, which is a result already, inside another result.

## Why it breaks loading
Code that worked before the refresh gets an object that has none of the row's fields. A failure inside
looks like a success: defaults are not used and nothing is tried again.

## What to do
Keep what the loading function gave as it is; do not make a result of a result.

## What it can miss
Refreshing that the interface offers under other names.
)";

bool wraps(const LazyLook& look) {
  return look.gave == Gave::wrapped_rows || look.gave == Gave::wrapped_failure;
}

void check(const Evidence& evidence, Findings& findings) {
  for (const LazyObservation& seen : evidence.lazy_fields) {
    const LazyLook& look = wraps(seen.refreshed) ? seen.refreshed : seen.after_refresh;
    if (!wraps(look)) continue;
    Finding& finding =
        add_lazy(seen, look,
                 fmt::format("after a refresh {} gives {}", ommi::escaped(seen.relation->name()),
                             given(look)),
                 "keep the answer of the load as it is: it is a result already", findings);
    finding.evidence.notes.push_back(fmt::format("before the refresh: {}", given(seen.first)));
  }
}

constexpr std::string_view database = R"(
CREATE TABLE User (id INTEGER PRIMARY KEY);
CREATE TABLE Post (id INTEGER PRIMARY KEY, user_id INTEGER REFERENCES User(id));
INSERT INTO User VALUES (1), (2);
INSERT INTO Post VALUES (1, 1), (2, 1), (3, 2);
)";

}  // namespace

extern constinit const Rule lzy002_refresh_double_wraps = {
    .code = "LZY002",
    .name = "refresh-double-wraps",
    .level = Level::error,
    .summary = "after a refresh, a lazy field gives a result object instead of rows",
    .explanation = explanation,
    .failing = {.sql = database, .lazy_fault = "refresh_wraps"},
    .fixed = {.sql = database},
    .check = check,
};

}  // namespace doctor::rules
