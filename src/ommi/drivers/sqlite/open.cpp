#include <filesystem>
#include <thread>

#include <fmt/format.h>

#include "drivers/sqlite/driver.hpp"
#include "ommi/sqlite.hpp"
#include "ommi/value.hpp"

namespace ommi::sqlite {
namespace {

constexpr int reading_flags = SQLITE_OPEN_READONLY;

void tell(const Options& options, std::string_view note) {
  if (options.note) options.note(note);
}

std::shared_ptr<Connection> connect(const std::string& uri, int flags, Access access) {
  sqlite3* raw = nullptr;
  const int result =
      sqlite3_open_v2(uri.c_str(), &raw, flags | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX, nullptr);
  Handle handle(raw);
  if (result != SQLITE_OK) throw error_of(raw, "open");
  return std::make_shared<Connection>(std::move(handle), access);
}

// Takes the snapshot that all reading sees, and makes SQLite read the schema.
void take_snapshot(Connection& connection) {
  connection.run("BEGIN", "open");
  connection.run("SELECT 1 FROM sqlite_schema LIMIT 1", "open");
}

DatabaseError needs_recovery(const std::string& path) {
  return failure(
      ErrorCode::connection,
      fmt::format("{}: a writer died and left a hot journal, so the file needs recovery; "
                  "open it once with the application, or run again with --copy to work "
                  "on a recovered copy",
                  escaped(path)),
      "open");
}

DatabaseError is_locked(const FileState& state, bool copying) {
  const std::string holder = lock_holder(state.path);
  return failure(ErrorCode::locked,
                 fmt::format("{}: locked by {}; wait for it to finish{}", escaped(state.name),
                             holder.empty() ? "another connection" : holder,
                             copying ? "" : ", or run again with --copy"),
                 "open");
}

// What SQLite said about opening, in terms of the file and of what to do.
DatabaseError explained(const DatabaseError& error, const FileState& state, sqlite3* handle,
                        const Options& options) {
  if (sqlite3_extended_errcode(handle) == SQLITE_READONLY_ROLLBACK) {
    return needs_recovery(state.name);
  }
  if (error.code() == ErrorCode::locked) return is_locked(state, options.copy);
  std::string message = error.message();
  if (error.code() == ErrorCode::corrupt) {
    const std::string cut = truncation(handle);
    message = cut.empty() ? message + "; restore it from a backup" : cut;
  }
  if (error.code() == ErrorCode::not_a_database) message += ", or it is encrypted";
  return failure(error.code(), fmt::format("{}: {}", escaped(state.name), message), "open");
}

std::shared_ptr<Connection> open_as(const FileState& state, std::string_view parameters,
                                    const char* before_reading, const Options& options) {
  const auto connection = connect(uri_of(state.path, parameters), reading_flags, Access::read_only);
  connection->set_lock_timeout(options.lock_timeout);
  try {
    connection->run(before_reading, "open");
    connection->harden();
    take_snapshot(*connection);
  } catch (const DatabaseError& error) {
    throw explained(error, state, connection->handle(), options);
  }
  return connection;
}

// A writer that pauses gives the chance for a copy that is whole.
PrivateCopy copy_at_rest(const FileState& state, const Options& options) {
  const auto end = std::chrono::steady_clock::now() + options.lock_timeout;
  while (true) {
    try {
      return PrivateCopy::of_files(state);
    } catch (const DatabaseError& error) {
      if (error.code() != ErrorCode::locked || std::chrono::steady_clock::now() >= end) throw;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
}

// In a folder of our own SQLite may do what it needs to: roll a journal back, make an index.
Opened open_files_copy(const FileState& state, const Options& options) {
  PrivateCopy copy = copy_at_rest(state, options);
  const auto connection =
      connect(uri_of(copy.path(), "mode=rw"), SQLITE_OPEN_READWRITE, Access::read_only);
  try {
    connection->run("SELECT 1 FROM sqlite_schema LIMIT 1", "open");
    connection->harden();
    take_snapshot(*connection);
  } catch (const DatabaseError& error) {
    throw explained(error, state, connection->handle(), options);
  }
  Opened opened;
  opened.copy.emplace(std::move(copy));
  opened.connection = connection;
  return opened;
}

// Every connection so opened sees the same rows: our lock keeps writers out, or there is nobody to
// write, and that there was nobody is checked at the end.
Opened open_for_many(const FileState& state, std::string parameters, const char* before_reading,
                     const Options& options) {
  Options quiet = options;
  quiet.note = {};
  Opened opened;
  opened.again = [state, parameters = std::move(parameters), before_reading, quiet] {
    return open_as(state, parameters, before_reading, quiet);
  };
  opened.connection = opened.again();
  return opened;
}

Opened watched(Opened opened, const FileState& state) {
  opened.watched.emplace(state.path, opened.connection->handle());
  return opened;
}

// Where the way that leaves no trace cannot be gone, a copy can: not for damage or a lock, which a
// copy has too.
Opened open_wal(const FileState& state, const Options& options) {
  const bool in_use = state.reading == Reading::shared_index;
  try {
    if (in_use) {
      // With an index that is left over from a crash nobody would heed our locks.
      Opened opened;
      opened.connection = open_as(state, "mode=ro&readonly_shm=1", "", options);
      if (!index_in_use(state.path)) {
        opened.watched.emplace(state.path, opened.connection->handle(), Watch::file);
      }
      return opened;
    }
    return watched(
        open_for_many(state, "mode=ro&vfs=unix-none", "PRAGMA locking_mode=EXCLUSIVE", options),
        state);
  } catch (const DatabaseError& error) {
    if (error.code() != ErrorCode::connection && error.code() != ErrorCode::query) throw;
    tell(options,
         fmt::format("{}: its -wal cannot be read in place ({}), so a private copy of both "
                     "is read",
                     escaped(state.name), error.message()));
    return open_files_copy(state, options);
  }
}

Opened open_in_place(const FileState& state, const Options& options) {
  switch (state.reading) {
    case Reading::shared:
      return watched(open_for_many(state, "mode=ro", "", options), state);
    case Reading::immutable:
      return watched(open_for_many(state, "mode=ro&immutable=1", "", options), state);
    default:
      return open_wal(state, options);
  }
}

// A locked file that does not change while it is copied is as good as one after a crash: its
// journal takes the copy back to the last commit.
Opened open_copy(const FileState& state, const Options& options) {
  if (state.hot_journal) return open_files_copy(state, options);
  try {
    const Opened source = open_in_place(state, options);
    PrivateCopy copy = PrivateCopy::of_snapshot(source.connection->handle());
    FileState copied = state;
    copied.path = copy.path();
    Opened opened = open_for_many(copied, "mode=ro&immutable=1", "", options);
    opened.copy.emplace(std::move(copy));
    return opened;
  } catch (const DatabaseError& error) {
    if (error.code() != ErrorCode::locked) throw;
    return open_files_copy(state, options);
  }
}

}  // namespace

PrivateCopy copy_of(const std::string& path) {
  Opened opened = open_copy(look_at(path), {});
  opened.connection.reset();
  return std::move(*opened.copy);
}

std::unique_ptr<Driver> open(const std::string& path, const Options& options) {
  const FileState state = look_at(path);
  if (options.copy) return make_driver(open_copy(state, options));
  if (state.hot_journal) throw needs_recovery(state.name);
  return make_driver(open_in_place(state, options));
}

std::unique_ptr<Driver> open_writable(const std::string& path, const Options& options) {
  if (options.copy) {
    throw failure(ErrorCode::unsupported, "a private copy is for reading; open the file itself",
                  "open");
  }
  std::error_code ignored;
  const std::string absolute = std::filesystem::absolute(path, ignored).string();
  Opened opened;
  try {
    opened.connection = connect(uri_of(absolute, "mode=rwc"),
                                SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, Access::read_write);
    opened.connection->set_lock_timeout(options.lock_timeout);
    opened.connection->run("SELECT 1 FROM sqlite_schema LIMIT 1", "open");
    opened.connection->harden();
    opened.connection->run("PRAGMA foreign_keys=ON", "open");
  } catch (const DatabaseError& error) {
    throw failure(error.code(), fmt::format("{}: {}", escaped(path), error.message()), "open");
  }
  return make_driver(std::move(opened));
}

std::unique_ptr<Driver> open_memory(std::string_view sql) {
  Opened opened;
  opened.connection =
      connect("file::memory:", SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, Access::read_write);
  opened.connection->run(std::string(sql).c_str(), "open");
  opened.connection->harden();
  opened.connection->run("PRAGMA foreign_keys=ON", "open");
  return make_driver(std::move(opened));
}

}  // namespace ommi::sqlite
