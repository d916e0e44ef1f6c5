#pragma once

/// \file
/// What a database says about itself: tables, columns, keys, indexes, foreign keys. Plain data, as
/// the driver read it; what it means for models is the catalog's business.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ommi/key.hpp"

namespace ommi {

/// Whether two names are one to a database: the same but for ASCII case.
[[nodiscard]] bool same_name(std::string_view left, std::string_view right) noexcept;

struct Column {
  std::string name;
  std::string declared_type;  // as written, or empty
  bool not_null = false;
  bool generated = false;  // computed: reading it runs the schema's own code
  bool hidden = false;     // of a virtual table; not in `SELECT *`
  unsigned key_part = 0;   // 1, 2, … within the primary key; 0 = not in it
  Comparison comparison = {};
  std::string collation = "BINARY";
  bool has_default = false;  // a value of its own for rows that do not name it
};

struct Index {
  std::string name;
  std::vector<std::string> columns;  // empty text for an expression
  bool unique = false;
  bool partial = false;  // has a WHERE
  std::vector<std::string> collations = {};
};

struct ForeignKey {
  std::vector<std::string> columns;
  std::string table;                        // as written; may not exist
  std::vector<std::string> target_columns;  // filled in with the target's key where none is
                                            // written; empty if that has none
};

enum class TableKind : std::uint8_t { table, view, virtual_table, shadow };

struct Table {
  std::string name;
  TableKind kind = TableKind::table;
  std::vector<Column> columns = {};
  std::vector<Index> indexes = {};
  std::vector<ForeignKey> foreign_keys = {};
  bool without_rowid = false;
  bool strict = false;
  std::string sql = {};
  std::string unreadable = {};  // why its columns could not be read, or empty

  [[nodiscard]] const Column* find_column(std::string_view name) const noexcept;  // any ASCII case
};

struct Schema {
  std::vector<Table> tables;  // in the order of their names
  [[nodiscard]] const Table* find_table(
      std::string_view name) const noexcept;  // exact, else any ASCII case
};

}  // namespace ommi
