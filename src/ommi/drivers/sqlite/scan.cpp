#include "drivers/sqlite/scan.hpp"

#include <exception>
#include <vector>

#include "ommi/sqlite.hpp"

namespace ommi::sqlite {

struct Visit {
  RowVisitor& visitor;
  std::vector<Cell> cells;
  std::uint64_t rows = 0;
  bool stopped = false;
  std::exception_ptr thrown = nullptr;
};

namespace {

// SQLite takes no more arguments than this, whatever it was built with.
constexpr std::size_t most_arguments = 100;

// No exception may pass through SQLite's C frames: it is kept, the statement is ended with an
// error, and scan_table throws it again.
void on_row(sqlite3_context* context, int count, sqlite3_value** values) noexcept {
  Visit* const visit = static_cast<Connection*>(sqlite3_user_data(context))->visit;
  if (visit == nullptr || visit->cells.size() != static_cast<std::size_t>(count)) {
    sqlite3_result_error(context, "ommi_visit is for scans only", -1);
    return;
  }
  if (visit->stopped) return;
  try {
    for (int i = 0; i < count; ++i) visit->cells[static_cast<std::size_t>(i)] = cell_of(values[i]);
    ++visit->rows;
    visit->stopped = !visit->visitor.row(visit->cells);
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
  while (connection.step(statement, "scan")) {
    connection.check_deadline_sometimes("scan");
    for (std::size_t i = 0; i < visit.cells.size(); ++i)
      visit.cells[i] = column_cell(statement, static_cast<int>(i));
    ++visit.rows;
    if (!visit.visitor.row(visit.cells)) return;
  }
}

void scan_by_function(Connection& connection, sqlite3_stmt* statement, Visit& visit) {
  try {
    (void)connection.step(statement, "scan");
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

}  // namespace

void register_scan(Connection& connection) {
  if (sqlite3_create_function_v2(connection.handle(), "ommi_visit", -1,
                                 SQLITE_UTF8 | SQLITE_DIRECTONLY, &connection, nullptr, on_row,
                                 on_end, nullptr) != SQLITE_OK) {
    throw error_of(connection.handle(), "open");
  }
}

// NOT INDEXED: a covering index would be read in its own order.
void scan_table(Connection& connection, const Scan& scan, RowVisitor& visitor) {
  const bool by_function = scan.columns.size() <= most_arguments;
  const std::string columns = columns_of(scan);
  const std::string from = " FROM main." + quoted(scan.table) + " AS t NOT INDEXED";
  const std::string text =
      by_function ? "SELECT ommi_visit(" + columns + ")" + from : "SELECT " + columns + from;
  const Borrowed statement(connection, text, "scan");
  Visit visit{.visitor = visitor, .cells = std::vector<Cell>(scan.columns.size())};
  const VisitScope scope(connection, visit);
  ++connection.statistics.executed;
  if (by_function) {
    scan_by_function(connection, statement.get(), visit);
  } else {
    scan_by_steps(connection, statement.get(), visit);
  }
}

}  // namespace ommi::sqlite
