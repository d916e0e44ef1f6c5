#include "drivers/sqlite/connection.hpp"

#include <algorithm>
#include <thread>

#include <fmt/format.h>

namespace ommi::sqlite {
namespace {

constexpr std::size_t most_texts = 128;
constexpr std::size_t most_idle = 8;

}  // namespace

Connection::Connection(Handle handle, Access access) : handle_(std::move(handle)), access_(access) {
  sqlite3_extended_result_codes(handle_.get(), 1);
  sqlite3_busy_handler(handle_.get(), &Connection::on_busy, this);
}

// A cursor still out keeps the connection alive, so nothing is in use here.
Connection::~Connection() {
  sqlite3_progress_handler(handle_.get(), 0, nullptr, nullptr);
  idle_.clear();
}

void Connection::set_deadline(std::chrono::steady_clock::time_point deadline) noexcept {
  deadline_ = deadline;
  has_deadline_ = deadline != std::chrono::steady_clock::time_point::max();
  until_check_ = 0;
  progress_calls_ = 0;
  sqlite3_progress_handler(handle_.get(), has_deadline_ ? 1000 : 0,
                           has_deadline_ ? &Connection::on_progress : nullptr, this);
}

bool Connection::expired() const noexcept {
  return has_deadline_ && std::chrono::steady_clock::now() >= deadline_;
}

int Connection::on_progress(void* self) noexcept {
  Connection& connection = *static_cast<Connection*>(self);
  if (connection.progress_calls_++ % 4 != 0) return 0;
  return connection.expired() ? 1 : 0;
}

int Connection::on_busy(void* self, int attempt) noexcept {
  Connection& connection = *static_cast<Connection*>(self);
  const auto now = std::chrono::steady_clock::now();
  if (attempt == 0) connection.busy_since_ = now;
  if (now - connection.busy_since_ >= connection.lock_timeout_ || connection.expired()) return 0;
  const std::chrono::milliseconds pause(std::min(1 << std::min(attempt, 6), 50));
  std::this_thread::sleep_for(std::min(pause, connection.lock_timeout_));
  return 1;
}

void Connection::check_deadline(std::string_view operation) {
  until_check_ = 63;
  if (expired()) {
    until_check_ = 0;
    throw failure(ErrorCode::timeout, "the time that was given is over", operation);
  }
}

DatabaseError Connection::error(std::string_view operation, sqlite3_stmt* statement,
                                std::string_view model) {
  const char* const text = statement == nullptr ? nullptr : sqlite3_sql(statement);
  const std::string_view sql = text == nullptr ? "" : text;
  if (sqlite3_errcode(handle()) == SQLITE_INTERRUPT && expired()) {
    return failure(ErrorCode::timeout, "the time that was given is over; the statement was stopped",
                   operation, sql, model);
  }
  return error_of(handle(), operation, sql, model);
}

void Connection::run(const char* sql, std::string_view operation) {
  if (sqlite3_exec(handle(), sql, nullptr, nullptr, nullptr) != SQLITE_OK) {
    throw error_of(handle(), operation, sql);
  }
}

Statement Connection::prepare(std::string_view text, std::string_view operation,
                              std::string_view model) {
  if (text.find('\0') != std::string_view::npos) {
    throw failure(ErrorCode::query, "the statement holds a NUL character, which no name can hold",
                  operation, text, model);
  }
  sqlite3_stmt* raw = nullptr;
  const char* tail = nullptr;
  const int result = sqlite3_prepare_v3(handle(), text.data(), static_cast<int>(text.size()),
                                        SQLITE_PREPARE_PERSISTENT, &raw, &tail);
  Statement statement(raw);
  if (result != SQLITE_OK) {
    check_deadline(operation);
    throw error_of(handle(), operation, text, model);
  }
  const std::string_view rest(tail, static_cast<std::size_t>(text.data() + text.size() - tail));
  if (raw == nullptr || rest.find_first_not_of(" \t\r\n;") != std::string_view::npos) {
    throw failure(ErrorCode::query, "expected one statement", operation, text, model);
  }
  // The authorizer lets virtual tables compile their own writes; nothing of ours may be one.
  if (access_ == Access::read_only && sqlite3_stmt_readonly(raw) == 0) {
    throw failure(ErrorCode::read_only, "the statement would write, and the database is read only",
                  operation, text, model);
  }
  ++statistics.prepared;
  return statement;
}

void Connection::check_names(std::string_view text, std::string_view operation) {
  if (text.find('"') == std::string_view::npos) return;
  const std::string strict = with_back_quotes(text);
  sqlite3_stmt* raw = nullptr;
  const int result =
      sqlite3_prepare_v2(handle(), strict.data(), static_cast<int>(strict.size()), &raw, nullptr);
  const Statement compiled(raw);
  if (result != SQLITE_OK) throw error_of(handle(), operation, text);
}

Statement Connection::acquire(std::string_view text, std::string_view operation,
                              std::string_view model, Names names) {
  check_deadline(operation);
  const auto found = idle_.find(text);
  if (found != idle_.end() && !found->second.statements.empty()) {
    found->second.last_used = ++clock_;
    Statement statement = std::move(found->second.statements.back());
    found->second.statements.pop_back();
    return statement;
  }
  Statement statement = prepare(text, operation, model);
  if (names == Names::checked) check_names(text, operation);
  if (found == idle_.end()) {
    if (idle_.size() >= most_texts) make_room();
    idle_[std::string(text)].last_used = ++clock_;
  }
  return statement;
}

void Connection::make_room() {
  const auto oldest =
      std::ranges::min_element(idle_, {}, [](const auto& entry) { return entry.second.last_used; });
  idle_.erase(oldest);
}

void Connection::release(Statement statement) noexcept {
  if (statement == nullptr) return;
  sqlite3_reset(statement.get());
  sqlite3_clear_bindings(statement.get());
  const auto found = idle_.find(std::string_view(sqlite3_sql(statement.get())));
  if (found == idle_.end() || found->second.statements.size() >= most_idle) return;
  try {
    found->second.statements.push_back(std::move(statement));
  } catch (const std::bad_alloc&) {
    // The statement is then not kept, which costs time only.
  }
}

// Texts are copied: a cursor may outlive the query that its values were borrowed from.
void Connection::bind(sqlite3_stmt* statement, std::span<const Cell> values,
                      std::string_view operation, std::string_view model) {
  const auto wanted = static_cast<std::size_t>(sqlite3_bind_parameter_count(statement));
  if (wanted != values.size()) {
    throw failure(
        ErrorCode::query,
        fmt::format("the statement takes {} values, and {} were given", wanted, values.size()),
        operation, sqlite3_sql(statement), model);
  }
  int position = 0;
  for (const Cell& cell : values) {
    ++position;
    int result = SQLITE_OK;
    switch (cell.kind) {
      case Kind::null:  // the statement may have been run before, with another value
        result = sqlite3_bind_null(statement, position);
        break;
      case Kind::integer:
        result = sqlite3_bind_int64(statement, position, cell.integer);
        break;
      case Kind::real:
        result = sqlite3_bind_double(statement, position, cell.real);
        break;
      case Kind::text:
        result = sqlite3_bind_text64(statement, position, cell.size == 0 ? "" : cell.data,
                                     cell.size, SQLITE_TRANSIENT, SQLITE_UTF8);
        break;
      case Kind::blob:
        result = sqlite3_bind_blob64(statement, position, cell.size == 0 ? "" : cell.data,
                                     cell.size, SQLITE_TRANSIENT);
        break;
    }
    if (result != SQLITE_OK) throw error(operation, statement, model);
  }
}

bool Connection::step(sqlite3_stmt* statement, std::string_view operation, std::string_view model) {
  const int result = sqlite3_step(statement);
  if (result == SQLITE_ROW) return true;
  if (result == SQLITE_DONE) return false;
  throw error(operation, statement, model);
}

Cell cell_of(sqlite3_value* value) {
  switch (sqlite3_value_type(value)) {
    case SQLITE_INTEGER:
      return Cell::of(std::int64_t{sqlite3_value_int64(value)});
    case SQLITE_FLOAT:
      return Cell::of(sqlite3_value_double(value));
    case SQLITE_TEXT: {
      const void* const data = sqlite3_value_text(value);
      if (data == nullptr) throw failure(ErrorCode::database, "out of memory", "next");
      return Cell::text(
          {static_cast<const char*>(data), static_cast<std::size_t>(sqlite3_value_bytes(value))});
    }
    case SQLITE_BLOB: {
      const void* const data = sqlite3_value_blob(value);
      const auto size = static_cast<std::size_t>(sqlite3_value_bytes(value));
      if (data == nullptr && size > 0) {
        throw failure(ErrorCode::database, "out of memory", "next");
      }
      return Cell::blob(data == nullptr ? std::string_view("")
                                        : std::string_view(static_cast<const char*>(data), size));
    }
    default:
      return Cell{};
  }
}

std::string column_text(sqlite3_stmt* statement, int column) {
  return std::string(column_cell(statement, column).view());
}

}  // namespace ommi::sqlite
