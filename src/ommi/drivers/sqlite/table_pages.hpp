#pragma once

/// \file
/// A table's b-tree read from the database file, page by page, without SQLite's own machine.
///
/// The format is SQLite's, as https://www.sqlite.org/fileformat2.html documents it. Pages are read
/// through SQLite's open file (SQLITE_FCNTL_FILE_POINTER): another descriptor of the same file
/// would drop the process's locks when it is closed. Nothing in a page is believed: what does not
/// fit throws ErrorCode::corrupt.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include <sqlite3.h>

#include "ommi/driver.hpp"

namespace ommi::sqlite {

/// Bytes after a page that may be read, and mean nothing.
inline constexpr std::size_t page_padding = 16;

/// The pages of a file, numbered from 1.
class PageFile {
 public:
  /// Throws where the file does not begin as a database does.
  explicit PageFile(sqlite3_file& file);

  [[nodiscard]] std::size_t page_size() const noexcept { return page_size_; }
  /// A page without what extensions reserve at its end.
  [[nodiscard]] std::size_t usable_size() const noexcept { return usable_size_; }
  [[nodiscard]] std::uint32_t pages() const noexcept { return pages_; }
  [[nodiscard]] bool is_utf8() const noexcept { return utf8_; }
  /// Newer pages may be in a write-ahead log beside the file.
  [[nodiscard]] bool may_have_wal() const noexcept { return may_have_wal_; }
  /// Reads `count` pages that follow each other.
  void read(unsigned char* to, std::uint32_t first, std::size_t count) const;

 private:
  sqlite3_file* file_;
  std::size_t page_size_ = 0;
  std::size_t usable_size_ = 0;
  std::uint32_t pages_ = 0;
  bool utf8_ = false;
  bool may_have_wal_ = true;
};

/// One row of a leaf page.
struct LeafCell {
  std::int64_t rowid = 0;
  std::uint64_t size = 0;                 // of the record
  const unsigned char* record = nullptr;  // its first `local` bytes
  std::size_t local = 0;
  std::uint32_t overflow = 0;  // the page on which it goes on; 0 where all of it is local
};

/// Walks over the leaf pages of a table in the order of its rowids.
class TablePages {
 public:
  TablePages(const PageFile& file, std::uint32_t root, const std::optional<RowRange>& range);

  /// Calls `each(LeafCell)` for the rows in the range, and `read` after each stretch of pages: what
  /// the cells pointed to is overwritten then. Either ends the walk by returning false.
  template <class Each, class Read>
  void walk(Each&& each, Read&& read) {
    visit(root_, 0, [&](const unsigned char* pages, std::uint32_t first, std::size_t count) {
      for (std::size_t at = 0; at < count; ++at) {
        const unsigned char* const page = pages + (at * file_.page_size());
        if (!visit_leaf(page, first + static_cast<std::uint32_t>(at), each)) return false;
      }
      return read();
    });
  }

  /// The first `size` bytes of a record, put together in `bytes`.
  void assemble(const LeafCell& cell, std::size_t size, std::vector<unsigned char>& bytes) const;

 private:
  using OnLeaves = std::function<bool(const unsigned char*, std::uint32_t, std::size_t)>;
  enum class Order : std::uint8_t { before, within, after };

  bool visit(std::uint32_t page, unsigned depth, const OnLeaves& on_leaves);
  bool visit_leaves(const std::vector<std::uint32_t>& leaves, const OnLeaves& on_leaves);
  [[nodiscard]] std::vector<std::uint32_t> children_of(std::uint32_t number,
                                                       const unsigned char* page);
  void count_pages(std::uint32_t number, std::size_t count);
  [[nodiscard]] LeafCell cell_at(const unsigned char* page, std::size_t offset,
                                 std::uint32_t number) const;
  template <class Each>
  bool visit_leaf(const unsigned char* page, std::uint32_t number, Each&& each);
  [[nodiscard]] std::size_t cells_of(const unsigned char* page, std::size_t head,
                                     std::uint32_t number) const;

  const PageFile& file_;
  std::uint32_t root_;
  std::optional<RowRange> range_;
  std::uint64_t seen_ = 0;  // pages: more than the file has is a loop
  std::vector<unsigned char> buffer_;
};

/// An integer of up to nine bytes, seven bits each; goes past it.
[[nodiscard]] inline std::uint64_t read_varint(const unsigned char*& at) noexcept {
  if (*at < 0x80) return *at++;
  std::uint64_t value = *at++ & 0x7fU;
  for (int byte = 1; byte < 8; ++byte) {
    value = value << 7U | (*at & 0x7fU);
    if (*at++ < 0x80) return value;
  }
  return value << 8U | *at++;
}

[[nodiscard]] inline std::size_t two_bytes(const unsigned char* at) noexcept {
  return static_cast<std::size_t>(at[0]) << 8U | at[1];
}

/// For what is malformed in a page of the file.
[[noreturn]] void fail_page(std::uint32_t number, const char* what);

template <class Each>
bool TablePages::visit_leaf(const unsigned char* page, std::uint32_t number, Each&& each) {
  constexpr unsigned char leaf = 0x0d;
  constexpr std::size_t head = 8;
  if (page[0] != leaf) fail_page(number, "it should be a leaf of the table");
  const std::size_t cells = cells_of(page, head, number);
  for (std::size_t at = 0; at < cells; ++at) {
    const LeafCell cell = cell_at(page, two_bytes(page + head + (2 * at)), number);
    if (range_) {
      if (cell.rowid < range_->first) continue;
      if (cell.rowid > range_->last) break;
    }
    if (!each(cell)) return false;
  }
  return true;
}

inline LeafCell TablePages::cell_at(const unsigned char* page, std::size_t offset,
                                    std::uint32_t number) const {
  const std::size_t usable = file_.usable_size();
  if (offset >= usable) fail_page(number, "a row begins behind its end");
  const unsigned char* const end = page + usable;
  const unsigned char* at = page + offset;
  LeafCell cell;
  cell.size = read_varint(at);
  cell.rowid = static_cast<std::int64_t>(read_varint(at));
  cell.record = at;
  if (cell.size <= usable - 35) {
    cell.local = static_cast<std::size_t>(cell.size);
    if (at > end || cell.local > static_cast<std::size_t>(end - at)) {
      fail_page(number, "a row does not fit into it");
    }
    return cell;
  }
  const std::size_t least = ((usable - 12) * 32 / 255) - 23;
  const std::size_t rest = least + static_cast<std::size_t>((cell.size - least) % (usable - 4));
  cell.local = rest <= usable - 35 ? rest : least;
  if (at > end || cell.local + 4 > static_cast<std::size_t>(end - at)) {
    fail_page(number, "a row does not fit into it");
  }
  at += cell.local;
  cell.overflow = static_cast<std::uint32_t>(two_bytes(at) << 16U | two_bytes(at + 2));
  return cell;
}

}  // namespace ommi::sqlite
