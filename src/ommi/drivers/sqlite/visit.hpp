#pragma once

/// \file
/// The rows of a scan on their way to a visitor.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <exception>
#include <memory>
#include <utility>
#include <vector>

#include "ommi/driver.hpp"

namespace ommi::sqlite {

/// Rows that wait to be handed over together.
struct Visit {
  // The cells of a batch stay in the processor's nearest cache, or not far from it.
  static constexpr std::size_t most_cells = 2048;
  static constexpr std::size_t most_bytes = 64 * 1024;

  Visit(RowVisitor& told, std::size_t columns)
      : visitor(told),
        width(columns),
        most_rows(std::clamp<std::size_t>(most_cells / std::max<std::size_t>(columns, 1), 1,
                                          told.most_rows())),
        cells(width * most_rows) {}

  [[nodiscard]] Cell* next() noexcept { return cells.data() + waiting * width; }
  void hand_over_all() {
    hand_over(std::exchange(waiting, 0));
    used = 0;
  }
  /// Takes the row at `next()`, whose texts and blobs have `size` bytes and last as long as the
  /// call that brought them: they are copied.
  void take(std::size_t size) {
    if (size != 0 && most_rows > 1 && !keep(size)) return;
    take_lasting();
  }
  /// The same for a row whose texts stay where they are until it is handed over.
  void take_lasting() {
    if (++waiting == most_rows) hand_over_all();
  }

  RowVisitor& visitor;
  std::size_t width;
  std::size_t most_rows;
  std::vector<Cell> cells;
  std::size_t waiting = 0;
  std::unique_ptr<char[]> bytes = nullptr;
  std::size_t used = 0;
  std::uint64_t rows = 0;
  bool stopped = false;
  std::exception_ptr thrown = nullptr;

 private:
  void hand_over(std::size_t count) {
    if (count == 0) return;
    rows += count;
    stopped = !visitor.rows({cells.data(), width, count});
  }
  // False where the row was too large to wait and has been handed over.
  bool keep(std::size_t size) {
    if (used + size > most_bytes) {
      const Cell* const row = next();
      const std::vector<Cell> kept(row, row + width);
      hand_over_all();
      if (stopped) return false;
      std::copy(kept.begin(), kept.end(), cells.begin());
      if (size > most_bytes) {
        hand_over(1);
        return false;
      }
    }
    if (bytes == nullptr) bytes = std::make_unique_for_overwrite<char[]>(most_bytes);
    Cell* const row = next();
    for (std::size_t i = 0; i < width; ++i) {
      if (row[i].kind < Kind::text || row[i].size == 0) continue;
      std::memcpy(bytes.get() + used, row[i].data, row[i].size);
      row[i].data = bytes.get() + used;
      used += row[i].size;
    }
    return true;
  }
};

}  // namespace ommi::sqlite
