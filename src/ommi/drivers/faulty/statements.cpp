#include "drivers/faulty/statements.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

namespace ommi::faulty {
namespace {

using Rows = std::vector<std::vector<Value>>;

class RowsCursor final : public Cursor {
 public:
  RowsCursor(Rows rows, std::string statement)
      : rows_(std::move(rows)), statement_(std::move(statement)) {}
  bool next(std::span<Cell> row) override {
    if (next_ == rows_.size()) return false;
    const std::vector<Value>& from = rows_[next_++];
    std::transform(from.begin(), from.end(), row.begin(), [](const Value& v) { return v.cell(); });
    return true;
  }
  std::string_view statement() const noexcept override { return statement_; }

 private:
  Rows rows_;
  std::size_t next_ = 0;
  std::string statement_;
};

std::uint64_t read(Cursor& cursor, std::size_t width, Rows& rows) {
  std::vector<Cell> row(width);
  std::uint64_t count = 0;
  for (; cursor.next(row); ++count) {
    std::vector<Value>& kept = rows.emplace_back();
    for (const Cell& cell : row) kept.emplace_back(cell);
  }
  return count;
}

bool is_keyword(std::string_view text) {
  constexpr std::array<std::string_view, 3> words = {"NULL", "IS", "IS NOT"};
  return std::find(words.begin(), words.end(), text) != words.end();
}

}  // namespace

std::unique_ptr<Cursor> fetch_pages(Driver& inner, const Query& query, std::uint64_t rows) {
  Rows all;
  std::string statements;
  Query page = query;
  page.limit = rows;
  for (std::uint64_t got = rows; got == rows; page.offset += rows) {
    const std::unique_ptr<Cursor> cursor = inner.fetch(page);
    got = read(*cursor, query.width(), all);
    if (!statements.empty()) statements += ";\n";
    statements += cursor->statement();
  }
  return std::make_unique<RowsCursor>(std::move(all), std::move(statements));
}

std::unique_ptr<Cursor> fetch_doubled(Driver& inner, const Query& query) {
  const std::unique_ptr<Cursor> cursor = inner.fetch(query);
  Rows once;
  read(*cursor, query.width(), once);
  Rows rows;
  for (const std::vector<Value>& row : once) rows.insert(rows.end(), 2, row);
  return std::make_unique<RowsCursor>(std::move(rows), std::string(cursor->statement()));
}

std::unique_ptr<Cursor> fetch_inlined(Driver& inner, const Query& query) {
  const std::unique_ptr<Cursor> cursor = inner.fetch(query);
  std::string statement(cursor->statement());
  for (const Cell& cell : query.keys->cells) {
    if (!is_keyword(cell.view())) continue;
    const std::size_t place = statement.find('?');
    if (place != std::string::npos) statement.replace(place, 1, cell.view());
  }
  Rows rows;
  read(*cursor, query.width(), rows);
  // Of an association the keys come first.
  const std::size_t key = query.through ? 0 : query.keys->fields.front();
  std::erase_if(rows, [&](const auto& row) { return is_keyword(row[key].cell().view()); });
  return std::make_unique<RowsCursor>(std::move(rows), std::move(statement));
}

}  // namespace ommi::faulty
