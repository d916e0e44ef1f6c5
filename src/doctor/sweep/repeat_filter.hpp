#pragma once

/// \file
/// Which keys may occur more than once, in a fixed memory, for tables whose keys it does not hold.
///
/// A first look at all keys notes where their hashes lead; a key that is the only one to lead to
/// its place occurs once. Only the others, which are few, need be told apart. This is a counting
/// filter with two bits a place (Fan, Cao, Almeida, Broder: Summary Cache, 2000) and one hash.

#include <cstdint>
#include <span>

#include "doctor/sweep/byte_hash.hpp"
#include "doctor/sweep/key_bytes.hpp"
#include "doctor/sweep/large_block.hpp"
#include "doctor/sweep/memory.hpp"
#include "doctor/sweep/prefetch.hpp"
#include "ommi/key.hpp"

namespace doctor {

class RepeatFilter {
 public:
  /// Takes a power of two of bytes, no more than `most`; none if the budget has no such room.
  /// `budget` outlives it.
  RepeatFilter(MemoryBudget& budget, std::uint64_t most);

  /// Whether it has no place, and is of no use.
  [[nodiscard]] bool empty() const noexcept { return words_.size() == 0; }
  void prefetch(std::uint64_t hash) const noexcept { bring_near(word_of(hash)); }
  /// Notes a key.
  void note(std::uint64_t hash) noexcept {
    std::uint64_t& word = *word_of(hash);
    const unsigned place = place_of(hash);
    const std::uint64_t once = word >> place & 1U;
    word |= std::uint64_t{1} << place | once << (place + 1U);
  }
  /// False only for keys that were noted once at most.
  [[nodiscard]] bool may_repeat(std::uint64_t hash) const noexcept {
    return (*word_of(hash) >> place_of(hash) & 2U) != 0;
  }

 private:
  [[nodiscard]] std::uint64_t* word_of(std::uint64_t hash) const noexcept {
    return reinterpret_cast<std::uint64_t*>(words_.data()) + (hash & mask_);
  }
  // By other bits than those that choose the word.
  [[nodiscard]] static unsigned place_of(std::uint64_t hash) noexcept {
    return static_cast<unsigned>(hash >> 59U) * 2;
  }

  MemoryAccount memory_;
  LargeBlock words_;
  std::uint64_t mask_ = 0;
};

/// Hashes of keys that are equal where the keys are.
class KeyHash {
 public:
  /// `rules` outlive it.
  explicit KeyHash(std::span<const ommi::Comparison> rules) noexcept : rules_(rules) {}
  /// No part is NULL.
  [[nodiscard]] std::uint64_t of(std::span<const ommi::Cell> key);

 private:
  std::span<const ommi::Comparison> rules_;
  KeyBytes bytes_;
};

}  // namespace doctor
