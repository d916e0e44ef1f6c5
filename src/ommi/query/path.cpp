#include <fmt/format.h>

#include "model/resolve.hpp"
#include "ommi/error.hpp"
#include "query/make.hpp"

namespace ommi {
namespace {

using Path = std::vector<const Relation*>;

Expression related(Path path, Expression condition) {
  return make({.op = Operator::related, .path = std::move(path), .left = std::move(condition)});
}

std::vector<std::string> relation_names(const Model& model) {
  std::vector<std::string> names;
  for (const Relation& relation : model.relations) names.push_back(relation.info.name);
  return names;
}

[[noreturn]] void fail_unknown(const Model& model, std::string_view name, bool last) {
  std::vector<std::string> names = relation_names(model);
  if (last) {
    for (std::string& field : resolve::field_names(model)) names.push_back(std::move(field));
  }
  std::string message = fmt::format("{} has no {} '{}'", escaped(model.name()),
                                    last ? "field" : "relationship", escaped(name));
  const std::string near = nearest(name, names);
  if (!near.empty()) message += fmt::format("; did you mean '{}'?", escaped(near));
  throw DatabaseError(ErrorCode::model, std::move(message), {.model = model.name()});
}

const Relation& resolved(const Relation& relation) {
  if (relation.problem) {
    throw DatabaseError(ErrorCode::model, relation.problem->message,
                        {.model = relation.owner->name(), .relation = relation.info.name});
  }
  return relation;
}

// The relationship whose name `dotted` begins with, which is taken off. A name may have dots of its
// own, so the shortest one that there is wins.
const Relation& next_hop(const Model& model, std::string_view& dotted) {
  for (std::size_t dot = dotted.find('.'); dot != std::string_view::npos;
       dot = dotted.find('.', dot + 1)) {
    if (const Relation* found = model.find_relation(dotted.substr(0, dot))) {
      dotted.remove_prefix(dot + 1);
      return resolved(*found);
    }
  }
  fail_unknown(model, dotted.substr(0, dotted.find('.')), dotted.find('.') == dotted.npos);
}

}  // namespace

PathTerm path(const Model& model, std::string_view dotted) {
  Path hops;
  const Model* at_model = &model;
  while (true) {
    if (const auto field = at_model->find_field(dotted)) {
      return {std::move(hops), FieldTerm(*field)};
    }
    hops.push_back(&next_hop(*at_model, dotted));
    at_model = hops.back()->target;
  }
}

Expression any(const Model& model, std::string_view dotted, Expression condition) {
  Path hops;
  const Model* at_model = &model;
  while (true) {
    if (const Relation* last = at_model->find_relation(dotted)) {
      hops.push_back(&resolved(*last));
      return related(std::move(hops), std::move(condition));
    }
    if (dotted.find('.') == dotted.npos) fail_unknown(*at_model, dotted, false);
    hops.push_back(&next_hop(*at_model, dotted));
    at_model = hops.back()->target;
  }
}

Expression PathTerm::any(Expression condition) const {
  return path_.empty() ? condition : related(path_, std::move(condition));
}

Expression PathTerm::in(std::vector<Value> values) const {
  return any(field_.in(std::move(values)));
}
Expression PathTerm::between(Value from, Value to) const {
  return any(field_.between(std::move(from), std::move(to)));
}
Expression PathTerm::like(std::string_view pattern) const { return any(field_.like(pattern)); }
Expression PathTerm::contains(std::string_view text) const { return any(field_.contains(text)); }
Expression PathTerm::starts_with(std::string_view text) const {
  return any(field_.starts_with(text));
}
Expression PathTerm::ends_with(std::string_view text) const { return any(field_.ends_with(text)); }
Expression PathTerm::is_null() const { return any(field_.is_null()); }

Expression operator==(const PathTerm& term, Value value) {
  return term.any(term.field() == std::move(value));
}
Expression operator!=(const PathTerm& term, Value value) {
  return term.any(term.field() != std::move(value));
}
Expression operator<(const PathTerm& term, Value value) {
  return term.any(term.field() < std::move(value));
}
Expression operator<=(const PathTerm& term, Value value) {
  return term.any(term.field() <= std::move(value));
}
Expression operator>(const PathTerm& term, Value value) {
  return term.any(term.field() > std::move(value));
}
Expression operator>=(const PathTerm& term, Value value) {
  return term.any(term.field() >= std::move(value));
}

}  // namespace ommi
