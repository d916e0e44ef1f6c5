#include <fmt/format.h>

#include "doctor/lazy_findings.hpp"
#include "doctor/ommi_behaviour.hpp"
#include "doctor/wording.hpp"

namespace doctor::rules {
namespace {

constexpr std::string_view explanation = R"(
## What it looks for
Owners whose reference is NULL, and what their lazy field gives. It must be empty, and no query is due:
NULL names nobody. Of Python models also: lazy fields for which Ommi asks `IS NULL`, as it does on SQLite
since 0.2.2, where rows on both sides hold NULL.

## Why it breaks loading
`WHERE email IS NULL` finds every row that belongs to nobody. An owner that has no key, because it was
not stored yet or because the reference is empty, is then shown strangers' rows, and whatever is done to
"its" rows is done to those.

## What to do
Give nothing, without a query, where a part of the owner's key is NULL.

## What it can miss
Queries that found no stranger; PRF003 tells of those. Ommi's queries by several fields at once.
)";

/// Rows whose value of the field is NULL.
std::uint64_t nulls_of(const Evidence& evidence, const ommi::Model& model, std::size_t field) {
  for (const FieldSweep& seen : evidence.fields) {
    if (seen.model == &model && seen.field == field)
      return seen.by_kind[static_cast<std::size_t>(ommi::Kind::null)];
  }
  return 0;
}

/// What Ommi's own query does for owners whose key is NULL.
void look_at_ommi(const Evidence& evidence, const ommi::Relation& relation, Findings& findings) {
  const OmmiRelease release = evidence.ommi.release;
  const OmmiLoad load = load_by_ommi(*evidence.python, *evidence.catalog, relation, release);
  if (load.end != OmmiEnd::query || load.conditions.size() != 1 || !null_matches_null(release))
    return;
  const OmmiCondition& condition = load.conditions.front();
  const ommi::Model& asked = load.via == nullptr ? *load.target : *load.via;
  const std::uint64_t owners = nulls_of(evidence, *load.owner, condition.owner_field);
  const std::uint64_t strangers = nulls_of(evidence, asked, condition.field);
  if (owners == 0 || strangers == 0) return;
  Finding& finding = findings.add(
      subject_of(relation),
      fmt::format("Ommi gives {} of {} whose {} is NULL the {} of {} whose {} is NULL",
                  counted(owners, "row"), ommi::escaped(load.owner->name()),
                  field_names(*load.owner, {condition.owner_field}), counted(strangers, "row"),
                  ommi::escaped(asked.name()), field_names(asked, {condition.field})));
  finding.count = owners;
  finding.scope = "Ommi's query";
  finding.relations = {&relation};
  finding.place = relation.info.place;
  finding.evidence.sql = statement_of(load, std::vector<ommi::Value>(1), release).text;
  finding.remedies = {{Safety::manual,
                       fmt::format("do not load it where {} is None",
                                   field_names(*load.owner, {condition.owner_field})),
                       {},
                       {}},
                      {Safety::manual,
                       fmt::format("let no {} be without {}", ommi::escaped(asked.name()),
                                   field_names(asked, {condition.field})),
                       {},
                       {}}};
}

void check(const Evidence& evidence, Findings& findings) {
  if (evidence.python != nullptr) {
    for (const ommi::Model& model : evidence.catalog->models()) {
      for (const ommi::Relation& relation : model.relations)
        look_at_ommi(evidence, relation, findings);
    }
  }
  for (const LazyObservation& seen : evidence.lazy_fields) {
    if (seen.keyless.rows == 0) continue;
    Finding& finding = add_lazy(
        seen, seen.keyless,
        fmt::format("{} of an owner whose key is NULL gives {} of others",
                    ommi::escaped(seen.relation->name()), counted(seen.keyless.rows, "row")),
        "give nothing, without a query, where the key is NULL", findings);
    finding.evidence.notes = {fmt::format("looked at {}", seen.keyless_owner),
                              counted(seen.keyless.calls, "driver call")};
  }
}

constexpr std::string_view failing = R"(
CREATE TABLE User (id INTEGER PRIMARY KEY, email TEXT UNIQUE);
CREATE TABLE Post (id INTEGER PRIMARY KEY, user_email TEXT REFERENCES User(email));
INSERT INTO User VALUES (1, 'ada@example.org'), (2, NULL);
INSERT INTO Post VALUES (1, 'ada@example.org'), (2, NULL);
)";

constexpr std::string_view fixed = R"(
CREATE TABLE User (id INTEGER PRIMARY KEY);
CREATE TABLE Post (id INTEGER PRIMARY KEY, user_id INTEGER REFERENCES User(id));
INSERT INTO User VALUES (1), (2);
INSERT INTO Post VALUES (1, 1), (2, NULL);
)";

}  // namespace

extern constinit const Rule lzy006_null_parent_key_query = {
    .code = "LZY006",
    .name = "null-parent-key-query",
    .level = Level::error,
    .summary = "an owner without a key is given the rows of others",
    .explanation = explanation,
    .failing = {.sql = failing, .lazy_fault = "null_is_queried"},
    .fixed = {.sql = fixed},
    .check = check,
};

}  // namespace doctor::rules
