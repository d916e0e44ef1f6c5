#pragma once

/// \file
/// Schemas by hand, and short texts of what the sources made of them.

#include <algorithm>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "doctor/source.hpp"

namespace doctor::testing {

/// A column: `key` and `required` by flags.
inline ommi::Column column(std::string name, std::string type, bool key = false,
                           bool required = false) {
  ommi::Column result;
  result.name = std::move(name);
  result.declared_type = std::move(type);
  result.key_part = key ? 1 : 0;
  result.not_null = required;
  result.comparison = {ommi::affinity_of(result.declared_type), ommi::Collation::binary};
  return result;
}

/// A table with an integer key `id` and columns that refer to the `id` of others.
inline ommi::Table table_with(std::string name,
                              const std::vector<std::pair<std::string, std::string>>& references) {
  ommi::Table result;
  result.name = std::move(name);
  result.columns.push_back(column("id", "INTEGER", true));
  for (const auto& [field, target] : references) {
    result.columns.push_back(column(field, "INTEGER"));
    result.foreign_keys.push_back({{field}, target, {"id"}});
  }
  return result;
}

/// The relationships of a draft, sorted: "Post.author -> User", "User.posts => Post".
inline std::vector<std::string> relations(const Draft& draft) {
  std::vector<std::string> result;
  for (const ommi::ModelInfo& model : draft.models) {
    for (const ommi::RelationInfo& relation : model.relations) {
      const bool many = relation.cardinality == ommi::Cardinality::many;
      result.push_back(fmt::format("{}.{} {} {}{}", model.name, relation.name, many ? "=>" : "->",
                                   relation.target,
                                   relation.via.empty() ? "" : " via " + relation.via));
    }
  }
  std::sort(result.begin(), result.end());
  return result;
}

/// References as "Post.user_id -> User.id", sorted.
inline std::vector<std::string> references(const std::vector<Suggestion>& list) {
  std::vector<std::string> result;
  for (const Suggestion& one : list) {
    result.push_back(fmt::format("{}.{} -> {}.{}", one.model, fmt::join(one.reference.fields, ","),
                                 one.reference.model, fmt::join(one.reference.target_fields, ",")));
  }
  std::sort(result.begin(), result.end());
  return result;
}

using Lines = std::vector<std::string>;

}  // namespace doctor::testing
