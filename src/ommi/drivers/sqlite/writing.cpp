#include "drivers/sqlite/writing.hpp"

#include <cmath>

#include <fmt/format.h>

#include "ommi/sqlite.hpp"

namespace ommi::sqlite {
namespace {

// Makes what happens in it all or nothing: a transaction of its own, or a savepoint in the one that
// is open.
class AllOrNone {
 public:
  explicit AllOrNone(Connection& connection)
      : connection_(connection), nested_(sqlite3_get_autocommit(connection.handle()) == 0) {
    connection_.run(nested_ ? "SAVEPOINT ommi_add" : "BEGIN IMMEDIATE", "add");
  }
  // An error of the disk may have ended the transaction already; then there is nothing to undo.
  ~AllOrNone() {
    if (done_ || sqlite3_get_autocommit(connection_.handle()) != 0) return;
    sqlite3_exec(connection_.handle(),
                 nested_ ? "ROLLBACK TO ommi_add; RELEASE ommi_add" : "ROLLBACK", nullptr, nullptr,
                 nullptr);
  }
  AllOrNone(const AllOrNone&) = delete;
  AllOrNone& operator=(const AllOrNone&) = delete;

  void keep() {
    if (nested_) {
      connection_.run("RELEASE ommi_add", "add");
    } else {
      commit();
    }
    done_ = true;
  }

 private:
  // Nobody asked for this transaction, so what its commit failed with is what the call failed with.
  void commit() {
    try {
      commit_work(connection_);
    } catch (const DatabaseError& error) {
      if (error.code() != ErrorCode::transaction || error.cause() == nullptr) throw;
      throw DatabaseError(*error.cause());
    }
  }

  Connection& connection_;
  bool nested_;
  bool done_ = false;
};

class Writing {
 public:
  Writing(Connection& connection, std::string_view text, std::string_view operation,
          std::string_view model)
      : connection_(connection),
        statement_(connection.acquire(text, operation, model)),
        operation_(operation),
        model_(model) {}
  ~Writing() { connection_.release(std::move(statement_)); }
  Writing(const Writing&) = delete;
  Writing& operator=(const Writing&) = delete;

  void bind(std::span<const Cell> values) {
    connection_.bind(statement_.get(), values, operation_, model_);
    ++connection_.statistics.executed;
  }
  [[nodiscard]] bool step() { return connection_.step(statement_.get(), operation_, model_); }
  void reset() { sqlite3_reset(statement_.get()); }
  [[nodiscard]] Cell cell(std::size_t column) const {
    return column_cell(statement_.get(), static_cast<int>(column));
  }
  [[nodiscard]] std::uint64_t run(std::span<const Cell> values) {
    bind(values);
    while (step()) {
    }
    return static_cast<std::uint64_t>(sqlite3_changes64(connection_.handle()));
  }

 private:
  Connection& connection_;
  Statement statement_;
  std::string_view operation_;
  std::string_view model_;
};

std::vector<std::size_t> automatic_fields(const Model& model) {
  std::vector<std::size_t> fields;
  for (std::size_t i = 0; i < model.fields().size(); ++i) {
    if (model.fields()[i].automatic) fields.push_back(i);
  }
  return fields;
}

std::string column_list(const Model& model, std::span<const std::size_t> fields) {
  std::string list;
  for (const std::size_t field : fields) {
    if (!list.empty()) list += ", ";
    list += quoted(model.fields()[field].column());
  }
  return list;
}

std::string insert_text(const Model& model, std::span<const std::size_t> fields,
                        std::span<const std::size_t> automatic) {
  std::string text = "INSERT INTO " + quoted(model.info.table());
  if (fields.empty()) {
    text += " DEFAULT VALUES";
  } else {
    text += " (" + column_list(model, fields) + ") VALUES (";
    for (std::size_t i = 0; i < fields.size(); ++i) text += i == 0 ? "?" : ", ?";
    text += ")";
  }
  if (!automatic.empty()) text += " RETURNING " + column_list(model, automatic);
  return text;
}

void check_storable(const Model& model, std::size_t field, const Cell& cell,
                    std::string_view operation) {
  if (cell.kind != Kind::real || !std::isnan(cell.real)) return;
  throw failure(ErrorCode::unsupported,
                fmt::format("{}.{}: SQLite would store NaN as NULL; store NULL or a text instead",
                            escaped(model.name()), escaped(model.fields()[field].name)),
                operation, {}, model.name());
}

// The batch as a condition on single columns: AND within a key, and an OR of keys that is as flat
// as it can be, since SQLite limits how deep an expression is.
Expression key_condition(const KeyBatch& keys, std::size_t first, std::size_t count) {
  if (count > 1) {
    const std::size_t half = count / 2;
    return key_condition(keys, first, half) || key_condition(keys, first + half, count - half);
  }
  Expression key;
  const std::size_t width = keys.fields.size();
  for (std::size_t i = 0; i < width; ++i) {
    key = std::move(key) && (FieldTerm(keys.fields[i]) == Value(keys.cells[first * width + i]));
  }
  return key;
}

Expression key_condition(const KeyBatch& keys) {
  if (keys.fields.size() != 1) return key_condition(keys, 0, keys.count());
  std::vector<Value> values;
  for (const Cell& cell : keys.cells) values.emplace_back(cell);
  return FieldTerm(keys.fields.front()).in(std::move(values));
}

// The same rows by `where` alone.
Query by_condition(const Query& query, std::string_view operation) {
  if (query.through) {
    throw failure(ErrorCode::unsupported,
                  "rows behind an association are written by a condition on a relationship path",
                  operation, {}, query.model->name());
  }
  Query conditions = query;
  conditions.keys.reset();
  if (query.keys) conditions.where = key_condition(*query.keys) && query.where;
  return conditions;
}

}  // namespace

std::uint64_t add_rows(Connection& connection, const Model& model,
                       std::span<const std::size_t> fields, RowSource& rows, KeySink& keys) {
  require_writable(connection, "add", model.name());
  std::vector<Cell> row(fields.size());
  if (!rows.next(row)) return 0;
  const std::vector<std::size_t> automatic = automatic_fields(model);
  std::vector<Cell> made(automatic.size());
  AllOrNone all(connection);
  std::uint64_t added = 0;
  {
    Writing insert(connection, insert_text(model, fields, automatic), "add", model.name());
    do {
      connection.check_deadline_sometimes("add");
      for (std::size_t i = 0; i < row.size(); ++i) check_storable(model, fields[i], row[i], "add");
      insert.bind(row);
      const bool returned = insert.step();
      for (std::size_t i = 0; returned && i < made.size(); ++i) made[i] = insert.cell(i);
      keys.added(made);
      while (returned && insert.step()) {
      }
      insert.reset();
      ++added;
    } while (rows.next(row));
  }
  all.keep();
  return added;
}

std::uint64_t update_rows(Connection& connection, const Query& query,
                          std::span<const Assignment> values, const sql::Dialect& dialect) {
  require_writable(connection, "update", query.model->name());
  if (query.keys && query.keys->count() == 0) return 0;
  std::vector<sql::NewValue> cells;
  for (const Assignment& assignment : values) {
    cells.emplace_back(assignment.field, assignment.value.cell());
    check_storable(*query.model, assignment.field, cells.back().second, "update");
  }
  const Query conditions = by_condition(query, "update");
  const sql::Statement statement = sql::update(conditions, cells, dialect);
  return Writing(connection, statement.text, "update", query.model->name()).run(statement.values);
}

std::uint64_t remove_rows(Connection& connection, const Query& query, const sql::Dialect& dialect) {
  require_writable(connection, "remove", query.model->name());
  if (query.keys && query.keys->count() == 0) return 0;
  const Query conditions = by_condition(query, "remove");
  const sql::Statement statement = sql::remove(conditions, dialect);
  return Writing(connection, statement.text, "remove", query.model->name()).run(statement.values);
}

}  // namespace ommi::sqlite
