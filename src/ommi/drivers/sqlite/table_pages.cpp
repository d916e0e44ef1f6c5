#include "drivers/sqlite/table_pages.hpp"

#include <algorithm>
#include <array>
#include <cstring>

#include <fmt/format.h>

#include "drivers/sqlite/handles.hpp"

namespace ommi::sqlite {

namespace {

constexpr unsigned char interior = 0x05;
constexpr unsigned char leaf = 0x0d;
constexpr std::size_t interior_head = 12;
// No table has more levels: a page of 512 bytes names about a hundred others.
constexpr unsigned most_levels = 20;
constexpr std::size_t most_pages_at_once = 64;
constexpr std::size_t most_bytes_at_once = 256 * 1024;

std::uint32_t four_bytes(const unsigned char* at) noexcept {
  return static_cast<std::uint32_t>(two_bytes(at) << 16U | two_bytes(at + 2));
}

void read_bytes(sqlite3_file& file, unsigned char* to, std::size_t size, std::uint64_t offset) {
  const int result =
      file.pMethods->xRead(&file, to, static_cast<int>(size), static_cast<sqlite3_int64>(offset));
  if (result == SQLITE_OK) return;
  if (result == SQLITE_IOERR_SHORT_READ) {
    throw failure(ErrorCode::corrupt, "the file ends before its last page", "scan");
  }
  throw failure(ErrorCode::connection, "the file cannot be read", "scan");
}

}  // namespace

void fail_page(std::uint32_t number, const char* what) {
  throw failure(ErrorCode::corrupt,
                fmt::format("the database is malformed: page {}: {}", number, what), "scan");
}

PageFile::PageFile(sqlite3_file& file) : file_(&file) {
  constexpr std::string_view magic("SQLite format 3\0", 16);
  std::array<unsigned char, 100> head{};
  read_bytes(file, head.data(), head.size(), 0);
  page_size_ = two_bytes(head.data() + 16);
  if (page_size_ == 1) page_size_ = 65536;
  usable_size_ = page_size_ - std::min<std::size_t>(page_size_, head[20]);
  sqlite3_int64 size = 0;
  const bool sized = file.pMethods->xFileSize(&file, &size) == SQLITE_OK && size > 0;
  const bool power_of_two = page_size_ >= 512 && (page_size_ & (page_size_ - 1)) == 0;
  if (!sized || !power_of_two || usable_size_ < 480 ||
      std::memcmp(head.data(), magic.data(), magic.size()) != 0) {
    throw failure(ErrorCode::not_a_database, "the file does not begin as a database does", "scan");
  }
  pages_ = static_cast<std::uint32_t>(
      std::min<std::uint64_t>(static_cast<std::uint64_t>(size) / page_size_, UINT32_MAX - 1));
  may_have_wal_ = head[18] != 1 || head[19] != 1;
  utf8_ = four_bytes(head.data() + 56) == 1;
}

void PageFile::read(unsigned char* to, std::uint32_t first, std::size_t count) const {
  if (first < 2 || first > pages_ || count > pages_ - first + 1) {
    fail_page(first, "it is named by another page and is not in the file");
  }
  read_bytes(*file_, to, count * page_size_, std::uint64_t{first - 1} * page_size_);
}

TablePages::TablePages(const PageFile& file, std::uint32_t root,
                       const std::optional<RowRange>& range)
    : file_(file), root_(root), range_(range) {
  const std::size_t at_once =
      std::clamp<std::size_t>(most_bytes_at_once / file.page_size(), 1, most_pages_at_once);
  buffer_.resize(at_once * file.page_size() + page_padding);
}

void TablePages::count_pages(std::uint32_t number, std::size_t count) {
  seen_ += count;
  if (seen_ > file_.pages()) fail_page(number, "it belongs to a loop of pages");
}

std::size_t TablePages::cells_of(const unsigned char* page, std::size_t head,
                                 std::uint32_t number) const {
  const std::size_t cells = two_bytes(page + 3);
  if (head + (2 * cells) > file_.usable_size()) fail_page(number, "it names too many rows");
  return cells;
}

// The children that can have rows in the range. Each cell holds the greatest rowid below its child.
std::vector<std::uint32_t> TablePages::children_of(std::uint32_t number,
                                                   const unsigned char* page) {
  const std::size_t cells = cells_of(page, interior_head, number);
  std::vector<std::uint32_t> children;
  for (std::size_t cell = 0; cell < cells; ++cell) {
    const std::size_t offset = two_bytes(page + interior_head + (2 * cell));
    if (offset + 5 > file_.usable_size()) fail_page(number, "a cell begins behind its end");
    const unsigned char* at = page + offset + 4;
    const auto greatest = static_cast<std::int64_t>(read_varint(at));
    if (range_ && greatest < range_->first) continue;
    children.push_back(four_bytes(page + offset));
    if (range_ && greatest >= range_->last) return children;
  }
  children.push_back(four_bytes(page + 8));
  return children;
}

bool TablePages::visit(std::uint32_t page, unsigned depth, const OnLeaves& on_leaves) {
  if (depth > most_levels) fail_page(page, "the table has too many levels");
  std::vector<unsigned char> bytes(file_.page_size() + page_padding);
  file_.read(bytes.data(), page, 1);
  if (bytes[0] == leaf) {
    count_pages(page, 1);
    return on_leaves(bytes.data(), page, 1);
  }
  if (bytes[0] != interior) fail_page(page, "it should be a page of the table");
  count_pages(page, 1);
  const std::vector<std::uint32_t> children = children_of(page, bytes.data());
  // All children of a page are on one level, so a look at one is enough.
  file_.read(bytes.data(), children.front(), 1);
  if (bytes[0] == leaf) return visit_leaves(children, on_leaves);
  for (const std::uint32_t child : children) {
    if (!visit(child, depth + 1, on_leaves)) return false;
  }
  return true;
}

bool TablePages::visit_leaves(const std::vector<std::uint32_t>& leaves, const OnLeaves& on_leaves) {
  const std::size_t at_once = (buffer_.size() - page_padding) / file_.page_size();
  for (std::size_t first = 0; first < leaves.size();) {
    std::size_t count = 1;
    while (count < at_once && first + count < leaves.size() &&
           leaves[first + count] == leaves[first] + count) {
      ++count;
    }
    count_pages(leaves[first], count);
    file_.read(buffer_.data(), leaves[first], count);
    if (!on_leaves(buffer_.data(), leaves[first], count)) return false;
    first += count;
  }
  return true;
}

void TablePages::assemble(const LeafCell& cell, std::size_t size,
                          std::vector<unsigned char>& bytes) const {
  const std::size_t usable = file_.usable_size();
  // No more than the file can hold is ever asked for.
  if (size > std::uint64_t{file_.pages()} * file_.page_size()) {
    fail_page(cell.overflow, "a row is larger than the file");
  }
  bytes.assign(cell.record, cell.record + std::min(size, cell.local));
  bytes.reserve(size + page_padding);
  std::vector<unsigned char> page(file_.page_size());
  std::uint32_t next = cell.overflow;
  while (bytes.size() < size) {
    if (next == 0) fail_page(next, "a row ends too early");
    file_.read(page.data(), next, 1);
    const std::size_t part = std::min(size - bytes.size(), usable - 4);
    bytes.insert(bytes.end(), page.begin() + 4,
                 page.begin() + 4 + static_cast<std::ptrdiff_t>(part));
    next = four_bytes(page.data());
  }
  bytes.resize(bytes.size() + page_padding);
}

}  // namespace ommi::sqlite
