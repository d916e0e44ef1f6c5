#pragma once

/// \file
/// Changing the schema of tables in memory.

#include "drivers/memory/table.hpp"

namespace ommi::memory {

/// Makes one change. Throws DatabaseError (ErrorCode::schema).
void apply_step(Tables& tables, const SchemaStep& step);

/// A table for each model of `catalog` that is not a view, with its references.
[[nodiscard]] Tables tables_of(const Catalog& catalog);

}  // namespace ommi::memory
