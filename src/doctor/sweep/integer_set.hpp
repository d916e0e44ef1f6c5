#pragma once

/// \file
/// A set of 64-bit integers: a bitmap that grows with dense keys, an open-addressing table for the
/// rest. Neither takes more than eight bytes for a key, up to the table's empty slots.

#include <cstdint>
#include <span>
#include <vector>

#include "doctor/sweep/memory.hpp"

namespace doctor {

enum class Inserted : std::uint8_t { fresh, known, no_room };

class IntegerSet {
 public:
  /// `memory` outlives the set.
  explicit IntegerSet(MemoryAccount& memory) noexcept : memory_(&memory) {}

  Inserted insert(std::int64_t key);
  [[nodiscard]] bool contains(std::int64_t key) const noexcept {
    const std::uint64_t index = word_of(key) - first_word_;
    if (index < words_.size() && (words_[index] & bit_of(key)) != 0) return true;
    return in_table(key);
  }
  /// Appends the places of those among `keys` that are not in the set.
  void find_missing(std::span<const std::int64_t> keys, std::vector<std::uint32_t>& missing) const;
  /// Brings the memory near that looking these up, or inserting them, will touch.
  void prefetch(std::span<const std::int64_t> keys) const noexcept;

  [[nodiscard]] std::uint64_t size() const noexcept { return count_; }
  /// False where `visit` returned false.
  template <class Visit>
  bool each(Visit&& visit) const;
  /// Takes out the keys for which `gone` says so; the table's memory stays.
  template <class Gone>
  void remove(Gone&& gone);
  void clear() noexcept;

 private:
  // In the order of the keys, so that a window over words is a window over keys.
  [[nodiscard]] static std::uint64_t word_of(std::int64_t key) noexcept {
    return (static_cast<std::uint64_t>(key) ^ (std::uint64_t{1} << 63U)) >> 6U;
  }
  [[nodiscard]] static std::uint64_t bit_of(std::int64_t key) noexcept {
    return std::uint64_t{1} << (static_cast<std::uint64_t>(key) & 63U);
  }
  [[nodiscard]] static std::uint64_t mixed(std::int64_t key) noexcept {
    const std::uint64_t hash = static_cast<std::uint64_t>(key) * 0x9E3779B97F4A7C15U;
    return hash ^ (hash >> 32U);
  }
  [[nodiscard]] std::int64_t key_of(std::size_t index, unsigned bit) const noexcept {
    const std::uint64_t key = ((first_word_ + index) << 6U) + bit;
    return static_cast<std::int64_t>(key ^ (std::uint64_t{1} << 63U));
  }
  [[nodiscard]] bool in_table(std::int64_t key) const noexcept;
  [[nodiscard]] bool widen(std::uint64_t index);
  Inserted insert_into_table(std::int64_t key);
  [[nodiscard]] bool grow_table();
  void remove_slot(std::size_t slot) noexcept;
  void trim_window();

  MemoryAccount* memory_;
  std::vector<std::uint64_t> words_;  // bits of the keys from first_word_ on
  std::uint64_t first_word_ = 0;
  std::uint64_t count_ = 0;
  std::vector<std::int64_t> slots_;  // 0 = free; the key 0 itself is has_zero_
  std::size_t used_ = 0;
  bool has_zero_ = false;
};

template <class Visit>
bool IntegerSet::each(Visit&& visit) const {
  if (has_zero_ && !visit(std::int64_t{0})) return false;
  for (std::size_t index = 0; index < words_.size(); ++index) {
    for (std::uint64_t bits = words_[index]; bits != 0; bits &= bits - 1) {
      if (!visit(key_of(index, static_cast<unsigned>(__builtin_ctzll(bits))))) return false;
    }
  }
  for (const std::int64_t key : slots_) {
    if (key != 0 && !visit(key)) return false;
  }
  return true;
}

template <class Gone>
void IntegerSet::remove(Gone&& gone) {
  if (has_zero_ && gone(std::int64_t{0})) {
    has_zero_ = false;
    --count_;
  }
  for (std::size_t index = 0; index < words_.size(); ++index) {
    for (std::uint64_t bits = words_[index]; bits != 0; bits &= bits - 1) {
      if (!gone(key_of(index, static_cast<unsigned>(__builtin_ctzll(bits))))) continue;
      words_[index] &= ~(bits & (~bits + 1));
      --count_;
    }
  }
  trim_window();
  // What moves into a slot that was emptied is looked at in its turn.
  for (std::size_t slot = 0; slot < slots_.size();) {
    if (slots_[slot] != 0 && gone(slots_[slot])) {
      remove_slot(slot);
    } else {
      ++slot;
    }
  }
}

}  // namespace doctor
