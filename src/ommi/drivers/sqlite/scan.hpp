#pragma once

/// \file
/// The fastest way to look at every row: SQLite's own loop calls us.

#include "drivers/sqlite/connection.hpp"
#include "ommi/driver.hpp"

namespace ommi::sqlite {

/// Makes the C function that `scan_table` needs known to the connection.
void register_scan(Connection& connection);

/// Visits every row of a table, in storage order.
void scan_table(Connection& connection, const Scan& scan, RowVisitor& visitor);

}  // namespace ommi::sqlite
