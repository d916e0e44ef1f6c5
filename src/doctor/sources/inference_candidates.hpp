#pragma once

/// \file
/// Which columns could refer to which keys, before any value was read.

#include <string>
#include <vector>

#include "doctor/source.hpp"
#include "doctor/sources/inference_measure.hpp"

namespace doctor::sources {

/// 1 for types that compare as they are; less where the database has to convert one side; 0 for
/// types that are no keys.
[[nodiscard]] double type_agreement(const ommi::FieldInfo& field, const ommi::FieldInfo& key);

/// The keys of all tables: primary keys, of any width, and single unique columns.
[[nodiscard]] std::vector<KeySet> collect_keys(const Draft& draft, const ommi::Schema& schema);

/// The columns without a declared reference that could hold keys, each with its candidates; marks
/// the key sets that are wanted. Tables in `described` are left out.
[[nodiscard]] std::vector<Child> collect_children(Draft& draft, const ommi::Schema& schema,
                                                  std::vector<KeySet>& keys,
                                                  const std::vector<std::string>& described);

}  // namespace doctor::sources
