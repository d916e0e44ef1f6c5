#pragma once

/// \file
/// Sets of keys, compact and exact: what the sweep holds every reference against.
///
/// A key that equals an integer under its column's rule costs one bit while the keys are dense, and
/// eight bytes in an open-addressing table (at most three quarters full) where they are not. Every
/// other key is kept as its canonical bytes (ommi::append_key) in one arena, found through a table
/// of offsets tagged with part of the hash; bytes are always compared, so a hash is never taken for
/// proof.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ommi/key.hpp"
#include "ommi/value.hpp"

namespace doctor {

/// A set of 64-bit integers: a bitmap that grows with dense keys, a table for the rest.
class IntegerSet {
 public:
  /// False when `key` was there already.
  bool insert(std::int64_t key);
  [[nodiscard]] bool contains(std::int64_t key) const noexcept;

 private:
  [[nodiscard]] bool in_table(std::int64_t key) const noexcept;
  bool insert_into_table(std::int64_t key);
  void grow_table();

  std::vector<std::uint64_t> words_;  // bits of the keys from first_word_ on
  std::uint64_t first_word_ = 0;
  std::uint64_t count_ = 0;
  std::vector<std::int64_t> slots_;  // 0 = free; the key 0 itself is has_zero_
  std::size_t used_ = 0;
  bool has_zero_ = false;
};

/// A set of byte strings.
class ByteSet {
 public:
  bool insert(std::string_view bytes);
  [[nodiscard]] bool contains(std::string_view bytes) const noexcept;

 private:
  [[nodiscard]] std::size_t slot_of(std::string_view bytes, std::uint64_t hash) const noexcept;
  [[nodiscard]] std::string_view at(std::uint64_t offset) const noexcept;
  void grow();

  std::string arena_;  // each entry: its length in groups of seven bits, then its bytes
  std::vector<std::uint64_t> slots_;  // hash tag << 40 | offset + 1; 0 = free
  std::size_t used_ = 0;
};

/// A set of keys of one or several parts. No part may be NULL: NULL equals nothing, so callers
/// leave such keys out.
class KeySet {
 public:
  explicit KeySet(std::vector<ommi::Comparison> rules) : rules_(std::move(rules)) {}
  bool insert(std::span<const ommi::Cell> key);
  [[nodiscard]] bool contains(std::span<const ommi::Cell> key) const;

 private:
  [[nodiscard]] std::optional<std::int64_t> as_integer(std::span<const ommi::Cell> key) const;
  [[nodiscard]] std::string_view as_bytes(std::span<const ommi::Cell> key) const;

  std::vector<ommi::Comparison> rules_;
  IntegerSet integers_;
  ByteSet others_;
  mutable std::string scratch_;
};

/// Keys and whether each occurs once or more often.
class KeyTally {
 public:
  explicit KeyTally(std::vector<ommi::Comparison> rules) : once_(rules), repeated_(rules) {}
  enum class Seen : std::uint8_t { first, second, again };
  Seen add(std::span<const ommi::Cell> key);
  [[nodiscard]] bool contains(std::span<const ommi::Cell> key) const;
  /// 0, 1, or 2 for any more.
  [[nodiscard]] unsigned count(std::span<const ommi::Cell> key) const;

 private:
  KeySet once_;
  KeySet repeated_;
};

}  // namespace doctor
