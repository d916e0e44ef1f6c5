#include "doctor/probe/fan_outs.hpp"

#include <algorithm>
#include <map>
#include <optional>

#include <fmt/format.h>

#include "doctor/enforcement.hpp"
#include "doctor/probe/rows.hpp"
#include "doctor/proof.hpp"
#include "ommi/key.hpp"

namespace doctor {

namespace {

// A table of more rows is counted only where an owner was met that has too many.
constexpr std::uint64_t most_sorted_rows = 1'000'000;
// Each takes some hundred bytes while rows are counted; integers take a fifth of that.
constexpr std::uint64_t most_other_references = 100'000;

struct Searched {
  const ommi::Model* model;
  const FieldList* fields;
};

Searched searched_by(const ommi::Relation& relation) {
  if (relation.via != nullptr) return {relation.via, &relation.via_owner_fields};
  return {relation.target, &relation.target_fields};
}

std::uint64_t rows_of(const Evidence& evidence, const ommi::Model& model) {
  for (const FieldSweep& field : evidence.fields) {
    if (field.model == &model) return field.rows;
  }
  return 0;
}

/// Whether a load of the owners with the most rows gave more than the limit.
bool was_seen(const Evidence& evidence, const ommi::Relation& relation) {
  return std::any_of(evidence.relationships.begin(), evidence.relationships.end(),
                     [&](const RelationshipObservation& seen) {
                       return seen.relation == &relation && seen.largest > fan_out_limit;
                     });
}

bool is_countable(const Evidence& evidence, const ommi::Relation& relation,
                  const Searched& searched) {
  const ommi::Table* table = ordinary_table(evidence.schema, *searched.model);
  const std::uint64_t rows = rows_of(evidence, *searched.model);
  if (table == nullptr || rows <= fan_out_limit) return false;
  const std::vector<bool> readable = readable_fields(evidence.schema, *searched.model);
  for (const std::size_t field : *searched.fields) {
    if (!readable[field]) return false;
  }
  if (rows <= most_sorted_rows) return true;
  return was_seen(evidence, relation) &&
         has_leading_index(*table, *searched.model, *searched.fields);
}

std::string groups_of(const Searched& searched, std::string_view what) {
  const std::string columns = quoted_columns(*searched.model, *searched.fields);
  return fmt::format("SELECT {} FROM {} WHERE NOT ({}) GROUP BY {}", what,
                     quoted_table(*searched.model),
                     null_condition(*searched.model, *searched.fields), columns);
}

/// How many owners have how many rows, in the order of the latter.
using Histogram = std::vector<std::pair<std::uint64_t, std::uint64_t>>;

/// Counts the rows of each reference, which GROUP BY would sort; nothing where too many references
/// are no integers, or where only the database can tell which are equal.
ommi::DBResult<std::optional<Histogram>> counted(const ommi::Database& database,
                                                 const Searched& searched) {
  std::vector<ommi::Comparison> rules;
  ommi::Scan scan{searched.model->info.table(), {}};
  for (const std::size_t field : *searched.fields) {
    const ommi::FieldInfo& info = searched.model->fields()[field];
    // What is stored has its column's affinity already.
    rules.push_back({ommi::Affinity::none, info.comparison.collation});
    if (!rules.back().decidable()) return std::optional<Histogram>();
    scan.columns.push_back(info.column());
  }
  ommi::KeyIndex references(rules);
  std::vector<std::uint32_t> rows;
  std::uint64_t others = 0;
  EachRow visitor([&](std::span<const ommi::Cell> row) {
    const std::uint32_t number = references.add(row);
    if (number == ommi::KeyIndex::missing) return true;
    if (number < rows.size()) {
      ++rows[number];
      return true;
    }
    rows.push_back(1);
    const bool is_integer = row.size() == 1 && row[0].kind == ommi::Kind::integer;
    return is_integer || ++others <= most_other_references;
  });
  const auto read = database.scan(scan, visitor);
  if (const ommi::Failure* failed = read.failure()) return *failed;
  if (others > most_other_references) return std::optional<Histogram>();
  std::map<std::uint64_t, std::uint64_t> owners;
  for (const std::uint32_t count : rows) ++owners[count];
  return std::optional(Histogram(owners.begin(), owners.end()));
}

ommi::DBResult<Histogram> histogram(const ommi::Database& database, const Searched& searched) {
  auto without_sorting = counted(database, searched);
  if (const ommi::Failure* failed = without_sorting.failure()) return *failed;
  if (without_sorting.value()) return std::move(*without_sorting.value());
  Histogram found;
  EachRow visitor([&](std::span<const ommi::Cell> row) {
    found.emplace_back(static_cast<std::uint64_t>(row[0].integer),
                       static_cast<std::uint64_t>(row[1].integer));
    return true;
  });
  const auto read =
      database.select(fmt::format("SELECT n, count(*) FROM ({}) GROUP BY n ORDER BY n",
                                  groups_of(searched, "count(*) AS n")),
                      {}, 2, visitor);
  if (const ommi::Failure* failed = read.failure()) return *failed;
  return found;
}

std::vector<RowSample> largest(const ommi::Database& database, const Searched& searched,
                               std::size_t samples) {
  std::vector<RowSample> found;
  const std::size_t width = searched.fields->size();
  EachRow visitor([&](std::span<const ommi::Cell> row) {
    RowSample& sample = found.emplace_back();
    for (std::size_t at = 0; at < width; ++at) {
      sample.key.push_back(
          {searched.model->fields()[(*searched.fields)[at]].name, ommi::Value(row[at])});
    }
    sample.value.push_back({"rows", ommi::Value(row[width])});
    return true;
  });
  const std::string columns = quoted_columns(*searched.model, *searched.fields);
  static_cast<void>(database.select(
      fmt::format("{} HAVING count(*) > {} ORDER BY count(*) DESC, {} LIMIT {}",
                  groups_of(searched, columns + ", count(*)"), fan_out_limit, columns, samples),
      {}, width + 1, visitor));
  return found;
}

void fill(FanOut& fan_out, const std::vector<std::pair<std::uint64_t, std::uint64_t>>& counts) {
  for (const auto& [rows, owners] : counts) {
    fan_out.owners += owners;
    fan_out.rows += rows * owners;
    fan_out.largest = rows;
    if (rows > fan_out.limit) fan_out.beyond += owners;
  }
  std::uint64_t passed = 0;
  for (const auto& [rows, owners] : counts) {
    passed += owners;
    fan_out.percentile_95 = rows;
    if (passed * 100 >= fan_out.owners * 95) break;
  }
}

}  // namespace

std::vector<FanOut> fan_outs(const ommi::Database& database, const Evidence& evidence,
                             const std::vector<const ommi::Relation*>& only, std::size_t samples,
                             std::vector<std::string>& problems) {
  std::vector<FanOut> found;
  for (const ommi::Model& owner : evidence.catalog->models()) {
    for (const ommi::Relation& relation : owner.relations) {
      const bool wanted =
          only.empty() || std::find(only.begin(), only.end(), &relation) != only.end();
      if (!wanted || relation.problem || !relation.many()) continue;
      const Searched searched = searched_by(relation);
      if (!is_countable(evidence, relation, searched)) continue;
      const auto counts = histogram(database, searched);
      if (const ommi::Failure* failed = counts.failure()) {
        problems.push_back(failed->message());
        continue;
      }
      FanOut fan_out;
      fan_out.relation = &relation;
      fan_out.limit = fan_out_limit;
      fill(fan_out, counts.value());
      if (fan_out.beyond == 0) continue;
      fan_out.samples = largest(database, searched, samples);
      found.push_back(std::move(fan_out));
    }
  }
  return found;
}

}  // namespace doctor
