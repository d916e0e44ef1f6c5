#pragma once

/// \file
/// Keys of two parts as integers, where one part at least is a text and has few values: the texts
/// are numbered.

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "doctor/sweep/short_set.hpp"
#include "ommi/key.hpp"

namespace doctor {

/// The short texts of one part, numbered in the order in which they came: some 130 KB at most,
/// which no budget counts.
class TextNumbers {
 public:
  static constexpr std::uint32_t most = 1024;
  static constexpr std::uint32_t none = UINT32_MAX;

  /// The number of a text; `none` if it has none.
  [[nodiscard]] std::uint32_t find(const ShortKey& text) const noexcept {
    return slots_.empty() ? none : slots_[slot_of(text)].number;
  }
  /// The same, once it has one; `none` if there are too many.
  [[nodiscard]] std::uint32_t add(const ShortKey& text);
  [[nodiscard]] std::uint32_t size() const noexcept {
    return static_cast<std::uint32_t>(texts_.size());
  }
  [[nodiscard]] const std::string& text(std::uint32_t number) const { return texts_[number]; }

 private:
  struct Slot {
    ShortKey text;
    std::uint32_t number = none;
  };
  [[nodiscard]] std::size_t slot_of(const ShortKey& text) const noexcept {
    const std::size_t mask = slots_.size() - 1;
    std::size_t slot = hash_of(text.low, text.high, seed_) & mask;
    while (slots_[slot].number != none && slots_[slot].text != text) slot = (slot + 1) & mask;
    return slot;
  }

  std::vector<Slot> slots_;  // never more than half of them are taken
  std::vector<std::string> texts_;
  std::uint64_t seed_ = hash_seed();
};

/// Writes keys of two parts as integers, close together where their parts are.
///
/// A part is a number from 0 to 2^32 - 2, or a text of fifteen bytes at most that equals its own
/// bytes only. What has other parts is no pair.
class PairCoder {
 public:
  static constexpr std::uint32_t unknown = TextNumbers::none;
  /// Two numbers; those of a text's part are by TextNumbers.
  using Pair = std::array<std::uint32_t, 2>;

  [[nodiscard]] static bool known(const Pair& pair) noexcept {
    return pair[0] != unknown && pair[1] != unknown;
  }
  /// A coder for keys of that kind, if they may be pairs.
  [[nodiscard]] static std::optional<PairCoder> of(std::span<const ommi::Comparison> rules);

  [[nodiscard]] bool is_text(std::size_t part) const noexcept { return texts_[part].has_value(); }
  /// The numbers of a key's parts, `unknown` for a text without one; nothing if it is no pair.
  [[nodiscard]] std::optional<Pair> find(std::span<const ommi::Cell> key) const;
  /// The same, but texts are given numbers; `unknown` where there are too many.
  [[nodiscard]] std::optional<Pair> add(std::span<const ommi::Cell> key);
  /// The number of a part that is a text.
  [[nodiscard]] std::uint32_t find_text(std::size_t part, const ShortKey& text) const noexcept {
    return texts_[part]->find(text);
  }
  [[nodiscard]] std::uint32_t add_text(std::size_t part, const ShortKey& text) {
    return texts_[part]->add(text);
  }

  /// Whether texts have come that the codes have no room for.
  [[nodiscard]] bool is_narrow() const noexcept { return texts_[low_]->size() > (1U << bits_); }
  /// What this one numbers the texts of another coder, which get their numbers here, too; nothing
  /// if they are too many.
  using Numbers = std::array<std::vector<std::uint32_t>, 2>;
  [[nodiscard]] std::optional<Numbers> numbers_of(const PairCoder& other);
  /// Makes room for them. All codes are others from then on; `codes` are rewritten.
  void widen(std::span<std::int64_t> codes) noexcept;
  /// Both parts are known. Not while it is narrow.
  [[nodiscard]] std::int64_t code(const Pair& pair) const noexcept {
    return static_cast<std::int64_t>(std::uint64_t{pair[1 - low_]} << bits_ | pair[low_]);
  }
  /// The same for a pair of another coder, by `numbers_of` that.
  [[nodiscard]] std::int64_t code(Pair pair, const Numbers& numbers) const noexcept {
    for (std::size_t part = 0; part < 2; ++part) {
      if (is_text(part)) pair[part] = numbers[part][pair[part]];
    }
    return code(pair);
  }
  [[nodiscard]] Pair pair(std::int64_t code) const noexcept;
  /// The key of a code; its texts are valid until more are added.
  [[nodiscard]] std::array<ommi::Cell, 2> key(std::int64_t code) const;

 private:
  [[nodiscard]] bool number_of(std::size_t part, const ommi::Cell& cell,
                               std::uint32_t& number) const;

  std::array<std::optional<TextNumbers>, 2> texts_;
  std::array<ommi::Comparison, 2> rules_;
  std::size_t low_ = 1;  // the part whose number is the lesser half of a code; it is a text
  unsigned bits_ = 4;
};

}  // namespace doctor
