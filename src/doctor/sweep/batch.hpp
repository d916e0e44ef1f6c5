#pragma once

/// \file
/// Rows of a scan that are looked at together, and the integers of a column where it has nothing
/// else.

#include <cstdint>
#include <span>
#include <vector>

#include "ommi/driver.hpp"

namespace doctor {

using Row = std::span<const ommi::Cell>;

class Batch {
 public:
  /// Goes on to the next rows, the first of which has that number.
  void reset(const ommi::RowBatch& rows, std::uint64_t first) {
    rows_ = rows;
    first_ = first;
    columns_.resize(rows.width);
    for (Column& column : columns_) column.looked_at = false;
  }

  [[nodiscard]] std::size_t size() const noexcept { return rows_.rows; }
  [[nodiscard]] Row row(std::size_t place) const noexcept { return rows_.row(place); }
  [[nodiscard]] const ommi::Cell& cell(std::size_t place, std::size_t column) const noexcept {
    return rows_.cells[place * rows_.width + column];
  }
  /// The number of a row: rows of the table are numbered in its order.
  [[nodiscard]] std::uint64_t number(std::size_t place) const noexcept { return first_ + place; }
  /// A column that has integers but for a few rows: as many values as rows, and the rows in which
  /// there is something else and the value means nothing. Null if it is no such column.
  struct Integers {
    std::vector<std::int64_t> values;
    std::vector<std::uint32_t> others;
  };
  [[nodiscard]] const Integers* integers(std::size_t column) const {
    Column& seen = columns_[column];
    if (!seen.looked_at) look_at(seen, column);
    return seen.mostly ? &seen.integers : nullptr;
  }

 private:
  struct Column {
    bool looked_at = false;
    bool mostly = false;
    Integers integers;
  };
  void look_at(Column& seen, std::size_t column) const {
    seen.looked_at = true;
    seen.integers.values.resize(rows_.rows);
    seen.integers.others.clear();
    const std::size_t few = rows_.rows / 8;
    const ommi::Cell* cell = rows_.cells + column;
    for (std::size_t row = 0; row < rows_.rows; ++row, cell += rows_.width) {
      seen.integers.values[row] = cell->integer;
      if (cell->kind == ommi::Kind::integer) continue;
      seen.integers.others.push_back(static_cast<std::uint32_t>(row));
      if (seen.integers.others.size() > few) break;
    }
    seen.mostly = seen.integers.others.size() <= few;
  }

  ommi::RowBatch rows_;
  std::uint64_t first_ = 0;
  mutable std::vector<Column> columns_;
};

}  // namespace doctor
