#include "doctor/sweep/integer_set.hpp"

#include <algorithm>
#include <utility>

#include "doctor/sweep/prefetch.hpp"

namespace doctor {

namespace {

// A window of this many words is worth having for any few keys: half a KiB.
constexpr std::uint64_t free_words = 64;
constexpr std::uint64_t zero_word = std::uint64_t{1} << 57U;
constexpr std::size_t least_slots = 16;
// Below this the processor's caches do as well by themselves.
constexpr std::size_t prefetched_from = std::size_t{256} << 10U;

}  // namespace

Inserted IntegerSet::insert(std::int64_t key) {
  const std::uint64_t word = word_of(key);
  if (count_ == 0 && words_.empty()) {
    first_word_ = word >= zero_word && word - zero_word < free_words ? zero_word : word;
  }
  const std::uint64_t index = word - first_word_;
  // One word for each key seen so far: never more than the table would take. Where there is no room
  // for the window, there may still be some in the table.
  if (index >= words_.size() && (index >= std::max(free_words, count_) || !widen(index))) {
    return insert_into_table(key);
  }
  // The window can grow over keys that went into the table before.
  if ((words_[index] & bit_of(key)) != 0 || in_table(key)) return Inserted::known;
  words_[index] |= bit_of(key);
  ++count_;
  return Inserted::fresh;
}

bool IntegerSet::widen(std::uint64_t index) {
  if (index >= words_.capacity()) {
    const std::uint64_t least = index + 1;
    const std::uint64_t most = std::max(least, std::uint64_t{words_.capacity()} * 3 / 2);
    // The old words are there until they are copied.
    const std::uint64_t old = words_.capacity() * sizeof(std::uint64_t);
    std::uint64_t wanted = most;
    if (!memory_->take(wanted * sizeof(std::uint64_t))) {
      wanted = least;
      if (!memory_->take(wanted * sizeof(std::uint64_t))) return false;
    }
    words_.reserve(wanted);
    memory_->give(old);
  }
  words_.resize(index + 1);
  return true;
}

void IntegerSet::prefetch(std::span<const std::int64_t> keys) const noexcept {
  if (slots_.size() * sizeof(std::int64_t) < prefetched_from) return;
  const std::size_t mask = slots_.size() - 1;
  for (const std::int64_t key : keys) bring_near(&slots_[mixed(key) & mask]);
}

void IntegerSet::find_missing(std::span<const std::int64_t> keys,
                              std::vector<std::uint32_t>& missing) const {
  const std::uint64_t* const words = words_.data();
  const std::uint64_t size = words_.size();
  const std::uint64_t first = first_word_;
  if (size * sizeof(std::uint64_t) >= prefetched_from) {
    for (const std::int64_t key : keys) {
      const std::uint64_t index = word_of(key) - first;
      bring_near(words + (index < size ? index : 0));
    }
  }
  const bool table = used_ != 0 || has_zero_;
  if (table) prefetch(keys);
  for (std::size_t place = 0; place < keys.size(); ++place) {
    const std::int64_t key = keys[place];
    const std::uint64_t index = word_of(key) - first;
    if (index < size && (words[index] & bit_of(key)) != 0) continue;
    if (!table || !in_table(key)) missing.push_back(static_cast<std::uint32_t>(place));
  }
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

Inserted IntegerSet::insert_into_table(std::int64_t key) {
  if (key == 0) {
    if (std::exchange(has_zero_, true)) return Inserted::known;
    ++count_;
    return Inserted::fresh;
  }
  if (in_table(key)) return Inserted::known;
  if ((used_ + 1) * 4 > slots_.size() * 3 && !grow_table()) return Inserted::no_room;
  const std::size_t mask = slots_.size() - 1;
  std::size_t slot = mixed(key) & mask;
  while (slots_[slot] != 0) slot = (slot + 1) & mask;
  slots_[slot] = key;
  ++used_;
  ++count_;
  return Inserted::fresh;
}

bool IntegerSet::grow_table() {
  const std::size_t wanted = std::max(least_slots, slots_.size() * 2);
  if (!memory_->take(wanted * sizeof(std::int64_t))) return false;
  const std::vector<std::int64_t> old = std::exchange(slots_, std::vector<std::int64_t>(wanted));
  const std::size_t mask = slots_.size() - 1;
  for (const std::int64_t key : old) {
    if (key == 0) continue;
    std::size_t slot = mixed(key) & mask;
    while (slots_[slot] != 0) slot = (slot + 1) & mask;
    slots_[slot] = key;
  }
  memory_->give(old.size() * sizeof(std::int64_t));
  return true;
}

// Moves back what was pushed past the slot, so that no gap ends a search too early.
void IntegerSet::remove_slot(std::size_t slot) noexcept {
  const std::size_t mask = slots_.size() - 1;
  std::size_t gap = slot;
  for (std::size_t next = (gap + 1) & mask; slots_[next] != 0; next = (next + 1) & mask) {
    const std::size_t home = mixed(slots_[next]) & mask;
    if (((next - home) & mask) < ((next - gap) & mask)) continue;
    slots_[gap] = slots_[next];
    gap = next;
  }
  slots_[gap] = 0;
  --used_;
  --count_;
}

// A window that has become much too wide gives its memory back.
void IntegerSet::trim_window() {
  std::size_t wanted = words_.size();
  while (wanted > 0 && words_[wanted - 1] == 0) --wanted;
  if (wanted > words_.capacity() / 2 || words_.empty()) return;
  if (!memory_->take(wanted * sizeof(std::uint64_t))) return;
  memory_->give(words_.capacity() * sizeof(std::uint64_t));
  words_ = std::vector<std::uint64_t>(words_.begin(),
                                      words_.begin() + static_cast<std::ptrdiff_t>(wanted));
}

void IntegerSet::clear() noexcept {
  memory_->give((words_.capacity() * sizeof(std::uint64_t)) +
                (slots_.size() * sizeof(std::int64_t)));
  words_ = std::vector<std::uint64_t>();
  slots_ = std::vector<std::int64_t>();
  count_ = 0;
  used_ = 0;
  has_zero_ = false;
}

}  // namespace doctor
