#include "doctor/sweep/pair_coder.hpp"

#include <algorithm>
#include <utility>

#include "doctor/sweep/key_bytes.hpp"

namespace doctor {

namespace {

constexpr std::size_t least_slots = 32;

/// The text that a cell is under a rule, if it is a short one.
std::optional<ShortKey> text_of(const ommi::Cell& cell, const ommi::Comparison& rule) {
  std::string scratch;
  const ommi::Cell text = ommi::with_affinity(cell, rule.affinity, scratch);
  if (text.kind != ommi::Kind::text || text.size > ShortKey::most) return std::nullopt;
  return ShortKey::of(text.view());
}

}  // namespace

std::uint32_t TextNumbers::add(const ShortKey& text) {
  if (const std::uint32_t known = find(text); known != none) return known;
  if (size() >= most) return none;
  if (slots_.size() < 2 * (texts_.size() + 1)) {
    const std::vector<Slot> old =
        std::exchange(slots_, std::vector<Slot>(std::max(least_slots, slots_.size() * 2)));
    for (const Slot& slot : old) {
      if (slot.number != none) slots_[slot_of(slot.text)] = slot;
    }
  }
  const std::uint32_t number = size();
  slots_[slot_of(text)] = {text, number};
  std::array<char, ShortKey::most> room{};
  texts_.emplace_back(text.bytes(room));
  return number;
}

std::optional<PairCoder> PairCoder::of(std::span<const ommi::Comparison> rules) {
  if (rules.size() != 2) return std::nullopt;
  PairCoder coder;
  for (std::size_t part = 0; part < 2; ++part) {
    coder.rules_[part] = rules[part];
    if (rules[part].affinity != ommi::Affinity::text) continue;
    if (!KeyBytes::is_plain(rules[part])) return std::nullopt;
    coder.texts_[part].emplace();
  }
  if (!coder.is_text(0) && !coder.is_text(1)) return std::nullopt;
  coder.low_ = coder.is_text(1) ? 1 : 0;
  return coder;
}

bool PairCoder::number_of(std::size_t part, const ommi::Cell& cell, std::uint32_t& number) const {
  const auto integer = ommi::integer_key(cell, rules_[part]);
  if (!integer || *integer < 0 || *integer >= std::int64_t{unknown}) return false;
  number = static_cast<std::uint32_t>(*integer);
  return true;
}

std::optional<PairCoder::Pair> PairCoder::find(std::span<const ommi::Cell> key) const {
  Pair pair{};
  for (std::size_t part = 0; part < 2; ++part) {
    if (!is_text(part)) {
      if (!number_of(part, key[part], pair[part])) return std::nullopt;
      continue;
    }
    const auto text = text_of(key[part], rules_[part]);
    if (!text) return std::nullopt;
    pair[part] = find_text(part, *text);
  }
  return pair;
}

std::optional<PairCoder::Pair> PairCoder::add(std::span<const ommi::Cell> key) {
  auto pair = find(key);
  for (std::size_t part = 0; pair && part < 2; ++part) {
    if (!is_text(part) || (*pair)[part] != unknown) continue;
    (*pair)[part] = add_text(part, *text_of(key[part], rules_[part]));
  }
  return pair;
}

std::optional<PairCoder::Numbers> PairCoder::numbers_of(const PairCoder& other) {
  Numbers numbers;
  for (std::size_t part = 0; part < 2; ++part) {
    if (!is_text(part)) continue;
    for (std::uint32_t number = 0; number < other.texts_[part]->size(); ++number) {
      const std::uint32_t own = add_text(part, ShortKey::of(other.texts_[part]->text(number)));
      if (own == unknown) return std::nullopt;
      numbers[part].push_back(own);
    }
  }
  return numbers;
}

PairCoder::Pair PairCoder::pair(std::int64_t code) const noexcept {
  const auto bits = static_cast<std::uint64_t>(code);
  Pair pair{};
  pair[low_] = static_cast<std::uint32_t>(bits & ((std::uint64_t{1} << bits_) - 1));
  pair[1 - low_] = static_cast<std::uint32_t>(bits >> bits_);
  return pair;
}

void PairCoder::widen(std::span<std::int64_t> codes) noexcept {
  const unsigned before = bits_;
  while (is_narrow()) ++bits_;
  const unsigned after = bits_;
  for (std::int64_t& code : codes) {
    bits_ = before;
    const Pair numbers = pair(code);
    bits_ = after;
    code = this->code(numbers);
  }
}

std::array<ommi::Cell, 2> PairCoder::key(std::int64_t code) const {
  const Pair numbers = pair(code);
  std::array<ommi::Cell, 2> key;
  for (std::size_t part = 0; part < 2; ++part) {
    key[part] = is_text(part) ? ommi::Cell::text(texts_[part]->text(numbers[part]))
                              : ommi::Cell::of(std::int64_t{numbers[part]});
  }
  return key;
}

}  // namespace doctor
