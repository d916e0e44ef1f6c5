#include "ommi/schema.hpp"

#include <algorithm>
#include <string_view>

namespace ommi {
namespace {

char lower(char letter) noexcept {
  return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
}

}  // namespace

bool same_name(std::string_view left, std::string_view right) noexcept {
  return std::ranges::equal(left, right, {}, lower, lower);
}

const Column* Table::find_column(std::string_view wanted) const noexcept {
  const auto found = std::ranges::find_if(
      columns, [&](const Column& column) { return same_name(column.name, wanted); });
  return found == columns.end() ? nullptr : &*found;
}

const Table* Schema::find_table(std::string_view wanted) const noexcept {
  auto found = std::ranges::find(tables, wanted, &Table::name);
  if (found == tables.end()) {
    found = std::ranges::find_if(tables,
                                 [&](const Table& table) { return same_name(table.name, wanted); });
  }
  return found == tables.end() ? nullptr : &*found;
}

}  // namespace ommi
