#pragma once

/// \file
/// How many owners are loaded from at a time: enough for batches, few enough for memory.

#include <algorithm>
#include <cstdint>
#include <unordered_map>
#include <vector>

#include "doctor/traversal.hpp"
#include "ommi/database.hpp"

namespace doctor {

/// Guesses from a few rows of each table what loading costs. In a file that would fit into memory
/// anyway nothing is read for it, and no window is made smaller.
class WindowGuess {
 public:
  /// `file_bytes`: the size of the database, 0 if it is not known.
  WindowGuess(const ommi::Database& database, std::uint64_t file_bytes)
      : database_(database), file_bytes_(file_bytes) {}

  /// At most `most` owners, so that what is loaded for them stays within a budget. `rows` tells how
  /// many rows a model has; `scans` that each statement reads a whole table.
  template <class Rows>
  [[nodiscard]] std::size_t window(const ommi::Model& owner,
                                   const std::vector<RelationshipObservation*>& relations,
                                   std::size_t most, bool scans, Rows&& rows) {
    if (file_bytes_ <= budget(scans)) return most;
    double bytes = row_bytes(owner);
    const double owners = static_cast<double>(std::max<std::uint64_t>(1, rows(owner)));
    for (const RelationshipObservation* seen : relations) {
      const ommi::Relation& relation = *seen->relation;
      const ommi::Model& searched = relation.via != nullptr ? *relation.via : *relation.target;
      const double each = relation.many() ? static_cast<double>(rows(searched)) / owners : 1.0;
      bytes += each * row_bytes(*relation.target);
    }
    const double fits = static_cast<double>(budget(scans)) / std::max(1.0, bytes);
    return fits >= static_cast<double>(most)
               ? most
               : std::max<std::size_t>(1, static_cast<std::size_t>(fits));
  }

 private:
  // A window more costs one more scan, so there the windows are larger.
  [[nodiscard]] static std::uint64_t budget(bool scans) noexcept {
    return std::uint64_t{scans ? 256U : 64U} << 20U;
  }
  [[nodiscard]] double row_bytes(const ommi::Model& model);

  const ommi::Database& database_;
  std::uint64_t file_bytes_;
  std::unordered_map<const ommi::Model*, double> row_bytes_;
};

}  // namespace doctor
