#pragma once

/// \file
/// Set-based looks at all rows: exact counts of what dangles, repeats, is NULL or is stored as the
/// wrong kind.
///
/// Equality is decided as the lazy look-up would decide it (the key column's affinity and
/// collation). A column whose collation only the application has is reported as unchecked, never
/// guessed.

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "doctor/evidence.hpp"
#include "ommi/database.hpp"

namespace doctor {

/// How far a sweep has come, over all tables.
struct SweepProgress {
  std::string_view what;         // the table that is being read
  std::uint64_t rows_done = 0;   // also those that had to be read again
  std::uint64_t rows_total = 0;  // an estimate, which may grow; 0 = not known
};

struct SweepOptions {
  std::size_t samples = 5;  // kept per fault
  /// Only what concerns these relations; empty = all.
  std::vector<const ommi::Relation*> only = {};
  /// All sets of keys together never take more; what does not fit is done in several passes.
  std::uint64_t memory_bytes = std::uint64_t{256} << 20U;
  /// Connections that read at the same time, where the database allows more than one. What is found
  /// does not depend on it.
  unsigned jobs = 1;
  /// How long the rows of one table may take; 0 = any time. What took longer is skipped, and the
  /// next table has its turn.
  std::chrono::milliseconds table_timeout{0};
  /// Told now and then, by one thread at a time; false ends the sweep, and the rest is skipped.
  std::function<bool(const SweepProgress&)> progress = {};
};

/// What could not be done, and why.
struct Skipped {
  std::string what;
  std::string why;
};

struct SweepResult {
  std::vector<ReferenceSweep> references;
  std::vector<OneToOneSweep> one_to_ones;
  std::vector<AssociationSweep> associations;
  std::vector<FieldSweep> fields;
  std::vector<Skipped> skipped;  // timeout, corruption, missing collation …
  std::uint64_t rows_swept = 0;
};

/// Sweeps every reference, one-to-one and association of the database's catalog, and the storage
/// class of every field with a numeric type or a part in a key or reference.
[[nodiscard]] SweepResult sweep(const ommi::Database& database, const SweepOptions& options);

}  // namespace doctor
