#include "doctor/python_facts.hpp"

#include <algorithm>
#include <string_view>

namespace doctor::python {
namespace {

bool is_at(const Model& model, std::string_view definition) {
  const std::size_t colon = definition.rfind(':');
  return colon != std::string_view::npos && definition.substr(0, colon) == model.file &&
         definition.substr(colon + 1) == std::to_string(model.line);
}

bool is_named(const Model& model, std::string_view resolved) {
  if (resolved.size() <= model.module.size() || !resolved.starts_with(model.module)) return false;
  if (resolved[model.module.size()] != '.') return false;
  const std::string_view name = resolved.substr(model.module.size() + 1);
  return name == model.qualname || (!model.bound_as.empty() && name == model.bound_as);
}

}  // namespace

const Model* Facts::find(const Name& name) const noexcept {
  const auto found = std::find_if(models.begin(), models.end(), [&](const Model& model) {
    return name.definition.empty() ? is_named(model, name.resolved) : is_at(model, name.definition);
  });
  return found == models.end() ? nullptr : &*found;
}

}  // namespace doctor::python
