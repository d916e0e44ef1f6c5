#include "ommi/query.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "model/resolve.hpp"
#include "ommi/error.hpp"
#include "query/make.hpp"

namespace ommi {
namespace {

std::size_t depth_of(const Expression& expression) noexcept {
  return expression.empty() ? 0 : expression.node()->depth;
}

// True of no row, whatever is in it.
Expression never() { return make({.op = Operator::in}); }

Expression compared(Operator op, const FieldTerm& field, Value value) {
  return make({.op = op, .field = field.field(), .values = {std::move(value)}});
}

Expression compared(Operator op, const FieldTerm& left, const FieldTerm& right) {
  return make({.op = op, .field = left.field(), .other_field = right.field()});
}

}  // namespace

Expression make(Node node) {
  node.depth = 1 + node.path.size() + std::max(depth_of(node.left), depth_of(node.right));
  if (node.depth > most_nested) {
    throw DatabaseError(ErrorCode::query,
                        fmt::format("the condition is nested deeper than {} levels; for many "
                                    "values of one field, use in",
                                    most_nested));
  }
  return Expression(std::make_shared<const Node>(std::move(node)));
}

Expression operator&&(Expression left, Expression right) {
  if (left.empty()) return right;
  if (right.empty()) return left;
  return make({.op = Operator::both, .left = std::move(left), .right = std::move(right)});
}

Expression operator||(Expression left, Expression right) {
  if (left.empty()) return left;  // an empty condition is always true
  if (right.empty()) return right;
  return make({.op = Operator::either, .left = std::move(left), .right = std::move(right)});
}

Expression operator!(Expression inner) {
  if (inner.empty()) return never();
  return make({.op = Operator::negation, .left = std::move(inner)});
}

Expression FieldTerm::in(std::vector<Value> values) const {
  return make({.op = Operator::in, .field = field_, .values = std::move(values)});
}
Expression FieldTerm::between(Value from, Value to) const {
  return make(
      {.op = Operator::between, .field = field_, .values = {std::move(from), std::move(to)}});
}
Expression FieldTerm::like(std::string_view pattern) const {
  return compared(Operator::like, *this, pattern);
}
Expression FieldTerm::contains(std::string_view text) const {
  return compared(Operator::contains, *this, text);
}
Expression FieldTerm::starts_with(std::string_view text) const {
  return compared(Operator::starts_with, *this, text);
}
Expression FieldTerm::ends_with(std::string_view text) const {
  return compared(Operator::ends_with, *this, text);
}
Expression FieldTerm::is_null() const { return compared(Operator::equal, *this, Value()); }

FieldTerm at(const Model& model, std::string_view field) {
  if (const auto found = model.find_field(field)) return FieldTerm(*found);
  std::string message = fmt::format("{} has no field '{}'", escaped(model.name()), escaped(field));
  const std::string near = nearest(field, resolve::field_names(model));
  if (!near.empty()) message += fmt::format("; did you mean '{}'?", escaped(near));
  throw DatabaseError(ErrorCode::model, std::move(message), {.model = model.name()});
}

Expression operator==(const FieldTerm& field, Value value) {
  return compared(Operator::equal, field, std::move(value));
}
Expression operator!=(const FieldTerm& field, Value value) {
  return compared(Operator::not_equal, field, std::move(value));
}
Expression operator<(const FieldTerm& field, Value value) {
  return compared(Operator::less, field, std::move(value));
}
Expression operator<=(const FieldTerm& field, Value value) {
  return compared(Operator::less_equal, field, std::move(value));
}
Expression operator>(const FieldTerm& field, Value value) {
  return compared(Operator::greater, field, std::move(value));
}
Expression operator>=(const FieldTerm& field, Value value) {
  return compared(Operator::greater_equal, field, std::move(value));
}
Expression operator==(const FieldTerm& left, const FieldTerm& right) {
  return compared(Operator::equal, left, right);
}
Expression operator!=(const FieldTerm& left, const FieldTerm& right) {
  return compared(Operator::not_equal, left, right);
}
Expression operator<(const FieldTerm& left, const FieldTerm& right) {
  return compared(Operator::less, left, right);
}
Expression operator>(const FieldTerm& left, const FieldTerm& right) {
  return compared(Operator::greater, left, right);
}

Expression operator<=(const FieldTerm& left, const FieldTerm& right) {
  return compared(Operator::less_equal, left, right);
}
Expression operator>=(const FieldTerm& left, const FieldTerm& right) {
  return compared(Operator::greater_equal, left, right);
}

std::size_t Query::link_width() const noexcept {
  if (!through || !keys) return 0;
  return keys->fields.size() + through->fields.size() +
         (through->whole ? through->model->fields().size() : 0);
}

std::size_t Query::width() const noexcept {
  return link_width() + (model == nullptr ? 0 : model->fields().size());
}

const Model& Query::ordered_model(const Order& by) const {
  if (!by.of_link) return *model;
  if (through) return *through->model;
  throw DatabaseError(ErrorCode::query,
                      fmt::format("an order by a field of the association of {}, without one",
                                  escaped(model->name())),
                      {.model = model->name()});
}

}  // namespace ommi
