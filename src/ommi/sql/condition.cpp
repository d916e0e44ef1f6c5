#include "sql/condition.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "ommi/error.hpp"

namespace ommi::sql {

void write_join(Writer& writer, const Scope& left, const std::vector<std::size_t>& left_fields,
                const Scope& right, const std::vector<std::size_t>& right_fields) {
  for (std::size_t i = 0; i < left_fields.size(); ++i) {
    if (i > 0) writer.text(" AND ");
    writer.column(left.alias, left.model, left_fields[i]);
    writer.text(" = +");
    writer.column(right.alias, right.model, right_fields[i]);
  }
}

void ConditionWriter::write(const Expression& expression, const Scope& scope) {
  writer_.text("(");
  node(*expression.node(), scope);
  writer_.text(")");
}

void ConditionWriter::comparison(const Node& node, const Scope& scope, std::string_view op) {
  writer_.column(scope.alias, scope.model, node.field);
  if (node.other_field) {
    writer_.text(op);
    writer_.column(scope.alias, scope.model, *node.other_field);
  } else if (node.op == Operator::equal && node.values[0].is_null()) {
    writer_.text(" IS NULL");
  } else if (node.op == Operator::not_equal && node.values[0].is_null()) {
    writer_.text(" IS NOT NULL");
  } else {
    writer_.text(op);
    writer_.value(node.values[0].cell());
  }
}

// LIKE takes a and A for the same on some databases and has characters of its own; where the text
// begins does not.
void ConditionWriter::position(const Node& node, const Scope& scope, std::string_view test) {
  writer_.text("instr(");
  writer_.column(scope.alias, scope.model, node.field);
  writer_.text(", ");
  writer_.value(node.values[0].cell());
  writer_.text(test);
}

// As bytes, because lengths in characters end at a NUL.
void ConditionWriter::ending(const Node& node, const Scope& scope) {
  const Cell text = node.values[0].cell();
  if (text.size == 0) return position(node, scope, ") > 0");
  writer_.text("substr(CAST(");
  writer_.column(scope.alias, scope.model, node.field);
  writer_.text(" AS BLOB), -length(CAST(");
  writer_.value(text);
  writer_.text(" AS BLOB))) = CAST(");
  writer_.value(text);
  writer_.text(" AS BLOB)");
}

// One bound value for all of a long list, so that no limit on values is met and one text serves
// every length. A function's result has no affinity: the column decides, as with bound values.
void ConditionWriter::packed_list(const Node& node) {
  writer_.text("WITH RECURSIVE n(i) AS (VALUES (0) UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ");
  writer_.value(Cell::of(static_cast<std::int64_t>(node.values.size())));
  writer_.text(") SELECT ");
  writer_.text(writer_.dialect().packed_value);
  writer_.text("(");
  writer_.value_of(pack(node.values));
  writer_.text(", i) FROM n");
}

void ConditionWriter::list(const Node& node, const Scope& scope) {
  const std::size_t count = node.values.size();
  if (count == 0) return writer_.text("1 = 0");
  writer_.column(scope.alias, scope.model, node.field);
  writer_.text(" IN (");
  const Dialect& dialect = writer_.dialect();
  const std::size_t longest = dialect.batch_sizes.empty() ? 1 : dialect.batch_sizes.back();
  if (count > longest && !dialect.packed_value.empty()) {
    packed_list(node);
  } else {
    for (std::size_t i = 0, size = writer_.padded(count, 1); i < size; ++i) {
      if (i > 0) writer_.text(", ");
      writer_.value(node.values[std::min(i, count - 1)].cell());
    }
  }
  writer_.text(")");
}

// The table behind one hop, and how its rows belong to `scope`'s.
void ConditionWriter::target(const Relation& relation, const Scope& scope, const Scope& found) {
  if (relation.direction != Direction::association) {
    writer_.table(*relation.target, found.alias);
    writer_.text(" WHERE ");
    return write_join(writer_, found, relation.target_fields, scope, relation.owner_fields);
  }
  const Scope link{*relation.via, fmt::format("a{}", hops_)};
  writer_.table(*relation.via, link.alias);
  writer_.text(" JOIN ");
  writer_.table(*relation.target, found.alias);
  writer_.text(" ON ");
  write_join(writer_, found, relation.target_fields, link, relation.via_target_fields);
  writer_.text(" WHERE ");
  write_join(writer_, link, relation.via_owner_fields, scope, relation.owner_fields);
}

void ConditionWriter::related(const Node& node, std::size_t hop, const Scope& scope) {
  const Relation& relation = *node.path[hop];
  if (relation.problem || relation.owner != &scope.model) {
    throw DatabaseError(ErrorCode::model,
                        relation.problem
                            ? relation.problem->message
                            : fmt::format("the path goes on with {}, and it is at {}",
                                          escaped(relation.name()), escaped(scope.model.name())),
                        {.model = scope.model.name(), .relation = relation.info.name});
  }
  const Scope found{*relation.target, fmt::format("r{}", ++hops_)};
  writer_.text("EXISTS (SELECT 1 FROM ");
  target(relation, scope, found);
  if (hop + 1 < node.path.size()) {
    writer_.text(" AND ");
    related(node, hop + 1, found);
  } else if (!node.left.empty()) {
    writer_.text(" AND ");
    write(node.left, found);
  }
  writer_.text(")");
}

void ConditionWriter::node(const Node& node, const Scope& scope) {
  switch (node.op) {
    case Operator::equal:
      return comparison(node, scope, " = ");
    case Operator::not_equal:
      return comparison(node, scope, " <> ");
    case Operator::less:
      return comparison(node, scope, " < ");
    case Operator::less_equal:
      return comparison(node, scope, " <= ");
    case Operator::greater:
      return comparison(node, scope, " > ");
    case Operator::greater_equal:
      return comparison(node, scope, " >= ");
    case Operator::like:
      return comparison(node, scope, " LIKE ");
    case Operator::contains:
      return position(node, scope, ") > 0");
    case Operator::starts_with:
      return position(node, scope, ") = 1");
    case Operator::ends_with:
      return ending(node, scope);
    case Operator::in:
      return list(node, scope);
    case Operator::between:
      writer_.column(scope.alias, scope.model, node.field);
      writer_.text(" BETWEEN ");
      writer_.value(node.values[0].cell());
      writer_.text(" AND ");
      return writer_.value(node.values[1].cell());
    case Operator::related:
      return related(node, 0, scope);
    case Operator::both:
    case Operator::either:
      write(node.left, scope);
      writer_.text(node.op == Operator::both ? " AND " : " OR ");
      return write(node.right, scope);
    case Operator::negation:
      writer_.text("NOT ");
      return write(node.left, scope);
  }
}

}  // namespace ommi::sql
