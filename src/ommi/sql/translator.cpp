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
  void from();
  void key_table();
  void where();
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
};

void Translator::columns() {
  std::string_view comma;
  const auto add = [&](const Scope& scope, std::size_t field) {
    text(std::exchange(comma, ", "));
    writer_.column(scope.alias, scope.model, field);
  };
  if (query_.through && query_.keys) {
    for (const std::size_t field : query_.keys->fields) add(key_scope(), field);
    for (const std::size_t field : query_.through->fields) add(key_scope(), field);
  }
  for (std::size_t field = 0; field < query_.model->fields().size(); ++field) add(asked_, field);
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
    writer_.column("t", *query_.model, order.field);
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

Statement Translator::select() {
  if (keys_as_table()) key_table();
  text("SELECT ");
  columns();
  from();
  where();
  order();
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
  where();
  return writer_.take();
}

Statement Translator::remove() {
  text("DELETE FROM ");
  writer_.table(*query_.model, "t");
  where();
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
