#include <fmt/format.h>

#include "doctor/lazy_findings.hpp"
#include "doctor/wording.hpp"

namespace doctor::rules {
namespace {

constexpr std::string_view explanation = R"(
## What it looks for
Lazy fields that are looked at twice in a row, and again after a refresh: the second look must make no
driver call.

## Why it breaks loading
Code that reads a field twice pays twice, and may get two different answers, so that what it checked is
not what it used. In a loop each look becomes a query.

## What to do
Keep what was loaded beside the owner, until it is refreshed or forgotten on purpose.

## What it can miss
Fields that forget under memory pressure or after a time: the two looks follow each other at once.
)";

void check(const Evidence& evidence, Findings& findings) {
  for (const LazyObservation& seen : evidence.lazy_fields) {
    const bool loaded = seen.first.gave == Gave::rows;
    const LazyLook& again = seen.again.calls > 0 ? seen.again : seen.after_refresh;
    if (!loaded || again.calls == 0) continue;
    Finding& finding = add_lazy(
        seen, again,
        fmt::format("{} was loaded, and looking at it again made {}",
                    ommi::escaped(seen.relation->name()), counted(again.calls, "driver call")),
        "keep what was loaded until it is refreshed", findings);
    finding.evidence.notes.push_back(
        fmt::format("the first look gave {}, the next {}", given(seen.first), given(again)));
  }
}

constexpr std::string_view database = R"(
CREATE TABLE User (id INTEGER PRIMARY KEY);
CREATE TABLE Post (id INTEGER PRIMARY KEY, user_id INTEGER REFERENCES User(id));
INSERT INTO User VALUES (1), (2);
INSERT INTO Post VALUES (1, 1), (2, 1), (3, 2);
)";

}  // namespace

extern constinit const Rule lzy001_cache_not_kept = {
    .code = "LZY001",
    .name = "cache-not-kept",
    .level = Level::warning,
    .summary = "a second look at a lazy field asks the database again",
    .explanation = explanation,
    .failing = {.sql = database, .lazy_fault = "cache_not_kept"},
    .fixed = {.sql = database},
    .check = check,
};

}  // namespace doctor::rules
