#include <fmt/format.h>

#include "doctor/rule.hpp"
#include "doctor/wording.hpp"

namespace doctor::rules {
namespace {

constexpr std::string_view explanation = R"(
## What it looks for
Damage to the file itself: pages that are used twice or by nothing, rows in the wrong order, an index
of another size than its table. It is the database's own quick check, made before anything is read.

## Why it breaks loading
A look-up goes through an index, a scan does not: where the two disagree, a row is there or not
depending on how it is asked for. Nothing that is counted in a damaged file is to be trusted, so
findings about rows are withheld, and the run counts as incomplete.

## What to do
Make a copy of the file before anything else. Where only indexes are named, REINDEX builds them anew;
otherwise recover the rows with `.recover` of the sqlite3 program, or go back to a backup. Then run
the check again.

## What it can miss
The quick check does not compare each index entry with its row; `PRAGMA integrity_check` does.
Values that break a constraint are no damage: other rules look at them.
)";

void check(const Evidence& evidence, Findings& findings) {
  if (evidence.damage.empty()) return;
  Finding& finding =
      findings.add({}, "the file is damaged: what was found in its rows is not to be trusted");
  finding.count = evidence.damage.size();
  finding.scope = "the whole file";
  finding.evidence.sql = "PRAGMA quick_check;";
  for (const std::string& line : evidence.damage) {
    finding.evidence.notes.push_back(ommi::printable(line));
  }
  finding.remedies = {
      {Safety::unsafe, "keep a copy of the file and build its indexes anew", {"REINDEX;"}},
      {Safety::manual, "recover the rows into a new file, or go back to a backup", {}}};
}

// The table that is forgotten here leaves its page behind.
constexpr std::string_view failing = R"(
CREATE TABLE User (id INTEGER PRIMARY KEY);
CREATE TABLE Post (id INTEGER PRIMARY KEY, user_id INTEGER REFERENCES User(id));
CREATE TABLE Lost (id INTEGER PRIMARY KEY);
INSERT INTO User VALUES (1);
INSERT INTO Post VALUES (1, 1);
PRAGMA writable_schema = ON;
DELETE FROM sqlite_schema WHERE name = 'Lost';
PRAGMA writable_schema = RESET;
)";

constexpr std::string_view fixed = R"(
CREATE TABLE User (id INTEGER PRIMARY KEY);
CREATE TABLE Post (id INTEGER PRIMARY KEY, user_id INTEGER REFERENCES User(id));
INSERT INTO User VALUES (1);
INSERT INTO Post VALUES (1, 1);
)";

}  // namespace

extern constinit const Rule dat010_integrity_suspect = {
    .code = "DAT010",
    .name = "integrity-suspect",
    .level = Level::error,
    .summary = "the file is damaged, so that nothing counted in it can be trusted",
    .explanation = explanation,
    .failing = {.sql = failing},
    .fixed = {.sql = fixed},
    .check = check,
};

}  // namespace doctor::rules
