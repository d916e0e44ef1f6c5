#include <fmt/format.h>
#include <fmt/ranges.h>

#include "doctor/enforcement.hpp"
#include "doctor/proof.hpp"
#include "doctor/rule.hpp"
#include "doctor/wording.hpp"

namespace doctor::rules {
namespace {

constexpr std::string_view explanation = R"(
## What it looks for
Declared foreign keys that rows violate now, and foreign keys whose target columns are neither the
primary key nor unique by an index of their own. In SQLite each connection decides for itself whether
keys are enforced (`PRAGMA foreign_keys`), and the file does not tell; so only what can be seen in it
is judged.

## Why it breaks loading
A key that is violated was declared and not enforced: whatever wrote the rows goes on writing such
rows. A key that names columns which are not unique is an error ("foreign key mismatch") at every
write, once somebody enforces it, and a to-one relationship over it can find several rows.

## What to do
Run `PRAGMA foreign_keys = ON` at the start of every connection that writes. Make the target columns
unique, or let the key name the target's key.

## What it can miss
Keys that are not enforced and not violated yet.
)";

void add_violated(const ReferenceSweep& seen, Findings& findings) {
  Finding& finding = findings.add(
      subject_of(*seen.model, seen.fields, main_relation(seen)),
      fmt::format("{} of {} {} the foreign key to {}, which was not enforced",
                  counted(seen.dangling, "row"), ommi::escaped(seen.model->name()),
                  seen.dangling == 1 ? "violates" : "violate", ommi::escaped(seen.target->name())));
  finding.count = seen.dangling;
  finding.scope = coverage(seen.rows);
  finding.samples = seen.dangling_samples;
  finding.relations = seen.relations;
  finding.discriminator = "violated " + ommi::escaped(seen.target->name());
  if (const ommi::Relation* relation = main_relation(seen)) finding.place = relation->info.place;
  finding.evidence.sql =
      select_rows(*seen.model, seen.fields, dangling_condition(columns_of(seen)));
  finding.remedies = {
      {Safety::manual, "run PRAGMA foreign_keys = ON on every connection that writes", {}}};
}

std::string listed(const std::vector<std::string>& columns) {
  return ommi::escaped(fmt::format("{}", fmt::join(columns, ", ")));
}

std::vector<const ommi::Relation*> relations_along(const Evidence& evidence,
                                                   const ommi::Table& table,
                                                   const ommi::ForeignKey& key) {
  for (const ReferenceSweep& seen : evidence.references) {
    if (same_name(seen.model->info.table(), table.name) && declared_key(table, seen) == &key) {
      return seen.relations;
    }
  }
  return {};
}

void add_mismatch(const Evidence& evidence, const ommi::Table& table, const ommi::ForeignKey& key,
                  Findings& findings) {
  Subject subject;
  subject.table = table.name;
  subject.column = fmt::format("{}", fmt::join(key.columns, ", "));
  if (const ommi::Model* model = evidence.catalog->find(table.name)) {
    subject.model = model->name();
  }
  const std::string what = key.target_columns.empty()
                               ? fmt::format("{}, which has no key", ommi::escaped(key.table))
                               : fmt::format("{} ({}), which is neither its key nor unique",
                                             ommi::escaped(key.table), listed(key.target_columns));
  Finding& finding = findings.add(
      std::move(subject), fmt::format("the foreign key of {} ({}) names {}",
                                      ommi::escaped(table.name), listed(key.columns), what));
  finding.relations = relations_along(evidence, table, key);
  if (!finding.relations.empty()) {
    finding.subject.relationship = finding.relations.front()->name();
  }
  finding.count = 1;
  finding.discriminator = "mismatch " + ommi::escaped(key.table);
  finding.evidence.notes = {
      "with PRAGMA foreign_keys = ON every write to either table fails: foreign key mismatch"};
  finding.remedies = {
      {Safety::manual, "make the target columns unique, or let the key name the target's key", {}}};
}

void check(const Evidence& evidence, Findings& findings) {
  if (evidence.schema == nullptr || evidence.catalog == nullptr) return;
  for (const ReferenceSweep& seen : evidence.references) {
    const ommi::Table* table = ordinary_table(evidence.schema, *seen.model);
    if (seen.dangling == 0 || table == nullptr || !evidence.damage.empty()) continue;
    if (declared_key(*table, seen) != nullptr) add_violated(seen, findings);
  }
  for (const ommi::Table& table : evidence.schema->tables) {
    for (const ommi::ForeignKey& key : table.foreign_keys) {
      const ommi::Table* target = evidence.schema->find_table(key.table);
      if (target == nullptr || target->kind != ommi::TableKind::table) continue;
      if (!target->unreadable.empty()) continue;
      if (!can_be_referred_to(*target, key.target_columns)) {
        add_mismatch(evidence, table, key, findings);
      }
    }
  }
}

constexpr std::string_view failing = R"(
CREATE TABLE User (id INTEGER PRIMARY KEY, email TEXT NOT NULL);
CREATE TABLE Post (id INTEGER PRIMARY KEY, user_email TEXT REFERENCES User(email));
CREATE INDEX Post_user_email ON Post (user_email);
INSERT INTO User VALUES (1, 'ada@example.org'), (2, 'ben@example.org');
INSERT INTO Post VALUES (1, 'ada@example.org'), (2, 'ben@example.org');
)";

constexpr std::string_view fixed = R"(
CREATE TABLE User (id INTEGER PRIMARY KEY, email TEXT NOT NULL UNIQUE);
CREATE TABLE Post (id INTEGER PRIMARY KEY, user_email TEXT REFERENCES User(email));
CREATE INDEX Post_user_email ON Post (user_email);
INSERT INTO User VALUES (1, 'ada@example.org'), (2, 'ben@example.org');
INSERT INTO Post VALUES (1, 'ada@example.org'), (2, 'ben@example.org');
)";

}  // namespace

extern constinit const Rule sch010_foreign_key_not_enforced = {
    .code = "SCH010",
    .name = "foreign-key-not-enforced",
    .level = Level::warning,
    .summary = "a declared foreign key is violated, or cannot be enforced at all",
    .explanation = explanation,
    .failing = {.sql = failing},
    .fixed = {.sql = fixed},
    .check = check,
};

}  // namespace doctor::rules
