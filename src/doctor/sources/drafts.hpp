#pragma once

/// \file
/// What the sources share while a catalog is in the making.

#include <string>
#include <string_view>
#include <vector>

#include "doctor/source.hpp"

namespace doctor::sources {

/// Models with the keys, unique sets and references that the schema declares, and no relationships
/// yet: those get their names when all references are known.
[[nodiscard]] Draft declared_models(const ommi::Schema& schema);

/// As infer_references, but reads nothing to find references of the tables in `described`: somebody
/// else says what those refer to. They can still be referred to. Keys are held in `memory` bytes.
void infer_references_except(Draft& draft, const ommi::Schema& schema,
                             const ommi::Database& database,
                             const std::vector<std::string>& described, std::uint64_t memory);

/// The model of that name, else of that table; exact case first, then any. Null if there is none.
[[nodiscard]] ommi::ModelInfo* find_model(std::vector<ommi::ModelInfo>& models,
                                          std::string_view name);
[[nodiscard]] const ommi::ModelInfo* find_model(const std::vector<ommi::ModelInfo>& models,
                                                std::string_view name);
/// The field of that name, else of that column; in any ASCII case. Null if there is none.
[[nodiscard]] const ommi::FieldInfo* find_field(const ommi::ModelInfo& model,
                                                std::string_view name);
/// The names of the fields that are the key.
[[nodiscard]] std::vector<std::string> key_of(const ommi::ModelInfo& model);
/// Whether two lists hold the same names, in any order and ASCII case.
[[nodiscard]] bool same_set(const std::vector<std::string>& left,
                            const std::vector<std::string>& right);
/// Whether every name of `part` is in `whole`.
[[nodiscard]] bool contains_all(const std::vector<std::string>& whole,
                                const std::vector<std::string>& part);
/// Whether no two rows agree in these fields: they hold the key or a unique set.
[[nodiscard]] bool are_unique(const ommi::ModelInfo& model, const std::vector<std::string>& fields);

}  // namespace doctor::sources
