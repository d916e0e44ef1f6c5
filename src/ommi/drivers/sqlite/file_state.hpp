#pragma once

/// \file
/// What a database file and the files beside it look like before and after we read it.
///
/// Nothing here opens the database file itself by open(2): closing a second descriptor would drop
/// the POSIX locks that other connections of this process hold on it. It is read through SQLite.

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <sys/stat.h>

#include <sqlite3.h>

namespace ommi::sqlite {

using Header = std::array<unsigned char, 100>;

/// How a file can be read without leaving a trace (see ommi/sqlite.hpp).
enum class Reading : std::uint8_t {
  shared,         // rollback journal: SQLite's locks on the file
  immutable,      // WAL mode, and there is no -wal
  private_index,  // a -wal that nobody has open: its index in our memory
  shared_index,   // a -wal in use: its -shm, never written
};

struct FileState {
  std::string name;  // as the user wrote it
  std::string path;  // absolute, without symbolic links: SQLite looks beside that one
  Header header = {};
  Reading reading = Reading::shared;
  bool hot_journal = false;
};

/// Looks at `path`. Throws DatabaseError: connection or not_a_database.
[[nodiscard]] FileState look_at(const std::string& path);

/// `path` as an SQLite URI with these parameters ("mode=ro").
[[nodiscard]] std::string uri_of(std::string_view path, std::string_view parameters);

/// The size of a file; 0 if there is none.
[[nodiscard]] std::uint64_t size_of(const std::string& path) noexcept;

/// Reads the file's first bytes through an open connection, without a lock; false if it is shorter.
[[nodiscard]] bool read_header(sqlite3* handle, Header& header);

/// Why the file is shorter than its header says, or empty.
[[nodiscard]] std::string truncation(sqlite3* handle);

/// The process that holds a lock which keeps us from reading, such as "process 4242 (python3)", or
/// empty when that is not known.
[[nodiscard]] std::string lock_holder(const std::string& path);

/// Whether another process keeps the -shm of that database in use, so that its locks are heeded.
[[nodiscard]] bool index_in_use(const std::string& path);

enum class Watch : std::uint8_t { file_and_wal, file };

/// A file and its -wal, remembered so that a change can be told.
class Watched {
 public:
  /// Remembers how `path` is now.
  Watched(std::string path, sqlite3* handle, Watch what = Watch::file_and_wal);
  /// One sentence that says what changed, or empty.
  [[nodiscard]] std::string changed(sqlite3* handle) const;

 private:
  struct Stamp {
    bool there = false;
    std::uint64_t device = 0;
    std::uint64_t number = 0;
    std::uint64_t size = 0;
    std::int64_t seconds = 0;
    std::int64_t nanoseconds = 0;
    friend bool operator==(const Stamp&, const Stamp&) = default;
  };
  [[nodiscard]] static Stamp stamp(const std::string& path) noexcept;

  std::string path_;
  Watch what_;
  Stamp main_;
  Stamp wal_;
  Header header_ = {};
};

}  // namespace ommi::sqlite
