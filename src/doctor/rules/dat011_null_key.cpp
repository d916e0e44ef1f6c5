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
Rows of which a part of the key is NULL. SQLite allows that in every primary key but an INTEGER one,
unless the columns are declared NOT NULL.

## Why it breaks loading
NULL equals nothing, not even NULL. Such a row cannot be loaded by its key, nothing can refer to it,
and asking for what refers to it must not ask for "IS NULL", which would claim rows that belong to
nobody.

## What to do
Give the rows keys, or remove them. Then declare the key's columns NOT NULL.

## What it can miss
Links of an association, which are not looked up by key: half a link is DAT002's. Tables that no
relationship reads.
)";

bool is_key(const SetSweep& seen) {
  std::vector<std::size_t> key = seen.model->key;
  std::sort(key.begin(), key.end());
  return key == seen.fields;
}

void check(const Evidence& evidence, Findings& findings) {
  for (const SetSweep& seen : evidence.sets) {
    if (seen.nulls == 0 || !is_key(seen)) continue;
    const ommi::Model& model = *seen.model;
    const auto readers = relations_touching(*evidence.catalog, model);
    if (readers.empty() || is_association(*evidence.catalog, model)) continue;
    Finding& finding =
        findings.add(subject_of(model, seen.fields, nullptr),
                     fmt::format("{} of {} {} no key: {} is NULL", counted(seen.nulls, "row"),
                                 ommi::escaped(model.name()), seen.nulls == 1 ? "has" : "have",
                                 seen.fields.size() > 1 ? "a part of it" : "it"));
    finding.count = seen.nulls;
    finding.scope = coverage(seen.rows);
    finding.samples = seen.null_samples;
    finding.relations = readers;
    finding.place = model.info.place;
    finding.evidence.sql = fmt::format("SELECT * FROM {} WHERE {};", quoted_table(model),
                                       null_condition(model, seen.fields));
    finding.remedies = {
        {Safety::manual, "give these rows a key, and declare its columns NOT NULL", {}}};
  }
}

constexpr std::string_view failing = R"(
CREATE TABLE Country (code TEXT PRIMARY KEY, name TEXT);
CREATE TABLE City (id INTEGER PRIMARY KEY, country TEXT REFERENCES Country(code));
INSERT INTO Country VALUES ('de', 'Germany'), (NULL, 'Nowhere');
INSERT INTO City VALUES (1, 'de'), (2, NULL);
)";

constexpr std::string_view fixed = R"(
CREATE TABLE Country (code TEXT PRIMARY KEY, name TEXT);
CREATE TABLE City (id INTEGER PRIMARY KEY, country TEXT REFERENCES Country(code));
INSERT INTO Country VALUES ('de', 'Germany'), ('xx', 'Nowhere');
INSERT INTO City VALUES (1, 'de'), (2, NULL);
)";

}  // namespace

extern constinit const Rule dat011_null_key = {
    .code = "DAT011",
    .name = "null-key",
    .level = Level::error,
    .summary = "a row whose key is NULL can neither be loaded nor referred to",
    .explanation = explanation,
    .failing = {.sql = failing},
    .fixed = {.sql = fixed},
    .check = check,
};

}  // namespace doctor::rules
