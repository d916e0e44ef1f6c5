#pragma once

/// \file
/// What the rules about Python sources share: what Ommi does with a declaration, how a finding
/// about one is put, and the line that is to be written instead.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "doctor/python_facts.hpp"
#include "doctor/rule.hpp"

namespace doctor {

/// "Ommi raises …; behind it: TypeError: …", as the release of the application says it.
[[nodiscard]] std::string hidden_error(const Evidence& evidence, std::string_view error);

/// The model of the catalog that a class is, or null.
[[nodiscard]] const ommi::Model* model_of(const Evidence& evidence, const python::Model& model);

/// The relationships that Ommi loads by the references of a class: its own lazy fields, and those
/// of others that lead to it or through it. A reference that does not resolve breaks all of them.
[[nodiscard]] std::vector<const ommi::Relation*> relations_by_references(
    const Evidence& evidence, const python::Model& model);

/// A finding about a class, or one of its fields: its subject, place and relationship.
Finding& add_about(Findings& findings, const Evidence& evidence, const python::Model& model,
                   const python::Field* field, std::string message);

/// "Post.author", fit to be printed.
[[nodiscard]] std::string name_of(const python::Model& model, const python::Field& field);

/// The field by which rows of the class are named, if it is one: by the marks, else by Ommi's
/// guess.
[[nodiscard]] std::string key_field(const python::Model& model);

/// Whether `from __future__ import annotations` makes all annotations text.
[[nodiscard]] bool future_annotations(const Evidence& evidence, const python::Model& model);

/// A lazy field's annotation as Ommi takes it: in quotes as a whole, none inside.
[[nodiscard]] std::string quoted_whole(const Evidence& evidence, const python::Model& model,
                                       std::string_view annotation);

/// The lines of a field with its annotation, or a part of that, written anew.
[[nodiscard]] std::vector<TextEdit> with_annotation(const python::Model& model,
                                                    const python::Field& field,
                                                    std::string_view annotation);
[[nodiscard]] std::vector<TextEdit> with_part(const python::Model& model,
                                              const python::Field& field, const python::Part& part,
                                              std::string_view text);
/// `text` in quotes that do not end those of the annotation, if it is in quotes itself.
[[nodiscard]] std::string in_quotes(const python::Field& field, std::string_view text);
/// `annotation` with some of its characters replaced.
[[nodiscard]] std::string replaced(std::string_view annotation, const python::Part& part,
                                   std::string_view text);

/// Whether the column that the table has is not the TEXT that Ommi would make.
[[nodiscard]] bool is_made_otherwise(const Evidence& evidence, const python::Model& model,
                                     const python::Field& field);

/// Calls `each(model)` for every class that the program has when it runs.
template <class Each>
void for_each_model(const Evidence& evidence, Each&& each) {
  if (evidence.python == nullptr) return;
  for (const python::Model& model : evidence.python->models) {
    if (!model.type_checking_only) each(model);
  }
}

/// Calls `each(model, field)` for every field of those.
template <class Each>
void for_each_field(const Evidence& evidence, Each&& each) {
  for_each_model(evidence, [&](const python::Model& model) {
    for (const python::Field& field : model.fields) each(model, field);
  });
}

}  // namespace doctor
