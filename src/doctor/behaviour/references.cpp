#include <algorithm>

#include <fmt/format.h>

#include "doctor/ommi_behaviour.hpp"

namespace doctor {
namespace {

/// An annotation in quotes is evaluated when the class is made; a class further down is not there
/// then, and has none of its fields.
bool comes_too_late(const python::Facts& facts, const python::Model& model,
                    const python::Field& field) {
  const python::Reference& reference = *field.reference;
  if (reference.form != "field" || !field.stringified || !reference.model) return false;
  const python::Model* const target = facts.find(*reference.model);
  return target != nullptr && target->file == model.file && target->line >= model.line;
}

bool is_no_field(const python::Reference& reference) {
  const bool value =
      reference.form == "lambda" || reference.form == "none" || reference.form == "other";
  return reference.form == "class" || (value && reference.resolvable == false);
}

bool is_broken(const python::Reference& reference) {
  if (reference.form == "string-class") return true;
  const bool names_field = reference.form == "string-field" || reference.form == "field";
  return names_field && reference.resolvable == false;
}

/// The class's name as it stands in the reference.
std::string named_class(const python::Reference& reference) {
  if (reference.form != "string-class") return reference.model ? reference.model->text : "";
  return reference.value.substr(reference.value.rfind('.') + 1);
}

std::string error_of(const python::Reference& reference, bool too_late) {
  const std::string name = ommi::escaped(named_class(reference));
  const std::string field =
      ommi::escaped(reference.form == "string-class" ? "model" : reference.field);
  const bool of_class = reference.form == "string-class" || reference.why == "no-such-field" ||
                        reference.why == "inherited-field" || reference.why == "lazy-field";
  if (is_no_field(reference) || reference.why == "not-a-model")
    return "TypeError: Unexpected value for reference";
  if (too_late)
    return fmt::format("AttributeError: type object 'ForwardReferenceTo_{}' has no attribute '{}'",
                       name, field);
  if (of_class)
    return fmt::format("AttributeError: type object 'OmmiModel_{}' has no attribute '{}'", name,
                       field);
  return fmt::format("NameError: name '{}' is not defined", name);
}

}  // namespace

std::optional<ReferenceFault> fault_of_reference(const python::Facts& facts,
                                                 const python::Model& model,
                                                 const python::Field& field) {
  if (!field.reference) return std::nullopt;
  const python::Reference& reference = *field.reference;
  const bool too_late = comes_too_late(facts, model, field);
  if (!too_late && !is_broken(reference) && !is_no_field(reference)) return std::nullopt;
  return ReferenceFault{error_of(reference, too_late),
                        reference.form == "field" && reference.why != "not-a-model", too_late};
}

}  // namespace doctor
