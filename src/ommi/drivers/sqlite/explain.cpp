#include <algorithm>
#include <map>

#include "drivers/sqlite/driver.hpp"

namespace ommi::sqlite {
namespace {

bool is_table(Connection& connection, std::string_view name) {
  const Borrowed statement(
      connection, "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?", "explain");
  const Cell value = Cell::text(name);
  connection.bind(statement.get(), {&value, 1}, "explain");
  return connection.step(statement.get(), "explain");
}

// What a step is about: the text after its verb, up to SQLite's own words behind it. A table's name
// may hold those words too, so the longest name that there is wins.
std::vector<std::string_view> subjects_of(std::string_view step, std::string_view verb) {
  std::vector<std::string_view> subjects;
  if (!step.starts_with(verb)) return subjects;
  step.remove_prefix(verb.size());
  subjects.push_back(step);
  for (std::size_t at = step.rfind(' '); at != std::string_view::npos && at > 0;
       at = step.rfind(' ', at - 1)) {
    subjects.push_back(step.substr(0, at));
  }
  return subjects;
}

// The table behind a name in a step, or empty: the names that the translator gives to tables first,
// then the schema's own (of the tables behind a view).
std::string table_of(Connection& connection, const Query& query, const sql::Statement& asked,
                     const std::vector<std::string_view>& subjects) {
  for (const std::string_view subject : subjects) {
    for (const auto& [alias, model] : asked.aliases) {
      if (subject == alias) return model->info.table();
    }
    if (subject == "k" && query.keys) return {};
    if (is_table(connection, subject)) return std::string(subject);
  }
  return {};
}

}  // namespace

QueryPlan explain(Connection& connection, const Query& query, const sql::Statement& statement) {
  QueryPlan plan;
  plan.statement = statement.text;
  const Borrowed asked(connection, "EXPLAIN QUERY PLAN " + plan.statement, "explain");
  connection.bind(asked.get(), statement.values, "explain", query.model->name());
  ++connection.statistics.executed;
  std::map<int, std::size_t> depths;
  while (connection.step(asked.get(), "explain", query.model->name())) {
    const auto parent = depths.find(sqlite3_column_int(asked.get(), 1));
    const std::size_t depth = parent == depths.end() ? 0 : parent->second + 1;
    depths[sqlite3_column_int(asked.get(), 0)] = depth;
    const std::string step = column_text(asked.get(), 3);
    plan.steps.push_back(std::string(2 * depth, ' ') + step);
    const bool automatic =
        step.starts_with("SEARCH ") && (step.find(" USING AUTOMATIC ") != std::string::npos);
    plan.automatic_index = plan.automatic_index || automatic;
    // The automatic index is built from the whole table.
    const std::string table =
        table_of(connection, query, statement, subjects_of(step, automatic ? "SEARCH " : "SCAN "));
    if (!table.empty() && std::ranges::find(plan.scanned, table) == plan.scanned.end()) {
      plan.scanned.push_back(table);
    }
  }
  return plan;
}

}  // namespace ommi::sqlite
