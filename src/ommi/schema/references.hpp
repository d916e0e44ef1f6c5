#pragma once

/// \file
/// The references of a catalog's models as a database can declare them, and what they say about the
/// order of tables.

#include <vector>

#include "ommi/driver.hpp"
#include "ommi/model.hpp"

namespace ommi::schema {

/// A reference with its names resolved.
struct Resolved {
  SchemaReference reference;
  bool enforced = false;  // it can be a foreign key: declared, to fields that are unique
};

/// The references of `model`. Those that name a part of a composite key each are one. What names
/// nothing is left out: sealing the catalog has told of it.
[[nodiscard]] std::vector<Resolved> references_of(const Catalog& catalog, const Model& model);

/// Those of them that are declared as foreign keys.
[[nodiscard]] std::vector<SchemaReference> foreign_keys_of(const Catalog& catalog,
                                                           const Model& model);

/// All models, each after the ones it refers to where that is possible.
[[nodiscard]] std::vector<const Model*> targets_first(const Catalog& catalog);

}  // namespace ommi::schema
