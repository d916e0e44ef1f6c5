#pragma once

/// \file
/// A healthy little blog, for rules to be tried on: evidence as a sweep and a traversal of it would
/// give. A test changes the one thing that it is about.

#include <memory>
#include <string>
#include <vector>

#include "doctor/evidence.hpp"
#include "doctor/rule.hpp"

namespace doctor::testing {

/// User 1-n Post, User 1-1 Profile, User n-m Tag through UserTag.
[[nodiscard]] std::vector<ommi::ModelInfo> blog_models();

class Blog {
 public:
  /// `change` is given the models before the catalog is sealed.
  explicit Blog(void (*change)(std::vector<ommi::ModelInfo>& models) = nullptr);

  Evidence evidence;
  ommi::Schema schema;

  [[nodiscard]] const ommi::Model& model(std::string_view name) const;
  [[nodiscard]] const ommi::Relation& relation(std::string_view model, std::string_view name) const;
  [[nodiscard]] ReferenceSweep& reference(std::string_view model, std::string_view field);
  [[nodiscard]] RelationshipObservation& observation(std::string_view model, std::string_view name);
  [[nodiscard]] FieldSweep& field(std::string_view model, std::string_view name);

 private:
  std::unique_ptr<ommi::Catalog> catalog_;
};

/// A sample row: key `id`, and one value.
[[nodiscard]] RowSample row(int id, const std::string& field, ommi::Value value);

/// What one rule finds, in order.
[[nodiscard]] std::vector<Finding> found_by(std::string_view code, const Evidence& evidence);
/// Their messages, one a line.
[[nodiscard]] std::string messages_of(std::string_view code, const Evidence& evidence);

}  // namespace doctor::testing
