#pragma once

/// \file
/// When two keys are equal, decided outside the database exactly as the database would.
///
/// A reference column and the key it names may differ in type and collation. The look-up
/// `WHERE key = ?` converts the bound value with the key column's affinity and compares with the
/// key column's collation (https://www.sqlite.org/datatype3.html, sections 4.2 and 7.1; foreign
/// keys use the same rule, https://www.sqlite.org/foreignkeys.html section 3). `append_key` writes
/// the canonical bytes of a value under that rule: two values are equal to the database iff their
/// bytes are equal.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "ommi/value.hpp"

namespace ommi {

/// What a column does to a value that is compared with it. `none` is SQLite's BLOB affinity.
enum class Affinity : std::uint8_t { none, text, numeric, integer, real };

/// The affinity of a declared column type, by SQLite's five rules (datatype3.html, section 3.1).
[[nodiscard]] Affinity affinity_of(std::string_view declared_type) noexcept;

/// SQLite's built-in collations; `other` is one that only the application has, so that equality
/// cannot be decided here.
enum class Collation : std::uint8_t { binary, nocase, rtrim, other };

/// The built-in collation of that name (any case); `other` if there is none.
[[nodiscard]] Collation collation_of(std::string_view name) noexcept;

/// How a column compares.
struct Comparison {
  Affinity affinity = Affinity::none;
  Collation collation = Collation::binary;

  /// Whether `append_key` can decide equality under this rule.
  [[nodiscard]] bool decidable() const noexcept { return collation != Collation::other; }
  friend bool operator==(const Comparison&, const Comparison&) = default;
};

/// The value that `cell` becomes when an affinity is applied to it for a comparison: text that
/// looks like a number becomes the number under a numeric affinity (and only then), a number
/// becomes text under text affinity, all else stays. `scratch` holds the text that is made.
[[nodiscard]] Cell with_affinity(const Cell& cell, Affinity affinity, std::string& scratch);

/// The integer that `cell` is equal to under `rule`, if there is one.
[[nodiscard]] std::optional<std::int64_t> integer_key(const Cell& cell, const Comparison& rule);

/// Appends the canonical bytes of `cell` under `rule` to `out`: self-delimiting, so keys of several
/// parts concatenate without ambiguity. NULL has bytes too; callers skip NULLs, which equal
/// nothing.
void append_key(std::string& out, const Cell& cell, const Comparison& rule);

/// Finds the number of a key: the position at which it was first added. Single integer keys never
/// touch the heap per key; everything else is kept as canonical bytes.
class KeyIndex {
 public:
  explicit KeyIndex(std::vector<Comparison> rules) : rules_(std::move(rules)) {}

  static constexpr std::uint32_t missing = UINT32_MAX;

  /// The number of `key` (as many cells as rules), added if it is new; `missing` if a part is NULL.
  std::uint32_t add(std::span<const Cell> key);
  /// The number of `key`, or `missing`.
  [[nodiscard]] std::uint32_t find(std::span<const Cell> key) const;
  [[nodiscard]] std::uint32_t size() const noexcept { return size_; }
  [[nodiscard]] std::size_t width() const noexcept { return rules_.size(); }

 private:
  /// Integers and their numbers. Those that lie close together are in a table that the integer
  /// itself leads into; the others in one with open addressing: a look-up is one line of memory.
  class Integers {
   public:
    [[nodiscard]] std::uint32_t find(std::int64_t key) const noexcept {
      const std::uint64_t at = place_of(key);
      if (at < direct_.size()) return direct_[at];
      return slots_.empty() ? missing : slots_[slot_of(key)].number;
    }
    /// The number of `key`, which is `next` if it is new.
    std::uint32_t add(std::int64_t key, std::uint32_t next);

   private:
    struct Slot {
      std::int64_t key = 0;
      std::uint32_t number = missing;  // then the slot is free
    };
    [[nodiscard]] std::size_t slot_of(std::int64_t key) const noexcept {
      const std::uint64_t mixed = static_cast<std::uint64_t>(key) * 0x9E3779B97F4A7C15U;
      const std::size_t mask = slots_.size() - 1;
      std::size_t slot = (mixed ^ (mixed >> 32U)) & mask;
      while (slots_[slot].number != missing && slots_[slot].key != key) slot = (slot + 1) & mask;
      return slot;
    }
    [[nodiscard]] std::uint64_t place_of(std::int64_t key) const noexcept {
      return static_cast<std::uint64_t>(key) - static_cast<std::uint64_t>(first_);
    }
    bool widen(std::int64_t key);
    bool lay_out();
    void direct(std::int64_t first, std::uint64_t size);
    void insert(const Slot& slot);
    void grow();

    std::vector<std::uint32_t> direct_;  // the numbers of first_ and what follows it
    std::int64_t first_ = 0;
    std::size_t direct_used_ = 0;
    std::vector<Slot> slots_;  // as many as a power of two
    std::size_t used_ = 0;     // of them
  };

  std::vector<Comparison> rules_;
  Integers integers_;
  std::unordered_map<std::string, std::uint32_t> others_;
  mutable std::string scratch_;
  std::uint32_t size_ = 0;
};

}  // namespace ommi
