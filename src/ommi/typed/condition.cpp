#include "ommi/condition.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace ommi::engine {
namespace {

[[noreturn]] void not_described(const Model& model, std::string_view what) {
  throw DatabaseError(ErrorCode::model,
                      fmt::format("the description of {} does not have the {} that is asked for",
                                  escaped(model.name()), what),
                      {.model = model.name()});
}

template <class Bindings>
std::size_t position(const Bindings& bindings, const void* member) {
  const auto found = std::find_if(bindings.begin(), bindings.end(),
                                  [&](const auto& binding) { return binding.member == member; });
  return static_cast<std::size_t>(found - bindings.begin());
}

}  // namespace

std::size_t field_of(const Model& model, const void* member) {
  const auto& fields = model.info.binding->fields;
  const std::size_t found = position(fields, member);
  if (found == fields.size()) not_described(model, "field");
  return found;
}

const Relation& relation_of(const Model& model, const void* member) {
  const auto& lazies = model.info.binding->lazies;
  const std::size_t found = position(lazies, member);
  if (found == lazies.size()) not_described(model, "lazy field");
  return model.relations[found];
}

Expression along(const Model& model, std::span<const void* const> path, const void* member,
                 const std::function<Expression(const FieldTerm&)>& compare) {
  std::vector<const Relation*> hops;
  const Model* last = &model;
  for (const void* hop : path) {
    const Relation& relation = relation_of(*last, hop);
    if (relation.problem) {
      throw DatabaseError(ErrorCode::model, relation.problem->message,
                          {.model = last->name(), .relation = relation.info.name});
    }
    hops.push_back(&relation);
    last = relation.target;
  }
  Expression condition = compare(FieldTerm(field_of(*last, member)));
  if (hops.empty()) return condition;
  return Expression(std::make_shared<const Node>(
      Node{.op = Operator::related, .path = std::move(hops), .left = std::move(condition)}));
}

}  // namespace ommi::engine
