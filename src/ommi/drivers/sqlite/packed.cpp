#include "drivers/sqlite/packed.hpp"

#include "ommi/sql.hpp"

namespace ommi::sqlite {
namespace {

void on_value(sqlite3_context* context, int, sqlite3_value** values) noexcept {
  const void* const data = sqlite3_value_blob(values[0]);
  const auto size = static_cast<std::size_t>(sqlite3_value_bytes(values[0]));
  const std::string_view packed(static_cast<const char*>(data), data == nullptr ? 0 : size);
  const auto number = static_cast<std::uint64_t>(sqlite3_value_int64(values[1]));
  const Cell cell = sql::packed_value(packed, number);
  switch (cell.kind) {
    case Kind::null:
      return sqlite3_result_null(context);
    case Kind::integer:
      return sqlite3_result_int64(context, cell.integer);
    case Kind::real:
      return sqlite3_result_double(context, cell.real);
    case Kind::text:
      return sqlite3_result_text64(context, cell.data, cell.size, SQLITE_TRANSIENT, SQLITE_UTF8);
    case Kind::blob:
      return sqlite3_result_blob64(context, cell.data, cell.size, SQLITE_TRANSIENT);
  }
}

}  // namespace

void register_packed_value(Connection& connection) {
  if (sqlite3_create_function_v2(connection.handle(), packed_value_function, 2,
                                 SQLITE_UTF8 | SQLITE_DIRECTONLY | SQLITE_DETERMINISTIC, nullptr,
                                 on_value, nullptr, nullptr, nullptr) != SQLITE_OK) {
    throw error_of(connection.handle(), "open");
  }
}

}  // namespace ommi::sqlite
