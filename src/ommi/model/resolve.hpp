#pragma once

/// \file
/// How a relationship finds the columns it joins: the rules that seal() applies.
///
/// To-one follows our references to the target, to-many the target's references to us, so that a
/// self reference needs no guess. Several references to one target form one composite reference iff
/// they name distinct target fields; the same target field twice is ambiguous unless the
/// relationship says its join.

#include <string>
#include <vector>

#include "ommi/model.hpp"

namespace ommi::resolve {

[[nodiscard]] std::vector<std::string> field_names(const Model& model);

/// Fills in the resolved parts of `relation`, whose owner and info are set, or its problem.
void relation(const Catalog& catalog, Relation& relation);

}  // namespace ommi::resolve
