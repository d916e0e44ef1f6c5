#include "drivers/sqlite/scan.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <exception>
#include <memory>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "ommi/sqlite.hpp"

namespace ommi::sqlite {

namespace {

// SQLite takes no more arguments than this, whatever it was built with.
constexpr std::size_t most_arguments = 100;
// The cells of a batch stay in the processor's nearest cache, or not far from it.
constexpr std::size_t most_cells = 2048;
constexpr std::size_t most_bytes = 64 * 1024;

}  // namespace

/// Rows that wait to be handed over together. Their texts are copied: SQLite's own last as long as
/// the call that brought them.
struct Visit {
  Visit(RowVisitor& told, std::size_t columns)
      : visitor(told),
        width(columns),
        most_rows(std::clamp<std::size_t>(most_cells / std::max<std::size_t>(columns, 1), 1,
                                          told.most_rows())),
        cells(width * most_rows) {}

  [[nodiscard]] Cell* next() noexcept { return cells.data() + waiting * width; }
  void hand_over(std::size_t count) {
    if (count == 0) return;
    rows += count;
    stopped = !visitor.rows({cells.data(), width, count});
  }
  void hand_over_all() {
    hand_over(std::exchange(waiting, 0));
    used = 0;
  }
  /// Takes the row at `next()`, whose texts and blobs have `size` bytes.
  void take(std::size_t size) {
    if (size != 0 && most_rows > 1 && !keep(size)) return;
    if (++waiting == most_rows) hand_over_all();
  }

  RowVisitor& visitor;
  std::size_t width;
  std::size_t most_rows;
  std::vector<Cell> cells;
  std::size_t waiting = 0;
  std::unique_ptr<char[]> bytes = nullptr;
  std::size_t used = 0;
  std::uint64_t rows = 0;
  bool stopped = false;
  std::exception_ptr thrown = nullptr;

 private:
  // False where the row was too large to wait and has been handed over.
  bool keep(std::size_t size) {
    if (used + size > most_bytes) {
      const Cell* const row = next();
      const std::vector<Cell> kept(row, row + width);
      hand_over_all();
      if (stopped) return false;
      std::copy(kept.begin(), kept.end(), cells.begin());
      if (size > most_bytes) {
        hand_over(1);
        return false;
      }
    }
    if (bytes == nullptr) bytes = std::make_unique_for_overwrite<char[]>(most_bytes);
    Cell* const row = next();
    for (std::size_t i = 0; i < width; ++i) {
      if (row[i].kind < Kind::text || row[i].size == 0) continue;
      std::memcpy(bytes.get() + used, row[i].data, row[i].size);
      row[i].data = bytes.get() + used;
      used += row[i].size;
    }
    return true;
  }
};

namespace {

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

// A column may be called like the rowid, which then has its other names only.
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
  const bool by_function = scan.columns.size() <= most_arguments;
  const Borrowed statement(connection, scan_text(connection, scan, by_function), "scan");
  if (scan.range) {
    const std::array ends = {Cell::of(scan.range->first), Cell::of(scan.range->last)};
    connection.bind(statement.get(), ends, "scan");
  }
  Visit visit(visitor, scan.columns.size());
  const VisitScope scope(connection, visit);
  ++connection.statistics.executed;
  if (by_function) {
    scan_by_function(connection, statement.get(), visit);
  } else {
    scan_by_steps(connection, statement.get(), visit);
  }
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
