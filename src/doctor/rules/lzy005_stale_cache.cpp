#include <fmt/format.h>

#include "doctor/lazy_findings.hpp"
#include "doctor/wording.hpp"

namespace doctor::rules {
namespace {

constexpr std::string_view explanation = R"(
## What it looks for
Owners whose reference is changed, in memory, after their field was loaded. The field must give what
belongs to the reference that the owner has now.

## Why it breaks loading
The owner says one thing and its field another: a post that was handed to Ben still shows Ann, until the
owner itself is read again.

## What to do
Keep with the loaded rows which key they were loaded for, and load again where the owner has another; or
forget them when the owner changes.

## What it can miss
Changes in the related rows themselves, which no lazy field can know of.
)";

std::string text_of(const std::vector<ommi::Value>& key) {
  std::string text;
  for (const ommi::Value& part : key) {
    text += (text.empty() ? "" : ", ") + ommi::to_display(part.cell(), 40);
  }
  return text;
}

void check(const Evidence& evidence, Findings& findings) {
  for (const LazyObservation& seen : evidence.lazy_fields) {
    if (seen.changed.gave != Gave::rows || !seen.changed.same_rows) continue;
    Finding& finding = add_lazy(seen, seen.changed,
                                fmt::format("{} still gives the rows of before after its owner's "
                                            "reference changed",
                                            ommi::escaped(seen.relation->name())),
                                "load again where the owner's key is another", findings);
    finding.evidence.notes.push_back(fmt::format(
        "loaded for {}, then changed to {}", text_of(seen.key_before), text_of(seen.key_after)));
  }
}

constexpr std::string_view database = R"(
CREATE TABLE User (id INTEGER PRIMARY KEY);
CREATE TABLE Post (id INTEGER PRIMARY KEY, user_id INTEGER REFERENCES User(id));
INSERT INTO User VALUES (1), (2);
INSERT INTO Post VALUES (1, 1), (2, 1), (3, 2);
)";

}  // namespace

extern constinit const Rule lzy005_stale_cache = {
    .code = "LZY005",
    .name = "stale-cache",
    .level = Level::warning,
    .summary = "the reference of an owner changed, and its lazy field gives the rows of before",
    .explanation = explanation,
    .failing = {.sql = database, .lazy_fault = "change_not_followed"},
    .fixed = {.sql = database},
    .check = check,
};

}  // namespace doctor::rules
