#pragma once

/// \file
/// Lazy loads for which the database reads a whole table, and why no index serves them.

#include <span>
#include <string>
#include <vector>

#include "doctor/evidence.hpp"

namespace doctor {

struct Search {
  enum class Index : std::uint8_t {
    none,      // none begins with the columns
    trailing,  // of an association: one holds them behind the other side's
    unused,    // one begins with them, and the database does not use it
  };
  const ommi::Model* model = nullptr;  // of the table that is read
  std::vector<std::size_t> fields;     // that are searched, in order
  Index index = Index::none;
  std::string name;        // of the trailing index
  std::uint64_t rows = 0;  // of the table
  std::vector<const RelationshipObservation*> loads;
};

/// Below this many rows a scan costs about what a search does, and an index is not worth its
/// upkeep.
inline constexpr std::uint64_t least_scanned_rows = 100;

/// All of them, each table and set of fields once.
[[nodiscard]] std::vector<Search> scanning_searches(const Evidence& evidence);
/// The same of relationships that are planned and not loaded yet; of the evidence only the catalog,
/// the schema and the fields are looked at.
[[nodiscard]] std::vector<Search> scanning_searches(
    const Evidence& evidence, std::span<const RelationshipObservation> relationships);

/// The statement that makes the index that is missing.
[[nodiscard]] std::string create_index(const Evidence& evidence, const Search& search);

/// What was measured with that index, for a reader; empty where nothing was measured.
[[nodiscard]] std::string measured(const Evidence& evidence, const Search& search);

}  // namespace doctor
