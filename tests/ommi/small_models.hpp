#pragma once

/// \file
/// Models in few words, for the tests of what writes.

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <catch2/catch.hpp>

#include "ommi/model.hpp"

namespace ommi::testing {

enum class Mark : std::uint8_t { none, key, made_key, required };

inline FieldInfo field(std::string name, Type type, Mark mark = Mark::none) {
  FieldInfo info;
  info.name = std::move(name);
  info.type = type;
  info.key = mark == Mark::key || mark == Mark::made_key;
  info.automatic = mark == Mark::made_key;
  info.nullable = mark == Mark::none;
  info.comparison.affinity = type == Type::text                        ? Affinity::text
                             : type == Type::any || type == Type::blob ? Affinity::none
                                                                       : Affinity::numeric;
  return info;
}

inline FieldInfo stored_as(FieldInfo info, std::string column) {
  info.store_as = std::move(column);
  return info;
}

inline Reference reference(std::vector<std::string> fields, std::string model,
                           std::vector<std::string> targets) {
  Reference result;
  result.fields = std::move(fields);
  result.model = std::move(model);
  result.target_fields = std::move(targets);
  return result;
}

inline RelationInfo to_one(std::string name, std::string target) {
  RelationInfo info;
  info.name = std::move(name);
  info.target = std::move(target);
  return info;
}

inline RelationInfo to_many(std::string name, std::string target) {
  RelationInfo info = to_one(std::move(name), std::move(target));
  info.cardinality = Cardinality::many;
  return info;
}

inline std::shared_ptr<const Catalog> sealed(std::vector<ModelInfo> models) {
  Catalog catalog;
  for (ModelInfo& model : models) catalog.add(std::move(model));
  for (const Problem& problem : catalog.seal()) FAIL(problem.message);
  return std::make_shared<const Catalog>(std::move(catalog));
}

}  // namespace ommi::testing
