#pragma once

/// \file
/// A set of short byte strings, each kept whole where its hash leads: a look-up is one line of
/// memory, and exact.

#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "doctor/sweep/byte_hash.hpp"
#include "doctor/sweep/integer_set.hpp"
#include "doctor/sweep/large_block.hpp"
#include "doctor/sweep/memory.hpp"
#include "doctor/sweep/prefetch.hpp"

namespace doctor {

/// Up to fifteen bytes and how many there are: different strings are different keys.
struct ShortKey {
  static constexpr std::size_t most = 15;
  std::uint64_t low = 0;
  std::uint64_t high = 0;  // never 0: its last byte is the size, plus 1

  /// `bytes` are no more than `most`.
  [[nodiscard]] static ShortKey of(std::string_view bytes) noexcept;
  /// The bytes that it was made of, in `room`.
  [[nodiscard]] std::string_view bytes(std::array<char, most>& room) const noexcept;
  friend bool operator==(const ShortKey&, const ShortKey&) = default;
};

class ShortSet {
 public:
  /// `memory` outlives the set.
  explicit ShortSet(MemoryAccount& memory, std::uint64_t seed = hash_seed()) noexcept
      : memory_(&memory), seed_(seed) {}

  [[nodiscard]] std::uint64_t hash_of(const ShortKey& key) const noexcept {
    return doctor::hash_of(key.low, key.high, seed_);
  }
  Inserted insert(const ShortKey& key, std::uint64_t hash);
  [[nodiscard]] bool contains(const ShortKey& key, std::uint64_t hash) const noexcept {
    return slot_count_ != 0 && slots()[slot_of(key, hash)].high != 0;
  }
  void prefetch(std::uint64_t hash) const noexcept {
    if (slot_count_ != 0) bring_near(slots() + home_of(hash, slot_count_));
  }

  /// About so many are to come in all.
  void expect(std::uint64_t keys) noexcept { expected_ = keys; }
  [[nodiscard]] std::uint64_t size() const noexcept { return used_; }
  /// Calls `visit(key)`; false where that returned false.
  template <class Visit>
  bool each(Visit&& visit) const {
    for (std::size_t slot = 0; slot < slot_count_; ++slot) {
      if (slots()[slot].high != 0 && !visit(slots()[slot])) return false;
    }
    return true;
  }
  void clear() noexcept;

 private:
  [[nodiscard]] ShortKey* slots() const noexcept {
    return reinterpret_cast<ShortKey*>(table_.data());
  }
  [[nodiscard]] std::size_t slot_of(const ShortKey& key, std::uint64_t hash) const noexcept {
    const ShortKey* const slots = this->slots();
    std::size_t slot = home_of(hash, slot_count_);
    while (slots[slot].high != 0 && slots[slot] != key) {
      if (++slot == slot_count_) slot = 0;
    }
    return slot;
  }
  [[nodiscard]] bool grow();

  MemoryAccount* memory_;
  std::uint64_t seed_;
  LargeBlock table_;  // ShortKeys, free where they are 0
  std::size_t slot_count_ = 0;
  std::size_t used_ = 0;
  std::uint64_t expected_ = 0;
};

/// Puts a short key together, without a way through memory.
class ShortKeyWriter {
 public:
  [[nodiscard]] bool fits(std::size_t more) const noexcept {
    return used_ + more <= ShortKey::most;
  }
  /// The first `size` bytes of a word, the others of which are 0. They fit.
  void append(std::uint64_t word, unsigned size) noexcept {
    if (used_ >= 8) {
      key_.high |= word << (8 * (used_ - 8));
    } else {
      key_.low |= word << (8 * used_);
      if (used_ != 0) key_.high |= word >> (64 - (8 * used_));
    }
    used_ += size;
  }
  /// What fits.
  void append(std::string_view bytes) noexcept;
  [[nodiscard]] ShortKey key() const noexcept {
    return {key_.low, key_.high | std::uint64_t{used_ + 1} << 56U};
  }

 private:
  ShortKey key_;
  unsigned used_ = 0;
};

inline void ShortKeyWriter::append(std::string_view bytes) noexcept {
  using namespace hash_parts;
  const char* const at = bytes.data();
  const auto size = static_cast<unsigned>(bytes.size());
  if (std::endian::native != std::endian::little || size < 4) {
    for (const char byte : bytes) append(static_cast<unsigned char>(byte), 1);
  } else if (size < 8) {
    append(four(at) | four(at + size - 4) << (8 * (size - 4)), size);
  } else {
    append(eight(at), 8);
    if (size > 8) append(eight(at + size - 8) >> (8 * (16 - size)), size - 8);
  }
}

inline ShortKey ShortKey::of(std::string_view bytes) noexcept {
  ShortKeyWriter writer;
  writer.append(bytes);
  return writer.key();
}

}  // namespace doctor
