#include "drivers/memory/writing.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <unordered_set>

#include <fmt/format.h>

#include "drivers/memory/comparing.hpp"
#include "drivers/memory/evaluate.hpp"
#include "ommi/error.hpp"

namespace ommi::memory {
namespace {

// Other databases make NULL of it, or refuse it: it is nowhere what was given.
Value storable(const Model& model, std::size_t field, const Cell& cell, Affinity affinity) {
  if (cell.kind == Kind::real && std::isnan(cell.real)) {
    throw DatabaseError(ErrorCode::unsupported,
                        fmt::format("{}.{}: NaN cannot be stored; store NULL or a text instead",
                                    escaped(model.name()), escaped(model.fields()[field].name)),
                        {.driver = "memory"});
  }
  return stored(cell, affinity);
}

std::int64_t highest(const MemoryTable& table) {
  std::int64_t highest = 0;
  for (const auto& row : table.rows) {
    const Value& key = (*row)[*table.automatic];
    if (key.kind() == Kind::integer) highest = std::max(highest, key.as<std::int64_t>());
  }
  return highest;
}

// Numbers the rows of a numbered table: one more than the highest number there is.
class Numbering {
 public:
  explicit Numbering(const MemoryTable& table)
      : column_(table.automatic), highest_(column_ ? highest(table) : 0) {}

  void number(Row& row, const MemoryTable& table) {
    if (!column_) return;
    Value& key = row[*column_];
    if (key.is_null()) {
      if (highest_ == std::numeric_limits<std::int64_t>::max()) {
        throw DatabaseError(ErrorCode::constraint,
                            fmt::format("'{}' has no number left", escaped(table.shape.name)),
                            {.driver = "memory"});
      }
      key = highest_ + 1;
    }
    check(key, table);
    highest_ = std::max(highest_, key.as<std::int64_t>());
  }

  void check(const Value& key, const MemoryTable& table) const {
    if (!column_ || key.kind() == Kind::integer) return;
    throw DatabaseError(
        ErrorCode::constraint,
        fmt::format("{}.{} takes integers only, and {} was given", escaped(table.shape.name),
                    escaped(table.shape.columns[*column_].name), to_display(key.cell(), 40)),
        {.driver = "memory"});
  }

 private:
  std::optional<std::size_t> column_;
  std::int64_t highest_;
};

void refuse_association(const Query& query) {
  if (!query.through) return;
  throw DatabaseError(ErrorCode::unsupported,
                      "rows behind an association are written by a condition on a relationship "
                      "path",
                      {.driver = "memory", .model = query.model->name()});
}

std::unordered_set<const Row*> matching_rows(const Tables& tables, const Query& query,
                                             std::function<void()> tick) {
  refuse_association(query);
  Evaluator evaluator(tables, std::move(tick));
  std::unordered_set<const Row*> rows;
  for (const Found& found : evaluator.matching(query)) rows.insert(found.target);
  return rows;
}

void replace(Tables& tables, MemoryTable table) {
  arrange(table);
  check_table(table);
  const std::string name = lower(table.shape.name);
  tables[name] = std::make_shared<const MemoryTable>(std::move(table));
}

}  // namespace

std::uint64_t add_rows(Tables& tables, const Model& model, std::span<const std::size_t> fields,
                       RowSource& rows, KeySink& keys) {
  const Source source(tables, model);
  MemoryTable table = source.table();
  Numbering numbering(table);
  std::vector<Cell> given(fields.size());
  std::vector<Cell> made;
  std::uint64_t added = 0;
  for (; rows.next(given); ++added) {
    Row row(table.shape.columns.size());
    for (std::size_t i = 0; i < fields.size(); ++i) {
      row[source.column(fields[i])] =
          storable(model, fields[i], given[i], source.comparison(fields[i]).affinity);
    }
    numbering.number(row, table);
    table.rows.push_back(std::make_shared<const Row>(std::move(row)));
    made.clear();
    for (std::size_t field = 0; field < model.fields().size(); ++field) {
      if (!model.fields()[field].automatic) continue;
      made.push_back(source.cell(table.rows.back().get(), field));
    }
    keys.added(made);
  }
  check_references_within(table, table.rows.size() - added);
  if (added > 0) replace(tables, std::move(table));
  return added;
}

std::uint64_t update_rows(Tables& tables, const Query& query, std::span<const Assignment> values,
                          std::function<void()> tick) {
  const std::unordered_set<const Row*> rows = matching_rows(tables, query, std::move(tick));
  const Source source(tables, *query.model);
  MemoryTable table = source.table();
  const Numbering numbering(table);
  for (auto& row : table.rows) {
    if (!rows.contains(row.get())) continue;
    Row changed = *row;
    for (const Assignment& assignment : values) {
      const std::size_t column = source.column(assignment.field);
      changed[column] = storable(*query.model, assignment.field, assignment.value.cell(),
                                 source.comparison(assignment.field).affinity);
      if (column == table.automatic) numbering.check(changed[column], table);
    }
    row = std::make_shared<const Row>(std::move(changed));
  }
  if (!rows.empty()) replace(tables, std::move(table));
  return rows.size();
}

std::uint64_t remove_rows(Tables& tables, const Query& query, std::function<void()> tick) {
  const std::unordered_set<const Row*> rows = matching_rows(tables, query, std::move(tick));
  MemoryTable table = *table_named(tables, query.model->info.table());
  std::erase_if(table.rows, [&](const auto& row) { return rows.contains(row.get()); });
  if (!rows.empty()) replace(tables, std::move(table));
  return rows.size();
}

}  // namespace ommi::memory
