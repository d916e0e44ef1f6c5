#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "doctor/proof.hpp"
#include "doctor/rule.hpp"
#include "doctor/wording.hpp"

namespace doctor::rules {
namespace {

constexpr std::string_view explanation = R"(
## What it looks for
References that name no row, and would if both sides were written alike: '1 ' and '1', 'DE' and 'de',
'007' and 7, a no-break space at the end, an accent that is a character of its own. Each distinct
value that dangles is compared with all keys of the target, after blanks, Unicode form, letter case
and leading zeros are put aside; the fewest of these that join the two are named.

## Why it breaks loading
The row is there, and a person sees two equal values; the database compares bytes. Loading fails as
if the row had been deleted, and a list on the other side lacks it.

## What to do
Write the references as the keys are written: a statement for each pair is given where one key only
is meant. Then let the database hold them to it with a foreign key, and trim what comes in.

## What it can miss
Misspellings. Letters without a simple lower case. Where very many distinct values dangle, those
beyond the first 200,000; the finding about the others says so.
)";

std::string shown(const std::vector<ommi::Value>& values) {
  std::string text;
  for (const ommi::Value& value : values) {
    text += (text.empty() ? "" : ", ") + ommi::to_display(value.cell());
  }
  return text;
}

std::string assignments(const ReferenceSweep& seen, const NearMiss& pair) {
  std::string text;
  for (std::size_t part = 0; part < seen.fields.size(); ++part) {
    text += fmt::format("{}{} = {}", text.empty() ? "" : ", ",
                        quoted_columns(*seen.model, {seen.fields[part]}), literal(pair.key[part]));
  }
  return text;
}

std::string selection(const ReferenceSweep& seen, const NearMiss& pair) {
  std::string text;
  for (std::size_t part = 0; part < seen.fields.size(); ++part) {
    text +=
        fmt::format("{}+{} = {}", text.empty() ? "" : " AND ",
                    quoted_columns(*seen.model, {seen.fields[part]}), literal(pair.value[part]));
  }
  return text;
}

void add_remedies(const ReferenceSweep& seen, Finding& finding) {
  Remedy rewrite{Safety::unsafe, "write these references as the keys are written", {}};
  for (const NearMiss& pair : seen.kinds.pairs) {
    if (pair.ambiguous) continue;
    rewrite.sql.push_back(fmt::format("UPDATE {} SET {} WHERE {};", quoted_table(*seen.model),
                                      assignments(seen, pair), selection(seen, pair)));
  }
  if (!rewrite.sql.empty()) finding.remedies.push_back(std::move(rewrite));
  finding.remedies.push_back(
      {Safety::manual, "let what writes the references write them as the keys are written", {}});
}

void add_evidence(const ReferenceSweep& seen, Finding& finding) {
  const bool all = seen.kinds.distinct_near_miss == seen.kinds.pairs.size();
  finding.evidence.sql = select_rows(*seen.model, seen.fields, near_miss_condition(seen));
  if (!all) {
    finding.evidence.notes.push_back(
        fmt::format("{} distinct values in all; the query is about the first {}",
                    seen.kinds.distinct_near_miss, seen.kinds.pairs.size()));
  }
  constexpr std::size_t most = 8;
  for (const NearMiss& pair : seen.kinds.pairs) {
    if (finding.evidence.notes.size() == most) break;
    finding.evidence.notes.push_back(
        fmt::format("{} in {} {} {} ({}){}", shown(pair.value), counted(pair.rows, "row"),
                    pair.rows == 1 ? "means" : "mean", shown(pair.key), pair.rule,
                    pair.ambiguous ? ", or another key that is written much alike" : ""));
  }
}

/// The rules that join the pairs, the commonest first.
std::string rules_of(const ReferenceSweep& seen) {
  std::map<std::string, std::uint64_t> rows;
  for (const NearMiss& pair : seen.kinds.pairs) rows[pair.rule] += pair.rows;
  const auto most = std::max_element(
      rows.begin(), rows.end(),
      [](const auto& left, const auto& right) { return left.second < right.second; });
  return rows.size() == 1 ? most->first : most->first + " and others";
}

void check(const Evidence& evidence, Findings& findings) {
  for (const ReferenceSweep& seen : evidence.references) {
    if (seen.kinds.near_miss == 0) continue;
    const std::uint64_t rows = seen.kinds.near_miss;
    Finding& finding = findings.add(
        subject_of(*seen.model, seen.fields, main_relation(seen)),
        fmt::format("{} of {} {} that {} there, but written differently: {}", counted(rows, "row"),
                    ommi::escaped(seen.model->name()),
                    rows == 1 ? fmt::format("names a row of {}", ommi::escaped(seen.target->name()))
                              : fmt::format("name rows of {}", ommi::escaped(seen.target->name())),
                    rows == 1 ? "is" : "are", rules_of(seen)));
    finding.count = rows;
    finding.scope = coverage(seen.rows);
    finding.samples = seen.kinds.near_miss_samples;
    finding.relations = seen.relations;
    finding.discriminator = fmt::format("{}({})", ommi::escaped(seen.target->name()),
                                        field_names(*seen.target, seen.target_fields));
    if (const ommi::Relation* relation = main_relation(seen)) finding.place = relation->info.place;
    add_evidence(seen, finding);
    add_remedies(seen, finding);
  }
}

constexpr std::string_view failing = R"(
CREATE TABLE Country (code TEXT PRIMARY KEY NOT NULL, name TEXT);
CREATE TABLE City (id INTEGER PRIMARY KEY, name TEXT, country TEXT REFERENCES Country(code));
CREATE INDEX City_country ON City (country);
INSERT INTO Country VALUES ('de', 'Germany'), ('fr', 'France');
INSERT INTO City VALUES (1, 'Bonn', 'de'), (2, 'Ulm', 'DE'), (3, 'Nancy', 'fr ');
)";

constexpr std::string_view fixed = R"(
CREATE TABLE Country (code TEXT PRIMARY KEY NOT NULL, name TEXT);
CREATE TABLE City (id INTEGER PRIMARY KEY, name TEXT, country TEXT REFERENCES Country(code));
CREATE INDEX City_country ON City (country);
INSERT INTO Country VALUES ('de', 'Germany'), ('fr', 'France');
INSERT INTO City VALUES (1, 'Bonn', 'de'), (2, 'Ulm', 'de'), (3, 'Nancy', 'fr');
)";

}  // namespace

extern constinit const Rule dat007_near_miss_key = {
    .code = "DAT007",
    .name = "near-miss-key",
    .level = Level::error,
    .summary = "a reference misses its row only by how it is written",
    .explanation = explanation,
    .failing = {.sql = failing},
    .fixed = {.sql = fixed},
    .check = check,
};

}  // namespace doctor::rules
