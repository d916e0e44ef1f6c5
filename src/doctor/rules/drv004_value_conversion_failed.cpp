#include <fmt/format.h>

#include "doctor/proof.hpp"
#include "doctor/rule.hpp"
#include "doctor/wording.hpp"

namespace doctor::rules {
namespace {

constexpr std::string_view explanation = R"(
## What it looks for
Stored values that are not of their field's declared type: `'bob'` or 2.5 in an integer field, text
in a real one. SQLite keeps whatever it is given unless the table is STRICT. Looked at are all rows
of the fields with a numeric type and of those in keys and references.

## Why it breaks loading
Every row is made into the declared types when it is read. One value that cannot be makes the whole
list fail that contains its row, or is quietly changed (2.5 becomes 2) and then leads to a row that
the database would never have found.

## What to do
Correct the values, or set them to NULL where the field allows it. If they are right, the declared
type is wrong: change the model. A STRICT table refuses the next one.

## What it can miss
Models that no relationship reads. Fields of text, dates and blobs that are part of no key or
reference. Values of the right kind that mean nothing.
)";

constexpr ommi::Kind all_kinds[] = {ommi::Kind::null, ommi::Kind::integer, ommi::Kind::real,
                                    ommi::Kind::text, ommi::Kind::blob};

/// "398 integer, 1 real, 1 text"
std::string histogram(const FieldSweep& seen) {
  std::string text;
  for (const ommi::Kind kind : all_kinds) {
    const std::uint64_t rows = seen.by_kind[static_cast<std::size_t>(kind)];
    if (rows == 0) continue;
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", rows, ommi::to_string(kind));
  }
  return text;
}

std::string condition_of(const FieldSweep& seen, const ommi::FieldInfo& field) {
  std::string accepted;
  for (const ommi::Kind kind : all_kinds) {
    if (!ommi::accepts(field.type, kind)) continue;
    accepted += fmt::format("{}'{}'", accepted.empty() ? "" : ", ", ommi::to_string(kind));
  }
  return fmt::format("typeof({}) NOT IN ({})", quoted_columns(*seen.model, {seen.field}), accepted);
}

void check(const Evidence& evidence, Findings& findings) {
  for (const FieldSweep& seen : evidence.fields) {
    if (seen.unacceptable == 0) continue;
    const ommi::Model& model = *seen.model;
    const ommi::FieldInfo& field = model.fields()[seen.field];
    const auto readers = relations_touching(*evidence.catalog, model);
    if (readers.empty()) continue;
    Finding& finding = findings.add(
        subject_of(model, {seen.field}, nullptr),
        fmt::format("{} of {}.{} {} not of type {}", counted(seen.unacceptable, "value"),
                    ommi::escaped(model.name()), ommi::escaped(field.name),
                    seen.unacceptable == 1 ? "is" : "are", ommi::to_string(field.type)));
    const std::string condition = condition_of(seen, field);
    finding.count = seen.unacceptable;
    finding.scope = coverage(seen.rows);
    finding.samples = seen.samples;
    finding.place = field.place;
    finding.relations = readers;
    finding.evidence.sql = select_rows(model, {seen.field}, condition);
    finding.evidence.notes = {fmt::format("stored as: {}", histogram(seen))};
    finding.evidence.notes.push_back(fmt::format("read by {}", relation_names(readers)));
    if (field.nullable && !field.key) {
      finding.remedies.push_back(
          {Safety::unsafe,
           "keep a copy of the rows and set the values to NULL",
           {keep_copy(model, {seen.field}, finding.code, condition, evidence.schema),
            fmt::format("UPDATE {} SET {} = NULL WHERE {};", quoted_table(model),
                        quoted_columns(model, {seen.field}), condition)}});
    }
    finding.remedies.push_back(
        {Safety::manual, "correct the values, or declare the type that they have", {}});
  }
}

constexpr std::string_view failing = R"(
CREATE TABLE User (id INTEGER PRIMARY KEY);
CREATE TABLE Comment (id INTEGER PRIMARY KEY, user_id INTEGER REFERENCES User(id));
INSERT INTO User VALUES (1), (2);
INSERT INTO Comment VALUES (1, 1), (2, 'bob'), (3, 2.5), (4, NULL);
)";

constexpr std::string_view fixed = R"(
CREATE TABLE User (id INTEGER PRIMARY KEY);
CREATE TABLE Comment (id INTEGER PRIMARY KEY, user_id INTEGER REFERENCES User(id));
INSERT INTO User VALUES (1), (2);
INSERT INTO Comment VALUES (1, 1), (2, '2'), (3, 2.0), (4, NULL);
)";

}  // namespace

extern constinit const Rule drv004_value_conversion_failed = {
    .code = "DRV004",
    .name = "value-conversion-failed",
    .level = Level::error,
    .summary = "a stored value is not of its field's declared type",
    .explanation = explanation,
    .failing = {.sql = failing},
    .fixed = {.sql = fixed},
    .check = check,
};

}  // namespace doctor::rules
