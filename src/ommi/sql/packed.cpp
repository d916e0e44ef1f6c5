#include <array>
#include <cstring>

#include "ommi/sql.hpp"

// Where each value begins, one more for the end, then the values: a byte for the kind, and a number
// or the bytes themselves.

namespace ommi::sql {
namespace {

constexpr std::size_t word = sizeof(std::uint64_t);

void append_word(std::string& out, std::uint64_t value) {
  std::array<char, word> bytes{};
  std::memcpy(bytes.data(), &value, word);
  out.append(bytes.data(), word);
}

template <class T>
T read(std::string_view bytes) noexcept {
  T value{};
  std::memcpy(&value, bytes.data(), sizeof(T));
  return value;
}

void append_value(std::string& out, const Cell& cell) {
  out += static_cast<char>(cell.kind);
  switch (cell.kind) {
    case Kind::null:
      return;
    case Kind::integer:
      return append_word(out, static_cast<std::uint64_t>(cell.integer));
    case Kind::real: {
      std::uint64_t bits = 0;
      std::memcpy(&bits, &cell.real, word);
      return append_word(out, bits);
    }
    case Kind::text:
    case Kind::blob:
      out += cell.view();
      return;
  }
}

}  // namespace

std::string pack(const std::vector<Value>& values) {
  std::string content;
  std::string packed;
  const std::size_t start = (values.size() + 1) * word;
  for (const Value& value : values) {
    append_word(packed, start + content.size());
    append_value(content, value.cell());
  }
  append_word(packed, start + content.size());
  return packed + content;
}

Cell packed_value(std::string_view packed, std::uint64_t number) noexcept {
  if (packed.size() < 2 * word || number >= packed.size() / word - 1) return {};
  const auto begin = read<std::uint64_t>(packed.substr(number * word));
  const auto end = read<std::uint64_t>(packed.substr((number + 1) * word));
  if (begin >= end || end > packed.size()) return {};
  const std::string_view content = packed.substr(begin + 1, end - begin - 1);
  switch (static_cast<Kind>(packed[begin])) {
    case Kind::null:
      return {};
    case Kind::integer:
      return content.size() == word ? Cell::of(read<std::int64_t>(content)) : Cell{};
    case Kind::real:
      return content.size() == word ? Cell::of(read<double>(content)) : Cell{};
    case Kind::text:
      return Cell::text(content);
    case Kind::blob:
      return Cell::blob(content);
  }
  return {};
}

}  // namespace ommi::sql
