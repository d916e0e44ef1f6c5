#pragma once

/// \file
/// Storing new rows.

#include <memory>
#include <span>
#include <string_view>

#include "ommi/database.hpp"

namespace ommi::engine {

class Session;

/// Stores `rows` and gives them back as records. Throws DatabaseError.
RecordList add(const std::shared_ptr<Session>& session, std::string_view model,
               std::span<const NewRow> rows);

/// The model of that name. Throws ErrorCode::model with the nearest name.
const Model& model_named(const Catalog& catalog, std::string_view name);

/// Throws unless a value of that kind is a value of the field.
void check_kind(const Model& model, std::size_t field, const Value& value);

}  // namespace ommi::engine
