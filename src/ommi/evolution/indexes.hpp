#pragma once

/// \file
/// Which indexes the models call for: one for each unique set, one for each reference.

#include <vector>

#include "ommi/model.hpp"
#include "ommi/schema.hpp"

namespace ommi::evolution {

struct DueIndex {
  std::vector<std::size_t> fields;
  bool unique = false;
};

/// The indexes that `model` lacks in `table`; of a table that is not there yet (null) those that do
/// not come with making it. A reference needs none where it is the first part of a key.
[[nodiscard]] std::vector<DueIndex> due_indexes(const Catalog& catalog, const Model& model,
                                                const Table* table);

}  // namespace ommi::evolution
