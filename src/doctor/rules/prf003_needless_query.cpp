#include <algorithm>

#include <fmt/format.h>

#include "doctor/rule.hpp"
#include "doctor/statements.hpp"
#include "doctor/wording.hpp"

namespace doctor::rules {
namespace {

constexpr std::string_view explanation = R"(
## What it looks for
Queries whose answer was known before: a reference that is NULL was looked for and nothing found, or
a page was asked for behind the last row. A to-many relationship that turns out to be empty is no such
query.

## Why it breaks loading
Nothing is wrong but the time: each costs a way to the database and back.

## What to do
Give nothing where the reference is NULL. Ask for one row more than a page has: if it does not come, that
was the last page.

## What it can miss
Pages whose limits are bound values, which the trace does not have.
)";

// Of pages that one call made after each other; or of a call that is one page.
bool has_empty_page(const TracedCall& call) {
  const std::vector<Page> pages = pages_of(call.statement);
  if (call.failed || pages.empty() || !pages.back().offset) return false;
  return *pages.back().offset > 0 && call.rows <= (pages.size() == 1 ? 0 : *pages.back().offset);
}

Finding& add(const ommi::Relation& relation, std::uint64_t queries, std::string message,
             std::string_view discriminator, Findings& findings) {
  Finding& finding = findings.add(subject_of(relation), std::move(message));
  finding.count = queries;
  finding.relations = {&relation};
  finding.place = relation.info.place;
  finding.discriminator = discriminator;
  return finding;
}

void check_calls(const RelationshipObservation& seen, Findings& findings) {
  const auto scope = [&](std::uint64_t queries) {
    return fmt::format("{} of the first {}", queries, counted(seen.calls.size(), "driver call"));
  };
  const auto report = [&](auto&& is_needless, std::string_view what, std::string_view discriminator,
                          std::string_view remedy) {
    const auto first = std::find_if(seen.calls.begin(), seen.calls.end(), is_needless);
    if (first == seen.calls.end()) return;
    const auto queries = static_cast<std::uint64_t>(
        std::count_if(seen.calls.begin(), seen.calls.end(), is_needless));
    Finding& finding =
        add(*seen.relation, queries,
            fmt::format("loading {}, {} asked for {}", ommi::escaped(seen.relation->name()),
                        counted(queries, "driver call"), what),
            discriminator, findings);
    finding.scope = scope(queries);
    finding.evidence.sql = first->statement;
    finding.remedies = {{Safety::manual, std::string(remedy), {}}};
  };
  report([](const TracedCall& call) { return call.nulls > 0 && !call.failed; },
         "the row of a NULL reference", "null", "give nothing where the reference is NULL");
  report(has_empty_page, "a page behind the last row", "page",
         "ask for one row more than a page has");
}

void check(const Evidence& evidence, Findings& findings) {
  for (const RelationshipObservation& seen : evidence.relationships) check_calls(seen, findings);
  for (const LazyObservation& seen : evidence.lazy_fields) {
    // With rows it is worse than needless: LZY006.
    if (seen.keyless.calls == 0 || seen.keyless.rows > 0) continue;
    Finding& finding =
        add(*seen.relation, seen.keyless.calls,
            fmt::format("{} of an owner whose key is NULL makes {} and finds nothing",
                        ommi::escaped(seen.relation->name()),
                        counted(seen.keyless.calls, "driver call")),
            "keyless", findings);
    finding.scope = "1 owner was looked at";
    finding.evidence.sql = seen.keyless.statement;
    finding.evidence.notes = {fmt::format("looked at {}", seen.keyless_owner)};
    finding.remedies = {{Safety::manual, "give nothing where the reference is NULL", {}}};
  }
}

constexpr std::string_view database = R"(
CREATE TABLE User (id INTEGER PRIMARY KEY);
CREATE TABLE Post (id INTEGER PRIMARY KEY, user_id INTEGER REFERENCES User(id));
INSERT INTO User VALUES (1), (2);
INSERT INTO Post VALUES (1, 1), (2, NULL);
)";

}  // namespace

extern constinit const Rule prf003_needless_query = {
    .code = "PRF003",
    .name = "needless-query",
    .level = Level::info,
    .summary = "a query was made whose answer was known",
    .explanation = explanation,
    .failing = {.sql = database, .lazy_fault = "null_is_compared"},
    .fixed = {.sql = database},
    .check = check,
};

}  // namespace doctor::rules
