#pragma once

/// \file
/// How the drivers that follow SQLite declare a model's columns, so that all convert and compare
/// alike.

#include <string>
#include <string_view>
#include <vector>

#include "ommi/model.hpp"

namespace ommi::schema {

/// The type that a column of such fields is declared with; empty for any.
[[nodiscard]] std::string_view declared_type(Type type) noexcept;

/// "BINARY", "NOCASE" or "RTRIM"; empty for a collation of the application, which has no name here.
[[nodiscard]] std::string_view collation_name(Collation collation) noexcept;

/// Whether the database makes this field's values: the only field of an integer key, and Auto.
[[nodiscard]] bool numbered(const Model& model, std::size_t field);

/// The fields of one of the model's unique sets. Throws DatabaseError (ErrorCode::schema) for a
/// name that is none.
[[nodiscard]] std::vector<std::size_t> unique_fields(const Model& model,
                                                     const std::vector<std::string>& names);

}  // namespace ommi::schema
