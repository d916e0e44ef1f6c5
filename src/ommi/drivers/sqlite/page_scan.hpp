#pragma once

/// \file
/// A scan that reads the table's pages itself: about twice as fast as SQLite's own loop calling us.

#include "drivers/sqlite/connection.hpp"
#include "drivers/sqlite/visit.hpp"

namespace ommi::sqlite {

/// Visits the rows as `scan_table` would, in the same order and with the same values; false, with
/// nothing visited, where only SQLite may read them:
/// - the connection can write, or the database has a WAL: the file is not all there is to read;
/// - the file is in memory, encrypted, or in UTF-16;
/// - the table has no rowid, is virtual or a view, or has generated columns.
[[nodiscard]] bool scan_pages(Connection& connection, const Scan& scan, Visit& visit);

}  // namespace ommi::sqlite
