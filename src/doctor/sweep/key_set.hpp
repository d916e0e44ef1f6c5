#pragma once

/// \file
/// Sets of keys, compact and exact: what the sweep holds every reference against.
///
/// A key that equals an integer under its column's rule, or two small ones, is kept as an integer;
/// every other key as its canonical bytes (ommi::append_key). A set that the memory does not hold
/// says so: it either gives up, or keeps the keys of a slice only, which its owner then works on
/// before it asks for the next.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "doctor/sweep/batch.hpp"
#include "doctor/sweep/byte_set.hpp"
#include "doctor/sweep/integer_set.hpp"
#include "doctor/sweep/key_position.hpp"
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
  std::string bytes;  // canonical keys, one after the other
  std::vector<std::uint64_t> hashes;
  std::vector<std::uint32_t> rows;
  std::vector<std::size_t> ends;
  std::vector<std::int64_t> packed;
  std::vector<std::uint32_t> others;
  std::vector<ommi::Cell> key;

  [[nodiscard]] std::string_view staged(std::size_t number) const noexcept {
    const std::size_t begin = number == 0 ? 0 : ends[number - 1];
    return {bytes.data() + begin, ends[number] - begin};
  }
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

  /// Adds the keys of a batch, and skips those that have a NULL.
  void add_all(const Batch& batch, std::span<const std::size_t> places);
  /// The rows of a batch, in order, but for those whose key is surely in the set. Any number of
  /// threads may look keys up at the same time.
  void find_missing(const Batch& batch, std::span<const std::size_t> places, KeyLookup& lookup,
                    std::vector<std::uint32_t>& missing) const;

  [[nodiscard]] std::uint64_t size() const noexcept { return integers_.size() + others_.size(); }
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
  void append_bytes(std::string& bytes, std::span<const ommi::Cell> key) const;
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
  Added add_bytes(std::string_view bytes, std::uint64_t hash, std::uint64_t position);
  /// Makes room; false if it has given up.
  bool make_room();
  bool give_up() noexcept;
  [[nodiscard]] std::optional<std::uint64_t> middle() const;

  std::vector<ommi::Comparison> rules_;
  Share share_;
  MemoryAccount memory_;
  IntegerSet integers_;
  ByteSet others_;
  bool gave_up_ = false;

  enum class Staged : std::uint8_t { bytes, integer, null };
  /// Writes the key of a row down behind the others, or gives the integer that it is.
  Staged stage(Row row, std::span<const std::size_t> places, KeyLookup& lookup,
               std::int64_t& integer) const;
  void stage_all(const Batch& batch, std::span<const std::size_t> places, KeyLookup& lookup,
                 std::vector<std::uint32_t>& missing) const;
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
