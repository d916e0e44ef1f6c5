#include "drivers/sqlite/handles.hpp"
#include "ommi/value.hpp"

namespace ommi::sqlite {
namespace {

bool has(std::string_view message, std::string_view words) noexcept {
  return message.find(words) != std::string_view::npos;
}

// SQLite says only in words what a statement that does not compile is missing.
ErrorCode query_code(std::string_view message) noexcept {
  if (has(message, "no such table") || has(message, "no such view")) {
    return ErrorCode::missing_table;
  }
  if (has(message, "no such column")) return ErrorCode::missing_column;
  if (has(message, "no such collation")) return ErrorCode::missing_collation;
  if (has(message, "no such function") || has(message, "unknown function")) {
    return ErrorCode::missing_function;
  }
  if (message.starts_with("not authorized")) return ErrorCode::read_only;
  // The text of a damaged sqlite_schema row is what "malformed" is said about.
  if (has(message, "malformed database schema")) return ErrorCode::corrupt;
  return ErrorCode::query;
}

ErrorCode constraint_code(int extended) noexcept {
  switch (extended) {
    case SQLITE_CONSTRAINT_UNIQUE:
    case SQLITE_CONSTRAINT_PRIMARYKEY:
    case SQLITE_CONSTRAINT_ROWID:
      return ErrorCode::unique_violation;
    case SQLITE_CONSTRAINT_FOREIGNKEY:
      return ErrorCode::foreign_key_violation;
    case SQLITE_CONSTRAINT_NOTNULL:
      return ErrorCode::not_null_violation;
    case SQLITE_CONSTRAINT_CHECK:
      return ErrorCode::check_violation;
    default:
      return ErrorCode::constraint;
  }
}

}  // namespace

ErrorCode error_code(int extended, std::string_view message) noexcept {
  switch (extended & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return ErrorCode::locked;
    case SQLITE_CORRUPT:
      return ErrorCode::corrupt;
    case SQLITE_NOTADB:
      return ErrorCode::not_a_database;
    case SQLITE_INTERRUPT:
      return ErrorCode::timeout;
    case SQLITE_CANTOPEN:
      return ErrorCode::connection;
    case SQLITE_READONLY:
      return extended == SQLITE_READONLY ? ErrorCode::read_only : ErrorCode::connection;
    case SQLITE_AUTH:
      return ErrorCode::read_only;
    case SQLITE_CONSTRAINT:
      return constraint_code(extended);
    case SQLITE_IOERR:
      // A page that the header promises and the file does not have.
      return extended == SQLITE_IOERR_SHORT_READ ? ErrorCode::corrupt : ErrorCode::connection;
    case SQLITE_NOMEM:
      return ErrorCode::database;
    default:
      return query_code(message);
  }
}

DatabaseError failure(ErrorCode code, std::string message, std::string_view operation,
                      std::string_view statement, std::string_view model) {
  return DatabaseError(
      code, std::move(message),
      ErrorPlace{
          .driver = "sqlite", .operation = std::string(operation), .model = std::string(model)},
      std::string(statement));
}

DatabaseError error_of(sqlite3* handle, std::string_view operation, std::string_view statement,
                       std::string_view model) {
  const std::string message = sqlite3_errmsg(handle);
  const ErrorCode code = error_code(sqlite3_extended_errcode(handle), message);
  return failure(code, escaped(message), operation, statement, model);
}

}  // namespace ommi::sqlite
