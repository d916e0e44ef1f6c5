#pragma once

/// \file
/// Tables in memory, and what holds of their rows. A table that others may be looking at is never
/// changed: a change makes a copy, whose rows are shared.

#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ommi/driver.hpp"

namespace ommi::memory {

using Row = std::vector<Value>;  // one value a column

struct MemoryTable {
  Table shape;
  std::optional<std::size_t> automatic = {};  // the column that is numbered where it is not given
  std::vector<bool> deferred = {};            // of shape.foreign_keys
  std::vector<std::shared_ptr<const Row>> rows = {};
};

/// By name, in lower case.
using Tables = std::map<std::string, std::shared_ptr<const MemoryTable>, std::less<>>;

[[nodiscard]] std::string lower(std::string_view text);

/// Throws DatabaseError (ErrorCode::missing_table) if there is none of that name.
[[nodiscard]] std::shared_ptr<const MemoryTable> table_named(const Tables& tables,
                                                             std::string_view name);

/// A model's rows as they are in the database.
class Source {
 public:
  /// Throws DatabaseError: missing_table, missing_column.
  Source(const Tables& tables, const Model& model);

  [[nodiscard]] const Model& model() const noexcept { return *model_; }
  [[nodiscard]] const MemoryTable& table() const noexcept { return *table_; }
  [[nodiscard]] std::size_t column(std::size_t field) const;
  /// NULL where there is no row.
  [[nodiscard]] Cell cell(const Row* row, std::size_t field) const;
  [[nodiscard]] const Comparison& comparison(std::size_t field) const {
    return table_->shape.columns[column(field)].comparison;
  }

 private:
  const Model* model_;
  std::shared_ptr<const MemoryTable> table_;
  std::vector<std::size_t> columns_;  // of each field
};

/// Finds rows by the values of some columns, as those columns compare.
class RowIndex {
 public:
  RowIndex(const MemoryTable& table, const std::vector<std::size_t>& columns);
  /// The rows' numbers, in order.
  [[nodiscard]] std::span<const std::size_t> find(std::span<const Cell> key) const;

 private:
  KeyIndex keys_;
  std::vector<std::vector<std::size_t>> rows_;  // of each key
};

/// Puts the rows of a numbered column into its order, as SQLite keeps them.
void arrange(MemoryTable& table);

/// Throws DatabaseError: not_null_violation, unique_violation.
void check_table(const MemoryTable& table);

/// Rows from number `first` on were added, one after the other: none may refer to a later one of
/// the same table, but where a reference is checked at commit. Throws foreign_key_violation.
void check_references_within(const MemoryTable& table, std::size_t first);

/// Which references are looked at: those not to be put off until the commit, or all.
enum class When : std::uint8_t { at_once, at_commit };

/// Throws DatabaseError (foreign_key_violation) if a row refers to one that is not there. `changed`
/// names the only table that can have made it so, in lower case; empty = any.
void check_references(const Tables& tables, When when, std::string_view changed = {});

}  // namespace ommi::memory
