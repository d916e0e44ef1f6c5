#include <algorithm>

#include <fmt/format.h>

#include "doctor/proof.hpp"
#include "doctor/rule.hpp"
#include "doctor/wording.hpp"

namespace doctor::rules {
namespace {

constexpr std::string_view explanation = R"(
## What it looks for
Columns of keys and references that hold values of more than one class: texts or blobs beside
numbers. It can happen only where the column's declared type allows it (none, or one that promises
nothing); a value that breaks the promise of its type is DRV004's.

## Why it breaks loading
To the database the number 7 and the text '7' are two keys in such a column. A row that was written
with one is not found by the other, so a reference leads nowhere, or to another row, depending on who
wrote it.

## What to do
Decide on one class and convert the rarer values, looking at those that collide. Then give the column
a type: INTEGER or TEXT converts what is written from then on.

## What it can miss
Columns that are part of no key and no reference. Integers beside reals are both numbers and compare
as such.
)";

std::string histogram(const FieldSweep& seen) {
  std::string text;
  for (const ommi::Kind kind :
       {ommi::Kind::integer, ommi::Kind::real, ommi::Kind::text, ommi::Kind::blob}) {
    const std::uint64_t rows = seen.by_kind[static_cast<std::size_t>(kind)];
    if (rows == 0) continue;
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", rows, ommi::to_string(kind));
  }
  return text;
}

/// The rows of the rarer classes: all that have a value, less those of the commonest class.
std::uint64_t rarer_rows(const FieldSweep& seen) {
  const auto rows = [&](ommi::Kind kind) {
    const ommi::Type type = seen.model->fields()[seen.field].type;
    return ommi::accepts(type, kind) ? seen.by_kind[static_cast<std::size_t>(kind)] : 0;
  };
  const std::uint64_t numbers = rows(ommi::Kind::integer) + rows(ommi::Kind::real);
  const std::uint64_t texts = rows(ommi::Kind::text);
  const std::uint64_t blobs = rows(ommi::Kind::blob);
  return numbers + texts + blobs - std::max({numbers, texts, blobs});
}

void check(const Evidence& evidence, Findings& findings) {
  for (const FieldSweep& seen : evidence.fields) {
    const std::string condition = rarer_kinds_condition(seen);
    if (condition.empty()) continue;
    const ommi::Model& model = *seen.model;
    const ommi::FieldInfo& field = model.fields()[seen.field];
    const auto readers = relations_touching(*evidence.catalog, model);
    if (readers.empty()) continue;
    const std::uint64_t rarer = rarer_rows(seen);
    Finding& finding =
        findings.add(subject_of(model, {seen.field}, nullptr),
                     fmt::format("{} of {}.{} {} of another class than the others",
                                 counted(rarer, "value"), ommi::escaped(model.name()),
                                 ommi::escaped(field.name), rarer == 1 ? "is" : "are"));
    finding.count = rarer;
    finding.scope = coverage(seen.rows);
    finding.samples = seen.mixed_samples;
    finding.relations = readers;
    finding.place = field.place;
    finding.evidence.sql = select_rows(model, {seen.field}, condition);
    finding.evidence.notes = {fmt::format("stored as: {}", histogram(seen))};
    finding.remedies = {
        {Safety::manual, "convert the rarer values, and give the column a type", {}}};
  }
}

constexpr std::string_view failing = R"(
CREATE TABLE Product (code PRIMARY KEY NOT NULL, name TEXT);
CREATE TABLE Line (id INTEGER PRIMARY KEY, product REFERENCES Product(code));
CREATE INDEX Line_product ON Line (product);
INSERT INTO Product VALUES (1, 'pen'), (2, 'ink'), ('3', 'pad');
INSERT INTO Line VALUES (1, 1), (2, 2), (3, '3');
)";

constexpr std::string_view fixed = R"(
CREATE TABLE Product (code INTEGER PRIMARY KEY NOT NULL, name TEXT);
CREATE TABLE Line (id INTEGER PRIMARY KEY, product INTEGER REFERENCES Product(code));
CREATE INDEX Line_product ON Line (product);
INSERT INTO Product VALUES (1, 'pen'), (2, 'ink'), ('3', 'pad');
INSERT INTO Line VALUES (1, 1), (2, 2), (3, '3');
)";

}  // namespace

extern constinit const Rule dat006_mixed_storage_class = {
    .code = "DAT006",
    .name = "mixed-storage-class",
    .level = Level::warning,
    .summary = "a key or reference column holds numbers beside texts or blobs",
    .explanation = explanation,
    .failing = {.sql = failing},
    .fixed = {.sql = fixed},
    .check = check,
};

}  // namespace doctor::rules
