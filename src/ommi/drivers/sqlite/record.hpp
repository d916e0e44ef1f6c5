#pragma once

/// \file
/// A row as SQLite stores it: a header of types, then the values
/// (https://www.sqlite.org/fileformat2.html, "Record Format").

#include <array>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "drivers/sqlite/table_pages.hpp"
#include "ommi/value.hpp"

namespace ommi::sqlite {

/// A column of the table, by where its value is in a record.
struct StoredColumn {
  std::size_t position = 0;  // among the values
  bool is_rowid = false;     // the value is the rowid; the record holds NULL
  bool is_real = false;      // whole numbers are stored as integers
};

/// Takes the wanted columns out of records.
class RecordReader {
 public:
  explicit RecordReader(const std::vector<StoredColumn>& wanted);

  /// Fills `cells`, one for each wanted column, with what `record`, whose first `have` bytes are
  /// there, holds. Texts point into it. Gives 0, or how many bytes it must be for that. The places
  /// of columns that were added to the table after the row are appended to `absent`.
  [[nodiscard]] std::size_t read(const LeafCell& row, const unsigned char* record, std::size_t have,
                                 Cell* cells, std::vector<std::size_t>& absent) const;

 private:
  struct Output {
    std::int32_t place = -1;  // of the cell; none where nobody wants the value
    bool is_rowid = false;
    bool is_real = false;
  };
  std::vector<Output> outputs_;  // by position, up to the last that is wanted
};

[[noreturn]] void fail_record(std::int64_t rowid, const char* what);

namespace record_parts {

inline constexpr std::array<std::uint8_t, 12> sizes = {0, 1, 2, 3, 4, 6, 8, 8, 0, 0, 0, 0};

[[nodiscard]] inline std::uint64_t size_of(std::uint64_t type) noexcept {
  return type < sizes.size() ? sizes[type] : (type - sizes.size()) / 2;
}

[[nodiscard]] inline std::uint64_t big_endian(const unsigned char* at, std::size_t size) noexcept {
  std::uint64_t bits = 0;
  for (std::size_t byte = 0; byte < size; ++byte) bits = bits << 8U | at[byte];
  return bits;
}

[[nodiscard]] inline std::int64_t integer(const unsigned char* at, std::size_t size) noexcept {
  const auto unused = static_cast<unsigned>(64 - (8 * size));
  return static_cast<std::int64_t>(big_endian(at, size) << unused) >> unused;
}

inline void set_integer(Cell& cell, std::int64_t value, bool is_real) noexcept {
  if (is_real) {
    cell = Cell::of(static_cast<double>(value));
    return;
  }
  cell.kind = Kind::integer;
  cell.size = 0;
  cell.integer = value;
}

inline void set(Cell& cell, const unsigned char* at, std::uint64_t type, bool is_real) noexcept {
  switch (type) {
    case 1:
      return set_integer(cell, static_cast<std::int8_t>(at[0]), is_real);
    case 2:
      return set_integer(cell, integer(at, 2), is_real);
    case 3:
      return set_integer(cell, integer(at, 3), is_real);
    case 4:
      return set_integer(cell, integer(at, 4), is_real);
    case 5:
      return set_integer(cell, integer(at, 6), is_real);
    case 6:
      return set_integer(cell, integer(at, 8), is_real);
    case 7: {
      const auto value = std::bit_cast<double>(big_endian(at, 8));
      cell = std::isnan(value) ? Cell() : Cell::of(value);  // as SQLite reads it
      return;
    }
    case 8:
    case 9:
      return set_integer(cell, static_cast<std::int64_t>(type - 8), is_real);
    case 0:
    case 10:
    case 11:
      cell = Cell();
      return;
    default: {
      const std::string_view bytes(reinterpret_cast<const char*>(at),
                                   static_cast<std::size_t>(size_of(type)));
      cell = type % 2 == 0 ? Cell::blob(bytes) : Cell::text(bytes);
    }
  }
}

}  // namespace record_parts

inline std::size_t RecordReader::read(const LeafCell& row, const unsigned char* record,
                                      std::size_t have, Cell* cells,
                                      std::vector<std::size_t>& absent) const {
  const unsigned char* type_at = record;
  const std::uint64_t head = have == 0 ? 0 : read_varint(type_at);
  if (head == 0 || head > row.size) fail_record(row.rowid, "its header does not fit into it");
  if (head > have) return static_cast<std::size_t>(head);
  const unsigned char* const types_end = record + head;
  std::uint64_t offset = head;
  for (const Output& output : outputs_) {
    if (type_at >= types_end) {
      if (output.place < 0) continue;
      absent.push_back(static_cast<std::size_t>(output.place));
      continue;
    }
    const std::uint64_t type = read_varint(type_at);
    const std::uint64_t size = record_parts::size_of(type);
    if (output.place >= 0) {
      Cell& cell = cells[output.place];
      if (output.is_rowid) {
        record_parts::set_integer(cell, row.rowid, false);
      } else {
        if (offset + size > row.size) fail_record(row.rowid, "a value does not fit into it");
        if (offset + size > have) return static_cast<std::size_t>(offset + size);
        record_parts::set(cell, record + offset, type, output.is_real);
      }
    }
    if (size > row.size) fail_record(row.rowid, "a value does not fit into it");
    offset += size;
  }
  if (type_at > types_end) fail_record(row.rowid, "its header ends within a type");
  return 0;
}

}  // namespace ommi::sqlite
