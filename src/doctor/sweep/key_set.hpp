#pragma once

/// \file
/// Sets of keys, compact and exact: what the sweep holds every reference against.
///
/// A key that equals an integer under its column's rule, two small ones, or a pair with a text that
/// has few values, is kept as an integer. Every other key is kept as bytes that no other key has (a
/// text that is compared bytewise as its own, all else as KeyBytes): in a table where its hash
/// leads if they are few, else in a ByteSet. A set that the memory does not hold says so: it either
/// gives up, or keeps the keys of a slice only, which its owner then works on before it asks for
/// the next.

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "doctor/sweep/batch.hpp"
#include "doctor/sweep/byte_set.hpp"
#include "doctor/sweep/integer_set.hpp"
#include "doctor/sweep/key_bytes.hpp"
#include "doctor/sweep/key_position.hpp"
#include "doctor/sweep/pair_coder.hpp"
#include "doctor/sweep/short_set.hpp"
#include "ommi/key.hpp"

namespace doctor {

/// What a set does that would take more than it may.
enum class WhenFull : std::uint8_t { give_up, narrow };

/// A set's share of the memory.
struct Share {
  MemoryBudget* budget = nullptr;  // null: as much as it takes
  std::uint64_t most = std::numeric_limits<std::uint64_t>::max();
  WhenFull when_full = WhenFull::give_up;
  Slice slice = {};  // of the keys that are of interest
};

/// The cells at `places` as a key; false if a part is NULL.
[[nodiscard]] bool gather(Row row, std::span<const std::size_t> places,
                          std::vector<ommi::Cell>& key);

/// What is written down while keys are looked up; one for each thread.
struct KeyLookup {
  struct Short {
    ShortKey key;
    std::uint64_t hash;
    std::uint32_t row;
  };
  struct Long {
    const char* data;  // in the row, or in `bytes`
    std::size_t begin;
    std::uint64_t hash;
    std::uint32_t size, row;
    [[nodiscard]] std::string_view view() const noexcept { return {data, size}; }
  };
  std::vector<Short> shorts;
  std::vector<Long> longs;
  std::size_t short_count = 0, long_count = 0;
  KeyBytes bytes;
  std::vector<const char*> candidates;
  std::array<std::vector<std::uint32_t>, 2> parts;
  std::vector<std::int64_t> packed;
  std::vector<std::uint32_t> others;
  std::vector<ommi::Cell> key;
};

/// A set of keys of one or several parts. No part may be NULL: NULL equals nothing, so callers
/// leave such keys out.
class KeySet {
 public:
  explicit KeySet(std::vector<ommi::Comparison> rules, const Share& share = {});
  KeySet(const KeySet&) = delete;
  KeySet& operator=(const KeySet&) = delete;

  enum class Added : std::uint8_t { fresh, known, outside };  // of the slice
  Added add(std::span<const ommi::Cell> key);
  /// Whether the key is new to the set.
  bool insert(std::span<const ommi::Cell> key) { return add(key) == Added::fresh; }
  [[nodiscard]] bool contains(std::span<const ommi::Cell> key) const;

  /// About so many are to come in all.
  void expect(std::uint64_t keys) noexcept {
    shorts_.expect(keys);
    longs_.expect(keys);
  }
  /// Adds the keys of a batch, and skips those that have a NULL.
  void add_all(const Batch& batch, std::span<const std::size_t> places);
  /// The rows of a batch, in order, but for those whose key is surely in the set. Any number of
  /// threads may look keys up at the same time.
  void find_missing(const Batch& batch, std::span<const std::size_t> places, KeyLookup& lookup,
                    std::vector<std::uint32_t>& missing) const;

  [[nodiscard]] std::uint64_t size() const noexcept {
    return integers_.size() + shorts_.size() + longs_.size() + odd_.size();
  }
  /// Whether all keys of this set are in the other one, which has the same rules.
  [[nodiscard]] bool within(const KeySet& other) const;
  /// Adds what is in the other set, which has the same rules; what was known goes to `known`.
  void add_all(const KeySet& other, KeySet* known = nullptr);

  /// Whether it gave up: then it is empty, and stays so.
  [[nodiscard]] bool gave_up() const noexcept { return gave_up_; }
  /// What it is complete for.
  [[nodiscard]] const Slice& slice() const noexcept { return share_.slice; }
  /// Forgets what is not before `end`.
  void narrow_to(std::uint64_t end);
  /// Empties it, for these keys.
  void restart(const Slice& slice);
  void clear() noexcept;

 private:
  [[nodiscard]] std::optional<std::int64_t> as_integer(std::span<const ommi::Cell> key) const;
  /// A key that is no integer. Its bytes are in the key itself or in the one of the two that was
  /// handed over.
  struct Encoded {
    bool odd = false;
    std::string_view bytes;
  };
  [[nodiscard]] Encoded encode(std::span<const ommi::Cell> key, KeyBytes& bytes,
                               std::string& scratch) const;
  [[nodiscard]] bool is_short(std::string_view bytes) const noexcept {
    return bytes.size() <= ShortKey::most && share_.when_full != WhenFull::narrow;
  }
  /// The integers that stand for the keys of a batch, and the rows for which there is none; nothing
  /// if that are too many.
  struct Integers {
    std::span<const std::int64_t> values;
    std::span<const std::uint32_t> others;
  };
  [[nodiscard]] std::optional<Integers> as_integers(const Batch& batch,
                                                    std::span<const std::size_t> places,
                                                    KeyLookup& lookup) const;
  [[nodiscard]] bool packs(std::size_t part) const noexcept {
    return rules_[part].affinity != ommi::Affinity::text;
  }
  [[nodiscard]] std::uint64_t position_of_integer(std::int64_t key) const;
  Added add_integer(std::int64_t key);
  Added add_short(const ShortKey& key, std::uint64_t hash);
  Added add_bytes(ByteSet& set, std::string_view bytes, std::uint64_t hash, std::uint64_t position);
  /// Bytes as `encode` gives them, where they are not odd.
  Added add_encoded(std::string_view bytes, std::uint64_t position);
  [[nodiscard]] bool contains_encoded(std::string_view bytes) const;
  /// Calls `visit(bytes)` for each key that is kept as bytes but the odd ones.
  template <class Visit>
  bool each_encoded(Visit&& visit) const;
  void add_all(const ByteSet& others, ByteSet& to, KeySet* known, ByteSet* known_to);

  Added add_pair(const PairCoder::Pair& pair, std::span<const ommi::Cell> key);
  bool add_pairs(const Batch& batch, std::span<const std::size_t> places);
  void add_pairs(const KeySet& other, KeySet* known);
  /// The numbers of a batch's parts; the rows without are in `others`. False if a text has none.
  template <class Number>
  [[nodiscard]] bool number_parts(const Batch& batch, std::span<const std::size_t> places,
                                  KeyLookup& lookup, Number&& number_of_text) const;
  void code_pairs(KeyLookup& lookup) const;
  void find_missing_pairs(const Batch& batch, std::span<const std::size_t> places,
                          KeyLookup& lookup, std::vector<std::uint32_t>& missing) const;
  /// Makes room in the codes for the texts that have come.
  void widen_pairs();
  /// Keeps pairs as bytes from now on.
  void drop_pairs();
  [[nodiscard]] std::vector<std::int64_t> take_codes();
  /// Makes room; false if it has given up.
  bool make_room();
  bool give_up() noexcept;
  [[nodiscard]] std::optional<std::uint64_t> middle() const;

  std::vector<ommi::Comparison> rules_;
  Share share_;
  MemoryAccount memory_;
  std::optional<PairCoder> pairs_;  // while integers are pairs
  IntegerSet integers_;
  ShortSet shorts_;
  ByteSet longs_;
  ByteSet odd_;  // where texts are kept as they are: what is no text
  bool plain_;   // texts are
  bool gave_up_ = false;

  /// Writes down the keys of a batch, and whence to fetch; NULL and what is better looked at by
  /// itself is appended to `others`.
  void stage_all(const Batch& batch, std::span<const std::size_t> places, KeyLookup& lookup,
                 std::vector<std::uint32_t>& others) const;
  void stage_texts(const Batch& batch, std::size_t place, KeyLookup& lookup,
                   std::vector<std::uint32_t>& others) const;
  void stage_bytes(const Batch& batch, std::span<const std::size_t> places, KeyLookup& lookup,
                   std::vector<std::uint32_t>& others) const;
  void stage(std::string_view bytes, std::size_t begin, std::uint32_t row,
             KeyLookup& lookup) const noexcept;
  void stage(const ShortKey& key, std::uint32_t row, KeyLookup& lookup) const noexcept {
    const std::uint64_t hash = shorts_.hash_of(key);
    shorts_.prefetch(hash);
    lookup.shorts[lookup.short_count++] = {key, hash, row};
  }
  void find_missing(KeyLookup& lookup, std::vector<std::uint32_t>& missing) const;
  void add_integers(const Integers& keys);
  KeyLookup adding_;
};

/// Keys and whether each occurs once or more often.
class KeyTally {
 public:
  explicit KeyTally(std::vector<ommi::Comparison> rules, const Share& share = {})
      : once_(rules, share), repeated_(std::move(rules), share) {}
  enum class Seen : std::uint8_t { first, second, again, outside };
  Seen add(std::span<const ommi::Cell> key);
  [[nodiscard]] bool contains(std::span<const ommi::Cell> key) const { return once_.contains(key); }
  /// 0, 1, or 2 for any more.
  [[nodiscard]] unsigned count(std::span<const ommi::Cell> key) const;

  [[nodiscard]] const KeySet& once() const noexcept { return once_; }
  [[nodiscard]] KeySet& once() noexcept { return once_; }
  void add_all(const KeyTally& other);
  [[nodiscard]] bool gave_up() const noexcept { return once_.gave_up() || repeated_.gave_up(); }
  [[nodiscard]] const Slice& slice() const noexcept { return once_.slice(); }
  void narrow_to(std::uint64_t end);
  void restart(const Slice& slice);
  void clear() noexcept;

 private:
  KeySet once_;
  KeySet repeated_;
};

}  // namespace doctor
