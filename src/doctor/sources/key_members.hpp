#pragma once

/// \file
/// Which values are keys of a table, in as little memory as that takes.

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "ommi/key.hpp"

namespace doctor::sources {

/// A set of keys. Integers are kept as they are, all others by a hash of 64 bits: that a value is
/// taken for a key which it is not happens once in some billion tables, and then to one value.
class KeyMembers {
 public:
  explicit KeyMembers(std::vector<ommi::Comparison> rules);

  /// Adds a key: as many cells as rules, none of them NULL.
  void add(std::span<const ommi::Cell> key);
  [[nodiscard]] bool contains(std::span<const ommi::Cell> key) const;
  [[nodiscard]] std::uint64_t size() const noexcept { return integers_.size() + hashes_.size(); }

 private:
  [[nodiscard]] std::int64_t hash_of(std::span<const ommi::Cell> key) const;

  std::vector<ommi::Comparison> rules_;
  ommi::KeyIndex integers_;
  ommi::KeyIndex hashes_;
  mutable std::string bytes_;
};

}  // namespace doctor::sources
