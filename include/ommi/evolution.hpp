#pragma once

/// \file
/// Making a database fit its models: what differs, the steps that mend it, and doing them.
///
/// Only additions are made: tables, nullable columns, indexes of references. A field that was
/// removed, renamed or retyped is ErrorCode::incompatible_schema_evolution, which names it; nothing
/// is changed then. Dropping is a verb of its own.

#include <string>
#include <vector>

#include "ommi/database.hpp"

namespace ommi {

/// One thing in which the database and the models differ.
struct SchemaDifference {
  enum class What : std::uint8_t {
    missing_table,
    missing_column,
    surplus_column,  // its field was removed or renamed; one that is computed is none
    retyped_column,
    missing_index,
    key_differs,
  };
  What what;
  std::string model;
  std::string field;
  std::string message;
  bool additive = false;  // can be mended without losing anything
};

/// What differs between the catalog and what the database describes.
[[nodiscard]] std::vector<SchemaDifference> compare_schema(const Catalog& catalog,
                                                           const Schema& schema);

/// The steps that make the database fit, in an order that respects references. Fails with
/// ErrorCode::incompatible_schema_evolution, naming the first field that cannot be mended.
[[nodiscard]] DBResult<std::vector<SchemaStep>> plan_schema(const Catalog& catalog,
                                                            const Schema& schema);

/// Plans and applies in one transaction. Gives the number of steps; 0 when nothing was to do.
[[nodiscard]] DBResult<std::uint64_t> apply_schema(const Database& database);

/// Drops the tables of the catalog's models, referring ones first, and no other.
[[nodiscard]] DBResult<std::uint64_t> drop_schema(const Database& database);

}  // namespace ommi
