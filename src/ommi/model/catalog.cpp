#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "model/names.hpp"
#include "model/resolve.hpp"
#include "ommi/model.hpp"

namespace ommi {
namespace {

std::vector<std::string> names_of(const std::deque<Model>& models) {
  std::vector<std::string> names;
  for (const Model& model : models) names.push_back(model.name());
  return names;
}

std::string suggestion(const std::vector<std::string>& candidates) {
  return candidates.empty() ? std::string()
                            : fmt::format("; did you mean '{}'?", escaped(candidates.front()));
}

std::vector<std::string> near(std::string_view name, const std::vector<std::string>& names) {
  std::string best = nearest(name, names);
  if (best.empty()) return {};
  return {std::move(best)};
}

// Two fields that store as one column: SQL takes column names in any case for the same.
void check_fields(Model& model, std::vector<Problem>& problems) {
  std::set<std::string> seen;
  for (const FieldInfo& field : model.info.fields) {
    std::string column = field.column();
    std::transform(column.begin(), column.end(), column.begin(), [](char c) {
      return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    if (seen.insert(column).second) continue;
    problems.push_back({Problem::What::duplicate_field,
                        model.name(),
                        field.name,
                        fmt::format("two fields of {} store as the column '{}'",
                                    escaped(model.name()), escaped(field.column())),
                        {},
                        field.place});
    if (!model.problem) model.problem = problems.back();
  }
}

// References that name what is not there; those that do resolve are kept by the relations that use
// them.
void check_references(const Catalog& catalog, const Model& model, std::vector<Problem>& problems) {
  for (const Reference& reference : model.info.references) {
    const std::string fields = fmt::format("{}", fmt::join(reference.fields, ", "));
    const Model* target = catalog.find(reference.model);
    if (target == nullptr) {
      auto candidates = near(reference.model, names_of(catalog.models()));
      std::string message =
          fmt::format("{}.{} refers to {}, which is not a model here{}", escaped(model.name()),
                      escaped(fields), escaped(reference.model), suggestion(candidates));
      problems.push_back({Problem::What::unknown_model, model.name(), fields, std::move(message),
                          std::move(candidates), reference.place});
      problems.back().missing = reference.model;
      continue;
    }
    for (const std::string& field : reference.target_fields) {
      if (target->find_field(field)) continue;
      auto candidates = near(field, resolve::field_names(*target));
      std::string message = fmt::format(
          "{}.{} refers to {}.{}, which is not a field there{}", escaped(model.name()),
          escaped(fields), escaped(target->name()), escaped(field), suggestion(candidates));
      problems.push_back({Problem::What::unknown_field, model.name(), fields, std::move(message),
                          std::move(candidates), reference.place});
      problems.back().missing = target->name() + "." + field;
    }
  }
}

}  // namespace

Catalog& Catalog::add(ModelInfo info) {
  Model& model = models_.emplace_back();
  model.index = models_.size() - 1;
  model.info = std::move(info);
  return *this;
}

const Model* Catalog::find(std::string_view name) const noexcept {
  const auto first = [&](auto&& matches) -> const Model* {
    const auto found = std::find_if(models_.begin(), models_.end(), matches);
    return found == models_.end() ? nullptr : &*found;
  };
  if (const Model* exact = first([&](const Model& model) { return model.name() == name; }))
    return exact;
  if (const Model* table = first([&](const Model& model) { return model.info.table() == name; }))
    return table;
  return first([&](const Model& model) {
    return names::equal_ignoring_case(model.name(), name) ||
           names::equal_ignoring_case(model.info.table(), name);
  });
}

const Model* Catalog::find_type(const void* type) const noexcept {
  const auto found = std::find_if(models_.begin(), models_.end(), [&](const Model& model) {
    return type != nullptr && model.info.type == type;
  });
  return found == models_.end() ? nullptr : &*found;
}

std::size_t Catalog::relation_count() const noexcept {
  std::size_t count = 0;
  for (const Model& model : models_) count += model.relations.size();
  return count;
}

std::vector<Problem> Catalog::seal() {
  std::vector<Problem> problems;
  std::set<std::string_view> seen;
  for (Model& model : models_) {
    if (!seen.insert(model.name()).second) {
      problems.push_back({Problem::What::duplicate_model,
                          model.name(),
                          "",
                          fmt::format("two models are named {}", escaped(model.name())),
                          {},
                          model.info.place});
      model.problem = problems.back();
    }
    check_fields(model, problems);
    for (std::size_t i = 0; i < model.info.fields.size(); ++i) {
      if (model.info.fields[i].key) model.key.push_back(i);
    }
  }
  for (const Model& model : models_) check_references(*this, model, problems);
  for (Model& model : models_) {
    for (std::size_t i = 0; i < model.info.relations.size(); ++i) {
      Relation& relation = model.relations.emplace_back();
      relation.info = model.info.relations[i];
      relation.index = i;
      relation.owner = &model;
      resolve::relation(*this, relation);
      if (relation.problem) problems.push_back(*relation.problem);
    }
  }
  return problems;
}

}  // namespace ommi
