#pragma once

/// \file
/// A set of byte strings, each with a position in some order that its owner gives.
///
/// The strings are kept in pieces that are never copied, found through a table of places tagged
/// with part of the hash. Bytes are always compared: a hash is never taken for proof.

#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>
#include <vector>

#include "doctor/sweep/byte_hash.hpp"
#include "doctor/sweep/integer_set.hpp"
#include "doctor/sweep/large_block.hpp"
#include "doctor/sweep/memory.hpp"
#include "doctor/sweep/prefetch.hpp"

namespace doctor {

class ByteSet {
 public:
  enum class Positions : std::uint8_t { dropped, kept };

  /// `memory` outlives the set. Where positions are dropped they are all 0.
  ByteSet(MemoryAccount& memory, Positions positions, std::uint64_t seed = hash_seed()) noexcept
      : memory_(&memory),
        piece_(memory.piece()),
        seed_(seed),
        head_(positions == Positions::kept ? sizeof(std::uint64_t) + sizeof(std::uint32_t)
                                           : sizeof(std::uint32_t)) {}

  [[nodiscard]] std::uint64_t hash_of(std::string_view bytes) const noexcept {
    return doctor::hash_of(bytes, seed_);
  }
  Inserted insert(std::string_view bytes, std::uint64_t hash, std::uint64_t position);
  [[nodiscard]] bool contains(std::string_view bytes, std::uint64_t hash) const noexcept {
    return used_ != 0 && slots()[slot_of(bytes, hash)] != 0;
  }

  // To look many up: bring all their slots near, then all their candidates, then ask.
  void prefetch_slot(std::uint64_t hash) const noexcept {
    if (slot_count_ != 0) bring_near(slots() + home_of(hash, slot_count_));
  }
  /// The first entry that may have bytes of that hash and size, which is on its way; null if surely
  /// none has.
  [[nodiscard]] const char* candidate(std::uint64_t hash, std::size_t size) const noexcept;
  [[nodiscard]] bool contains(std::string_view bytes, std::uint64_t hash,
                              const char* candidate) const noexcept {
    if (candidate == nullptr) return false;
    return entry_at(candidate).bytes == bytes || contains(bytes, hash);
  }

  /// About so many are to come in all.
  void expect(std::uint64_t keys) noexcept { expected_ = keys; }
  [[nodiscard]] std::uint64_t size() const noexcept { return used_; }
  /// Calls `visit(bytes, position)`; false where that returned false.
  template <class Visit>
  bool each(Visit&& visit) const;
  /// Keeps what lies before `position`; the memory stays.
  void keep_below(std::uint64_t position);
  void clear() noexcept;

 private:
  /// A stretch of memory: entries one after the other, each a position if those are kept, a length
  /// and the bytes.
  struct Piece {
    LargeBlock bytes;
    std::size_t used = 0;
  };
  struct Entry {
    std::uint64_t position;
    std::string_view bytes;
    std::size_t size;  // of the whole entry
  };

  [[nodiscard]] Entry entry_at(const char* place) const noexcept {
    Entry entry{};
    std::uint32_t length = 0;
    const std::size_t before = head_ - sizeof length;
    if (before != 0) std::memcpy(&entry.position, place, sizeof entry.position);
    std::memcpy(&length, place + before, sizeof length);
    entry.bytes = {place + head_, length};
    entry.size = head_ + length;
    return entry;
  }
  [[nodiscard]] std::uint64_t* slots() const noexcept {
    return reinterpret_cast<std::uint64_t*>(table_.data());
  }
  [[nodiscard]] std::size_t after(std::size_t slot) const noexcept {
    return slot + 1 == slot_count_ ? 0 : slot + 1;
  }
  [[nodiscard]] const char* place_of(std::uint64_t slot) const noexcept;
  [[nodiscard]] std::size_t slot_of(std::string_view bytes, std::uint64_t hash) const noexcept;
  [[nodiscard]] bool grow();
  [[nodiscard]] bool make_room(std::size_t size);
  void link(std::uint64_t hash, std::size_t piece, std::size_t offset) noexcept;
  void link_all() noexcept;

  MemoryAccount* memory_;
  std::uint64_t piece_;
  std::uint64_t seed_;
  std::size_t head_;  // of an entry
  std::vector<Piece> pieces_;
  LargeBlock table_;  // slots: tag << 44 | piece << 21 | offset, plus 1; 0 = free
  std::size_t slot_count_ = 0;
  std::size_t used_ = 0;
  std::uint64_t expected_ = 0;
};

template <class Visit>
bool ByteSet::each(Visit&& visit) const {
  for (const Piece& piece : pieces_) {
    for (std::size_t offset = 0; offset < piece.used;) {
      const Entry entry = entry_at(piece.bytes.data() + offset);
      if (!visit(entry.bytes, entry.position)) return false;
      offset += entry.size;
    }
  }
  return true;
}

}  // namespace doctor
