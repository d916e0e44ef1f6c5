#pragma once

/// \file
/// A set of byte strings, each with a position in some order that its owner gives.
///
/// The strings are kept in pieces that are never copied, found through a table of places tagged
/// with part of the hash. Bytes are always compared: a hash is never taken for proof.

#include <cstdint>
#include <cstring>
#include <memory>
#include <string_view>
#include <vector>

#include "doctor/sweep/integer_set.hpp"
#include "doctor/sweep/memory.hpp"

namespace doctor {

class ByteSet {
 public:
  /// `memory` outlives the set.
  explicit ByteSet(MemoryAccount& memory) noexcept : memory_(&memory), piece_(memory.piece()) {}

  [[nodiscard]] static std::uint64_t hash_of(std::string_view bytes) noexcept {
    constexpr std::uint64_t factor = 0x9E3779B97F4A7C15U;
    std::uint64_t hash = bytes.size() * factor;
    const char* at = bytes.data();
    std::size_t left = bytes.size();
    const auto mix = [&](std::uint64_t word) {
      hash = (hash ^ word) * factor;
      hash ^= hash >> 32U;
    };
    for (; left >= sizeof(std::uint64_t); left -= sizeof(std::uint64_t)) {
      std::uint64_t word = 0;
      std::memcpy(&word, at, sizeof word);
      at += sizeof word;
      mix(word);
    }
    std::uint64_t word = 0;
    if (left != 0) std::memcpy(&word, at, left);
    mix(word);
    return hash;
  }

  Inserted insert(std::string_view bytes, std::uint64_t hash, std::uint64_t position);
  [[nodiscard]] bool contains(std::string_view bytes, std::uint64_t hash) const noexcept {
    return used_ != 0 && slots_[slot_of(bytes, hash)] != 0;
  }
  /// Brings the slot of a hash near, and then what it leads to.
  void prefetch_slot(std::uint64_t hash) const noexcept;
  void prefetch_bytes(std::uint64_t hash) const noexcept;

  [[nodiscard]] std::uint64_t size() const noexcept { return used_; }
  /// Calls `visit(bytes, position)`; false where that returned false.
  template <class Visit>
  bool each(Visit&& visit) const;
  /// Keeps what lies before `position`; the memory stays.
  void keep_below(std::uint64_t position);
  void clear() noexcept;

 private:
  /// A stretch of memory: entries one after the other, each a position, a length and the bytes.
  struct Piece {
    std::unique_ptr<char[]> bytes;
    std::size_t size = 0;
    std::size_t used = 0;
  };
  struct Entry {
    std::uint64_t position;
    std::string_view bytes;
    std::size_t size;  // of the whole entry
  };

  [[nodiscard]] static Entry entry_at(const char* place) noexcept;
  [[nodiscard]] const char* place_of(std::uint64_t slot) const noexcept;
  [[nodiscard]] std::size_t slot_of(std::string_view bytes, std::uint64_t hash) const noexcept;
  [[nodiscard]] bool grow();
  [[nodiscard]] bool make_room(std::size_t size);
  void link(std::uint64_t hash, std::size_t piece, std::size_t offset) noexcept;
  void link_all() noexcept;

  MemoryAccount* memory_;
  std::uint64_t piece_;
  std::vector<Piece> pieces_;
  std::vector<std::uint64_t> slots_;  // tag << 44 | piece << 20 | offset, plus 1; 0 = free
  std::size_t used_ = 0;
};

template <class Visit>
bool ByteSet::each(Visit&& visit) const {
  for (const Piece& piece : pieces_) {
    for (std::size_t offset = 0; offset < piece.used;) {
      const Entry entry = entry_at(piece.bytes.get() + offset);
      if (!visit(entry.bytes, entry.position)) return false;
      offset += entry.size;
    }
  }
  return true;
}

}  // namespace doctor
