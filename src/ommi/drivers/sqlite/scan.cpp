#include "drivers/sqlite/scan.hpp"

#include <array>
#include <exception>

#include <fmt/format.h>

#include "drivers/sqlite/page_scan.hpp"
#include "drivers/sqlite/rowid.hpp"
#include "drivers/sqlite/visit.hpp"
#include "ommi/sqlite.hpp"

namespace ommi::sqlite {

namespace {

// SQLite takes no more arguments than this, whatever it was built with.
constexpr std::size_t most_arguments = 100;

void read_row(Visit& visit, sqlite3_value** values) {
  Cell* const row = visit.next();
  std::size_t size = 0;
  for (std::size_t i = 0; i < visit.width; ++i) {
    if (sqlite3_value_type(values[i]) == SQLITE_INTEGER) {
      row[i].kind = Kind::integer;
      row[i].size = 0;
      row[i].integer = sqlite3_value_int64(values[i]);
    } else {
      row[i] = cell_of(values[i]);
      size += row[i].view().size();
    }
  }
  visit.take(size);
}

// No exception may pass through SQLite's C frames: it is kept, the statement is ended with an
// error, and scan_table throws it again.
void on_row(sqlite3_context* context, int count, sqlite3_value** values) noexcept {
  Visit* const visit = static_cast<Connection*>(sqlite3_user_data(context))->visit;
  if (visit == nullptr || visit->width != static_cast<std::size_t>(count)) {
    sqlite3_result_error(context, "ommi_visit is for scans only", -1);
    return;
  }
  if (visit->stopped) return;
  try {
    read_row(*visit, values);
  } catch (...) {
    visit->thrown = std::current_exception();
    visit->stopped = true;
  }
  if (visit->stopped) sqlite3_result_error(context, "the scan was ended", -1);
}

void on_end(sqlite3_context*) noexcept {}

std::string columns_of(const Scan& scan) {
  std::string list;
  for (const std::string& column : scan.columns) {
    if (!list.empty()) list += ", ";
    list += "t." + quoted(column);
  }
  return list;
}

void scan_by_steps(Connection& connection, sqlite3_stmt* statement, Visit& visit) {
  while (!visit.stopped && connection.step(statement, "scan")) {
    connection.check_deadline_sometimes("scan");
    Cell* const row = visit.next();
    std::size_t size = 0;
    for (std::size_t i = 0; i < visit.width; ++i) {
      row[i] = column_cell(statement, static_cast<int>(i));
      size += row[i].view().size();
    }
    visit.take(size);
  }
  if (!visit.stopped) visit.hand_over_all();
}

void scan_by_function(Connection& connection, sqlite3_stmt* statement, Visit& visit) {
  try {
    (void)connection.step(statement, "scan");
    if (!visit.stopped) visit.hand_over_all();
  } catch (const DatabaseError&) {
    if (!visit.stopped) throw;
  }
  if (visit.thrown != nullptr) std::rethrow_exception(visit.thrown);
}

// Counts the rows and puts the outer scan's visit back, also when the visitor throws.
class VisitScope {
 public:
  VisitScope(Connection& connection, Visit& visit)
      : connection_(connection), visit_(visit), outer_(connection.visit) {
    connection_.visit = &visit_;
  }
  ~VisitScope() {
    connection_.visit = outer_;
    connection_.statistics.rows += visit_.rows;
  }
  VisitScope(const VisitScope&) = delete;
  VisitScope& operator=(const VisitScope&) = delete;

 private:
  Connection& connection_;
  Visit& visit_;
  Visit* outer_;
};

std::string scan_text(Connection& connection, const Scan& scan, bool by_function) {
  const std::string columns = columns_of(scan);
  // NOT INDEXED: a covering index would be read in its own order.
  std::string text = fmt::format("SELECT {0}{1}{2} FROM main.{3} AS t NOT INDEXED",
                                 by_function ? "ommi_visit(" : "", columns, by_function ? ")" : "",
                                 quoted(scan.table));
  if (scan.range) {
    text += fmt::format(" WHERE t.{} BETWEEN ? AND ?", rowid_name(connection, scan.table));
  }
  return text;
}

}  // namespace

void register_scan(Connection& connection) {
  if (sqlite3_create_function_v2(connection.handle(), "ommi_visit", -1,
                                 SQLITE_UTF8 | SQLITE_DIRECTONLY, &connection, nullptr, on_row,
                                 on_end, nullptr) != SQLITE_OK) {
    throw error_of(connection.handle(), "open");
  }
}

void scan_table(Connection& connection, const Scan& scan, RowVisitor& visitor) {
  Visit visit(visitor, scan.columns.size());
  const VisitScope scope(connection, visit);
  ++connection.statistics.executed;
  if (scan_pages(connection, scan, visit)) return;
  const bool by_function = scan.columns.size() <= most_arguments;
  const Borrowed statement(connection, scan_text(connection, scan, by_function), "scan");
  if (scan.range) {
    const std::array ends = {Cell::of(scan.range->first), Cell::of(scan.range->last)};
    connection.bind(statement.get(), ends, "scan");
  }
  if (by_function) {
    scan_by_function(connection, statement.get(), visit);
  } else {
    scan_by_steps(connection, statement.get(), visit);
  }
}

std::string_view rowid_name(Connection& connection, const std::string& table) {
  constexpr std::string_view taken =
      "SELECT 1 FROM pragma_table_xinfo(?1, 'main') WHERE name = ?2 COLLATE NOCASE";
  const Borrowed statement(connection, taken, "row_range");
  for (const std::string_view name : {"rowid", "_rowid_", "oid"}) {
    const std::array values = {Cell::text(table), Cell::text(name)};
    connection.bind(statement.get(), values, "row_range");
    const bool is_taken = connection.step(statement.get(), "row_range");
    sqlite3_reset(statement.get());
    if (!is_taken) return name;
  }
  return {};
}

std::optional<RowRange> row_range(Connection& connection, const std::string& table) {
  const Cell name = Cell::text(table);
  {
    constexpr std::string_view numbered =
        "SELECT 1 FROM pragma_table_list WHERE schema = 'main' AND name = ? COLLATE NOCASE "
        "AND type IN ('table', 'shadow') AND wr = 0";
    const Borrowed statement(connection, numbered, "row_range");
    connection.bind(statement.get(), {&name, 1}, "row_range");
    if (!connection.step(statement.get(), "row_range")) return std::nullopt;
  }
  const std::string_view rowid = rowid_name(connection, table);
  if (rowid.empty()) return std::nullopt;
  // Each of the two is one descent; min and max in one query would be a scan.
  const std::string text = fmt::format(
      "SELECT (SELECT min(t.{0}) FROM main.{1} AS t), (SELECT max(t.{0}) FROM main.{1} AS t)",
      rowid, quoted(table));
  const Borrowed statement(connection, text, "row_range");
  if (!connection.step(statement.get(), "row_range")) return std::nullopt;
  if (sqlite3_column_type(statement.get(), 0) == SQLITE_NULL) return std::nullopt;
  return RowRange{sqlite3_column_int64(statement.get(), 0),
                  sqlite3_column_int64(statement.get(), 1)};
}

}  // namespace ommi::sqlite
