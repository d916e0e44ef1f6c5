#include <algorithm>

#include <fmt/format.h>

#include "doctor/proof.hpp"
#include "doctor/rule.hpp"
#include "doctor/wording.hpp"

namespace doctor::rules {
namespace {

constexpr std::string_view explanation = R"(
## What it looks for
Rows whose parent, or a parent's parent, is themselves: to-one relationships that lead from a row
back to it, however many rows lie between. All loops are counted and one is shown. A relationship in
which nearly all rows name each other in pairs (a spouse, a counterpart) is one that goes both ways
by nature, and stays silent.

Loops through several tables (a department and its head, who works in it) are often meant: they are
reported for information only.

## Why it breaks loading
Each load works. What follows the relationship to its end (a path to the root, an export of a tree)
does not come to one, until memory or the stack is used up.

## What to do
Cut the loop at the row that should be a root, by setting its reference to NULL. A trigger, or a check
in the application, keeps the next one out: a foreign key allows loops.

## What it can miss
Loops through relationships that give more than one row. Tables of which more than 4,000,000 rows
have a parent are reported as not looked at.
)";

std::string path_of(const LoopSweep& seen) {
  std::string path = ommi::escaped(seen.hops.front()->owner->name());
  for (const ommi::Relation* hop : seen.hops) path += "." + ommi::escaped(hop->info.name);
  return path;
}

std::string row_of(const RowSample& sample) {
  std::string text;
  for (const NamedValue& part : sample.key) {
    text += (text.empty() ? "" : ", ") + ommi::to_display(part.value.cell());
  }
  return text;
}

/// "3 → 5 → 3"
std::string shown_loop(const LoopSweep& seen) {
  std::string text;
  for (const RowSample& sample : seen.shown) text += row_of(sample) + " → ";
  if (seen.shown.empty()) return {};
  return text + (seen.shown_length > seen.shown.size() ? "…" : row_of(seen.shown.front()));
}

/// A spouse's spouse is no mistake.
bool goes_both_ways(const LoopSweep& seen) {
  return seen.hops.size() == 1 && seen.pairs == seen.loops &&
         seen.looping_rows * 2 >= seen.linked_rows && seen.loops > 1;
}

/// Walks from each row, never twice through one, and gives those that come back.
std::string proof_of(const ommi::Relation& hop) {
  const std::string table = quoted_table(*hop.owner);
  const std::string key = quoted_columns(*hop.owner, {hop.target_fields.front()});
  const std::string parent = quoted_columns(*hop.owner, {hop.owner_fields.front()});
  return fmt::format(
      "WITH RECURSIVE walk(start, here) AS (SELECT {0}, {1} FROM {2} WHERE {1} IS NOT NULL UNION "
      "SELECT walk.start, row.{1} FROM walk JOIN {2} AS row ON row.{0} = walk.here WHERE row.{1} "
      "IS "
      "NOT NULL) SELECT start FROM walk WHERE here = start;",
      key, parent, table);
}

void check(const Evidence& evidence, Findings& findings) {
  for (const LoopSweep& seen : evidence.loops) {
    if (seen.loops == 0 || goes_both_ways(seen)) continue;
    const ommi::Relation& hop = *seen.hops.front();
    const bool alone = seen.hops.size() == 1;
    Finding& finding = findings.add(
        subject_of(*hop.owner, hop.owner_fields, &hop),
        fmt::format("{} {} from {} back to the same {}", path_of(seen),
                    alone ? "leads" : "leads through other tables",
                    counted(seen.looping_rows, "row"), seen.looping_rows == 1 ? "row" : "rows"));
    if (!alone) finding.level = Level::info;
    finding.count = seen.loops;
    finding.scope = coverage(seen.rows);
    finding.samples = seen.shown;
    finding.relations = seen.hops;
    finding.place = hop.info.place;
    finding.discriminator = path_of(seen);
    finding.evidence.notes = {fmt::format(
        "{} in all, the longest of {}", counted(seen.loops, "loop"), counted(seen.longest, "row"))};
    if (const std::string loop = shown_loop(seen); !loop.empty()) {
      finding.evidence.notes.push_back(fmt::format("one of them: {}", loop));
    }
    if (alone && hop.owner_fields.size() == 1) finding.evidence.sql = proof_of(hop);
    finding.remedies = {
        {Safety::manual,
         fmt::format("set {} of one row of each loop to NULL, the one that should be the root",
                     field_names(*hop.owner, hop.owner_fields)),
         {}}};
  }
}

constexpr std::string_view failing = R"(
CREATE TABLE Node (id INTEGER PRIMARY KEY, parent_id INTEGER REFERENCES Node(id));
INSERT INTO Node VALUES (1, NULL), (2, 1), (3, 5), (4, 3), (5, 4), (6, 5);
)";

constexpr std::string_view fixed = R"(
CREATE TABLE Node (id INTEGER PRIMARY KEY, parent_id INTEGER REFERENCES Node(id));
INSERT INTO Node VALUES (1, NULL), (2, 1), (3, 1), (4, 3), (5, 4), (6, 5);
)";

}  // namespace

extern constinit const Rule dat009_reference_loop = {
    .code = "DAT009",
    .name = "reference-loop",
    .level = Level::warning,
    .summary = "a chain of references leads back to the row that it starts from",
    .explanation = explanation,
    .failing = {.sql = failing},
    .fixed = {.sql = fixed},
    .check = check,
};

}  // namespace doctor::rules
