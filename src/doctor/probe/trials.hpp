#pragma once

/// \file
/// What an index would save, measured on a private copy.

#include <functional>
#include <future>
#include <span>
#include <vector>

#include "doctor/evidence.hpp"
#include "doctor/traversal.hpp"
#include "ommi/database.hpp"

namespace doctor {

/// Tries the indexes that lazy loads lack, beside whatever else is done: a copy disturbs nobody.
class IndexTrials {
 public:
  /// Begins with the loads of `relationships`, which are planned; of the evidence only the catalog,
  /// the schema and the fields are looked at. `try_indexes` runs the tests, in another thread.
  void start(const ommi::Database& database, const Evidence& evidence,
             std::span<const RelationshipObservation> relationships,
             const std::function<void(std::vector<IndexTest>&)>& try_indexes);
  /// Waits for them; none if they were never begun.
  [[nodiscard]] std::vector<IndexTrial> finish();

 private:
  std::vector<IndexTrial> trials_;
  std::vector<IndexTest> tests_;
  std::future<void> running_;  // the last: it is waited for before the others go
};

}  // namespace doctor
