#include <fmt/format.h>

#include "drivers/sqlite/writing.hpp"

namespace ommi::sqlite {
namespace {

bool in_transaction(const Connection& connection) noexcept {
  return sqlite3_get_autocommit(connection.handle()) == 0;
}

void require_transaction(const Connection& connection, std::string_view operation) {
  if (!connection.transaction) {
    throw failure(ErrorCode::transaction, "no transaction is open", operation);
  }
  if (in_transaction(connection)) return;
  throw failure(ErrorCode::transaction,
                "an earlier error made the database roll the transaction back", operation);
}

void end_transaction(Connection& connection) noexcept {
  connection.transaction = false;
  if (!connection.read_only_transaction) return;
  connection.read_only_transaction = false;
  sqlite3_exec(connection.handle(), "PRAGMA query_only=OFF", nullptr, nullptr, nullptr);
}

std::string savepoint_name(unsigned number) { return fmt::format("ommi_{}", number); }

}  // namespace

void require_writable(const Connection& connection, std::string_view operation,
                      std::string_view model) {
  if (connection.access() == Access::read_only) {
    throw failure(ErrorCode::read_only, "the database is open for reading only", operation, {},
                  model);
  }
  if (connection.read_only_transaction) {
    throw failure(ErrorCode::read_only, "the transaction was begun for reading only", operation, {},
                  model);
  }
  // Otherwise what belongs to the transaction would be kept by itself.
  if (connection.transaction) require_transaction(connection, operation);
}

// SQLite is serializable whatever is asked for. A transaction that may write takes the write lock
// at once: one that asks for it later, after it has read, can fail without a chance to wait.
void begin_transaction(Connection& connection, const TransactionOptions& options) {
  if (connection.access() == Access::read_only) {
    throw failure(ErrorCode::read_only,
                  "the database is open for reading only, in one snapshot; there is nothing to "
                  "begin",
                  "begin");
  }
  if (connection.transaction || in_transaction(connection)) {
    throw failure(ErrorCode::transaction, "a transaction is open already", "begin");
  }
  connection.check_deadline("begin");
  connection.run(options.read_only ? "BEGIN" : "BEGIN IMMEDIATE", "begin");
  connection.transaction = true;
  if (!options.read_only) return;
  connection.run("PRAGMA query_only=ON", "begin");
  connection.read_only_transaction = true;
}

void commit_work(Connection& connection) {
  try {
    connection.run("COMMIT", "commit");
  } catch (const DatabaseError& cause) {
    const bool unsure = (sqlite3_errcode(connection.handle()) & 0xff) == SQLITE_IOERR;
    const bool rolled_back =
        !in_transaction(connection) ||
        sqlite3_exec(connection.handle(), "ROLLBACK", nullptr, nullptr, nullptr) == SQLITE_OK;
    if (unsure || !rolled_back) {
      throw failure(ErrorCode::in_doubt,
                    fmt::format("whether the transaction was committed is not known: {}; look "
                                "before doing it again",
                                cause.message()),
                    "commit", "COMMIT")
          .caused_by(cause);
    }
    throw failure(
        ErrorCode::transaction,
        fmt::format("the commit failed and everything was rolled back: {}", cause.message()),
        "commit", "COMMIT")
        .caused_by(cause);
  }
}

void commit_transaction(Connection& connection) {
  try {
    require_transaction(connection, "commit");
    commit_work(connection);
  } catch (const DatabaseError&) {
    end_transaction(connection);
    throw;
  }
  end_transaction(connection);
}

void rollback_transaction(Connection& connection) {
  if (in_transaction(connection)) connection.run("ROLLBACK", "rollback");
  end_transaction(connection);
}

void set_savepoint(Connection& connection, unsigned number) {
  require_transaction(connection, "savepoint");
  connection.run(("SAVEPOINT " + savepoint_name(number)).c_str(), "savepoint");
}

void release_savepoint(Connection& connection, unsigned number) {
  require_transaction(connection, "release");
  connection.run(("RELEASE " + savepoint_name(number)).c_str(), "release");
}

// ROLLBACK TO leaves the savepoint itself in place.
void rollback_to_savepoint(Connection& connection, unsigned number) {
  require_transaction(connection, "rollback_to");
  const std::string name = savepoint_name(number);
  connection.run(("ROLLBACK TO " + name).c_str(), "rollback_to");
  connection.run(("RELEASE " + name).c_str(), "rollback_to");
}

}  // namespace ommi::sqlite
