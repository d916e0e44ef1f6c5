#include <fmt/format.h>

#include "doctor/rule.hpp"
#include "doctor/sweep/comparing.hpp"
#include "doctor/wording.hpp"

namespace doctor::rules {
namespace {

constexpr std::string_view explanation = R"(
## What it looks for
References whose field is declared with another type than the field that it names: a text that refers
to a number, a number that refers to a date. All kinds of numbers count as one, and so do dates with
and without a time. Where the columns themselves differ, that is SCH003's.

## Why it breaks loading
The reference is read as one type and looked up as another. What the database makes of it depends on
the values and on the database: SQLite converts some, PostgreSQL refuses to compare at all.

## What to do
Declare both with the type of the key.

## What it can miss
Fields without a declared type.
)";

enum class Family : std::uint8_t { unknown, number, text, blob, time };

Family family_of(ommi::Type type) {
  switch (type) {
    case ommi::Type::any:
      return Family::unknown;
    case ommi::Type::boolean:
    case ommi::Type::integer:
    case ommi::Type::real:
    case ommi::Type::numeric:
      return Family::number;
    case ommi::Type::text:
      return Family::text;
    case ommi::Type::blob:
      return Family::blob;
    case ommi::Type::date:
    case ommi::Type::datetime:
      return Family::time;
  }
  return Family::unknown;
}

bool differ(const ommi::FieldInfo& field, const ommi::FieldInfo& target) {
  const Family one = family_of(field.type);
  const Family other = family_of(target.type);
  if (one == Family::unknown || other == Family::unknown || one == other) return false;
  return same_equality(field.comparison, target.comparison);
}

void check(const Evidence& evidence, Findings& findings) {
  for (const ReferenceSweep& seen : evidence.references) {
    for (std::size_t part = 0; part < seen.fields.size(); ++part) {
      const ommi::FieldInfo& field = seen.model->fields()[seen.fields[part]];
      const ommi::FieldInfo& target = seen.target->fields()[seen.target_fields[part]];
      if (!differ(field, target)) continue;
      Finding& finding =
          findings.add(subject_of(*seen.model, {seen.fields[part]}, main_relation(seen)),
                       fmt::format("{}.{} is declared as {}, and {}.{}, which it refers to, as {}",
                                   ommi::escaped(seen.model->name()), ommi::escaped(field.name),
                                   ommi::to_string(field.type), ommi::escaped(seen.target->name()),
                                   ommi::escaped(target.name), ommi::to_string(target.type)));
      finding.count = 1;
      finding.scope = coverage(seen.rows);
      finding.relations = seen.relations;
      finding.discriminator = ommi::escaped(seen.target->name());
      finding.place = field.place;
      finding.remedies = {
          {Safety::manual,
           fmt::format("declare {} as {}", ommi::escaped(field.name), ommi::to_string(target.type)),
           {}}};
    }
  }
}

constexpr std::string_view failing_manifest =
    R"({"schema_version": 1, "source": "example", "models": [
  {"name": "User", "store_as": "User", "fields": [
    {"name": "id", "store_as": "id", "type": "integer", "nullable": false, "key": true}]},
  {"name": "Post", "store_as": "Post", "fields": [
    {"name": "id", "store_as": "id", "type": "integer", "nullable": false, "key": true},
    {"name": "user_id", "store_as": "user_id", "type": "text", "nullable": true,
     "reference": {"model": "User", "field": "id"}}],
   "relationships": [{"name": "author", "kind": "to-one", "target": "User",
                      "join": [["user_id", "id"]]}]}]})";

constexpr std::string_view fixed_manifest =
    R"({"schema_version": 1, "source": "example", "models": [
  {"name": "User", "store_as": "User", "fields": [
    {"name": "id", "store_as": "id", "type": "integer", "nullable": false, "key": true}]},
  {"name": "Post", "store_as": "Post", "fields": [
    {"name": "id", "store_as": "id", "type": "integer", "nullable": false, "key": true},
    {"name": "user_id", "store_as": "user_id", "type": "integer", "nullable": true,
     "reference": {"model": "User", "field": "id"}}],
   "relationships": [{"name": "author", "kind": "to-one", "target": "User",
                      "join": [["user_id", "id"]]}]}]})";

constexpr std::string_view database = R"(
CREATE TABLE User (id INTEGER PRIMARY KEY);
CREATE TABLE Post (id INTEGER PRIMARY KEY, user_id INTEGER);
INSERT INTO User VALUES (1), (2);
INSERT INTO Post VALUES (1, NULL), (2, NULL);
)";

}  // namespace

extern constinit const Rule rel007_reference_type_mismatch = {
    .code = "REL007",
    .name = "reference-type-mismatch",
    .level = Level::warning,
    .summary = "a reference and what it names are declared with different types",
    .explanation = explanation,
    .failing = {.sql = database, .manifest = failing_manifest},
    .fixed = {.sql = database, .manifest = fixed_manifest},
    .check = check,
};

}  // namespace doctor::rules
