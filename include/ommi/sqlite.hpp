#pragma once

/// \file
/// The SQLite driver. Opens a file so that nothing can be written to it or left beside it.
///
///     ommi::Database database(ommi::sqlite::open("blog.db"));
///
/// How the file is opened depends on the state it is in (https://www.sqlite.org/wal.html,
/// https://www.sqlite.org/fileformat.html): a rollback-journal file by `mode=ro`; a WAL-mode file
/// without a `-wal` by `immutable=1`; one whose `-wal` nobody has open by reading it with the index
/// in private memory; one that is in use by `mode=ro` with its `-shm` opened for reading only; a
/// file with a hot journal is refused, unless a copy is asked for.

#include <chrono>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ommi/driver.hpp"

namespace ommi::sqlite {

struct Options {
  std::chrono::milliseconds lock_timeout{5000};  // how long to wait for another process's lock
  bool copy = false;  // work on a private copy (of a file with a hot journal: recovered)
  /// Told what the user should know about how the file was opened; one sentence each.
  std::function<void(std::string_view)> note = {};
};

/// Opens `path` for reading and takes a snapshot that stays until the driver ends.
/// Throws DatabaseError: connection (no such file, a directory, no permission, empty file, hot
/// journal), not_a_database, corrupt (truncated, damaged), locked (with the process that holds the
/// lock, where known).
[[nodiscard]] std::unique_ptr<Driver> open(const std::string& path, const Options& options = {});

/// Opens `path` for reading and writing, made if it is not there, with foreign keys enforced. For
/// applications: the doctor never calls this. Throws as `open` does.
[[nodiscard]] std::unique_ptr<Driver> open_writable(const std::string& path,
                                                    const Options& options = {});

/// A database in memory, readable and writable, made by running `sql`: for tests and examples.
[[nodiscard]] std::unique_ptr<Driver> open_memory(std::string_view sql);

/// What a query cost, as SQLite counts it.
struct QueryCost {
  std::uint64_t rows_scanned = 0;  // rows that a scan stepped over
  std::uint64_t steps = 0;         // of its virtual machine
  std::int64_t duration_ns = 0;
};

/// A query, run as the database is and with one index more.
struct IndexTest {
  std::string statement;
  std::vector<Value> values;  // bound
  std::string create_index;   // a statement
  QueryCost before = {}, after = {};
  std::uint64_t rows = 0;       // that the query gave
  std::string unmeasured = {};  // why there are no numbers, or empty
};

/// Fills in what the tests cost, each without the indexes of the others, on a private copy of the
/// file at `path`, which stays as it is. A larger file than `most_bytes` is not copied, and the
/// tests say so, as do those that are not done when `ended` (asked again and again, by the calling
/// thread) is true. Throws nothing but std::bad_alloc.
void try_indexes(const std::string& path, std::span<IndexTest> tests, std::uint64_t most_bytes,
                 std::function<bool()> ended = {});

/// `name` as an SQL identifier, quoted.
[[nodiscard]] std::string quoted(std::string_view name);

}  // namespace ommi::sqlite
