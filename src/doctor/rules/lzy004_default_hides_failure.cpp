#include <fmt/format.h>

#include "doctor/lazy_findings.hpp"
#include "doctor/wording.hpp"

namespace doctor::rules {
namespace {

constexpr std::string_view explanation = R"(
## What it looks for
Fields that are asked for with a default while their load is made to fail, in memory. Going on with the
default is what was asked for; doing so without telling anybody of the error is not.

## Why it breaks loading
A default is meant for what is not there. Where it also stands for a lost connection or a statement that
does not run, a page shows "none", a sum is too small, and the log says nothing.

## What to do
Tell the tracer or the log which error the default stands for, as libommi's `or_use` does; use the
default for absence only.

## What it can miss
Defaults that the application gives by itself, by catching everything.
)";

void check(const Evidence& evidence, Findings& findings) {
  for (const LazyObservation& seen : evidence.lazy_fields) {
    if (seen.fallback.gave != Gave::fallback || seen.fallback.told) continue;
    Finding& finding =
        add_lazy(seen, seen.fallback,
                 fmt::format("where loading {} fails, the default is given and the error is lost",
                             ommi::escaped(seen.relation->name())),
                 "tell the tracer of the error, or use the default for absence only", findings);
    finding.evidence.notes.push_back(fmt::format("without a default the same load gives {}: {}",
                                                 given(seen.failed),
                                                 ommi::printable(seen.failed.message)));
  }
}

constexpr std::string_view database = R"(
CREATE TABLE User (id INTEGER PRIMARY KEY);
CREATE TABLE Post (id INTEGER PRIMARY KEY, user_id INTEGER REFERENCES User(id));
INSERT INTO User VALUES (1), (2);
INSERT INTO Post VALUES (1, 1), (2, 1), (3, 2);
)";

}  // namespace

extern constinit const Rule lzy004_default_hides_failure = {
    .code = "LZY004",
    .name = "default-hides-failure",
    .level = Level::warning,
    .summary = "a default is given for an error, and nobody is told",
    .explanation = explanation,
    .failing = {.sql = database, .lazy_fault = "default_hides"},
    .fixed = {.sql = database},
    .check = check,
};

}  // namespace doctor::rules
