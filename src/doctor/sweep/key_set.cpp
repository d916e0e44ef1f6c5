#include "doctor/sweep/key_set.hpp"

#include <algorithm>
#include <array>
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

// Keys that come in the order of one table's hashes would crowd another with the same seed.
std::uint64_t seed_of(const void* set) noexcept {
  return hash_seed() ^ (reinterpret_cast<std::uintptr_t>(set) * 0x9E3779B97F4A7C15U);
}

ByteSet::Positions positions_of(const Share& share) noexcept {
  return share.when_full == WhenFull::narrow ? ByteSet::Positions::kept
                                             : ByteSet::Positions::dropped;
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
      shorts_(memory_, seed_of(this)),
      longs_(memory_, positions_of(share)),
      odd_(memory_, positions_of(share)),
      plain_(rules_.size() == 1 && KeyBytes::is_plain(rules_[0])) {
  if (share_.when_full == WhenFull::give_up) pairs_ = PairCoder::of(rules_);
}

KeySet::Added KeySet::add(std::span<const ommi::Cell> key) {
  if (gave_up_) return Added::outside;
  std::uint64_t position = 0;
  if (share_.when_full == WhenFull::narrow) {
    position = position_of(key);
    if (!share_.slice.contains(position)) return Added::outside;
  }
  if (pairs_) {
    if (const auto pair = pairs_->add(key)) return add_pair(*pair, key);
  }
  if (const auto integer = as_integer(key)) return add_integer(*integer);
  std::string scratch;
  const Encoded encoded = encode(key, adding_.bytes, scratch);
  if (encoded.odd) return add_bytes(odd_, encoded.bytes, odd_.hash_of(encoded.bytes), position);
  return add_encoded(encoded.bytes, position);
}

KeySet::Added KeySet::add_encoded(std::string_view bytes, std::uint64_t position) {
  if (is_short(bytes)) {
    const ShortKey little = ShortKey::of(bytes);
    return add_short(little, shorts_.hash_of(little));
  }
  return add_bytes(longs_, bytes, longs_.hash_of(bytes), position);
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

// Short keys have no positions: a set that narrows keeps none.
KeySet::Added KeySet::add_short(const ShortKey& key, std::uint64_t hash) {
  if (gave_up_) return Added::outside;
  const Inserted inserted = shorts_.insert(key, hash);
  if (inserted != Inserted::no_room) {
    return inserted == Inserted::fresh ? Added::fresh : Added::known;
  }
  (void)give_up();
  return Added::outside;
}

KeySet::Added KeySet::add_bytes(ByteSet& set, std::string_view bytes, std::uint64_t hash,
                                std::uint64_t position) {
  if (gave_up_) return Added::outside;
  while (true) {
    const Inserted inserted = set.insert(bytes, hash, position);
    if (inserted != Inserted::no_room) {
      return inserted == Inserted::fresh ? Added::fresh : Added::known;
    }
    if (!make_room() || !share_.slice.contains(position)) return Added::outside;
  }
}

bool KeySet::contains(std::span<const ommi::Cell> key) const {
  if (pairs_) {
    if (const auto pair = pairs_->find(key)) {
      return PairCoder::known(*pair) && integers_.contains(pairs_->code(*pair));
    }
  }
  if (const auto integer = as_integer(key)) return integers_.contains(*integer);
  if (size() == integers_.size()) return false;
  KeyBytes bytes;
  std::string scratch;
  const Encoded encoded = encode(key, bytes, scratch);
  if (encoded.odd) return odd_.contains(encoded.bytes, odd_.hash_of(encoded.bytes));
  return contains_encoded(encoded.bytes);
}

bool KeySet::contains_encoded(std::string_view bytes) const {
  if (is_short(bytes)) {
    const ShortKey little = ShortKey::of(bytes);
    return shorts_.contains(little, shorts_.hash_of(little));
  }
  return longs_.contains(bytes, longs_.hash_of(bytes));
}

KeySet::Encoded KeySet::encode(std::span<const ommi::Cell> key, KeyBytes& bytes,
                               std::string& scratch) const {
  if (plain_) {
    const ommi::Cell cell = ommi::with_affinity(key[0], rules_[0].affinity, scratch);
    if (cell.kind == ommi::Kind::text) return {false, cell.view()};
  }
  bytes.clear();
  for (std::size_t part = 0; part < key.size(); ++part) bytes.append(key[part], rules_[part]);
  return {plain_, bytes.view()};
}

void KeySet::add_all(const Batch& batch, std::span<const std::size_t> places) {
  if (gave_up_) return;
  if (share_.when_full == WhenFull::narrow) {
    for (std::size_t row = 0; row < batch.size(); ++row) {
      if (gather(batch.row(row), places, adding_.key)) (void)add(adding_.key);
    }
    return;
  }
  if (pairs_ && add_pairs(batch, places)) return;
  if (gave_up_) return;
  if (const auto integers = as_integers(batch, places, adding_)) {
    add_integers(*integers);
    for (const std::uint32_t row : integers->others) {
      if (gather(batch.row(row), places, adding_.key)) (void)add(adding_.key);
    }
    return;
  }
  std::vector<std::uint32_t>& others = adding_.others;
  others.clear();
  stage_all(batch, places, adding_, others);
  for (const KeyLookup::Short& one : std::span(adding_.shorts).first(adding_.short_count)) {
    (void)add_short(one.key, one.hash);
  }
  for (const KeyLookup::Long& one : std::span(adding_.longs).first(adding_.long_count)) {
    (void)add_bytes(longs_, one.view(), one.hash, 0);
  }
  for (const std::uint32_t row : others) {
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
  if (pairs_) {
    find_missing_pairs(batch, places, lookup, missing);
  } else if (const auto integers = as_integers(batch, places, lookup)) {
    integers_.find_missing(integers->values, missing);
    if (integers->others.empty()) return;
    missing.insert(missing.end(), integers->others.begin(), integers->others.end());
  } else {
    stage_all(batch, places, lookup, missing);
    find_missing(lookup, missing);
  }
  std::sort(missing.begin(), missing.end());
  missing.erase(std::unique(missing.begin(), missing.end()), missing.end());
}

void KeySet::find_missing(KeyLookup& lookup, std::vector<std::uint32_t>& missing) const {
  const auto longs = std::span(lookup.longs).first(lookup.long_count);
  lookup.candidates.resize(longs.size());
  for (std::size_t number = 0; number < longs.size(); ++number) {
    lookup.candidates[number] = longs_.candidate(longs[number].hash, longs[number].size);
  }
  for (const KeyLookup::Short& one : std::span(lookup.shorts).first(lookup.short_count)) {
    if (!shorts_.contains(one.key, one.hash)) missing.push_back(one.row);
  }
  for (std::size_t number = 0; number < longs.size(); ++number) {
    const KeyLookup::Long& one = longs[number];
    if (longs_.contains(one.view(), one.hash, lookup.candidates[number])) continue;
    missing.push_back(one.row);
  }
}

inline void KeySet::stage(std::string_view bytes, std::size_t begin, std::uint32_t row,
                          KeyLookup& lookup) const noexcept {
  if (is_short(bytes)) {
    stage(ShortKey::of(bytes), row, lookup);
  } else {
    const std::uint64_t hash = longs_.hash_of(bytes);
    longs_.prefetch_slot(hash);
    lookup.longs[lookup.long_count++] = {bytes.data(), begin, hash,
                                         static_cast<std::uint32_t>(bytes.size()), row};
  }
}

void KeySet::stage_all(const Batch& batch, std::span<const std::size_t> places, KeyLookup& lookup,
                       std::vector<std::uint32_t>& others) const {
  lookup.short_count = 0;
  lookup.long_count = 0;
  if (lookup.shorts.size() < batch.size()) {
    lookup.shorts.resize(batch.size());
    lookup.longs.resize(batch.size());
  }
  if (plain_) {
    stage_texts(batch, places[0], lookup, others);
  } else {
    stage_bytes(batch, places, lookup, others);
  }
}

void KeySet::stage_texts(const Batch& batch, std::size_t place, KeyLookup& lookup,
                         std::vector<std::uint32_t>& others) const {
  for (std::uint32_t row = 0; row < batch.size(); ++row) {
    const ommi::Cell& cell = batch.cell(row, place);
    if (cell.kind == ommi::Kind::text) {
      stage(cell.view(), 0, row, lookup);
    } else {
      others.push_back(row);
    }
  }
}

// The common case without a copy of the cells: a key of parts that do not pack.
void KeySet::stage_bytes(const Batch& batch, std::span<const std::size_t> places, KeyLookup& lookup,
                         std::vector<std::uint32_t>& others) const {
  const bool may_be_integer = rules_.size() == 1 || (rules_.size() == 2 && packs(0) && packs(1));
  KeyBytes& bytes = lookup.bytes;
  bytes.clear();
  for (std::uint32_t row = 0; row < batch.size(); ++row) {
    const Row cells = batch.row(row);
    bool null = false;
    for (const std::size_t place : places) null = null || cells[place].is_null();
    if (null) {
      others.push_back(row);
      continue;
    }
    if (may_be_integer) {
      (void)gather(cells, places, lookup.key);
      if (as_integer(lookup.key)) {
        others.push_back(row);
        continue;
      }
    }
    ShortKeyWriter writer;
    bool easy = share_.when_full != WhenFull::narrow;
    for (std::size_t part = 0; easy && part < places.size(); ++part) {
      easy = KeyBytes::append(writer, cells[places[part]], rules_[part]);
    }
    if (easy) {
      stage(writer.key(), row, lookup);
      continue;
    }
    const std::size_t begin = bytes.size();
    for (std::size_t part = 0; part < places.size(); ++part) {
      bytes.append(cells[places[part]], rules_[part]);
    }
    stage(bytes.view().substr(begin), begin, row, lookup);
  }
  // Now that they do not move any more.
  for (KeyLookup::Long& one : std::span(lookup.longs).first(lookup.long_count)) {
    one.data = bytes.view().data() + one.begin;
  }
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
  for (const ByteSet* set : {&longs_, &odd_}) {
    set->each(
        [&](std::string_view, std::uint64_t position) { return take([&] { return position; }); });
  }
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
  longs_.keep_below(end);
  odd_.keep_below(end);
}

void KeySet::restart(const Slice& slice) {
  clear();
  gave_up_ = false;
  share_.slice = slice;
}

void KeySet::clear() noexcept {
  integers_.clear();
  shorts_.clear();
  longs_.clear();
  odd_.clear();
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
