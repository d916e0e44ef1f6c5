#include "doctor/sweep/key_set.hpp"

#include <algorithm>
#include <utility>

namespace doctor {

namespace {

// Two integers of 32 bits without a sign are kept as one.
constexpr std::int64_t small_end = std::int64_t{1} << 32U;
constexpr unsigned small_bits = 32;

bool small(std::int64_t part) noexcept { return part >= 0 && part < small_end; }

// The order matters to nobody, but neighbours among the second parts should not crowd a table.
std::int64_t packed(std::int64_t first, std::int64_t second) noexcept {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(first) << small_bits |
                                   static_cast<std::uint64_t>(second));
}

}  // namespace

bool gather(Row row, std::span<const std::size_t> places, std::vector<ommi::Cell>& key) {
  key.clear();
  for (const std::size_t place : places) {
    if (row[place].is_null()) return false;
    key.push_back(row[place]);
  }
  return true;
}

KeySet::KeySet(std::vector<ommi::Comparison> rules, const Share& share)
    : rules_(std::move(rules)),
      share_(share),
      memory_(share.budget, share.most),
      integers_(memory_),
      others_(memory_) {}

KeySet::Added KeySet::add(std::span<const ommi::Cell> key) {
  if (gave_up_) return Added::outside;
  std::uint64_t position = 0;
  if (share_.when_full == WhenFull::narrow) {
    position = position_of(key);
    if (!share_.slice.contains(position)) return Added::outside;
  }
  if (const auto integer = as_integer(key)) return add_integer(*integer);
  adding_.bytes.clear();
  append_bytes(adding_.bytes, key);
  return add_bytes(adding_.bytes, ByteSet::hash_of(adding_.bytes), position);
}

KeySet::Added KeySet::add_integer(std::int64_t key) {
  if (gave_up_) return Added::outside;
  while (true) {
    const Inserted inserted = integers_.insert(key);
    if (inserted != Inserted::no_room) {
      return inserted == Inserted::fresh ? Added::fresh : Added::known;
    }
    if (!make_room() || !share_.slice.contains(position_of_integer(key))) return Added::outside;
  }
}

KeySet::Added KeySet::add_bytes(std::string_view bytes, std::uint64_t hash,
                                std::uint64_t position) {
  if (gave_up_) return Added::outside;
  while (true) {
    const Inserted inserted = others_.insert(bytes, hash, position);
    if (inserted != Inserted::no_room) {
      return inserted == Inserted::fresh ? Added::fresh : Added::known;
    }
    if (!make_room() || !share_.slice.contains(position)) return Added::outside;
  }
}

bool KeySet::contains(std::span<const ommi::Cell> key) const {
  if (const auto integer = as_integer(key)) return integers_.contains(*integer);
  if (others_.size() == 0) return false;
  std::string bytes;
  append_bytes(bytes, key);
  return others_.contains(bytes, ByteSet::hash_of(bytes));
}

void KeySet::add_all(const Batch& batch, std::span<const std::size_t> places) {
  if (gave_up_) return;
  if (share_.when_full == WhenFull::narrow) {
    for (std::size_t row = 0; row < batch.size(); ++row) {
      if (gather(batch.row(row), places, adding_.key)) (void)add(adding_.key);
    }
    return;
  }
  if (const auto integers = as_integers(batch, places, adding_)) {
    add_integers(*integers);
    for (const std::uint32_t row : integers->others) {
      if (gather(batch.row(row), places, adding_.key)) (void)add(adding_.key);
    }
    return;
  }
  std::vector<std::uint32_t>& fresh = adding_.others;
  fresh.clear();
  stage_all(batch, places, adding_, fresh);
  for (std::size_t number = 0; number < adding_.rows.size(); ++number) {
    (void)add_bytes(adding_.staged(number), adding_.hashes[number], 0);
  }
  for (const std::uint32_t row : fresh) {
    if (gather(batch.row(row), places, adding_.key)) (void)add(adding_.key);
  }
}

void KeySet::add_integers(const Integers& keys) {
  integers_.prefetch(keys.values);
  std::size_t next = 0;
  for (std::size_t row = 0; row < keys.values.size(); ++row) {
    if (next < keys.others.size() && keys.others[next] == row) {
      ++next;
    } else if (add_integer(keys.values[row]) == Added::outside) {
      return;
    }
  }
}

void KeySet::find_missing(const Batch& batch, std::span<const std::size_t> places,
                          KeyLookup& lookup, std::vector<std::uint32_t>& missing) const {
  if (const auto integers = as_integers(batch, places, lookup)) {
    integers_.find_missing(integers->values, missing);
    if (integers->others.empty()) return;
    missing.insert(missing.end(), integers->others.begin(), integers->others.end());
  } else {
    stage_all(batch, places, lookup, missing);
    for (const std::uint64_t hash : lookup.hashes) others_.prefetch_bytes(hash);
    for (std::size_t number = 0; number < lookup.rows.size(); ++number) {
      if (others_.contains(lookup.staged(number), lookup.hashes[number])) continue;
      missing.push_back(lookup.rows[number]);
    }
  }
  std::sort(missing.begin(), missing.end());
  missing.erase(std::unique(missing.begin(), missing.end()), missing.end());
}

KeySet::Staged KeySet::stage(Row row, std::span<const std::size_t> places, KeyLookup& lookup,
                             std::int64_t& integer) const {
  // The common cases without a copy of the cells: a text, and any key of parts that do not pack.
  const bool may_be_integer = rules_.size() == 1 || (rules_.size() == 2 && packs(0) && packs(1));
  for (const std::size_t place : places) {
    if (row[place].is_null()) return Staged::null;
  }
  const bool is_text = rules_.size() == 1 && row[places[0]].kind == ommi::Kind::text && !packs(0);
  if (may_be_integer && !is_text) {
    (void)gather(row, places, lookup.key);
    if (const auto found = as_integer(lookup.key)) {
      integer = *found;
      return Staged::integer;
    }
  }
  const std::size_t begin = lookup.bytes.size();
  for (std::size_t part = 0; part < places.size(); ++part) {
    ommi::append_key(lookup.bytes, row[places[part]], rules_[part]);
  }
  lookup.ends.push_back(lookup.bytes.size());
  lookup.hashes.push_back(ByteSet::hash_of(std::string_view(lookup.bytes).substr(begin)));
  return Staged::bytes;
}

// Writes down the keys that are bytes; the others are missing unless they are surely there.
void KeySet::stage_all(const Batch& batch, std::span<const std::size_t> places, KeyLookup& lookup,
                       std::vector<std::uint32_t>& missing) const {
  lookup.bytes.clear();
  lookup.hashes.clear();
  lookup.rows.clear();
  lookup.ends.clear();
  for (std::uint32_t row = 0; row < batch.size(); ++row) {
    std::int64_t integer = 0;
    switch (stage(batch.row(row), places, lookup, integer)) {
      case Staged::null:
        missing.push_back(row);
        break;
      case Staged::integer:
        if (!integers_.contains(integer)) missing.push_back(row);
        break;
      case Staged::bytes:
        others_.prefetch_slot(lookup.hashes.back());
        lookup.rows.push_back(row);
        break;
    }
  }
}

bool KeySet::within(const KeySet& other) const {
  return integers_.each([&](std::int64_t key) { return other.integers_.contains(key); }) &&
         others_.each([&](std::string_view bytes, std::uint64_t) {
           return other.others_.contains(bytes, ByteSet::hash_of(bytes));
         });
}

void KeySet::add_all(const KeySet& other, KeySet* known) {
  if (other.gave_up_) (void)give_up();
  if (gave_up_) return;
  other.integers_.each([&](std::int64_t key) {
    if (add_integer(key) == Added::known && known != nullptr) known->add_integer(key);
    return !gave_up_;
  });
  other.others_.each([&](std::string_view bytes, std::uint64_t position) {
    const std::uint64_t hash = ByteSet::hash_of(bytes);
    if (add_bytes(bytes, hash, position) == Added::known && known != nullptr) {
      known->add_bytes(bytes, hash, position);
    }
    return !gave_up_;
  });
}

std::optional<std::int64_t> KeySet::as_integer(std::span<const ommi::Cell> key) const {
  if (rules_.size() == 1) {
    if (key[0].kind == ommi::Kind::integer && packs(0)) return key[0].integer;
    if (key[0].kind == ommi::Kind::text && rules_[0].affinity == ommi::Affinity::text) return {};
    return ommi::integer_key(key[0], rules_[0]);
  }
  if (rules_.size() != 2 || !packs(0) || !packs(1)) return std::nullopt;
  const auto first = ommi::integer_key(key[0], rules_[0]);
  const auto second = ommi::integer_key(key[1], rules_[1]);
  if (!first || !second || !small(*first) || !small(*second)) return std::nullopt;
  return packed(*first, *second);
}

std::optional<KeySet::Integers> KeySet::as_integers(const Batch& batch,
                                                    std::span<const std::size_t> places,
                                                    KeyLookup& lookup) const {
  if (rules_.size() == 1 && packs(0)) {
    const Batch::Integers* const column = batch.integers(places[0]);
    if (column == nullptr) return std::nullopt;
    return Integers{column->values, column->others};
  }
  if (rules_.size() != 2 || !packs(0) || !packs(1)) return std::nullopt;
  const Batch::Integers* const first = batch.integers(places[0]);
  const Batch::Integers* const second = batch.integers(places[1]);
  if (first == nullptr || second == nullptr) return std::nullopt;
  lookup.packed.resize(batch.size());
  lookup.others = first->others;
  lookup.others.insert(lookup.others.end(), second->others.begin(), second->others.end());
  for (std::uint32_t row = 0; row < batch.size(); ++row) {
    if (!small(first->values[row]) || !small(second->values[row])) lookup.others.push_back(row);
    lookup.packed[row] = packed(first->values[row], second->values[row]);
  }
  std::sort(lookup.others.begin(), lookup.others.end());
  lookup.others.erase(std::unique(lookup.others.begin(), lookup.others.end()), lookup.others.end());
  return Integers{lookup.packed, lookup.others};
}

void KeySet::append_bytes(std::string& bytes, std::span<const ommi::Cell> key) const {
  for (std::size_t part = 0; part < key.size(); ++part) {
    ommi::append_key(bytes, key[part], rules_[part]);
  }
}

std::uint64_t KeySet::position_of_integer(std::int64_t key) const {
  if (rules_.size() == 1) return position_of(key);
  const std::uint64_t both = static_cast<std::uint64_t>(key);
  const ommi::Cell parts[] = {
      ommi::Cell::of(static_cast<std::int64_t>(both >> small_bits)),
      ommi::Cell::of(static_cast<std::int64_t>(both & (std::uint64_t{small_end} - 1)))};
  return position_of(parts);
}

bool KeySet::make_room() {
  const std::optional<std::uint64_t> end =
      share_.when_full == WhenFull::narrow ? middle() : std::nullopt;
  if (end) {
    narrow_to(*end);
    return true;
  }
  return give_up();
}

bool KeySet::give_up() noexcept {
  clear();
  gave_up_ = true;
  return false;
}

// A position about half-way among those of the keys, with a key before it.
std::optional<std::uint64_t> KeySet::middle() const {
  constexpr std::size_t enough = 256;
  std::vector<std::uint64_t> seen;
  const std::uint64_t step = 1 + size() / enough;
  std::uint64_t number = 0;
  const auto take = [&](auto position) {
    if (number++ % step == 0) seen.push_back(position());
    return true;
  };
  integers_.each([&](std::int64_t key) { return take([&] { return position_of_integer(key); }); });
  others_.each(
      [&](std::string_view, std::uint64_t position) { return take([&] { return position; }); });
  if (seen.empty()) return std::nullopt;
  std::sort(seen.begin(), seen.end());
  const auto found = std::upper_bound(seen.begin(), seen.end(), seen.front());
  if (found == seen.end()) return std::nullopt;
  return std::max(*found, seen[seen.size() / 2]);
}

void KeySet::narrow_to(std::uint64_t end) {
  if (end >= share_.slice.end) return;
  share_.slice.end = end;
  integers_.remove([&](std::int64_t key) { return position_of_integer(key) >= end; });
  others_.keep_below(end);
}

void KeySet::restart(const Slice& slice) {
  clear();
  gave_up_ = false;
  share_.slice = slice;
}

void KeySet::clear() noexcept {
  integers_.clear();
  others_.clear();
}

KeyTally::Seen KeyTally::add(std::span<const ommi::Cell> key) {
  const KeySet::Added once = once_.add(key);
  if (once == KeySet::Added::fresh) return Seen::first;
  if (once == KeySet::Added::outside) return Seen::outside;
  const KeySet::Added again = repeated_.add(key);
  once_.narrow_to(repeated_.slice().end);
  if (again == KeySet::Added::outside) return Seen::outside;
  return again == KeySet::Added::fresh ? Seen::second : Seen::again;
}

void KeyTally::add_all(const KeyTally& other) {
  once_.add_all(other.once_, &repeated_);
  repeated_.add_all(other.repeated_);
}

unsigned KeyTally::count(std::span<const ommi::Cell> key) const {
  if (!once_.contains(key)) return 0;
  return repeated_.contains(key) ? 2 : 1;
}

void KeyTally::narrow_to(std::uint64_t end) {
  once_.narrow_to(end);
  repeated_.narrow_to(end);
}

void KeyTally::restart(const Slice& slice) {
  once_.restart(slice);
  repeated_.restart(slice);
}

void KeyTally::clear() noexcept {
  once_.clear();
  repeated_.clear();
}

}  // namespace doctor
