#include "doctor/sweep/byte_set.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

namespace doctor {

namespace {

constexpr unsigned offset_bits = 21;  // the largest common piece
constexpr unsigned place_bits = 44;
constexpr std::uint64_t place_mask = (std::uint64_t{1} << place_bits) - 1;
constexpr std::uint64_t most_pieces = std::uint64_t{1} << (place_bits - offset_bits);
constexpr std::size_t cache_line = 64;
constexpr std::size_t least_piece = 512;

std::uint64_t tag_of(std::uint64_t hash) noexcept { return hash >> place_bits; }

// A larger piece is for one entry: an offset must fit its bits.
std::size_t room_after(std::size_t size, std::size_t used) noexcept {
  if (used == 0) return size;
  const std::size_t usable = std::min(size, std::size_t{1} << offset_bits);
  return used < usable ? usable - used : 0;
}

}  // namespace

const char* ByteSet::place_of(std::uint64_t slot) const noexcept {
  const std::uint64_t place = (slot & place_mask) - 1;
  const std::uint64_t offset = place & ((std::uint64_t{1} << offset_bits) - 1);
  return pieces_[place >> offset_bits].bytes.data() + offset;
}

std::size_t ByteSet::slot_of(std::string_view bytes, std::uint64_t hash) const noexcept {
  const std::uint64_t* const slots = this->slots();
  for (std::size_t slot = home_of(hash, slot_count_);; slot = after(slot)) {
    const std::uint64_t held = slots[slot];
    if (held == 0) return slot;
    if (held >> place_bits == tag_of(hash) && entry_at(place_of(held)).bytes == bytes) return slot;
  }
}

const char* ByteSet::candidate(std::uint64_t hash, std::size_t size) const noexcept {
  if (slot_count_ == 0) return nullptr;
  const std::uint64_t* const slots = this->slots();
  for (std::size_t slot = home_of(hash, slot_count_); slots[slot] != 0; slot = after(slot)) {
    if (slots[slot] >> place_bits != tag_of(hash)) continue;
    // What is long reaches into a second line; the rest follows by itself.
    const char* const place = place_of(slots[slot]);
    bring_near(place);
    bring_near(place + std::min(head_ + size - 1, cache_line));
    return place;
  }
  return nullptr;
}

Inserted ByteSet::insert(std::string_view bytes, std::uint64_t hash, std::uint64_t position) {
  if (contains(bytes, hash)) return Inserted::known;
  const std::size_t size = head_ + bytes.size();
  if (bytes.size() > UINT32_MAX || !make_room(size)) return Inserted::no_room;
  if ((used_ + 1) * 4 > slot_count_ * 3 && !grow()) return Inserted::no_room;
  Piece& piece = pieces_.back();
  const auto length = static_cast<std::uint32_t>(bytes.size());
  const std::size_t before = head_ - sizeof length;
  char* const place = piece.bytes.data() + piece.used;
  if (before != 0) std::memcpy(place, &position, sizeof position);
  std::memcpy(place + before, &length, sizeof length);
  if (!bytes.empty()) std::memcpy(place + head_, bytes.data(), bytes.size());
  link(hash, pieces_.size() - 1, piece.used);
  piece.used += size;
  ++used_;
  return Inserted::fresh;
}

// An entry larger than a piece has one of its own, so that offsets stay small.
bool ByteSet::make_room(std::size_t size) {
  if (!pieces_.empty() && room_after(pieces_.back().bytes.size(), pieces_.back().used) >= size)
    return true;
  if (pieces_.size() + 1 >= most_pieces) return false;
  // Small at first: most sets never grow.
  const std::size_t next = pieces_.empty() ? least_piece : pieces_.back().bytes.size() * 2;
  const std::size_t wanted = std::max(size, std::min<std::size_t>(next, piece_));
  if (!memory_->take(wanted)) return false;
  pieces_.push_back({LargeBlock(wanted)});
  return true;
}

bool ByteSet::grow() {
  const std::size_t wanted = next_slots(*memory_, slot_count_, expected_, sizeof(std::uint64_t));
  if (!memory_->take(wanted * sizeof(std::uint64_t))) return false;
  memory_->give(std::exchange(slot_count_, wanted) * sizeof(std::uint64_t));
  table_ = LargeBlock();
  table_ = LargeBlock(wanted * sizeof(std::uint64_t));
  link_all();
  return true;
}

void ByteSet::link(std::uint64_t hash, std::size_t piece, std::size_t offset) noexcept {
  std::uint64_t* const slots = this->slots();
  std::size_t slot = home_of(hash, slot_count_);
  while (slots[slot] != 0) slot = after(slot);
  slots[slot] = (tag_of(hash) << place_bits) | ((std::uint64_t{piece} << offset_bits | offset) + 1);
}

// A few at a time, so that their slots come near while the next hashes are made.
void ByteSet::link_all() noexcept {
  struct Found {
    std::uint64_t hash;
    std::size_t piece, offset;
  };
  std::array<Found, 32> group{};
  std::size_t waiting = 0;
  const auto link_group = [&] {
    for (std::size_t at = 0; at < waiting; ++at) {
      link(group[at].hash, group[at].piece, group[at].offset);
    }
    waiting = 0;
  };
  for (std::size_t number = 0; number < pieces_.size(); ++number) {
    const Piece& piece = pieces_[number];
    for (std::size_t offset = 0; offset < piece.used;) {
      const Entry entry = entry_at(piece.bytes.data() + offset);
      group[waiting] = {hash_of(entry.bytes), number, offset};
      prefetch_slot(group[waiting].hash);
      if (++waiting == group.size()) link_group();
      offset += entry.size;
    }
  }
  link_group();
}

// What is kept moves together, so that whole pieces become free.
void ByteSet::keep_below(std::uint64_t position) {
  used_ = 0;
  std::size_t target = 0;
  std::size_t filled = 0;
  for (std::size_t number = 0; number < pieces_.size(); ++number) {
    const std::size_t end = pieces_[number].used;
    for (std::size_t offset = 0; offset < end;) {
      const Entry entry = entry_at(pieces_[number].bytes.data() + offset);
      offset += entry.size;
      if (entry.position >= position) continue;
      while (room_after(pieces_[target].bytes.size(), filled) < entry.size) {
        pieces_[target++].used = filled;
        filled = 0;
      }
      std::memmove(pieces_[target].bytes.data() + filled, entry.bytes.data() - head_, entry.size);
      filled += entry.size;
      ++used_;
    }
  }
  if (!pieces_.empty()) pieces_[target].used = filled;
  while (pieces_.size() > target + 1) {
    memory_->give(pieces_.back().bytes.size());
    pieces_.pop_back();
  }
  std::fill_n(slots(), slot_count_, 0);
  link_all();
}

void ByteSet::clear() noexcept {
  for (const Piece& piece : pieces_) memory_->give(piece.bytes.size());
  memory_->give(slot_count_ * sizeof(std::uint64_t));
  pieces_ = std::vector<Piece>();
  table_ = LargeBlock();
  slot_count_ = 0;
  used_ = 0;
}

}  // namespace doctor
