#include <algorithm>

#include <fmt/format.h>

#include "doctor/ommi_code.hpp"
#include "doctor/proof.hpp"
#include "doctor/rule.hpp"
#include "doctor/wording.hpp"

namespace doctor::rules {
namespace {

constexpr std::string_view explanation = R"(
## What it looks for
Rows whose reference is set although no row of the target has that key. All rows are looked at, and
equality is decided as the look-up `WHERE key = ?` decides it: with the key column's affinity and
collation. A reference that is NULL, in whole or in part, names nothing and is not reported.

## Why it breaks loading
A to-one relationship promises a row where the reference is set. Following it here gives an error,
or nothing at all, far from where the value was written; the same rows are absent from the lists on
the other side. Nothing failed when they were written, because the database was never told of the
reference or does not enforce it.

## What to do
Bring the missing rows back if they were deleted by mistake. Otherwise set the reference to NULL
where the application can live without it (a copy of the rows is kept first), or delete the rows.
Then declare the foreign key, so that the database refuses the next one.

## What it can miss
References that no source declares and that could not be inferred. Columns whose collation only the
application has are reported as unchecked. Links of an association are DAT002's. A reference that
only misses its row by how it is written is DAT007's; 0, -1 and their like, which stand for none, are
DAT008's.
)";

/// The parts that may be NULL: enough to say that there is no reference.
std::vector<std::size_t> nullable_parts(const ReferenceSweep& seen, const ommi::Schema* schema) {
  std::vector<std::size_t> parts;
  const ommi::Table* table =
      schema == nullptr ? nullptr : schema->find_table(seen.model->info.table());
  for (const std::size_t field : seen.fields) {
    const ommi::FieldInfo& info = seen.model->fields()[field];
    const ommi::Column* column = table == nullptr ? nullptr : table->find_column(info.column());
    const auto& key = seen.model->key;
    if (!info.nullable || std::find(key.begin(), key.end(), field) != key.end()) continue;
    if (column != nullptr && (column->not_null || column->key_part != 0)) continue;
    parts.push_back(field);
  }
  return parts;
}

void add_remedies(const ReferenceSweep& seen, const Evidence& evidence, Finding& finding) {
  const std::string condition = missing_condition(seen);
  const std::string table = quoted_table(*seen.model);
  const std::string copy =
      keep_copy(*seen.model, seen.fields, finding.code, condition, evidence.schema);
  if (const auto parts = nullable_parts(seen, evidence.schema); !parts.empty()) {
    std::string assignments;
    for (const std::size_t field : parts) {
      assignments += fmt::format("{}{} = NULL", assignments.empty() ? "" : ", ",
                                 quoted_columns(*seen.model, {field}));
    }
    finding.remedies.push_back(
        {Safety::safe,
         fmt::format("keep a copy of the rows and set {} to NULL", field_names(*seen.model, parts)),
         {copy, fmt::format("UPDATE {} SET {} WHERE {};", table, assignments, condition)}});
  }
  finding.remedies.push_back({Safety::unsafe,
                              "keep a copy of the rows and delete them",
                              {copy, fmt::format("DELETE FROM {} WHERE {};", table, condition)}});
  finding.remedies.push_back(
      {Safety::manual,
       fmt::format("bring back the missing rows of {}", ommi::escaped(seen.target->name())),
       {}});
}

/// What an application of Ommi sees of it.
void add_exception(const Evidence& evidence, const ReferenceSweep& seen, Finding& finding) {
  const ommi::Relation* const relation = main_relation(seen);
  if (evidence.python == nullptr || relation == nullptr || relation->many() ||
      relation->direction != ommi::Direction::forward)
    return;
  finding.evidence.notes.push_back(hidden_error(evidence, nothing_found(evidence.ommi.release)));
}

void add_notes(const ReferenceSweep& seen, Finding& finding) {
  const DanglingKinds& kinds = seen.kinds;
  const bool told_apart = kinds.sentinel + kinds.near_miss > 0;
  const std::uint64_t distinct = told_apart ? kinds.distinct_missing : seen.distinct_dangling;
  finding.samples = told_apart ? kinds.missing_samples : seen.dangling_samples;
  finding.evidence.notes.push_back(
      fmt::format("{} in all", counted(distinct, "distinct missing key")));
  if (!kinds.unchecked.empty()) finding.evidence.notes.push_back(kinds.unchecked);
  if (kinds.distinct_near_miss > kinds.pairs.size()) {
    finding.evidence.notes.emplace_back("the query yields rows of DAT007 as well");
  }
}

void check(const Evidence& evidence, Findings& findings) {
  for (const ReferenceSweep& seen : evidence.references) {
    const std::uint64_t missing = seen.missing();
    if (missing == 0 || is_association_side(seen)) continue;
    const std::string target = ommi::escaped(seen.target->name());
    Finding& finding = findings.add(
        subject_of(*seen.model, seen.fields, main_relation(seen)),
        missing == 1 ? fmt::format("1 row of {} refers to a row of {} that does not exist",
                                   ommi::escaped(seen.model->name()), target)
                     : fmt::format("{} rows of {} refer to rows of {} that do not exist", missing,
                                   ommi::escaped(seen.model->name()), target));
    finding.count = missing;
    finding.scope = coverage(seen.rows);
    finding.relations = seen.relations;
    finding.discriminator =
        fmt::format("{}({})", target, field_names(*seen.target, seen.target_fields));
    finding.evidence.sql = select_rows(*seen.model, seen.fields, missing_condition(seen));
    add_notes(seen, finding);
    add_exception(evidence, seen, finding);
    if (const ommi::Relation* relation = main_relation(seen)) finding.place = relation->info.place;
    add_remedies(seen, evidence, finding);
  }
}

constexpr std::string_view failing = R"(
CREATE TABLE User (id INTEGER PRIMARY KEY, name TEXT);
CREATE TABLE Post (id INTEGER PRIMARY KEY, title TEXT, user_id INTEGER REFERENCES User(id));
INSERT INTO User VALUES (1, 'Ada'), (2, 'Ben');
INSERT INTO Post VALUES (1, 'first', 1), (2, 'second', 42), (3, 'third', NULL);
)";

constexpr std::string_view fixed = R"(
CREATE TABLE User (id INTEGER PRIMARY KEY, name TEXT);
CREATE TABLE Post (id INTEGER PRIMARY KEY, title TEXT, user_id INTEGER REFERENCES User(id));
INSERT INTO User VALUES (1, 'Ada'), (2, 'Ben');
INSERT INTO Post VALUES (1, 'first', 1), (2, 'second', 2), (3, 'third', NULL);
)";

}  // namespace

extern constinit const Rule dat001_dangling_reference = {
    .code = "DAT001",
    .name = "dangling-reference",
    .level = Level::error,
    .summary = "a reference names a row that does not exist",
    .explanation = explanation,
    .failing = {.sql = failing},
    .fixed = {.sql = fixed},
    .check = check,
};

}  // namespace doctor::rules
