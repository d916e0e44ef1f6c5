#include <algorithm>

#include <fmt/format.h>

#include "doctor/ommi_behaviour.hpp"

namespace doctor {
namespace {

bool has_lazy_field(const python::Model& model) {
  return std::any_of(model.fields.begin(), model.fields.end(), [](const python::Field& field) {
    return field.lazy && field.lazy->seen_by_ommi;
  });
}

/// Only the first of the metadata is taken for the strategy, and asked for its query when an
/// instance is made.
bool has_strategy_elsewhere(const python::Field& field) {
  if (!field.lazy || !field.lazy->seen_by_ommi || !field.lazy->target) return false;
  const auto& association = field.lazy->target->association;
  return association && !association->first;
}

}  // namespace

ShapeFault shape_fault(const python::Model& model) {
  if (model.inner_decorator) return ShapeFault::inner_decorator;
  if (model.frozen && has_lazy_field(model)) return ShapeFault::frozen;
  const bool bare = model.library == "plain" && model.library_of_base.empty();
  if (bare && !model.defines_init && !model.fields.empty()) return ShapeFault::plain;
  return model.init_disabled && !model.defines_init ? ShapeFault::no_init : ShapeFault::none;
}

std::string_view error_of(ShapeFault fault) noexcept {
  if (fault == ShapeFault::none) return {};
  return fault == ShapeFault::frozen ? "FrozenInstanceError"
                                     : "TypeError: object.__init__() takes exactly one argument";
}

std::string why_not_taken(const python::Model& model, const python::Field& field) {
  if (field.class_var) return "it is a ClassVar";
  if (field.init_var) return "it is an InitVar";
  if (!field.init) return "it is declared with init=False";
  const bool apart = model.library == "attrs" || model.library == "pydantic";
  return field.is_private && apart ? "it is private, which " + model.library + " treats apart" : "";
}

std::string instance_error(const python::Model& model) {
  const std::string_view shape = error_of(shape_fault(model));
  if (!shape.empty()) return std::string(shape);
  for (const python::Field& field : model.fields) {
    if (field.is_column() && !why_not_taken(model, field).empty())
      return fmt::format("TypeError: unexpected keyword argument '{}'", ommi::escaped(field.name));
    if (has_strategy_elsewhere(field))
      return fmt::format("an exception: what stands first in the metadata of {} is no strategy",
                         ommi::escaped(field.name));
  }
  return {};
}

}  // namespace doctor
