#pragma once

/// \file
/// The function that reads packed lists of values (ommi/sql.hpp) within SQLite.

#include "drivers/sqlite/connection.hpp"

namespace ommi::sqlite {

/// Its name in statements.
inline constexpr const char* packed_value_function = "ommi_value";

void register_packed_value(Connection& connection);

}  // namespace ommi::sqlite
