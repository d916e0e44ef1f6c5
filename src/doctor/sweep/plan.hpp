#pragma once

/// \file
/// What there is to sweep: every reference, one-to-one, association and field of a catalog, once
/// each however many relationships depend on it.

#include <vector>

#include "doctor/evidence.hpp"

namespace doctor {

/// The evidence to be, without its numbers.
struct SweepPlan {
  std::vector<ReferenceSweep> references;
  std::vector<OneToOneSweep> one_to_ones;
  std::vector<AssociationSweep> associations;
  std::vector<FieldSweep> fields;
};

/// What concerns the relations of `only`, or all of them when it is empty. Relations with a problem
/// have no fields to look at and are left out.
[[nodiscard]] SweepPlan plan_sweep(const ommi::Catalog& catalog,
                                   const std::vector<const ommi::Relation*>& only);

}  // namespace doctor
