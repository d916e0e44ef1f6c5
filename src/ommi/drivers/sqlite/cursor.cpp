#include "drivers/sqlite/cursor.hpp"

#include <optional>

#include <fmt/format.h>

namespace ommi::sqlite {
namespace {

class StatementCursor final : public Cursor {
 public:
  StatementCursor(std::shared_ptr<Connection> connection, Statement statement,
                  std::string_view operation, std::string_view model)
      : connection_(std::move(connection)),
        statement_(std::move(statement)),
        operation_(operation),
        model_(model),
        width_(sqlite3_column_count(statement_.get())) {}

  ~StatementCursor() override { connection_->release(std::move(statement_)); }
  StatementCursor(const StatementCursor&) = delete;
  StatementCursor& operator=(const StatementCursor&) = delete;

  bool next(std::span<Cell> row) override {
    if (failed_) throw *failed_;
    if (ended_) return false;
    connection_->check_deadline_sometimes(operation_);
    if (row.size() != static_cast<std::size_t>(width_)) {
      throw failure(ErrorCode::query,
                    fmt::format("a row has {} columns, and {} were asked for", width_, row.size()),
                    operation_, statement(), model_);
    }
    if (!step()) return false;
    for (int column = 0; column < width_; ++column) {
      row[static_cast<std::size_t>(column)] = column_cell(statement_.get(), column);
    }
    ++connection_->statistics.rows;
    return true;
  }

  std::string_view statement() const noexcept override { return sqlite3_sql(statement_.get()); }

 private:
  // A statement that ended or failed would start again from its first row if it were stepped; and
  // one that failed must not look as if it had come to its end.
  bool step() {
    try {
      ended_ = !connection_->step(statement_.get(), operation_, model_);
      return !ended_;
    } catch (const DatabaseError& error) {
      failed_ = error;
      throw;
    }
  }

  std::shared_ptr<Connection> connection_;
  Statement statement_;
  std::string operation_;
  std::string model_;
  int width_;
  bool ended_ = false;
  std::optional<DatabaseError> failed_;
};

}  // namespace

std::unique_ptr<Cursor> make_cursor(std::shared_ptr<Connection> connection, Statement statement,
                                    std::size_t width, std::string_view operation,
                                    std::string_view model) {
  const auto columns = static_cast<std::size_t>(sqlite3_column_count(statement.get()));
  if (columns != width) {
    throw failure(
        ErrorCode::query,
        fmt::format("the statement gives {} columns, and {} were expected", columns, width),
        operation, sqlite3_sql(statement.get()), model);
  }
  ++connection->statistics.executed;
  return std::make_unique<StatementCursor>(std::move(connection), std::move(statement), operation,
                                           model);
}

}  // namespace ommi::sqlite
