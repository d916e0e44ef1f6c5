#pragma once

/// \file
/// Second looks, at what a sweep found suspicious: what the dangling rows are, which keys are not
/// held to be ones, where references lead back to themselves, how the database would join. A
/// healthy database costs next to nothing here.

#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

#include "doctor/evidence.hpp"
#include "doctor/sweep.hpp"
#include "doctor/traversal.hpp"
#include "ommi/database.hpp"

namespace doctor {

struct ProbeOptions {
  std::size_t samples = 5;                       // kept per fault
  std::vector<const ommi::Relation*> only = {};  // empty = every relationship
  std::function<void(std::string_view)> progress = {};
  std::uint64_t memory_bytes = std::uint64_t{256} << 20U;  // that keys may take at a time
};

/// Adds to `evidence`, which has the numbers of a sweep, what the second looks show. What could not
/// be looked at is in the result.
[[nodiscard]] std::vector<Skipped> probe(const ommi::Database& database,
                                         const ProbeOptions& options, Evidence& evidence);

}  // namespace doctor
