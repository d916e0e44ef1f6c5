#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "ommi/error.hpp"
#include "ommi/sql.hpp"

namespace ommi::sql {
namespace {

// One statement under construction. Tables have fixed aliases, so that no name can clash: t the
// model asked for, l the association, k the keys.
class Translator {
 public:
  Translator(const Query& query, const Dialect& dialect) : query_(query), dialect_(dialect) {}

  Statement select();
  Statement count();
  Statement update(std::span<const NewValue> values);
  Statement remove();

 private:
  void text(std::string_view part) { statement_.text += part; }
  void value(const Cell& cell);
  void column(std::string_view alias, const Model& model, std::size_t field);
  void columns();
  void from();
  void key_table();
  void where();
  void key_list();
  void expression(const Expression& expression);
  void comparison(const Node& node, std::string_view op);
  void pattern(const Node& node, std::string_view before, std::string_view after);
  void list(const Node& node);
  void order();
  [[nodiscard]] std::size_t padded(std::size_t count) const;
  [[nodiscard]] bool keys_as_table() const { return query_.keys && query_.keys->fields.size() > 1; }
  [[nodiscard]] const Model& key_model() const {
    return query_.through ? *query_.through->model : *query_.model;
  }
  [[nodiscard]] std::string_view key_alias() const { return query_.through ? "l" : "t"; }

  const Query& query_;
  const Dialect& dialect_;
  Statement statement_;
};

void Translator::value(const Cell& cell) {
  statement_.values.push_back(cell);
  if (statement_.values.size() > dialect_.max_parameters) {
    throw DatabaseError(ErrorCode::query,
                        fmt::format("the query binds more than {} values, the driver's limit",
                                    dialect_.max_parameters));
  }
  if (dialect_.numbered) {
    fmt::format_to(std::back_inserter(statement_.text), "${}", statement_.values.size());
  } else {
    text("?");
  }
}

void Translator::column(std::string_view alias, const Model& model, std::size_t field) {
  text(alias);
  text(".");
  text(quoted(model.fields()[field].column(), dialect_));
}

void Translator::columns() {
  std::string_view comma;
  const auto add = [&](std::string_view alias, const Model& model, std::size_t field) {
    text(std::exchange(comma, ", "));
    column(alias, model, field);
  };
  if (query_.through && query_.keys) {
    for (const std::size_t field : query_.keys->fields) add("l", *query_.through->model, field);
    for (const std::size_t field : query_.through->fields) add("l", *query_.through->model, field);
  }
  for (std::size_t field = 0; field < query_.model->fields().size(); ++field)
    add("t", *query_.model, field);
}

// Composite keys are joined as a table of values: (a, b) IN (VALUES …) would scan the whole table
// on SQLite, and a chain of ORs dies at its expression depth.
void Translator::key_table() {
  const KeyBatch& keys = *query_.keys;
  const std::size_t width = keys.fields.size();
  text("WITH k(");
  for (std::size_t i = 0; i < width; ++i)
    fmt::format_to(std::back_inserter(statement_.text), "{}k{}", i ? ", " : "", i);
  text(") AS (VALUES ");
  const std::size_t count = keys.count();
  for (std::size_t row = 0, rows = padded(count); row < rows; ++row) {
    text(row == 0 ? "(" : ", (");
    for (std::size_t i = 0; i < width; ++i) {
      if (i > 0) text(", ");
      value(keys.cells[std::min(row, count - 1) * width + i]);
    }
    text(")");
  }
  text(") ");
}

void Translator::from() {
  text(" FROM ");
  if (keys_as_table()) text("(SELECT DISTINCT * FROM k) AS k CROSS JOIN ");
  if (query_.through) {
    text(quoted(query_.through->model->info.table(), dialect_));
    text(" AS l LEFT JOIN ");
  }
  text(quoted(query_.model->info.table(), dialect_));
  text(" AS t");
  if (!query_.through) return;
  for (std::size_t i = 0; i < query_.through->fields.size(); ++i) {
    text(i == 0 ? " ON " : " AND ");
    column("t", *query_.model, query_.through->target_fields[i]);
    text(" = ");
    // The unary plus takes the link's affinity away: the target's column decides, as it does for a
    // bound key.
    text("+");
    column("l", *query_.through->model, query_.through->fields[i]);
  }
}

std::size_t Translator::padded(std::size_t count) const {
  const std::size_t width = query_.keys->fields.size();
  for (const std::size_t size : dialect_.batch_sizes) {
    if (size >= count && size * width <= dialect_.max_parameters) return size;
  }
  return count;
}

void Translator::key_list() {
  const KeyBatch& keys = *query_.keys;
  const std::size_t width = keys.fields.size();
  if (width > 1) {
    for (std::size_t i = 0; i < width; ++i) {
      if (i > 0) text(" AND ");
      column(key_alias(), key_model(), keys.fields[i]);
      fmt::format_to(std::back_inserter(statement_.text), " = k.k{}", i);
    }
    return;
  }
  column(key_alias(), key_model(), keys.fields[0]);
  const std::size_t count = keys.count();
  if (count == 1) {
    text(" = ");
    value(keys.cells[0]);
    return;
  }
  text(" IN (");
  for (std::size_t i = 0, size = padded(count); i < size; ++i) {
    if (i > 0) text(", ");
    value(keys.cells[std::min(i, count - 1)]);
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
    expression(query_.where);
  }
}

void Translator::comparison(const Node& node, std::string_view op) {
  column("t", *query_.model, node.field);
  if (!node.other_field && node.values[0].is_null()) {
    text(node.op == Operator::equal       ? " IS NULL"
         : node.op == Operator::not_equal ? " IS NOT NULL"
                                          : op);
    if (node.op != Operator::equal && node.op != Operator::not_equal) text("NULL");
    return;
  }
  text(op);
  if (node.other_field) {
    column("t", *query_.model, *node.other_field);
  } else {
    value(node.values[0].cell());
  }
}

void Translator::pattern(const Node& node, std::string_view before, std::string_view after) {
  column("t", *query_.model, node.field);
  text(" LIKE ");
  text(before);
  // The value means only itself, so LIKE's own characters in it are escaped by the database.
  text("replace(replace(replace(");
  value(node.values[0].cell());
  text(R"(, '\', '\\'), '%', '\%'), '_', '\_'))");
  text(after);
  text(R"( ESCAPE '\')");
}

void Translator::list(const Node& node) {
  column("t", *query_.model, node.field);
  text(" IN (");
  for (std::size_t i = 0; i < node.values.size(); ++i) {
    if (i > 0) text(", ");
    value(node.values[i].cell());
  }
  text(")");
}

void Translator::expression(const Expression& expression) {
  const Node& node = *expression.node();
  text("(");
  switch (node.op) {
    case Operator::equal:
      comparison(node, " = ");
      break;
    case Operator::not_equal:
      comparison(node, " <> ");
      break;
    case Operator::less:
      comparison(node, " < ");
      break;
    case Operator::less_equal:
      comparison(node, " <= ");
      break;
    case Operator::greater:
      comparison(node, " > ");
      break;
    case Operator::greater_equal:
      comparison(node, " >= ");
      break;
    case Operator::like:
      comparison(node, " LIKE ");
      break;
    case Operator::contains:
      pattern(node, "'%' || ", " || '%'");
      break;
    case Operator::starts_with:
      pattern(node, "", " || '%'");
      break;
    case Operator::ends_with:
      pattern(node, "'%' || ", "");
      break;
    case Operator::in:
      list(node);
      break;
    case Operator::between:
      column("t", *query_.model, node.field);
      text(" BETWEEN ");
      value(node.values[0].cell());
      text(" AND ");
      value(node.values[1].cell());
      break;
    case Operator::related:
      throw DatabaseError(ErrorCode::unsupported, "a condition on a path is not translated to SQL");
    case Operator::both:
    case Operator::either:
      this->expression(node.left);
      text(node.op == Operator::both ? " AND " : " OR ");
      this->expression(node.right);
      break;
    case Operator::negation:
      text("NOT ");
      this->expression(node.left);
      break;
  }
  text(")");
}

void Translator::order() {
  for (std::size_t i = 0; i < query_.order.size(); ++i) {
    text(i == 0 ? " ORDER BY " : ", ");
    column("t", *query_.model, query_.order[i].field);
    if (query_.order[i].descending) text(" DESC");
  }
}

Statement Translator::select() {
  if (keys_as_table()) key_table();
  text("SELECT ");
  columns();
  from();
  where();
  order();
  if (query_.limit || query_.offset > 0) {
    fmt::format_to(std::back_inserter(statement_.text), " LIMIT {} OFFSET {}",
                   query_.limit ? static_cast<std::int64_t>(*query_.limit) : -1, query_.offset);
  }
  return std::move(statement_);
}

Statement Translator::count() {
  if (keys_as_table()) key_table();
  text("SELECT count(*)");
  from();
  where();
  return std::move(statement_);
}

Statement Translator::update(std::span<const NewValue> values) {
  text("UPDATE ");
  text(quoted(query_.model->info.table(), dialect_));
  text(" AS t SET ");
  std::string_view comma;
  for (const auto& [field, cell] : values) {
    text(std::exchange(comma, ", "));
    text(quoted(query_.model->fields()[field].column(), dialect_));
    text(" = ");
    value(cell);
  }
  where();
  return std::move(statement_);
}

Statement Translator::remove() {
  text("DELETE FROM ");
  text(quoted(query_.model->info.table(), dialect_));
  text(" AS t");
  where();
  return std::move(statement_);
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
