// Sets of keys held against each other: what both may keep in forms of their own.

#include <array>

#include "doctor/sweep/key_set.hpp"

namespace doctor {

template <class Visit>
bool KeySet::each_encoded(Visit&& visit) const {
  const auto short_one = [&](const ShortKey& key) {
    std::array<char, ShortKey::most> room{};
    return visit(key.bytes(room));
  };
  return shorts_.each(short_one) &&
         longs_.each([&](std::string_view bytes, std::uint64_t) { return visit(bytes); });
}

bool KeySet::within(const KeySet& other) const {
  // What is a pair there may be none here.
  const auto contained = [&](std::string_view bytes) {
    std::array<ommi::Cell, 2> parts;
    if (other.pairs_ && KeyBytes::read(bytes, parts)) return other.contains(parts);
    return other.contains_encoded(bytes);
  };
  return integers_.each([&](std::int64_t key) {
    return pairs_ ? other.contains(pairs_->key(key)) : other.integers_.contains(key);
  }) && each_encoded(contained) &&
         odd_.each([&](std::string_view bytes, std::uint64_t) {
           return other.odd_.contains(bytes, other.odd_.hash_of(bytes));
         });
}

void KeySet::add_all(const KeySet& other, KeySet* known) {
  if (other.gave_up_) (void)give_up();
  if (gave_up_) return;
  shorts_.expect(shorts_.size() + other.shorts_.size());
  longs_.expect(longs_.size() + other.longs_.size());
  const auto add_to_both = [&](const auto& add) {
    if (add(*this) == Added::known && known != nullptr) (void)add(*known);
    return !gave_up_;
  };
  if (other.pairs_) {
    add_pairs(other, known);
  } else {
    other.integers_.each([&](std::int64_t key) {
      return add_to_both([&](KeySet& set) { return set.add_integer(key); });
    });
  }
  // Without pairs anywhere the bytes are the same on both sides.
  if (!pairs_ && !other.pairs_ && (known == nullptr || !known->pairs_)) {
    other.shorts_.each([&](const ShortKey& key) {
      return add_to_both([&](KeySet& set) { return set.add_short(key, set.shorts_.hash_of(key)); });
    });
    add_all(other.longs_, longs_, known, known == nullptr ? nullptr : &known->longs_);
  } else {
    other.each_encoded([&](std::string_view bytes) {
      return add_to_both([&](KeySet& set) {
        std::array<ommi::Cell, 2> parts;
        if (set.pairs_ && KeyBytes::read(bytes, parts)) return set.add(parts);
        return set.add_encoded(bytes, 0);
      });
    });
  }
  add_all(other.odd_, odd_, known, known == nullptr ? nullptr : &known->odd_);
}

void KeySet::add_all(const ByteSet& others, ByteSet& to, KeySet* known, ByteSet* known_to) {
  struct Waiting {
    std::string_view bytes;
    std::uint64_t hash, position;
  };
  std::array<Waiting, 64> group{};
  std::size_t waiting = 0;
  const auto add_group = [&] {
    for (const auto& [bytes, hash, position] : std::span(group).first(waiting)) {
      if (add_bytes(to, bytes, hash, position) != Added::known || known == nullptr) continue;
      known->add_bytes(*known_to, bytes, hash, position);
    }
    waiting = 0;
  };
  others.each([&](std::string_view bytes, std::uint64_t position) {
    const std::uint64_t hash = to.hash_of(bytes);
    to.prefetch_slot(hash);
    group[waiting++] = {bytes, hash, position};
    if (waiting == group.size()) add_group();
    return !gave_up_;
  });
  add_group();
}

}  // namespace doctor
