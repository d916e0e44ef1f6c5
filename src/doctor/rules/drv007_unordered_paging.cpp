#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "doctor/proof.hpp"
#include "doctor/rule.hpp"
#include "doctor/statements.hpp"
#include "doctor/wording.hpp"

namespace doctor::rules {
namespace {

constexpr std::string_view explanation = R"(
## What it looks for
Answers that a driver reads in several pages (LIMIT and OFFSET) whose order does not tell every two rows
apart: there is none, or it holds no key.

## Why it breaks loading
Rows that the order leaves equal come in any order, and in another one for the next page. So a row can
be on two pages and another on none: lists have doubles and gaps, seldom, and never while one looks.

## What to do
Order by the key as well, behind what the rows are ordered by; or read the answer in one piece.

## What it can miss
Orders by expressions count for nothing here, and a set of columns counts as unique only where the
models say so. Loads beyond the first 32 calls of a relationship are not looked at.
)";

bool holds(const std::vector<std::string>& order, const ommi::Model& model,
           const std::vector<std::size_t>& fields) {
  return !fields.empty() && std::all_of(fields.begin(), fields.end(), [&](std::size_t field) {
    return std::any_of(order.begin(), order.end(), [&](const std::string& column) {
      return same_name(column, model.fields()[field].column());
    });
  });
}

bool tells_apart(const std::vector<std::string>& order, const ommi::Model& model) {
  if (holds(order, model, model.key)) return true;
  return std::any_of(model.info.unique_sets.begin(), model.info.unique_sets.end(),
                     [&](const auto& names) {
                       std::vector<std::size_t> fields;
                       for (const std::string& name : names) {
                         if (const auto field = model.find_field(name)) fields.push_back(*field);
                       }
                       return fields.size() == names.size() && holds(order, model, fields);
                     });
}

bool is_ordered(const Page& page, const ommi::Relation& relation) {
  return tells_apart(page.order, *relation.target) ||
         (relation.via != nullptr && tells_apart(page.order, *relation.via));
}

struct Pages {
  std::uint64_t count = 0;
  bool later = false;
};

void check(const Evidence& evidence, Findings& findings) {
  for (const RelationshipObservation& seen : evidence.relationships) {
    std::map<std::string, Pages> unordered;
    const TracedCall* first = nullptr;
    for (const TracedCall& call : seen.calls) {
      for (const Page& page : pages_of(call.statement)) {
        if (is_ordered(page, *seen.relation)) continue;
        Pages& pages = unordered[page.question];
        ++pages.count;
        pages.later = pages.later || page.is_later();
        if (first == nullptr) first = &call;
      }
    }
    std::uint64_t pages = 0;
    for (const auto& [question, found] : unordered) {
      if (found.count > 1 && found.later) pages += found.count;
    }
    if (pages == 0) continue;
    Finding& finding =
        findings.add(subject_of(*seen.relation),
                     fmt::format("{} was read in {} whose order does not tell the rows apart",
                                 ommi::escaped(seen.relation->name()), counted(pages, "page")));
    finding.count = pages;
    finding.scope = fmt::format("the first {}", counted(seen.calls.size(), "driver call"));
    finding.relations = {seen.relation};
    finding.place = seen.relation->info.place;
    finding.evidence.sql = first->statement;
    const ommi::Model& target = *seen.relation->target;
    if (!target.key.empty()) {
      finding.evidence.notes = {
          fmt::format("ORDER BY {} would do", quoted_columns(target, target.key))};
    }
    finding.remedies = {{Safety::manual, "order pages by the key as well", {}}};
  }
}

constexpr std::string_view database = R"(
CREATE TABLE User (id INTEGER PRIMARY KEY);
CREATE TABLE Post (id INTEGER PRIMARY KEY, user_id INTEGER REFERENCES User(id));
INSERT INTO User VALUES (1), (2);
INSERT INTO Post VALUES (1, 1), (2, 1), (3, 1), (4, 2);
)";

}  // namespace

extern constinit const Rule drv007_unordered_paging = {
    .code = "DRV007",
    .name = "unordered-paging",
    .level = Level::warning,
    .summary = "an answer was read in pages whose order does not tell rows apart",
    .explanation = explanation,
    .failing = {.sql = database, .fault = "unordered_pages"},
    .fixed = {.sql = database},
    .check = check,
};

}  // namespace doctor::rules
