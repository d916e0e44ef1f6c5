#include <algorithm>
#include <limits>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "sql/condition.hpp"

namespace ommi::sql {
namespace {

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& letter : result) {
    if (letter >= 'A' && letter <= 'Z') letter = static_cast<char>(letter - 'A' + 'a');
  }
  return result;
}

void collect_tables(const Expression& expression, std::set<std::string>& tables) {
  if (expression.empty()) return;
  for (const Relation* hop : expression.node()->path) {
    if (hop->target != nullptr) tables.insert(lower(hop->target->info.table()));
    if (hop->via != nullptr) tables.insert(lower(hop->via->info.table()));
  }
  collect_tables(expression.node()->left, tables);
  collect_tables(expression.node()->right, tables);
}

// A name for the table of keys that hides no table of the query.
std::string key_table_name(const Query& query) {
  std::set<std::string> tables = {lower(query.model->info.table())};
  if (query.through) tables.insert(lower(query.through->model->info.table()));
  collect_tables(query.where, tables);
  std::string name = "k";
  while (tables.contains(name)) name += "k";
  return name;
}

// One statement under construction. Tables have fixed aliases, so that no name can clash: t the
// model asked for, l the association, k the keys.
class Translator {
 public:
  Translator(const Query& query, const Dialect& dialect)
      : query_(query), writer_(dialect), asked_{*query.model, "t"} {
    if (keys_as_table()) key_table_ = key_table_name(query);
  }

  Statement select();
  Statement count();
  Statement update(std::span<const NewValue> values);
  Statement remove();

 private:
  void text(std::string_view part) { writer_.text(part); }
  void columns();
  void column(const Scope& scope, std::size_t field);
  void from();
  void limited_per_key();
  void numbered();
  void key_table();
  void where();
  void where_gathered();
  void key_list();
  void order();
  void limit();
  [[nodiscard]] bool keys_as_table() const {
    return query_.keys && query_.keys->fields.size() > 1 && query_.keys->count() > 0;
  }
  [[nodiscard]] Scope key_scope() const {
    return query_.through ? Scope{*query_.through->model, "l"} : asked_;
  }

  const Query& query_;
  Writer writer_;
  Scope asked_;
  std::string key_table_;
  std::size_t columns_ = 0;  // written so far
};

// A column of the answer; where a query around this one asks for it, under a name of its own.
void Translator::column(const Scope& scope, std::size_t field) {
  if (columns_ > 0) text(", ");
  writer_.column(scope.alias, scope.model, field);
  if (query_.limit_per_key) text(fmt::format(" AS c{}", columns_));
  ++columns_;
}

void Translator::columns() {
  const auto all = [&](const Scope& scope) {
    for (std::size_t field = 0; field < scope.model.fields().size(); ++field) column(scope, field);
  };
  if (query_.through && query_.keys) {
    for (const std::size_t field : query_.keys->fields) column(key_scope(), field);
    for (const std::size_t field : query_.through->fields) column(key_scope(), field);
    if (query_.through->whole) all(key_scope());
  }
  all(asked_);
}

// Composite keys are joined as a table of values: (a, b) IN (VALUES …) would scan the whole table
// on SQLite, and a chain of ORs dies at its expression depth.
void Translator::key_table() {
  const KeyBatch& keys = *query_.keys;
  const std::size_t width = keys.fields.size();
  text("WITH " + key_table_ + "(");
  for (std::size_t i = 0; i < width; ++i) text(fmt::format("{}k{}", i ? ", " : "", i));
  text(") AS (VALUES ");
  const std::size_t count = keys.count();
  for (std::size_t row = 0, rows = writer_.padded(count, width); row < rows; ++row) {
    text(row == 0 ? "(" : ", (");
    for (std::size_t i = 0; i < width; ++i) {
      if (i > 0) text(", ");
      writer_.value(keys.cells[std::min(row, count - 1) * width + i]);
    }
    text(")");
  }
  text(") ");
}

void Translator::from() {
  text(" FROM ");
  if (keys_as_table()) text("(SELECT DISTINCT * FROM " + key_table_ + ") AS k CROSS JOIN ");
  if (query_.through) {
    writer_.table(*query_.through->model, "l");
    text(" LEFT JOIN ");
  }
  writer_.table(*query_.model, "t");
  if (!query_.through) return;
  text(" ON ");
  write_join(writer_, asked_, query_.through->target_fields, Scope{*query_.through->model, "l"},
             query_.through->fields);
}

void Translator::key_list() {
  const KeyBatch& keys = *query_.keys;
  const Scope scope = key_scope();
  const std::size_t width = keys.fields.size();
  const std::size_t count = keys.count();
  if (count == 0) return text("1 = 0");
  if (width > 1) {
    for (std::size_t i = 0; i < width; ++i) {
      if (i > 0) text(" AND ");
      writer_.column(scope.alias, scope.model, keys.fields[i]);
      text(fmt::format(" = k.k{}", i));
    }
    return;
  }
  writer_.column(scope.alias, scope.model, keys.fields[0]);
  if (count == 1) {
    text(" = ");
    return writer_.value(keys.cells[0]);
  }
  text(" IN (");
  for (std::size_t i = 0, size = writer_.padded(count, 1); i < size; ++i) {
    if (i > 0) text(", ");
    writer_.value(keys.cells[std::min(i, count - 1)]);
  }
  text(")");
}

void Translator::where() {
  std::string_view word = " WHERE ";
  if (query_.keys) {
    text(std::exchange(word, " AND "));
    key_list();
  }
  if (!query_.where.empty()) {
    text(word);
    ConditionWriter(writer_).write(query_.where, asked_);
  }
}

void Translator::order() {
  for (std::size_t i = 0; i < query_.order.size(); ++i) {
    const Order& order = query_.order[i];
    text(i == 0 ? " ORDER BY " : ", ");
    writer_.column(order.of_link ? "l" : "t", query_.ordered_model(order), order.field);
    if (order.descending) text(" DESC");
    if (order.nulls == Nulls::first) text(" NULLS FIRST");
    if (order.nulls == Nulls::last) text(" NULLS LAST");
  }
}

void Translator::limit() {
  if (!query_.limit && query_.offset == 0) return;
  constexpr std::uint64_t most = std::numeric_limits<std::int64_t>::max();
  text(fmt::format(" LIMIT {} OFFSET {}",
                   query_.limit ? static_cast<std::int64_t>(std::min(*query_.limit, most)) : -1,
                   std::min(query_.offset, most)));
}

// The rows of each key numbered in the query's order, links without a target apart.
void Translator::numbered() {
  text(", row_number() OVER (");
  std::string_view word = "PARTITION BY ";
  for (const std::size_t field : query_.keys->fields) {
    text(std::exchange(word, ", "));
    writer_.column(key_scope().alias, key_scope().model, field);
  }
  if (query_.through) {
    text(", ");
    writer_.column(asked_.alias, asked_.model, query_.through->target_fields.front());
    text(" IS NULL");
  }
  order();
  text(") AS n");
}

void Translator::limited_per_key() {
  for (std::size_t i = 0; i < query_.width(); ++i) text(fmt::format("{}c{}", i ? ", " : "", i));
  text(" FROM (SELECT ");
  columns();
  numbered();
  from();
  where();
  text(fmt::format(") AS q WHERE n <= {}", *query_.limit_per_key));
  if (query_.through) {
    text(fmt::format(" OR c{} IS NULL",
                     query_.link_width() + query_.through->target_fields.front()));
  }
  text(" ORDER BY n");
}

Statement Translator::select() {
  if (keys_as_table()) key_table();
  text("SELECT ");
  if (query_.limit_per_key && query_.keys) {
    limited_per_key();
  } else {
    columns();
    from();
    where();
    order();
  }
  limit();
  return writer_.take();
}

Statement Translator::count() {
  if (keys_as_table()) key_table();
  text("SELECT count(*)");
  from();
  where();
  return writer_.take();
}

// A row that is changed must not decide about the next one, which it could where the condition
// looks at other rows: SQLite may test and write row by row. So the matches are gathered first.
void Translator::where_gathered() {
  std::set<std::string> others;
  collect_tables(query_.where, others);
  if (others.empty() || query_.model->key.empty()) return where();
  std::string_view comma = " WHERE (";
  for (const std::size_t field : query_.model->key) {
    text(std::exchange(comma, ", "));
    writer_.column("t", *query_.model, field);
  }
  comma = ") IN (SELECT ";
  for (const std::size_t field : query_.model->key) {
    text(std::exchange(comma, ", "));
    writer_.column("m", *query_.model, field);
  }
  text(" FROM ");
  writer_.table(*query_.model, "m");
  text(" WHERE ");
  ConditionWriter(writer_).write(query_.where, Scope{*query_.model, "m"});
  text(")");
}

Statement Translator::update(std::span<const NewValue> values) {
  text("UPDATE ");
  writer_.table(*query_.model, "t");
  text(" SET ");
  std::string_view comma;
  for (const auto& [field, cell] : values) {
    text(std::exchange(comma, ", "));
    text(quoted(query_.model->fields()[field].column(), writer_.dialect()));
    text(" = ");
    writer_.value(cell);
  }
  where_gathered();
  return writer_.take();
}

Statement Translator::remove() {
  text("DELETE FROM ");
  writer_.table(*query_.model, "t");
  where_gathered();
  return writer_.take();
}

}  // namespace

std::string quoted(std::string_view name, const Dialect& dialect) {
  std::string out(1, dialect.quote);
  for (const char c : name) {
    if (c == dialect.quote) out += c;
    out += c;
  }
  return out + dialect.quote;
}

Statement select(const Query& query, const Dialect& dialect) {
  return Translator(query, dialect).select();
}

Statement count(const Query& query, const Dialect& dialect) {
  return Translator(query, dialect).count();
}

Statement update(const Query& query, std::span<const NewValue> values, const Dialect& dialect) {
  Query conditions = query;
  conditions.keys.reset();
  return Translator(conditions, dialect).update(values);
}

Statement remove(const Query& query, const Dialect& dialect) {
  Query conditions = query;
  conditions.keys.reset();
  return Translator(conditions, dialect).remove();
}

}  // namespace ommi::sql
