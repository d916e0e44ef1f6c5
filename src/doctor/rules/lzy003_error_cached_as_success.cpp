#include <fmt/format.h>

#include "doctor/lazy_findings.hpp"
#include "doctor/wording.hpp"

namespace doctor::rules {
namespace {

constexpr std::string_view explanation = R"(
## What it looks for
Loads that are made to fail, in memory, and are looked at again. The second look may give the error, or
load anew; it must not be a success that holds the error, or one for which nothing was asked.

## Why it breaks loading
The cause is lost after the first look. What follows works with an error as if it were a row, or with no
rows where there are some, and nothing tries the load again.

## What to do
Keep a failure as a failure, or do not keep it.

## What it can miss
Errors of one kind only that are kept wrongly: the load is made to fail with an error of the statement.
)";

bool is_false_success(const LazyLook& look) {
  return look.gave == Gave::wrapped_failure || (look.gave == Gave::rows && look.calls == 0);
}

void check(const Evidence& evidence, Findings& findings) {
  for (const LazyObservation& seen : evidence.lazy_fields) {
    if (seen.failed.gave != Gave::failure || !is_false_success(seen.after_failure)) continue;
    Finding& finding =
        add_lazy(seen, seen.after_failure,
                 fmt::format("loading {} failed, and looking at it again gives {} as a success",
                             ommi::escaped(seen.relation->name()), given(seen.after_failure)),
                 "keep a failure as a failure, or load again", findings);
    finding.evidence.notes.push_back(fmt::format("the first look gave {}: {}", given(seen.failed),
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

extern constinit const Rule lzy003_error_cached_as_success = {
    .code = "LZY003",
    .name = "error-cached-as-success",
    .level = Level::error,
    .summary = "a load that failed is given as a success when it is looked at again",
    .explanation = explanation,
    .failing = {.sql = database, .lazy_fault = "error_kept_as_success"},
    .fixed = {.sql = database},
    .check = check,
};

}  // namespace doctor::rules
