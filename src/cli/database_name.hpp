#pragma once

/// \file
/// How a user names a database: a path, `sqlite:PATH`, or (not yet) a PostgreSQL connection.

#include <string>
#include <string_view>

namespace cli {

enum class DatabaseKind { sqlite, postgres, unknown };

struct DatabaseName {
  DatabaseKind kind;
  std::string path;   // of a SQLite file
  std::string shown;  // for messages and reports: no password
};

[[nodiscard]] DatabaseName parse_database_name(std::string_view text);

/// `text` with every password in it replaced by `***`: in a URI's user part, in its parameters, in
/// a keyword string.
[[nodiscard]] std::string masked(std::string_view text);

}  // namespace cli
