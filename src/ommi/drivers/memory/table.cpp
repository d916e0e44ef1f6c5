#include "drivers/memory/table.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "ommi/error.hpp"

namespace ommi::memory {

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& letter : result) {
    if (letter >= 'A' && letter <= 'Z') letter = static_cast<char>(letter - 'A' + 'a');
  }
  return result;
}

std::shared_ptr<const MemoryTable> table_named(const Tables& tables, std::string_view name) {
  const auto found = tables.find(lower(name));
  if (found != tables.end()) return found->second;
  throw DatabaseError(ErrorCode::missing_table,
                      fmt::format("there is no table '{}'", escaped(name)), {.driver = "memory"});
}

Source::Source(const Tables& tables, const Model& model)
    : model_(&model), table_(table_named(tables, model.info.table())) {
  for (const FieldInfo& field : model.fields()) {
    const Column* const found = table_->shape.find_column(field.column());
    if (found == nullptr) {
      throw DatabaseError(ErrorCode::missing_column,
                          fmt::format("the table '{}' has no column '{}'",
                                      escaped(model.info.table()), escaped(field.column())),
                          {.driver = "memory", .model = model.name()});
    }
    columns_.push_back(static_cast<std::size_t>(found - table_->shape.columns.data()));
  }
}

std::size_t Source::column(std::size_t field) const {
  if (field < columns_.size()) return columns_[field];
  throw DatabaseError(ErrorCode::model,
                      fmt::format("the query is on field {} of {}, which has {}", field,
                                  escaped(model_->name()), columns_.size()),
                      {.driver = "memory", .model = model_->name()});
}

Cell Source::cell(const Row* row, std::size_t field) const {
  const std::size_t at = column(field);
  return row == nullptr ? Cell{} : (*row)[at].cell();
}

namespace {

std::vector<Comparison> comparisons(const MemoryTable& table,
                                    const std::vector<std::size_t>& columns) {
  std::vector<Comparison> rules;
  for (const std::size_t column : columns) rules.push_back(table.shape.columns[column].comparison);
  return rules;
}

std::vector<Cell> cells_of(const Row& row, const std::vector<std::size_t>& columns) {
  std::vector<Cell> cells;
  for (const std::size_t column : columns) cells.push_back(row[column].cell());
  return cells;
}

bool has_null(const std::vector<Cell>& cells) noexcept {
  return std::ranges::any_of(cells, &Cell::is_null);
}

// Nothing if one of them is not a column of the table.
std::optional<std::vector<std::size_t>> numbers_of(const MemoryTable& table,
                                                   const std::vector<std::string>& names) {
  std::vector<std::size_t> numbers;
  for (const std::string& name : names) {
    const Column* const found = table.shape.find_column(name);
    if (found == nullptr) return std::nullopt;
    numbers.push_back(static_cast<std::size_t>(found - table.shape.columns.data()));
  }
  return numbers;
}

std::string shown(const MemoryTable& table, const std::vector<std::size_t>& columns,
                  const std::vector<Cell>& cells) {
  std::string text;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    text += fmt::format("{}{} = {}", i > 0 ? " and " : "",
                        escaped(table.shape.columns[columns[i]].name), to_display(cells[i], 40));
  }
  return text;
}

void check_unique(const MemoryTable& table, const std::vector<std::string>& names) {
  const auto columns = numbers_of(table, names);
  if (!columns || columns->empty()) return;
  KeyIndex keys(comparisons(table, *columns));
  for (const auto& row : table.rows) {
    const std::vector<Cell> key = cells_of(*row, *columns);
    if (has_null(key)) continue;
    const std::uint32_t before = keys.size();
    if (keys.add(key) == before) continue;
    throw DatabaseError(ErrorCode::unique_violation,
                        fmt::format("two rows of '{}' would have {}", escaped(table.shape.name),
                                    shown(table, *columns, key)),
                        {.driver = "memory"});
  }
}

void check_not_null(const MemoryTable& table) {
  for (std::size_t i = 0; i < table.shape.columns.size(); ++i) {
    const Column& column = table.shape.columns[i];
    if (!column.not_null) continue;
    for (const auto& row : table.rows) {
      if (!(*row)[i].is_null()) continue;
      throw DatabaseError(
          ErrorCode::not_null_violation,
          fmt::format("{}.{} must not be NULL", escaped(table.shape.name), escaped(column.name)),
          {.driver = "memory"});
    }
  }
}

[[noreturn]] void refuse_reference(const MemoryTable& table, const ForeignKey& reference,
                                   const std::vector<std::size_t>& columns,
                                   const std::vector<Cell>& key) {
  throw DatabaseError(
      ErrorCode::foreign_key_violation,
      fmt::format("'{}' would have a row with {}, and there is none of '{}' that it names",
                  escaped(table.shape.name), shown(table, columns, key), escaped(reference.table)),
      {.driver = "memory"});
}

void check_reference(const Tables& tables, const MemoryTable& table, const ForeignKey& reference) {
  const auto columns = numbers_of(table, reference.columns);
  if (!columns) return;
  const auto parent = tables.find(lower(reference.table));
  std::optional<RowIndex> index;
  if (parent != tables.end()) {
    if (const auto targets = numbers_of(*parent->second, reference.target_columns)) {
      index.emplace(*parent->second, *targets);
    }
  }
  for (const auto& row : table.rows) {
    const std::vector<Cell> key = cells_of(*row, *columns);
    if (has_null(key) || (index && !index->find(key).empty())) continue;
    refuse_reference(table, reference, *columns, key);
  }
}

// References to the same table that are checked at once.
bool to_itself(const MemoryTable& table, std::size_t reference) {
  return !table.deferred[reference] &&
         lower(table.shape.foreign_keys[reference].table) == lower(table.shape.name);
}

}  // namespace

RowIndex::RowIndex(const MemoryTable& table, const std::vector<std::size_t>& columns)
    : keys_(comparisons(table, columns)) {
  for (std::size_t number = 0; number < table.rows.size(); ++number) {
    const std::uint32_t key = keys_.add(cells_of(*table.rows[number], columns));
    if (key == KeyIndex::missing) continue;
    if (key == rows_.size()) rows_.emplace_back();
    rows_[key].push_back(number);
  }
}

std::span<const std::size_t> RowIndex::find(std::span<const Cell> key) const {
  const std::uint32_t number = keys_.find(key);
  if (number == KeyIndex::missing) return {};
  return rows_[number];
}

void arrange(MemoryTable& table) {
  if (!table.automatic) return;
  const std::size_t column = *table.automatic;
  std::ranges::stable_sort(table.rows, [column](const auto& left, const auto& right) {
    return compare((*left)[column].cell(), (*right)[column].cell()) < 0;
  });
}

void check_table(const MemoryTable& table) {
  check_not_null(table);
  std::vector<const Column*> parts;
  for (const Column& column : table.shape.columns) {
    if (column.key_part > 0) parts.push_back(&column);
  }
  std::ranges::sort(parts, {}, &Column::key_part);
  std::vector<std::string> key;
  for (const Column* part : parts) key.push_back(part->name);
  check_unique(table, key);
  for (const Index& index : table.shape.indexes) {
    if (index.unique) check_unique(table, index.columns);
  }
}

void check_references_within(const MemoryTable& table, std::size_t first) {
  for (std::size_t i = 0; i < table.shape.foreign_keys.size(); ++i) {
    const ForeignKey& reference = table.shape.foreign_keys[i];
    if (!to_itself(table, i)) continue;
    const auto columns = numbers_of(table, reference.columns);
    const auto targets = numbers_of(table, reference.target_columns);
    if (!columns || !targets) continue;
    const RowIndex index(table, *targets);
    for (std::size_t number = first; number < table.rows.size(); ++number) {
      const std::vector<Cell> key = cells_of(*table.rows[number], *columns);
      if (has_null(key)) continue;
      const std::span<const std::size_t> found = index.find(key);
      if (found.empty() || found.front() > number) {
        refuse_reference(table, reference, *columns, key);
      }
    }
  }
}

void check_references(const Tables& tables, When when, std::string_view changed) {
  for (const auto& [name, table] : tables) {
    for (std::size_t i = 0; i < table->shape.foreign_keys.size(); ++i) {
      const ForeignKey& reference = table->shape.foreign_keys[i];
      if (when == When::at_once && table->deferred[i]) continue;
      if (!changed.empty() && name != changed && lower(reference.table) != changed) continue;
      check_reference(tables, *table, reference);
    }
  }
}

}  // namespace ommi::memory
