#include <algorithm>

#include <fmt/format.h>

#include "doctor/enforcement.hpp"
#include "doctor/proof.hpp"
#include "doctor/rule.hpp"
#include "doctor/wording.hpp"

namespace doctor::rules {
namespace {

constexpr std::string_view explanation = R"(
## What it looks for
Models whose key is neither the primary key of their table nor held to be unique by an index. Such a
key is a promise of the models (a manifest, a class) that the database does not know of.

## Why it breaks loading
A row is loaded by its key, and two rows with one key are one row to the application: which of them a
relationship gives, or an update changes, is nobody's decision.

## What to do
Make a unique index over the key's columns. Where values repeat already, decide between the rows
first; or name the fields that really are the key.

## What it can miss
Views and virtual tables, which cannot be held to anything.
)";

bool is_key(const SetSweep& seen) {
  std::vector<std::size_t> key = seen.model->key;
  std::sort(key.begin(), key.end());
  return key == seen.fields;
}

void check(const Evidence& evidence, Findings& findings) {
  for (const SetSweep& seen : evidence.sets) {
    const ommi::Model& model = *seen.model;
    const ommi::Table* table = ordinary_table(evidence.schema, model);
    if (!is_key(seen) || table == nullptr || !seen.unchecked.empty()) continue;
    if (uniqueness(*table, model, seen.fields) != Uniqueness::none) continue;
    const bool clean = seen.repeated == 0;
    Finding& finding =
        findings.add(subject_of(model, seen.fields, nullptr),
                     fmt::format("the key of {} ({}) is neither the key of {} nor unique there",
                                 ommi::escaped(model.name()), field_names(model, seen.fields),
                                 ommi::escaped(table->name)));
    finding.count = seen.repeated;
    finding.scope = coverage(seen.rows);
    finding.samples = seen.repeated_samples;
    finding.place = model.info.place;
    finding.relations = relations_touching(*evidence.catalog, model);
    finding.evidence.notes = {clean
                                  ? "no value repeats now"
                                  : fmt::format("{} now", counted(seen.repeated, "repeated key"))};
    if (!clean) {
      const std::string columns = quoted_columns(model, seen.fields);
      finding.evidence.sql =
          fmt::format("SELECT {}, count(*) FROM {} WHERE NOT ({}) GROUP BY {} HAVING count(*) > 1;",
                      columns, quoted_table(model), null_condition(model, seen.fields), columns);
    }
    finding.remedies = {
        {clean ? Safety::safe : Safety::unsafe,
         clean ? "make a unique index" : "make a unique index, once no key repeats",
         {fmt::format("CREATE UNIQUE INDEX {} ON {} ({});",
                      quoted_name(free_index_name(evidence.schema, model, seen.fields)),
                      quoted_table(model), quoted_columns(model, seen.fields))}}};
  }
}

constexpr std::string_view manifest = R"({"schema_version": 1, "source": "example", "models": [
  {"name": "Country", "store_as": "Country", "fields": [
    {"name": "code", "store_as": "code", "type": "text", "nullable": false, "key": true}]},
  {"name": "City", "store_as": "City", "fields": [
    {"name": "id", "store_as": "id", "type": "integer", "nullable": false, "key": true},
    {"name": "country", "store_as": "country", "type": "text", "nullable": true,
     "reference": {"model": "Country", "field": "code"}}],
   "relationships": [{"name": "in_country", "kind": "to-one", "target": "Country",
                      "join": [["country", "code"]]}]}]})";

constexpr std::string_view failing = R"(
CREATE TABLE Country (code TEXT NOT NULL);
CREATE TABLE City (id INTEGER PRIMARY KEY, country TEXT);
CREATE INDEX City_country ON City (country);
INSERT INTO Country VALUES ('de'), ('fr');
INSERT INTO City VALUES (1, 'de'), (2, 'fr');
)";

constexpr std::string_view fixed = R"(
CREATE TABLE Country (code TEXT NOT NULL UNIQUE);
CREATE TABLE City (id INTEGER PRIMARY KEY, country TEXT);
CREATE INDEX City_country ON City (country);
INSERT INTO Country VALUES ('de'), ('fr');
INSERT INTO City VALUES (1, 'de'), (2, 'fr');
)";

}  // namespace

extern constinit const Rule sch011_key_not_enforced = {
    .code = "SCH011",
    .name = "key-not-enforced",
    .level = Level::error,
    .summary = "a key of the models is neither key nor unique in its table",
    .explanation = explanation,
    .failing = {.sql = failing, .manifest = manifest},
    .fixed = {.sql = fixed, .manifest = manifest},
    .check = check,
};

}  // namespace doctor::rules
