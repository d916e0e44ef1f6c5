#pragma once

/// \file
/// Whether the values of a column are keys of a table: measured, each column read once.

#include <cstdint>
#include <string>
#include <vector>

#include "doctor/sources/inference_names.hpp"
#include "doctor/sources/key_members.hpp"
#include "ommi/database.hpp"
#include "ommi/key.hpp"
#include "ommi/model.hpp"

namespace doctor::sources {

/// Rows of a table whose keys are read.
inline constexpr std::uint64_t row_limit = 1'000'000;
/// Rows of a table whose values are measured against them; more do not change what a column means.
inline constexpr std::uint64_t measured_limit = 250'000;

/// A key that columns elsewhere may hold.
struct KeySet {
  const ommi::ModelInfo* model = nullptr;
  std::vector<const ommi::FieldInfo*> fields;
  bool primary = false;
  KeyMembers members;
  bool wanted = false;  // some column's candidate
  bool unread = false;
  bool cut = false;  // not all keys are here
  std::int64_t smallest = INT64_MAX;
  std::int64_t largest = INT64_MIN;
  bool integers = true;  // all of them
};

/// A key set that a column may refer to, and what the column's values say about it.
struct Candidate {
  std::size_t key = 0;  // number of the key set
  NameFit name;         // score 0: by its values alone
  std::uint64_t contained = 0;
  std::uint64_t zeros = 0;  // misses that mean "none"
  std::uint64_t minus_ones = 0;
  std::uint64_t blanks = 0;
  std::uint64_t strays = 0;   // all other misses
  std::uint64_t unknown = 0;  // beyond the keys that were read
  std::vector<ommi::Value> counter_examples = {};
  bool dropped = false;  // no longer worth counting
};

/// Columns that may be a reference.
struct Child {
  const ommi::ModelInfo* model = nullptr;
  std::vector<const ommi::FieldInfo*> fields;
  std::vector<Candidate> candidates;
  ommi::KeyIndex distinct;  // of the first thousand or so different values
  std::uint64_t rows = 0;
  std::uint64_t values = 0;       // rows in which all fields are set
  std::uint64_t distinctive = 0;  // of the distinct ones: not to be found anywhere by chance
  bool cut = false;
  bool unread = false;
};

/// Fills the wanted key sets in about `memory` bytes (32 MiB at least), of which each table has its
/// share: what does not fit is not read, and nothing is said of values beyond it. What cannot be
/// read is noted, once per table.
void read_keys(const ommi::Database& database, std::vector<KeySet>& keys, std::uint64_t memory,
               std::vector<std::string>& notes);

/// Counts the values of all `children` against their candidates.
void measure(const ommi::Database& database, const std::vector<KeySet>& keys,
             std::vector<Child>& children, std::vector<std::string>& notes);

}  // namespace doctor::sources
