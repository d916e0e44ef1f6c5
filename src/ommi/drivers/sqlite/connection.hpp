#pragma once

/// \file
/// One open database: its statements, deadline and counters, shared by the driver and the cursors
/// it gave out. Used by one thread.

#include <chrono>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "drivers/sqlite/handles.hpp"
#include "ommi/driver.hpp"

namespace ommi::sqlite {

enum class Access : std::uint8_t { read_only, read_write };

/// SQLite takes "name" in double quotes for a text where no column has that name, and views of old
/// databases need that. Statements of others are compiled so that it is an error: `checked`.
enum class Names : std::uint8_t { unchecked, checked };

/// The rows of a scan that is under way, as the C function of the scan sees it.
struct Visit;

class Connection {
 public:
  Connection(Handle handle, Access access);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  [[nodiscard]] sqlite3* handle() const noexcept { return handle_.get(); }
  [[nodiscard]] Access access() const noexcept { return access_; }

  /// Denies what is not reading, and gives the schema's own code no powers.
  void harden();
  void set_lock_timeout(std::chrono::milliseconds timeout) noexcept { lock_timeout_ = timeout; }
  void set_deadline(std::chrono::steady_clock::time_point deadline) noexcept;
  [[nodiscard]] std::chrono::steady_clock::time_point deadline() const noexcept {
    return has_deadline_ ? deadline_ : std::chrono::steady_clock::time_point::max();
  }

  /// Runs statements whose rows nobody wants.
  void run(const char* sql, std::string_view operation);

  /// A statement of that text, idle and without values. Give it back with `release`.
  [[nodiscard]] Statement acquire(std::string_view text, std::string_view operation,
                                  std::string_view model = {}, Names names = Names::unchecked);
  void release(Statement statement) noexcept;
  void bind(sqlite3_stmt* statement, std::span<const Cell> values, std::string_view operation,
            std::string_view model = {});
  /// Whether there is a row. Throws what the step failed with.
  [[nodiscard]] bool step(sqlite3_stmt* statement, std::string_view operation,
                          std::string_view model = {});
  /// What the last call failed with; after the deadline, that.
  [[nodiscard]] DatabaseError error(std::string_view operation, sqlite3_stmt* statement,
                                    std::string_view model = {});

  /// Throws ErrorCode::timeout when the deadline has passed.
  void check_deadline(std::string_view operation);
  /// The same, looking at the clock at every 64th call only.
  void check_deadline_sometimes(std::string_view operation) {
    if (has_deadline_ && until_check_-- == 0) check_deadline(operation);
  }

  DriverStatistics statistics = {};
  Visit* visit = nullptr;
  bool transaction = false;  // begun by the caller, and not ended by it
  bool read_only_transaction = false;

 private:
  struct Idle {
    std::vector<Statement> statements;
    std::uint64_t last_used = 0;
  };
  struct TextHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const noexcept {
      return std::hash<std::string_view>{}(text);
    }
  };

  [[nodiscard]] Statement prepare(std::string_view text, std::string_view operation,
                                  std::string_view model);
  void check_names(std::string_view text, std::string_view operation);
  void make_room();
  [[nodiscard]] bool expired() const noexcept;
  static int on_progress(void* self) noexcept;
  static int on_busy(void* self, int attempt) noexcept;

  Handle handle_;
  Access access_;
  std::unordered_map<std::string, Idle, TextHash, std::equal_to<>> idle_;
  std::uint64_t clock_ = 0;
  std::chrono::milliseconds lock_timeout_{0};
  std::chrono::steady_clock::time_point busy_since_ = {};
  std::chrono::steady_clock::time_point deadline_ = {};
  bool has_deadline_ = false;
  unsigned until_check_ = 0;
  unsigned progress_calls_ = 0;
};

/// `text` with "name" as `name` in back quotes, which cannot be a text.
[[nodiscard]] std::string with_back_quotes(std::string_view text);

/// A statement in use for the length of a scope.
class Borrowed {
 public:
  Borrowed(Connection& connection, std::string_view text, std::string_view operation)
      : connection_(connection), statement_(connection.acquire(text, operation)) {}
  ~Borrowed() { connection_.release(std::move(statement_)); }
  Borrowed(const Borrowed&) = delete;
  Borrowed& operator=(const Borrowed&) = delete;
  [[nodiscard]] sqlite3_stmt* get() const noexcept { return statement_.get(); }

 private:
  Connection& connection_;
  Statement statement_;
};

/// A value of SQLite's, borrowed as long as it is.
[[nodiscard]] Cell cell_of(sqlite3_value* value);
/// The value in a column of the current row, borrowed until the next step. Taking it out once is
/// faster than asking for type, content and size one by one; it is not safe between threads, and a
/// connection is one thread's.
[[nodiscard]] inline Cell column_cell(sqlite3_stmt* statement, int column) {
  return cell_of(sqlite3_column_value(statement, column));
}
/// The text in a column; empty for NULL.
[[nodiscard]] std::string column_text(sqlite3_stmt* statement, int column);

}  // namespace ommi::sqlite
