#include <filesystem>

#include <fmt/format.h>

#include "drivers/sqlite/driver.hpp"
#include "ommi/sqlite.hpp"

namespace ommi::sqlite {
namespace {

constexpr std::string_view operation = "try_indexes";

std::vector<Cell> cells_of(const std::vector<Value>& values) {
  std::vector<Cell> cells;
  for (const Value& value : values) cells.push_back(value.cell());
  return cells;
}

QueryCost run(Connection& connection, const IndexTest& test, std::uint64_t& rows) {
  const Borrowed statement(connection, test.statement, operation);
  connection.bind(statement.get(), cells_of(test.values), operation);
  rows = 0;
  const auto started = std::chrono::steady_clock::now();
  while (connection.step(statement.get(), operation)) ++rows;
  const auto duration = std::chrono::steady_clock::now() - started;
  const auto count = [&](int which) {
    return static_cast<std::uint64_t>(sqlite3_stmt_status(statement.get(), which, 1));
  };
  return {count(SQLITE_STMTSTATUS_FULLSCAN_STEP), count(SQLITE_STMTSTATUS_VM_STEP),
          std::chrono::duration_cast<std::chrono::nanoseconds>(duration).count()};
}

using Ended = std::function<bool()>;

constexpr std::string_view no_time = "there was no time left";

int on_progress(void* ended) { return (*static_cast<const Ended*>(ended))() ? 1 : 0; }

void measure(Connection& connection, IndexTest& test, const Ended& ended) {
  if (ended && ended()) {
    test.unmeasured = no_time;
    return;
  }
  try {
    // Once unmeasured: who comes first must not pay for reading the pages.
    static_cast<void>(run(connection, test, test.rows));
    test.before = run(connection, test, test.rows);
    connection.run("SAVEPOINT with_index", operation);
    connection.run(test.create_index.c_str(), operation);
    static_cast<void>(run(connection, test, test.rows));
    test.after = run(connection, test, test.rows);
  } catch (const DatabaseError& error) {
    test.unmeasured = ended && ended() ? no_time : error.message();
  }
  try {
    connection.run("ROLLBACK TO with_index; RELEASE with_index", operation);
  } catch (const DatabaseError&) {
    // There is none where the first run failed already.
  }
}

Connection open_copy(const PrivateCopy& copy) {
  sqlite3* raw = nullptr;
  const int result =
      sqlite3_open_v2(uri_of(copy.path(), "mode=rw").c_str(), &raw,
                      SQLITE_OPEN_READWRITE | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX, nullptr);
  Handle handle(raw);
  if (result != SQLITE_OK) throw error_of(raw, operation);
  return Connection(std::move(handle), Access::read_write);
}

}  // namespace

void try_indexes(const std::string& path, std::span<IndexTest> tests, std::uint64_t most_bytes,
                 Ended ended) {
  const auto refuse = [&](const std::string& why) {
    for (IndexTest& test : tests) test.unmeasured = why;
  };
  std::error_code ignored;
  const std::uint64_t bytes = std::filesystem::file_size(path, ignored);
  if (!ignored && bytes > most_bytes) {
    return refuse(fmt::format("the database is larger than {} MB", most_bytes / 1'000'000));
  }
  try {
    const PrivateCopy copy = copy_of(path);
    Connection connection = open_copy(copy);
    connection.run("PRAGMA journal_mode=MEMORY; PRAGMA synchronous=OFF", operation);
    connection.harden();
    if (ended) {
      constexpr int steps = 5000;
      sqlite3_progress_handler(connection.handle(), steps, on_progress, &ended);
    }
    for (IndexTest& test : tests) measure(connection, test, ended);
  } catch (const DatabaseError& error) {
    refuse(error.message());
  }
}

}  // namespace ommi::sqlite
