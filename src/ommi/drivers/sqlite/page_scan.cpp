#include "drivers/sqlite/page_scan.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "drivers/sqlite/record.hpp"
#include "drivers/sqlite/rowid.hpp"
#include "drivers/sqlite/table_pages.hpp"
#include "ommi/key.hpp"
#include "ommi/schema.hpp"
#include "ommi/sqlite.hpp"

namespace ommi::sqlite {

namespace {

/// Runs a query about the table and gives its rows to `each` while that returns true.
template <class Each>
void ask(Connection& connection, std::string_view query, const std::string& table, Each each) {
  const Borrowed statement(connection, query, "scan");
  const Cell name = Cell::text(table);
  connection.bind(statement.get(), {&name, 1}, "scan");
  while (connection.step(statement.get(), "scan") && each(statement.get())) {
  }
}

sqlite3_file* file_of(Connection& connection) {
  sqlite3* const handle = connection.handle();
  const char* const name = sqlite3_db_filename(handle, "main");
  if (name == nullptr || *name == '\0' || sqlite3_db_readonly(handle, "main") != 1) return nullptr;
  sqlite3_file* file = nullptr;
  const int result = sqlite3_file_control(handle, "main", SQLITE_FCNTL_FILE_POINTER, &file);
  if (result != SQLITE_OK || file == nullptr || file->pMethods == nullptr) return nullptr;
  return file;
}

// What is in a WAL is not in the file; a file that is opened as immutable has none.
bool is_immutable(Connection& connection) {
  const char* const name = sqlite3_db_filename(connection.handle(), "main");
  return sqlite3_uri_boolean(name, "immutable", 0) != 0;
}

std::optional<PageFile> pages_of(Connection& connection) {
  sqlite3_file* const file = file_of(connection);
  if (file == nullptr) return std::nullopt;
  try {
    PageFile pages(*file);
    if (pages.is_utf8() && (!pages.may_have_wal() || is_immutable(connection))) return pages;
  } catch (const DatabaseError&) {
    // SQLite reads it in a way of its own, or says what is wrong with it.
  }
  return std::nullopt;
}

// An INTEGER PRIMARY KEY that has no index is another name of the rowid.
bool key_has_index(Connection& connection, const std::string& table) {
  bool found = false;
  ask(connection, "SELECT 1 FROM pragma_index_list(?, 'main') WHERE origin = 'pk'", table,
      [&](sqlite3_stmt*) {
        found = true;
        return false;
      });
  return found;
}

struct DeclaredColumn {
  std::string name, type;
  bool in_key = false;
};

/// None where a column is not stored as it is declared.
std::optional<std::vector<DeclaredColumn>> columns_of(Connection& connection,
                                                      const std::string& table) {
  std::vector<DeclaredColumn> columns;
  bool plain = true;
  ask(connection, "SELECT name, type, pk, hidden FROM pragma_table_xinfo(?, 'main') ORDER BY cid",
      table, [&](sqlite3_stmt* row) {
        columns.push_back(
            {column_text(row, 0), column_text(row, 1), sqlite3_column_int(row, 2) > 0});
        return plain = sqlite3_column_int(row, 3) == 0;
      });
  if (!plain) return std::nullopt;
  return columns;
}

/// Where the wanted columns are stored; none where one is not, or is wanted twice.
std::optional<std::vector<StoredColumn>> places_of(Connection& connection, const Scan& scan) {
  const auto declared = columns_of(connection, scan.table);
  if (!declared || scan.columns.empty()) return std::nullopt;
  const auto keys = std::ranges::count_if(*declared, &DeclaredColumn::in_key);
  const bool key_may_be_rowid = keys == 1 && !key_has_index(connection, scan.table);
  std::vector<StoredColumn> places;
  for (const std::string& wanted : scan.columns) {
    const auto found = std::ranges::find_if(
        *declared, [&](const DeclaredColumn& column) { return same_name(column.name, wanted); });
    if (found == declared->end()) return std::nullopt;
    StoredColumn place;
    place.position = static_cast<std::size_t>(found - declared->begin());
    place.is_rowid = key_may_be_rowid && found->in_key && same_name(found->type, "INTEGER");
    place.is_real = affinity_of(found->type) == Affinity::real;
    if (std::ranges::find(places, place.position, &StoredColumn::position) != places.end()) {
      return std::nullopt;
    }
    places.push_back(place);
  }
  return places;
}

class PageScan {
 public:
  PageScan(Connection& connection, const Scan& scan, const PageFile& file, std::uint32_t root,
           const std::vector<StoredColumn>& places, Visit& visit)
      : connection_(connection),
        scan_(scan),
        pages_(file, root, scan.range),
        reader_(places),
        visit_(visit) {}

  void run() {
    connection_.check_deadline("scan");
    pages_.walk([this](const LeafCell& cell) { return take(cell); },
                [this] {
                  if (borrowed_) hand_over();
                  connection_.check_deadline("scan");
                  return !visit_.stopped;
                });
    if (!visit_.stopped) visit_.hand_over_all();
  }

 private:
  bool take(const LeafCell& cell) {
    Cell* const row = visit_.next();
    const std::size_t wanted = reader_.read(cell, cell.record, cell.local, row, absent_);
    if (wanted != 0) return take_spilled(cell, wanted);
    if (!absent_.empty()) fill_absent(cell, row);
    if (!borrowed_) borrowed_ = has_text(row);
    visit_.take_lasting();
    return !visit_.stopped;
  }

  // The row goes on in other pages: it is put together, and handed over before the next one.
  bool take_spilled(const LeafCell& cell, std::size_t wanted) {
    Cell* const row = visit_.next();
    std::size_t have = cell.local;
    while (wanted != 0) {
      absent_.clear();
      if (wanted > cell.size || (wanted > cell.local && cell.overflow == 0)) {
        fail_record(cell.rowid, "it ends too early");
      }
      // More than is wanted, so that a row of many columns is not put together for each of them.
      have =
          std::max(wanted, static_cast<std::size_t>(std::min<std::uint64_t>(have * 2, cell.size)));
      pages_.assemble(cell, have, spilled_);
      wanted = reader_.read(cell, spilled_.data(), have, row, absent_);
    }
    if (!absent_.empty()) fill_absent(cell, row);
    visit_.take_lasting();
    hand_over();
    return !visit_.stopped;
  }

  [[nodiscard]] bool has_text(const Cell* row) const noexcept {
    for (std::size_t i = 0; i < visit_.width; ++i) {
      if (row[i].kind >= Kind::text) return true;
    }
    return false;
  }

  void hand_over() {
    if (!visit_.stopped) visit_.hand_over_all();
    borrowed_ = false;
  }

  // Rows that are older than a column have its default, which is the same for all of them. SQLite
  // knows it.
  void fill_absent(const LeafCell& cell, Cell* row) {
    for (const std::size_t place : absent_) {
      auto found = defaults_.find(place);
      if (found == defaults_.end()) {
        found = defaults_.emplace(place, default_of(scan_.columns[place], cell.rowid)).first;
      }
      row[place] = found->second.cell();
    }
    absent_.clear();
  }

  [[nodiscard]] Value default_of(const std::string& column, std::int64_t rowid) {
    const std::string_view key = rowid_name(connection_, scan_.table);
    if (key.empty()) {
      throw failure(ErrorCode::unsupported, "the rowid has no name in the table", "scan");
    }
    const Borrowed statement(connection_,
                             "SELECT t." + quoted(column) + " FROM main." + quoted(scan_.table) +
                                 " AS t WHERE t." + std::string(key) + " = ?",
                             "scan");
    const Cell value = Cell::of(rowid);
    connection_.bind(statement.get(), {&value, 1}, "scan");
    if (!connection_.step(statement.get(), "scan")) {
      fail_record(rowid, "it cannot be found by its rowid");
    }
    return Value(column_cell(statement.get(), 0));
  }

  Connection& connection_;
  const Scan& scan_;
  TablePages pages_;
  RecordReader reader_;
  Visit& visit_;
  bool borrowed_ = false;  // a row that waits points into the pages
  std::vector<std::size_t> absent_;
  std::vector<unsigned char> spilled_;
  std::map<std::size_t, Value> defaults_;
};

}  // namespace

bool scan_pages(Connection& connection, const Scan& scan, Visit& visit) {
  if (connection.access() != Access::read_only || file_of(connection) == nullptr) return false;
  // While this statement is not reset the connection keeps its lock, and the file does not change.
  const Borrowed held(connection,
                      "SELECT s.rootpage FROM main.sqlite_schema AS s, pragma_table_list AS l "
                      "WHERE s.type = 'table' AND s.name = ?1 COLLATE NOCASE AND s.rootpage > 1 "
                      "AND l.schema = 'main' AND l.name = s.name AND l.wr = 0",
                      "scan");
  const Cell name = Cell::text(scan.table);
  connection.bind(held.get(), {&name, 1}, "scan");
  if (!connection.step(held.get(), "scan")) return false;
  const std::int64_t root = sqlite3_column_int64(held.get(), 0);
  const auto file = pages_of(connection);
  if (!file || root > UINT32_MAX) return false;
  const auto places = places_of(connection, scan);
  if (!places) return false;
  PageScan(connection, scan, *file, static_cast<std::uint32_t>(root), *places, visit).run();
  return true;
}

}  // namespace ommi::sqlite
