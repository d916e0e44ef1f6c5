#include <algorithm>
#include <map>
#include <tuple>

#include <fmt/format.h>

#include "doctor/proof.hpp"
#include "doctor/rule.hpp"
#include "doctor/wording.hpp"

namespace doctor::rules {
namespace {

// Below this a scan costs about what a search does, and an index is not worth its upkeep.
constexpr std::uint64_t least_rows = 100;

constexpr std::string_view explanation = R"(
## What it looks for
Lazy loads for which the database reads a whole table of 100 rows or more, because no index starts
with the columns that they search. The plan is the database's own, of the very query that the lazy
load sends. A column that leads a key or a longer index is indexed and is not reported.

## Why it breaks loading
The relationship works, and gets slower with every row: each load reads the table from end to end,
so following it from every owner costs owners times rows.

## What to do
Make an index over the columns. One index serves every relationship that searches them.

## What it can miss
Tables that are small today. A partial index or one of another collation is there but cannot serve
the load; the columns then count as indexed only if the plan says so.
)";

/// The columns of a table that loads look for.
struct Searched {
  const ommi::Model* model;
  std::vector<std::size_t> fields;
  friend bool operator<(const Searched& left, const Searched& right) {
    return std::make_pair(left.model->index, left.fields) <
           std::make_pair(right.model->index, right.fields);
  }
};

struct Slowed {
  std::uint64_t rows = 0;
  std::vector<const ommi::Relation*> relations;
  const ommi::QueryPlan* plan = nullptr;
};

std::uint64_t rows_of(const Evidence& evidence, const ommi::Model& model) {
  for (const FieldSweep& field : evidence.fields) {
    if (field.model == &model) return field.rows;
  }
  return 0;
}

bool is_indexed(const Searched& searched, const ommi::Schema* schema) {
  const ommi::Table* table =
      schema == nullptr ? nullptr : schema->find_table(searched.model->info.table());
  if (table == nullptr) return false;
  if (table->kind != ommi::TableKind::table) return true;  // nothing that an index could be put on
  const auto is_searched = [&](const std::string& column) {
    return std::any_of(searched.fields.begin(), searched.fields.end(), [&](std::size_t field) {
      return same_name(searched.model->fields()[field].column(), column);
    });
  };
  for (const ommi::Column& column : table->columns) {
    if (column.key_part == 1 && is_searched(column.name)) return true;
  }
  return std::any_of(table->indexes.begin(), table->indexes.end(), [&](const ommi::Index& index) {
    return !index.partial && !index.columns.empty() && is_searched(index.columns.front());
  });
}

void add_search(const RelationshipObservation& seen, Searched searched, std::uint64_t rows,
                const Evidence& evidence, std::map<Searched, Slowed>& slowed) {
  std::sort(searched.fields.begin(), searched.fields.end());
  const auto& scanned = seen.plan->scanned;
  const bool scans = std::any_of(scanned.begin(), scanned.end(), [&](const std::string& table) {
    return same_name(table, searched.model->info.table());
  });
  if (!scans || rows < least_rows || is_indexed(searched, evidence.schema)) return;
  Slowed& found = slowed[searched];
  found.rows = rows;
  found.relations.push_back(seen.relation);
  if (found.plan == nullptr) found.plan = &*seen.plan;
}

/// A name that no index or table has yet.
std::string index_name(const Searched& searched, const ommi::Schema* schema) {
  std::string wanted = searched.model->info.table();
  for (const std::size_t field : searched.fields) {
    wanted += "_" + searched.model->fields()[field].column();
  }
  std::string name = wanted;
  const auto is_taken = [&](const std::string& tried) {
    for (const ommi::Table& table : schema->tables) {
      if (same_name(table.name, tried)) return true;
      for (const ommi::Index& index : table.indexes) {
        if (same_name(index.name, tried)) return true;
      }
    }
    return false;
  };
  for (unsigned number = 2; schema != nullptr && is_taken(name); ++number) {
    name = fmt::format("{}_{}", wanted, number);
  }
  return name;
}

void check(const Evidence& evidence, Findings& findings) {
  std::map<Searched, Slowed> slowed;
  for (const RelationshipObservation& seen : evidence.relationships) {
    if (!seen.plan || seen.relation->problem) continue;
    const ommi::Relation& relation = *seen.relation;
    if (relation.via == nullptr) {
      add_search(seen, {relation.target, relation.target_fields}, seen.looked_up_rows, evidence,
                 slowed);
      continue;
    }
    add_search(seen, {relation.via, relation.via_owner_fields}, seen.looked_up_rows, evidence,
               slowed);
    add_search(seen, {relation.target, relation.target_fields}, rows_of(evidence, *relation.target),
               evidence, slowed);
  }
  for (const auto& [searched, found] : slowed) {
    const ommi::Model& model = *searched.model;
    Finding& finding = findings.add(
        subject_of(model, searched.fields, found.relations.front()),
        fmt::format("each load of {} reads all {} of {}: no index starts with {}",
                    relation_names(found.relations), counted(found.rows, "row"),
                    ommi::escaped(model.info.table()), column_names(model, searched.fields)));
    finding.count = found.relations.size();
    finding.scope = coverage(found.rows);
    finding.subject.relationship = found.relations.size() == 1 ? finding.subject.relationship : "";
    finding.relations = found.relations;
    finding.evidence.sql = found.plan->statement;
    finding.evidence.plan = found.plan->steps;
    finding.remedies = {
        {Safety::safe,
         "make an index",
         {fmt::format("CREATE INDEX {} ON {} ({});",
                      quoted_name(index_name(searched, evidence.schema)), quoted_table(model),
                      quoted_columns(model, searched.fields))}}};
  }
}

constexpr std::string_view failing = R"(
CREATE TABLE User (id INTEGER PRIMARY KEY);
CREATE TABLE Post (id INTEGER PRIMARY KEY, user_id INTEGER REFERENCES User(id));
INSERT INTO User VALUES (1), (2), (3);
WITH RECURSIVE number(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < 200)
INSERT INTO Post SELECT n, 1 + n % 3 FROM number;
)";

constexpr std::string_view fixed = R"(
CREATE TABLE User (id INTEGER PRIMARY KEY);
CREATE TABLE Post (id INTEGER PRIMARY KEY, user_id INTEGER REFERENCES User(id));
CREATE INDEX Post_user_id ON Post (user_id, id);
INSERT INTO User VALUES (1), (2), (3);
WITH RECURSIVE number(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < 200)
INSERT INTO Post SELECT n, 1 + n % 3 FROM number;
)";

}  // namespace

extern constinit const Rule sch004_reference_not_indexed = {
    .code = "SCH004",
    .name = "reference-not-indexed",
    .level = Level::warning,
    .summary = "a lazy load reads a whole table because its columns have no index",
    .explanation = explanation,
    .failing = {.sql = failing},
    .fixed = {.sql = fixed},
    .check = check,
};

}  // namespace doctor::rules
