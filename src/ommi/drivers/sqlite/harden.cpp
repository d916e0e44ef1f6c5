#include <algorithm>
#include <array>
#include <string_view>

#include "drivers/sqlite/connection.hpp"

namespace ommi::sqlite {
namespace {

using namespace std::string_view_literals;

// What this driver asks for itself, and what SQLite's own modules (full text, R-tree) ask for when
// a table of theirs is opened.
constexpr std::array allowed_pragmas = {
    "table_list"sv,       "table_xinfo"sv, "index_list"sv,   "index_xinfo"sv,
    "foreign_key_list"sv, "quick_check"sv, "data_version"sv, "page_size"sv,
};

// Writes of rows pass here and are refused by Connection::prepare, query_only and the way the file
// is opened: opening a virtual table compiles the module's own INSERT, and declaring its columns
// asks for one into the schema, which could not be told from ours.
int authorize(void* handle, int action, const char* first, const char* second, const char*,
              const char*) noexcept {
  switch (action) {
    case SQLITE_SELECT:
    case SQLITE_READ:
    case SQLITE_RECURSIVE:
    case SQLITE_INSERT:
    case SQLITE_UPDATE:
    case SQLITE_DELETE:
      return SQLITE_OK;
    case SQLITE_TRANSACTION:
      // One may be begun, which is the snapshot; it is not ended before the connection.
      return sqlite3_get_autocommit(static_cast<sqlite3*>(handle)) != 0 ? SQLITE_OK : SQLITE_DENY;
    case SQLITE_FUNCTION:
      return std::string_view(second) == "load_extension" ? SQLITE_DENY : SQLITE_OK;
    case SQLITE_PRAGMA:
      return std::ranges::find(allowed_pragmas, std::string_view(first)) != allowed_pragmas.end()
                 ? SQLITE_OK
                 : SQLITE_DENY;
    default:
      return SQLITE_DENY;
  }
}

}  // namespace

void Connection::harden() {
  sqlite3* const database = handle();
  sqlite3_db_config(database, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(database, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  sqlite3_db_config(database, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, nullptr);
  sqlite3_db_config(database, SQLITE_DBCONFIG_ENABLE_FTS3_TOKENIZER, 0, nullptr);
  sqlite3_limit(database, SQLITE_LIMIT_ATTACHED, 0);
  sqlite3_limit(database, SQLITE_LIMIT_WORKER_THREADS, 0);
  sqlite3_limit(database, SQLITE_LIMIT_SQL_LENGTH, 64 << 20);
  sqlite3_limit(database, SQLITE_LIMIT_VARIABLE_NUMBER, 32766);
  run("PRAGMA cell_size_check=ON", "open");
  if (access_ == Access::read_write) return;
  sqlite3_db_config(database, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
  run("PRAGMA query_only=ON", "open");
  sqlite3_set_authorizer(database, authorize, database);
}

}  // namespace ommi::sqlite
