#include <fmt/format.h>

#include "doctor/enforcement.hpp"
#include "doctor/proof.hpp"
#include "doctor/rule.hpp"
#include "doctor/wording.hpp"

namespace doctor::rules {
namespace {

constexpr std::string_view explanation = R"(
## What it looks for
References that hold 0, -1, an empty text or an all-zero UUID, and name no row by it: a value that
somebody writes to say "none". Where the target does have such a row, it is an ordinary reference.

## Why it breaks loading
To the database only NULL means none. Everything else is a promise of a row, so following the
relationship is an error where it should be nothing, and a foreign key would refuse the value.

## What to do
Set these references to NULL, let the application write NULL, and declare the foreign key. Where the
column may not be NULL, a row of its own for "none" is the other way.

## What it can miss
Other stand-ins (999, 'none'), which are reported as missing rows (DAT001). References of several
fields.
)";

std::string listed(const std::vector<ommi::Value>& values) {
  std::string text;
  for (const ommi::Value& value : values) {
    text += (text.empty() ? "" : ", ") + ommi::to_display(value.cell());
  }
  return text;
}

bool may_be_null(const ReferenceSweep& seen, const ommi::Schema* schema) {
  const ommi::FieldInfo& field = seen.model->fields()[seen.fields.front()];
  const ommi::Table* table = ordinary_table(schema, *seen.model);
  const ommi::Column* column = table == nullptr ? nullptr : table->find_column(field.column());
  return field.nullable && !field.key &&
         (column == nullptr || (!column->not_null && column->key_part == 0));
}

void add_remedies(const ReferenceSweep& seen, const Evidence& evidence, Finding& finding) {
  const std::string condition = sentinel_condition(seen);
  if (may_be_null(seen, evidence.schema)) {
    finding.remedies.push_back(
        {Safety::unsafe,
         "keep a copy of the rows and set the references to NULL",
         {keep_copy(*seen.model, seen.fields, finding.code, condition, evidence.schema),
          fmt::format("UPDATE {} SET {} = NULL WHERE {};", quoted_table(*seen.model),
                      quoted_columns(*seen.model, seen.fields), condition)}});
  }
  finding.remedies.push_back({Safety::manual, "let the application write NULL for none", {}});
}

void check(const Evidence& evidence, Findings& findings) {
  for (const ReferenceSweep& seen : evidence.references) {
    const std::uint64_t rows = seen.kinds.sentinel;
    if (rows == 0) continue;
    Finding& finding = findings.add(
        subject_of(*seen.model, seen.fields, main_relation(seen)),
        fmt::format("{} of {} {} {} in {}, which stands for no {}", counted(rows, "row"),
                    ommi::escaped(seen.model->name()), rows == 1 ? "holds" : "hold",
                    listed(seen.kinds.sentinels), field_names(*seen.model, seen.fields),
                    ommi::escaped(seen.target->name())));
    finding.count = rows;
    finding.scope = coverage(seen.rows);
    finding.samples = seen.kinds.sentinel_samples;
    finding.relations = seen.relations;
    finding.discriminator = fmt::format("{}({})", ommi::escaped(seen.target->name()),
                                        field_names(*seen.target, seen.target_fields));
    finding.evidence.sql = select_rows(*seen.model, seen.fields, sentinel_condition(seen));
    finding.evidence.notes = {
        fmt::format("no row of {} has such a key", ommi::escaped(seen.target->name()))};
    if (const ommi::Relation* relation = main_relation(seen)) finding.place = relation->info.place;
    add_remedies(seen, evidence, finding);
  }
}

constexpr std::string_view failing = R"(
CREATE TABLE User (id INTEGER PRIMARY KEY, name TEXT);
CREATE TABLE Post (id INTEGER PRIMARY KEY, title TEXT, user_id INTEGER REFERENCES User(id));
INSERT INTO User VALUES (1, 'Ada'), (2, 'Ben');
INSERT INTO Post VALUES (1, 'first', 1), (2, 'second', 0), (3, 'third', NULL);
)";

constexpr std::string_view fixed = R"(
CREATE TABLE User (id INTEGER PRIMARY KEY, name TEXT);
CREATE TABLE Post (id INTEGER PRIMARY KEY, title TEXT, user_id INTEGER REFERENCES User(id));
INSERT INTO User VALUES (1, 'Ada'), (2, 'Ben');
INSERT INTO Post VALUES (1, 'first', 1), (2, 'second', NULL), (3, 'third', NULL);
)";

}  // namespace

extern constinit const Rule dat008_sentinel_reference = {
    .code = "DAT008",
    .name = "sentinel-reference",
    .level = Level::warning,
    .summary = "a reference holds 0, -1, '' or a zero UUID to say that there is none",
    .explanation = explanation,
    .failing = {.sql = failing},
    .fixed = {.sql = fixed},
    .check = check,
};

}  // namespace doctor::rules
