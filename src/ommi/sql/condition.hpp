#pragma once

/// \file
/// Expression trees as SQL conditions.

#include <string>

#include "sql/writer.hpp"

namespace ommi::sql {

/// A table that a condition is about: its model, and the name that it has in the statement.
struct Scope {
  const Model& model;
  std::string alias;
};

/// Writes conditions. The tables of relationship paths are named r1, r2, … and a1, a2, … (the
/// associations), counted through the statement, so that a name means one table.
class ConditionWriter {
 public:
  explicit ConditionWriter(Writer& writer) : writer_(writer) {}
  void write(const Expression& expression, const Scope& scope);

 private:
  void node(const Node& node, const Scope& scope);
  void comparison(const Node& node, const Scope& scope, std::string_view op);
  void position(const Node& node, const Scope& scope, std::string_view test);
  void ending(const Node& node, const Scope& scope);
  void list(const Node& node, const Scope& scope);
  void packed_list(const Node& node);
  void related(const Node& node, std::size_t hop, const Scope& scope);
  void target(const Relation& relation, const Scope& scope, const Scope& found);

  Writer& writer_;
  unsigned hops_ = 0;
};

/// `left = +right`, joined by AND: the unary plus takes the right column's affinity away, so that
/// the left one alone decides how they compare, as it does for a bound key.
void write_join(Writer& writer, const Scope& left, const std::vector<std::size_t>& left_fields,
                const Scope& right, const std::vector<std::size_t>& right_fields);

}  // namespace ommi::sql
