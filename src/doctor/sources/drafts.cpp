#include "doctor/sources/drafts.hpp"

#include <algorithm>

#include "doctor/sources/words.hpp"

namespace doctor::sources {
namespace {

bool has_name(const std::vector<std::string>& names, const std::string& name) {
  return std::any_of(names.begin(), names.end(),
                     [&](const std::string& other) { return same_name(name, other); });
}

}  // namespace

const ommi::ModelInfo* find_model(const std::vector<ommi::ModelInfo>& models,
                                  std::string_view name) {
  for (const ommi::ModelInfo& model : models) {
    if (model.name == name) return &model;
  }
  for (const ommi::ModelInfo& model : models) {
    if (model.table() == name) return &model;
  }
  for (const ommi::ModelInfo& model : models) {
    if (same_name(model.name, name)) return &model;
  }
  for (const ommi::ModelInfo& model : models) {
    if (same_name(model.table(), name)) return &model;
  }
  return nullptr;
}

ommi::ModelInfo* find_model(std::vector<ommi::ModelInfo>& models, std::string_view name) {
  const std::vector<ommi::ModelInfo>& all = models;
  const ommi::ModelInfo* found = find_model(all, name);
  return found == nullptr ? nullptr : &models[static_cast<std::size_t>(found - all.data())];
}

const ommi::FieldInfo* find_field(const ommi::ModelInfo& model, std::string_view name) {
  for (const ommi::FieldInfo& field : model.fields) {
    if (same_name(field.name, name)) return &field;
  }
  for (const ommi::FieldInfo& field : model.fields) {
    if (same_name(field.column(), name)) return &field;
  }
  return nullptr;
}

std::vector<std::string> key_of(const ommi::ModelInfo& model) {
  std::vector<std::string> key;
  for (const ommi::FieldInfo& field : model.fields) {
    if (field.key) key.push_back(field.name);
  }
  return key;
}

bool contains_all(const std::vector<std::string>& whole, const std::vector<std::string>& part) {
  return std::all_of(part.begin(), part.end(),
                     [&](const std::string& name) { return has_name(whole, name); });
}

bool same_set(const std::vector<std::string>& left, const std::vector<std::string>& right) {
  return contains_all(left, right) && contains_all(right, left);
}

bool are_unique(const ommi::ModelInfo& model, const std::vector<std::string>& fields) {
  const std::vector<std::string> key = key_of(model);
  if (!key.empty() && contains_all(fields, key)) return true;
  return std::any_of(model.unique_sets.begin(), model.unique_sets.end(),
                     [&](const std::vector<std::string>& set) {
                       return !set.empty() && contains_all(fields, set);
                     });
}

}  // namespace doctor::sources
