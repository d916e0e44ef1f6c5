#include <algorithm>

#include <fmt/format.h>

#include "doctor/rule.hpp"
#include "doctor/statements.hpp"
#include "doctor/wording.hpp"

namespace doctor::rules {
namespace {

constexpr std::string_view explanation = R"(
## What it looks for
Keys that are the texts `NULL`, `IS` or `IS NOT`, and statements in which such a word stands where a
value is due, instead of a placeholder. Of Python models also: such keys in a field by which Ommi asks,
which since 0.2.2 writes them into its statement on SQLite.

## Why it breaks loading
A text that is written into a statement is read as a part of it. `code = NULL` is never true, so the row
whose code is the text NULL is not found; `IS` breaks the statement, and with it the load of every owner
in the list. What is inlined for these words is inlined for whatever else somebody stores.

## What to do
Bind every value. No text of a key is a word of the language.

## What it can miss
Drivers that show no statement, and loads beyond the first 32 calls of a relationship.
)";

/// The word that was to be a value in that call, or empty.
std::string inlined_word(const RelationshipObservation& seen, const TracedCall& call) {
  std::vector<std::string> words = call.keywords;
  if (call.failed && words.empty()) {
    for (const HopSample& sample : seen.samples) {
      for (const NamedValue& part : sample.owner.value) {
        if (part.value.kind() == ommi::Kind::text) words.push_back(part.value.as<std::string>());
      }
    }
  }
  constexpr std::string_view known[] = {"NULL", "IS", "IS NOT", "NOT NULL"};
  for (const std::string& word : words) {
    const bool is_known = std::any_of(std::begin(known), std::end(known),
                                      [&](std::string_view k) { return same_name(k, word); });
    if (is_known && stands_for_value(word, call.statement)) return word;
  }
  return {};
}

/// Keys that Ommi itself writes into its statement.
void look_at_ommi(const KeywordKeys& seen, const OmmiRelease release, Findings& findings) {
  const ommi::Relation& relation = *seen.relation;
  const ommi::Model& owner = *relation.owner;
  Finding& finding = findings.add(
      subject_of(relation),
      fmt::format("Ommi writes the {} of {} of {} into its statement, where a value is due",
                  field_names(owner, {seen.field}), counted(seen.rows, "row"),
                  ommi::escaped(owner.name())));
  finding.count = seen.rows;
  finding.scope = fmt::format("the texts {} of Ommi {}", "NULL, IS and IS NOT", to_string(release));
  finding.relations = {&relation};
  finding.place = relation.info.place;
  finding.samples = seen.samples;
  finding.evidence.notes = {
      "for NULL the load finds nothing; for IS and IS NOT it is sqlite3.OperationalError: near "
      "\"IS\": syntax error"};
  finding.remedies = {{Safety::manual,
                       "let no key be one of these words; another case of letters will do",
                       {},
                       {}}};
}

void check(const Evidence& evidence, Findings& findings) {
  for (const KeywordKeys& seen : evidence.keyword_keys)
    look_at_ommi(seen, evidence.ommi.release, findings);
  for (const RelationshipObservation& seen : evidence.relationships) {
    std::uint64_t calls = 0;
    std::string word;
    std::string statement;
    for (const TracedCall& call : seen.calls) {
      const std::string found = inlined_word(seen, call);
      if (found.empty()) continue;
      if (calls++ > 0) continue;
      word = found;
      statement = call.statement;
    }
    if (calls == 0) continue;
    Finding& finding =
        findings.add(subject_of(*seen.relation),
                     fmt::format("loading {}, the key '{}' became a part of the statement",
                                 ommi::escaped(seen.relation->name()), ommi::escaped(word)));
    finding.count = calls;
    finding.scope =
        fmt::format("{} of the first {}", calls, counted(seen.calls.size(), "driver call"));
    finding.relations = {seen.relation};
    finding.place = seen.relation->info.place;
    finding.evidence.sql = statement;
    finding.remedies = {{Safety::manual, "bind every value, whatever its text is", {}}};
  }
}

constexpr std::string_view database = R"(
CREATE TABLE Country (code TEXT PRIMARY KEY NOT NULL);
CREATE TABLE City (id INTEGER PRIMARY KEY, country TEXT REFERENCES Country(code));
INSERT INTO Country VALUES ('DE'), ('NULL');
INSERT INTO City VALUES (1, 'DE'), (2, 'NULL');
)";

}  // namespace

extern constinit const Rule drv006_sentinel_literal_inlined = {
    .code = "DRV006",
    .name = "sentinel-literal-inlined",
    .level = Level::error,
    .summary = "the text of a key reached the statement as a keyword instead of being bound",
    .explanation = explanation,
    .failing = {.sql = database, .fault = "inlines_keywords"},
    .fixed = {.sql = database},
    .check = check,
};

}  // namespace doctor::rules
