#include "doctor/sweep/short_set.hpp"

#include <utility>

namespace doctor {

std::string_view ShortKey::bytes(std::array<char, most>& room) const noexcept {
  const auto size = static_cast<std::size_t>((high >> 56U) - 1);
  for (std::size_t at = 0; at < size; ++at) {
    room[at] = static_cast<char>((at < 8 ? low : high) >> (8 * (at % 8)));
  }
  return {room.data(), size};
}

Inserted ShortSet::insert(const ShortKey& key, std::uint64_t hash) {
  if (contains(key, hash)) return Inserted::known;
  if ((used_ + 1) * 4 > slot_count_ * 3 && !grow()) return Inserted::no_room;
  slots()[slot_of(key, hash)] = key;
  ++used_;
  return Inserted::fresh;
}

bool ShortSet::grow() {
  const std::size_t wanted = next_slots(*memory_, slot_count_, expected_, sizeof(ShortKey));
  if (!memory_->take(wanted * sizeof(ShortKey))) return false;
  const LargeBlock old = std::exchange(table_, LargeBlock(wanted * sizeof(ShortKey)));
  const std::size_t before = std::exchange(slot_count_, wanted);
  const auto* const keys = reinterpret_cast<const ShortKey*>(old.data());
  for (std::size_t slot = 0; slot < before; ++slot) {
    if (keys[slot].high != 0) slots()[slot_of(keys[slot], hash_of(keys[slot]))] = keys[slot];
  }
  memory_->give(before * sizeof(ShortKey));
  return true;
}

void ShortSet::clear() noexcept {
  memory_->give(slot_count_ * sizeof(ShortKey));
  table_ = LargeBlock();
  slot_count_ = 0;
  used_ = 0;
}

}  // namespace doctor
