#include "doctor/sweep/key_set.hpp"

#include <algorithm>
#include <functional>
#include <utility>

namespace doctor {

namespace {

// The window may always be this large: 32 KiB.
constexpr std::uint64_t free_words = 4096;
constexpr std::uint64_t zero_word = std::uint64_t{1} << 57U;
constexpr unsigned offset_bits = 40;
constexpr std::uint64_t offset_mask = (std::uint64_t{1} << offset_bits) - 1;

// In the order of the keys, so that a window over words is a window over keys.
std::uint64_t word_of(std::int64_t key) noexcept {
  return (static_cast<std::uint64_t>(key) ^ (std::uint64_t{1} << 63U)) >> 6U;
}

std::uint64_t bit_of(std::int64_t key) noexcept {
  return std::uint64_t{1} << (static_cast<std::uint64_t>(key) & 63U);
}

std::uint64_t mixed(std::int64_t key) noexcept {
  std::uint64_t hash = static_cast<std::uint64_t>(key) * 0x9E3779B97F4A7C15U;
  return hash ^ (hash >> 32U);
}

std::uint64_t hash_of(std::string_view bytes) noexcept {
  return std::hash<std::string_view>{}(bytes);
}

std::uint64_t tag_of(std::uint64_t hash) noexcept { return hash >> offset_bits; }

}  // namespace

bool IntegerSet::insert(std::int64_t key) {
  const std::uint64_t word = word_of(key);
  if (count_ == 0) {
    first_word_ = word >= zero_word && word - zero_word < free_words ? zero_word : word;
  }
  const std::uint64_t index = word - first_word_;
  // One word for each key seen so far: never more than the table would take.
  if (index >= words_.size() && index < std::max(free_words, count_)) words_.resize(index + 1);
  if (index >= words_.size()) {
    const bool fresh = insert_into_table(key);
    count_ += fresh ? 1U : 0U;
    return fresh;
  }
  // The window can grow over keys that went into the table before.
  if ((words_[index] & bit_of(key)) != 0 || in_table(key)) return false;
  words_[index] |= bit_of(key);
  ++count_;
  return true;
}

bool IntegerSet::contains(std::int64_t key) const noexcept {
  const std::uint64_t index = word_of(key) - first_word_;
  if (index < words_.size() && (words_[index] & bit_of(key)) != 0) return true;
  return in_table(key);
}

bool IntegerSet::in_table(std::int64_t key) const noexcept {
  if (key == 0) return has_zero_;
  if (used_ == 0) return false;
  const std::size_t mask = slots_.size() - 1;
  for (std::size_t slot = mixed(key) & mask;; slot = (slot + 1) & mask) {
    if (slots_[slot] == key) return true;
    if (slots_[slot] == 0) return false;
  }
}

bool IntegerSet::insert_into_table(std::int64_t key) {
  if (key == 0) return !std::exchange(has_zero_, true);
  if ((used_ + 1) * 4 > slots_.size() * 3) grow_table();
  const std::size_t mask = slots_.size() - 1;
  std::size_t slot = mixed(key) & mask;
  while (slots_[slot] != 0) {
    if (slots_[slot] == key) return false;
    slot = (slot + 1) & mask;
  }
  slots_[slot] = key;
  ++used_;
  return true;
}

void IntegerSet::grow_table() {
  const std::vector<std::int64_t> old = std::exchange(
      slots_, std::vector<std::int64_t>(std::max<std::size_t>(64, slots_.size() * 2)));
  const std::size_t mask = slots_.size() - 1;
  for (const std::int64_t key : old) {
    if (key == 0) continue;
    std::size_t slot = mixed(key) & mask;
    while (slots_[slot] != 0) slot = (slot + 1) & mask;
    slots_[slot] = key;
  }
}

bool ByteSet::insert(std::string_view bytes) {
  if ((used_ + 1) * 4 > slots_.size() * 3) grow();
  const std::uint64_t hash = hash_of(bytes);
  const std::size_t slot = slot_of(bytes, hash);
  if (slots_[slot] != 0) return false;
  slots_[slot] = (tag_of(hash) << offset_bits) | (arena_.size() + 1);
  std::size_t length = bytes.size();
  for (; length > 127; length >>= 7U) arena_.push_back(static_cast<char>((length & 127U) | 128U));
  arena_.push_back(static_cast<char>(length));
  arena_.append(bytes);
  ++used_;
  return true;
}

bool ByteSet::contains(std::string_view bytes) const noexcept {
  return !slots_.empty() && slots_[slot_of(bytes, hash_of(bytes))] != 0;
}

std::size_t ByteSet::slot_of(std::string_view bytes, std::uint64_t hash) const noexcept {
  const std::size_t mask = slots_.size() - 1;
  for (std::size_t slot = hash & mask;; slot = (slot + 1) & mask) {
    const std::uint64_t entry = slots_[slot];
    if (entry == 0) return slot;
    if (entry >> offset_bits == tag_of(hash) && at((entry & offset_mask) - 1) == bytes) return slot;
  }
}

std::string_view ByteSet::at(std::uint64_t offset) const noexcept {
  std::size_t length = 0;
  for (unsigned shift = 0;; shift += 7U) {
    const auto byte = static_cast<unsigned char>(arena_[offset++]);
    length |= static_cast<std::size_t>(byte & 127U) << shift;
    if (byte < 128) break;
  }
  return std::string_view(arena_).substr(offset, length);
}

void ByteSet::grow() {
  const std::vector<std::uint64_t> old = std::exchange(
      slots_, std::vector<std::uint64_t>(std::max<std::size_t>(64, slots_.size() * 2)));
  const std::size_t mask = slots_.size() - 1;
  for (const std::uint64_t entry : old) {
    if (entry == 0) continue;
    std::size_t slot = hash_of(at((entry & offset_mask) - 1)) & mask;
    while (slots_[slot] != 0) slot = (slot + 1) & mask;
    slots_[slot] = entry;
  }
}

bool KeySet::insert(std::span<const ommi::Cell> key) {
  if (const auto integer = as_integer(key)) return integers_.insert(*integer);
  return others_.insert(as_bytes(key));
}

bool KeySet::contains(std::span<const ommi::Cell> key) const {
  if (const auto integer = as_integer(key)) return integers_.contains(*integer);
  return others_.contains(as_bytes(key));
}

std::optional<std::int64_t> KeySet::as_integer(std::span<const ommi::Cell> key) const {
  if (rules_.size() != 1) return std::nullopt;
  if (key[0].kind == ommi::Kind::integer && rules_[0].affinity != ommi::Affinity::text) {
    return key[0].integer;
  }
  return ommi::integer_key(key[0], rules_[0]);
}

std::string_view KeySet::as_bytes(std::span<const ommi::Cell> key) const {
  scratch_.clear();
  for (std::size_t part = 0; part < key.size(); ++part) {
    ommi::append_key(scratch_, key[part], rules_[part]);
  }
  return scratch_;
}

KeyTally::Seen KeyTally::add(std::span<const ommi::Cell> key) {
  if (once_.insert(key)) return Seen::first;
  return repeated_.insert(key) ? Seen::second : Seen::again;
}

bool KeyTally::contains(std::span<const ommi::Cell> key) const { return once_.contains(key); }

unsigned KeyTally::count(std::span<const ommi::Cell> key) const {
  if (!once_.contains(key)) return 0;
  return repeated_.contains(key) ? 2 : 1;
}

}  // namespace doctor
