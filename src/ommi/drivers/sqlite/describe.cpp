#include <algorithm>

#include "drivers/sqlite/driver.hpp"
#include "ommi/sqlite.hpp"

namespace ommi::sqlite {
namespace {

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& letter : result) {
    if (letter >= 'A' && letter <= 'Z') letter = static_cast<char>(letter - 'A' + 'a');
  }
  return result;
}

// A pragma about one name, which is bound, so that no name can be read as anything else.
template <class Row>
void each(Connection& connection, std::string_view pragma, const std::string& name, Row row) {
  const Borrowed statement(connection, pragma, "describe");
  const Cell value = Cell::text(name);
  connection.bind(statement.get(), {&value, 1}, "describe");
  while (connection.step(statement.get(), "describe")) row(statement.get());
}

TableKind kind_of(std::string_view type) noexcept {
  if (type == "view") return TableKind::view;
  if (type == "virtual") return TableKind::virtual_table;
  return type == "shadow" ? TableKind::shadow : TableKind::table;
}

std::vector<Table> list_tables(Connection& connection) {
  constexpr std::string_view list =
      "SELECT l.name, l.type, l.wr, l.strict, s.sql FROM pragma_table_list AS l "
      "JOIN sqlite_schema AS s ON s.name = l.name AND s.type IN ('table', 'view') "
      "WHERE l.schema = 'main'";
  std::vector<Table> tables;
  const Borrowed statement(connection, list, "describe");
  while (connection.step(statement.get(), "describe")) {
    Table table;
    table.name = column_text(statement.get(), 0);
    if (lower(table.name).starts_with("sqlite_")) continue;
    table.kind = kind_of(column_text(statement.get(), 1));
    table.without_rowid = sqlite3_column_int(statement.get(), 2) != 0;
    table.strict = sqlite3_column_int(statement.get(), 3) != 0;
    table.sql = column_text(statement.get(), 4);
    tables.push_back(std::move(table));
  }
  std::ranges::sort(tables, {}, &Table::name);
  const auto twice = std::ranges::unique(tables, {}, &Table::name);
  tables.erase(twice.begin(), twice.end());
  return tables;
}

Comparison comparison_of(const Table& table, const Column& column) {
  // ANY converts nothing in a STRICT table; elsewhere it is a name like any other.
  const bool any = table.strict && lower(column.declared_type) == "any";
  return {.affinity = any ? Affinity::none : affinity_of(column.declared_type),
          .collation = collation_of(column.collation)};
}

std::string collation_name(Connection& connection, const Table& table, const Column& column) {
  const char* collation = nullptr;
  const int result = sqlite3_table_column_metadata(connection.handle(), "main", table.name.c_str(),
                                                   column.name.c_str(), nullptr, &collation,
                                                   nullptr, nullptr, nullptr);
  return result == SQLITE_OK && collation != nullptr ? collation : "BINARY";
}

void read_columns(Connection& connection, Table& table) {
  constexpr std::string_view columns =
      R"(SELECT name, type, "notnull", pk, hidden, dflt_value FROM pragma_table_xinfo(?, 'main') ORDER BY cid)";
  each(connection, columns, table.name, [&](sqlite3_stmt* row) {
    const int hidden = sqlite3_column_int(row, 4);
    Column column;
    column.name = column_text(row, 0);
    column.declared_type = column_text(row, 1);
    column.not_null = sqlite3_column_int(row, 2) != 0;
    column.key_part = static_cast<unsigned>(std::max(0, sqlite3_column_int(row, 3)));
    column.hidden = hidden == 1;
    column.generated = hidden == 2 || hidden == 3;
    column.has_default = sqlite3_column_type(row, 5) != SQLITE_NULL;
    table.columns.push_back(std::move(column));
  });
  for (Column& column : table.columns) {
    if (table.kind != TableKind::view) column.collation = collation_name(connection, table, column);
    column.comparison = comparison_of(table, column);
  }
}

void read_index_columns(Connection& connection, Index& index) {
  constexpr std::string_view columns =
      "SELECT cid, name, coll FROM pragma_index_xinfo(?, 'main') WHERE key = 1 ORDER BY seqno";
  each(connection, columns, index.name, [&](sqlite3_stmt* row) {
    index.columns.push_back(sqlite3_column_int(row, 0) < 0 ? std::string() : column_text(row, 1));
    index.collations.push_back(column_text(row, 2));
  });
}

// Whether there is an index for the primary key; a key without one is the rowid itself.
bool read_indexes(Connection& connection, Table& table) {
  constexpr std::string_view indexes =
      R"(SELECT name, "unique", origin, partial FROM pragma_index_list(?, 'main') ORDER BY seq)";
  bool key_has_index = false;
  each(connection, indexes, table.name, [&](sqlite3_stmt* row) {
    Index index;
    index.name = column_text(row, 0);
    index.unique = sqlite3_column_int(row, 1) != 0;
    index.partial = sqlite3_column_int(row, 3) != 0;
    key_has_index = key_has_index || column_text(row, 2) == "pk";
    table.indexes.push_back(std::move(index));
  });
  for (Index& index : table.indexes) read_index_columns(connection, index);
  return key_has_index;
}

// SQLite numbers them from the last declared to the first.
void read_foreign_keys(Connection& connection, Table& table) {
  constexpr std::string_view keys =
      R"(SELECT id, "table", "from", "to" FROM pragma_foreign_key_list(?, 'main') ORDER BY id DESC, seq)";
  int current = -1;
  each(connection, keys, table.name, [&](sqlite3_stmt* row) {
    const int id = sqlite3_column_int(row, 0);
    if (id != current) table.foreign_keys.push_back({{}, column_text(row, 1), {}});
    current = id;
    ForeignKey& key = table.foreign_keys.back();
    key.columns.push_back(column_text(row, 2));
    if (sqlite3_column_type(row, 3) != SQLITE_NULL)
      key.target_columns.push_back(column_text(row, 3));
  });
}

void read_table(Connection& connection, Table& table) {
  read_columns(connection, table);
  if (table.kind == TableKind::view || table.kind == TableKind::virtual_table) return;
  const bool key_has_index = read_indexes(connection, table);
  read_foreign_keys(connection, table);
  const auto parts = std::ranges::count_if(
      table.columns, [](const Column& column) { return column.key_part > 0; });
  if (parts != 1 || key_has_index || table.without_rowid) return;
  std::ranges::find_if(table.columns, [](const Column& column) {
    return column.key_part > 0;
  })->not_null = true;
}

std::vector<std::string> key_of(const Table& table) {
  std::vector<const Column*> parts;
  for (const Column& column : table.columns) {
    if (column.key_part > 0) parts.push_back(&column);
  }
  std::ranges::sort(parts, {}, &Column::key_part);
  std::vector<std::string> names;
  for (const Column* part : parts) names.push_back(part->name);
  return names;
}

void fill_in_targets(Schema& schema) {
  for (Table& table : schema.tables) {
    for (ForeignKey& key : table.foreign_keys) {
      const Table* const target = schema.find_table(key.table);
      if (key.target_columns.empty() && target != nullptr) key.target_columns = key_of(*target);
    }
  }
}

// SQLite gives some tables it cannot open no columns and no error; reading one tells.
std::string why_no_columns(Connection& connection, const Table& table) {
  const Borrowed statement(connection, "SELECT * FROM main." + quoted(table.name), "describe");
  return "it has no columns";
}

}  // namespace

Schema describe(Connection& connection) {
  Schema schema{list_tables(connection)};
  for (Table& table : schema.tables) {
    try {
      read_table(connection, table);
      if (table.columns.empty()) table.unreadable = why_no_columns(connection, table);
    } catch (const DatabaseError& error) {
      if (error.code() == ErrorCode::timeout) throw;
      table.unreadable = error.message();
    }
  }
  fill_in_targets(schema);
  return schema;
}

}  // namespace ommi::sqlite
