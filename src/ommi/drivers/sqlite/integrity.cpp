#include <algorithm>
#include <limits>

#include "drivers/sqlite/driver.hpp"
#include "ommi/value.hpp"

namespace ommi::sqlite {
namespace {

// A value that breaks a constraint ("non-INT value in T.c") is read as it stands: the data are at
// fault, not the file.
bool is_about_values(std::string_view line) {
  if (line.starts_with("non-") && line.find(" value in ") != std::string_view::npos) return true;
  for (const std::string_view start :
       {"NULL value in ", "NUMERIC value in ", "TEXT value in ", "CHECK constraint failed in "}) {
    if (line.starts_with(start)) return true;
  }
  return false;
}

// The check heads a list with the database's name, and can say the same of many rows.
void add_lines(std::string_view text, std::size_t limit, std::vector<std::string>& lines) {
  while (!text.empty() && lines.size() < limit) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string line = escaped(text.substr(0, end));
    const bool says_something = !line.empty() && line != "ok" &&
                                !line.starts_with("*** in database") && !is_about_values(line);
    if (says_something && std::find(lines.begin(), lines.end(), line) == lines.end())
      lines.push_back(line);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

// Runs the check over what `about` names, a count (everything) or a table. False if it could not be
// run, which is not damage: a CHECK may call a function that only the application has.
bool check(Connection& connection, const Cell& about, std::size_t limit,
           std::vector<std::string>& lines) {
  try {
    const Borrowed statement(connection, "SELECT quick_check FROM pragma_quick_check(?)",
                             "integrity");
    connection.bind(statement.get(), {&about, 1}, "integrity");
    while (lines.size() < limit && connection.step(statement.get(), "integrity"))
      add_lines(column_text(statement.get(), 0), limit, lines);
    return true;
  } catch (const DatabaseError& error) {
    if (error.is(ErrorCode::corrupt) || error.is(ErrorCode::not_a_database)) {
      add_lines(error.message(), limit, lines);
      return true;
    }
    if (error.is(ErrorCode::query)) return false;
    throw;
  }
}

std::vector<std::string> table_names(Connection& connection) {
  std::vector<std::string> names;
  const Borrowed statement(connection,
                           "SELECT name FROM sqlite_schema WHERE type = 'table' AND rootpage > 0",
                           "integrity");
  while (connection.step(statement.get(), "integrity"))
    names.push_back(column_text(statement.get(), 0));
  return names;
}

}  // namespace

std::vector<std::string> integrity(Connection& connection, std::size_t limit) {
  std::vector<std::string> lines;
  if (limit == 0) return lines;
  // Far more than are kept: many say the same, or say nothing about the file.
  const Cell count = Cell::of(std::int64_t{std::numeric_limits<std::int32_t>::max()});
  if (check(connection, count, limit, lines)) return lines;
  // One table that cannot be checked keeps the rest from being checked; so each on its own.
  for (const std::string& name : table_names(connection)) {
    if (lines.size() < limit) (void)check(connection, Cell::text(name), limit, lines);
  }
  return lines;
}

}  // namespace ommi::sqlite
