#include <algorithm>

#include <fmt/format.h>

#include "doctor/enforcement.hpp"
#include "doctor/rule.hpp"
#include "doctor/wording.hpp"

namespace doctor::rules {
namespace {

constexpr std::string_view explanation = R"(
## What it looks for
Models that take part in relationships and have no key: none is marked, and the table has no primary
key. A unique set of fields that are never NULL is as good, and an association needs none. Where
nothing refers to the model, this is for information only.

## Why it breaks loading
Without a key a row has no name: it cannot be loaded again, changed or referred to, and two equal rows
are one. Ommi guesses a key (a field named `id`, the first integer, the first field), and what it
guesses may be anything but unique.

## What to do
Mark the key in the model, and make it the primary key of the table.

## What it can miss
A key that is marked and does not tell rows apart: SCH011 looks at that.
)";

bool has_other_identity(const ommi::Model& model) {
  return std::any_of(model.info.unique_sets.begin(), model.info.unique_sets.end(),
                     [&](const std::vector<std::string>& set) {
                       return std::all_of(set.begin(), set.end(), [&](const std::string& name) {
                         const auto field = model.find_field(name);
                         return field && !model.fields()[*field].nullable;
                       });
                     });
}

bool is_referred_to(const ommi::Model& model, const Evidence& evidence) {
  return std::any_of(evidence.references.begin(), evidence.references.end(),
                     [&](const ReferenceSweep& seen) { return seen.target == &model; });
}

void check(const Evidence& evidence, Findings& findings) {
  if (evidence.catalog == nullptr) return;
  for (const ommi::Model& model : evidence.catalog->models()) {
    if (!model.key.empty() || is_association(*evidence.catalog, model)) continue;
    if (ordinary_table(evidence.schema, model) == nullptr || has_other_identity(model)) continue;
    const auto readers = relations_touching(*evidence.catalog, model);
    if (readers.empty()) continue;
    Finding& finding = findings.add(
        subject_of(model, {}, nullptr),
        fmt::format("{} has no key, so that its rows have no name", ommi::escaped(model.name())));
    if (!is_referred_to(model, evidence)) finding.level = Level::info;
    finding.count = 1;
    finding.place = model.info.place;
    finding.relations = readers;
    finding.evidence.notes = {fmt::format("read by {}", relation_names(readers))};
    finding.remedies = {
        {Safety::manual, "mark the key in the model, and declare it in the table", {}}};
  }
}

constexpr std::string_view failing_manifest =
    R"({"schema_version": 1, "source": "example", "models": [
  {"name": "Country", "store_as": "Country", "fields": [
    {"name": "code", "store_as": "code", "type": "text", "nullable": false}]},
  {"name": "City", "store_as": "City", "fields": [
    {"name": "id", "store_as": "id", "type": "integer", "nullable": false, "key": true},
    {"name": "country", "store_as": "country", "type": "text", "nullable": true,
     "reference": {"model": "Country", "field": "code"}}],
   "relationships": [{"name": "in_country", "kind": "to-one", "target": "Country",
                      "join": [["country", "code"]]}]}]})";

constexpr std::string_view fixed_manifest =
    R"({"schema_version": 1, "source": "example", "models": [
  {"name": "Country", "store_as": "Country", "fields": [
    {"name": "code", "store_as": "code", "type": "text", "nullable": false, "key": true}]},
  {"name": "City", "store_as": "City", "fields": [
    {"name": "id", "store_as": "id", "type": "integer", "nullable": false, "key": true},
    {"name": "country", "store_as": "country", "type": "text", "nullable": true,
     "reference": {"model": "Country", "field": "code"}}],
   "relationships": [{"name": "in_country", "kind": "to-one", "target": "Country",
                      "join": [["country", "code"]]}]}]})";

constexpr std::string_view failing = R"(
CREATE TABLE Country (code TEXT NOT NULL, name TEXT);
CREATE TABLE City (id INTEGER PRIMARY KEY, country TEXT);
INSERT INTO Country VALUES ('de', 'Germany'), ('fr', 'France');
INSERT INTO City VALUES (1, 'de'), (2, 'fr');
)";

constexpr std::string_view fixed = R"(
CREATE TABLE Country (code TEXT NOT NULL PRIMARY KEY, name TEXT);
CREATE TABLE City (id INTEGER PRIMARY KEY, country TEXT);
INSERT INTO Country VALUES ('de', 'Germany'), ('fr', 'France');
INSERT INTO City VALUES (1, 'de'), (2, 'fr');
)";

}  // namespace

extern constinit const Rule rel008_implicit_key_guess = {
    .code = "REL008",
    .name = "implicit-key-guess",
    .level = Level::warning,
    .summary = "a model that relationships read has no key",
    .explanation = explanation,
    .failing = {.sql = failing, .manifest = failing_manifest},
    .fixed = {.sql = fixed, .manifest = fixed_manifest},
    .check = check,
};

}  // namespace doctor::rules
