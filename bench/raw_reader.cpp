#include "raw_reader.hpp"

#include <array>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <unistd.h>
#include <vector>

#include "support.hpp"

namespace bench {

namespace {

constexpr std::size_t pages_at_once = 256;

class File {
 public:
  explicit File(const std::string& name) : descriptor_(::open(name.c_str(), O_RDONLY | O_CLOEXEC)) {
    std::array<unsigned char, 100> header{};
    if (descriptor_ < 0 || ::pread(descriptor_, header.data(), header.size(), 0) != 100) {
      std::exit(2);
    }
    page_size = static_cast<std::size_t>(header[16]) << 8U | header[17];
    if (page_size == 1) page_size = 65536;
  }
  ~File() { ::close(descriptor_); }
  File(const File&) = delete;
  File& operator=(const File&) = delete;

  void read(unsigned char* to, std::uint32_t page, std::size_t count) const {
    const auto offset = static_cast<off_t>(std::uint64_t{page - 1} * page_size);
    if (::pread(descriptor_, to, count * page_size, offset) < 0) std::exit(2);
  }
  std::size_t page_size = 0;

 private:
  int descriptor_;
};

std::uint32_t four_bytes(const unsigned char* at) {
  return std::uint32_t{at[0]} << 24U | std::uint32_t{at[1]} << 16U | std::uint32_t{at[2]} << 8U |
         at[3];
}
std::size_t two_bytes(const unsigned char* at) {
  return static_cast<std::size_t>(at[0]) << 8U | at[1];
}

void find_leaves(const File& file, std::uint32_t page, std::vector<std::uint32_t>& leaves) {
  std::vector<unsigned char> bytes(file.page_size);
  file.read(bytes.data(), page, 1);
  if (bytes[0] == 0x0d) {
    leaves.push_back(page);
    return;
  }
  const std::size_t cells = two_bytes(bytes.data() + 3);
  std::vector<std::uint32_t> children;
  for (std::size_t cell = 0; cell < cells; ++cell) {
    children.push_back(four_bytes(bytes.data() + two_bytes(bytes.data() + 12 + (2 * cell))));
  }
  children.push_back(four_bytes(bytes.data() + 8));
  // All children of a page are of one kind, so one look is enough.
  std::vector<unsigned char> first(file.page_size);
  file.read(first.data(), children.front(), 1);
  if (first[0] == 0x0d) {
    leaves.insert(leaves.end(), children.begin(), children.end());
    return;
  }
  for (const std::uint32_t child : children) find_leaves(file, child, leaves);
}

std::uint64_t variable(const unsigned char*& at) {
  if (*at < 128) return *at++;
  std::uint64_t value = 0;
  for (int i = 0; i < 8; ++i) {
    value = value << 7U | (*at & 127U);
    if (*at++ < 128) return value;
  }
  return value << 8U | *at++;
}

constexpr std::array<std::size_t, 10> sizes = {0, 1, 2, 3, 4, 6, 8, 8, 0, 0};

std::size_t size_of_type(std::uint64_t type) {
  return type < 10 ? sizes[type] : static_cast<std::size_t>((type - 12) / 2);
}

std::int64_t integer(const unsigned char* at, std::uint64_t type) {
  if (type == 8 || type == 9) return static_cast<std::int64_t>(type - 8);
  std::int64_t value = static_cast<signed char>(*at);
  for (std::size_t i = 1; i < sizes[type]; ++i) value = value * 256 + at[i];
  return value;
}

class Bitmap {
 public:
  void add(std::int64_t key) {
    const auto word = static_cast<std::size_t>(key) / 64;
    if (word >= words_.size()) words_.resize((word + 1) * 2);
    words_[word] |= std::uint64_t{1} << (static_cast<std::uint64_t>(key) & 63U);
  }
  [[nodiscard]] bool has(std::int64_t key) const {
    const std::uint64_t word = static_cast<std::uint64_t>(key) / 64;
    return word < words_.size() &&
           (words_[word] >> (static_cast<std::uint64_t>(key) & 63U) & 1U) != 0;
  }

 private:
  std::vector<std::uint64_t> words_;
};

struct Table {
  const char* name;
  Bitmap* own;
  std::array<const Bitmap*, 2> targets;
};

void read_row(const unsigned char* at, const Table& table, Faults& faults) {
  (void)variable(at);
  const auto rowid = static_cast<std::int64_t>(variable(at));
  if (table.own != nullptr) table.own->add(rowid);
  if (table.targets[0] == nullptr) return;
  const unsigned char* const record = at;
  const std::uint64_t header = variable(at);
  const unsigned char* value = record + header;
  value += size_of_type(variable(at));
  for (const Bitmap* target : table.targets) {
    if (target == nullptr) return;
    const std::uint64_t type = variable(at);
    if (type == 0) {
      ++faults.nulls;
    } else if (type > 9 || type == 7 || !target->has(integer(value, type))) {
      ++faults.dangling;
    }
    value += size_of_type(type);
  }
}

void read_table(const File& file, std::uint32_t root, const Table& table, Faults& faults) {
  std::vector<std::uint32_t> leaves;
  find_leaves(file, root, leaves);
  std::vector<unsigned char> bytes(file.page_size * pages_at_once);
  for (std::size_t first = 0; first < leaves.size();) {
    std::size_t count = 1;
    while (count < pages_at_once && first + count < leaves.size() &&
           leaves[first + count] == leaves[first] + count) {
      ++count;
    }
    file.read(bytes.data(), leaves[first], count);
    for (std::size_t i = 0; i < count; ++i) {
      const unsigned char* const page = bytes.data() + (i * file.page_size);
      const std::size_t cells = two_bytes(page + 3);
      for (std::size_t cell = 0; cell < cells; ++cell) {
        read_row(page + two_bytes(page + 8 + (2 * cell)), table, faults);
      }
    }
    first += count;
  }
}

}  // namespace

Faults read_raw(const std::string& file) {
  const RawDatabase database = open_raw(file);
  const File raw(file);
  Bitmap users;
  Bitmap tags;
  Bitmap posts;
  Faults faults;
  for (const Table& table :
       {Table{"User", &users, {}}, Table{"Tag", &tags, {}},
        Table{"Post", &posts, {&users, nullptr}}, Table{"Profile", nullptr, {&users, nullptr}},
        Table{"Comment", nullptr, {&posts, &users}}, Table{"PostTag", nullptr, {&posts, &tags}}}) {
    const RawStatement root =
        prepare_raw(database.get(), "SELECT rootpage FROM sqlite_schema WHERE name = ?");
    sqlite3_bind_text(root.get(), 1, table.name, -1, SQLITE_STATIC);
    if (sqlite3_step(root.get()) != SQLITE_ROW) std::exit(2);
    read_table(raw, static_cast<std::uint32_t>(sqlite3_column_int64(root.get(), 0)), table, faults);
  }
  return faults;
}

}  // namespace bench
