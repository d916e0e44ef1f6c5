#pragma once

/// \file
/// The fastest way to look at every row: SQLite's own loop calls us.

#include <optional>
#include <string>

#include "drivers/sqlite/connection.hpp"
#include "ommi/driver.hpp"

namespace ommi::sqlite {

/// Makes the C function that `scan_table` needs known to the connection.
void register_scan(Connection& connection);

/// Visits every row of a table, in storage order.
void scan_table(Connection& connection, const Scan& scan, RowVisitor& visitor);

/// The least and the greatest rowid of a table; none for views, tables without them, empty tables
/// and those whose columns have taken all three names of the rowid.
[[nodiscard]] std::optional<RowRange> row_range(Connection& connection, const std::string& table);

}  // namespace ommi::sqlite
