// Keys of two parts that are kept as integers while their texts are few.

#include <algorithm>
#include <utility>

#include "doctor/sweep/key_set.hpp"

namespace doctor {

template <class Number>
bool KeySet::number_parts(const Batch& batch, std::span<const std::size_t> places,
                          KeyLookup& lookup, Number&& number_of_text) const {
  lookup.others.clear();
  bool all = true;
  for (std::size_t part = 0; part < 2; ++part) {
    std::vector<std::uint32_t>& numbers = lookup.parts[part];
    numbers.resize(batch.size());
    for (std::uint32_t row = 0; row < batch.size(); ++row) {
      const ommi::Cell& cell = batch.cell(row, places[part]);
      if (!pairs_->is_text(part)) {
        numbers[row] = static_cast<std::uint32_t>(cell.integer);
        if (cell.kind == ommi::Kind::integer && numbers[row] == cell.integer &&
            numbers[row] != PairCoder::unknown) {
          continue;
        }
      } else if (cell.kind == ommi::Kind::text && cell.size <= ShortKey::most) {
        numbers[row] = number_of_text(part, ShortKey::of(cell.view()));
        if (numbers[row] != PairCoder::unknown) continue;
        all = false;
      }
      lookup.others.push_back(row);
    }
  }
  std::sort(lookup.others.begin(), lookup.others.end());
  lookup.others.erase(std::unique(lookup.others.begin(), lookup.others.end()), lookup.others.end());
  return all;
}

KeySet::Added KeySet::add_pair(const PairCoder::Pair& pair, std::span<const ommi::Cell> key) {
  if (!PairCoder::known(pair)) {
    drop_pairs();
    return add(key);
  }
  if (pairs_->is_narrow()) widen_pairs();
  return add_integer(pairs_->code(pair));
}

// False once there are no pairs any more: then the batch is still to be added.
bool KeySet::add_pairs(const Batch& batch, std::span<const std::size_t> places) {
  const bool numbered = number_parts(
      batch, places, adding_,
      [&](std::size_t part, const ShortKey& text) { return pairs_->add_text(part, text); });
  // Many that are no pairs are better kept as all others are, too.
  constexpr std::size_t few = 16;
  if (!numbered || adding_.others.size() > few + (batch.size() / 8)) {
    drop_pairs();
    return false;
  }
  if (pairs_->is_narrow()) widen_pairs();
  code_pairs(adding_);
  add_integers({adding_.packed, adding_.others});
  for (const std::uint32_t row : adding_.others) {
    if (gather(batch.row(row), places, adding_.key)) (void)add(adding_.key);
  }
  return true;
}

void KeySet::find_missing_pairs(const Batch& batch, std::span<const std::size_t> places,
                                KeyLookup& lookup, std::vector<std::uint32_t>& missing) const {
  (void)number_parts(batch, places, lookup, [&](std::size_t part, const ShortKey& text) {
    return pairs_->find_text(part, text);
  });
  code_pairs(lookup);
  integers_.find_missing(lookup.packed, missing);
  missing.insert(missing.end(), lookup.others.begin(), lookup.others.end());
}

void KeySet::add_pairs(const KeySet& other, KeySet* known) {
  const auto numbers = pairs_ ? pairs_->numbers_of(*other.pairs_) : std::nullopt;
  if (pairs_ && !numbers) drop_pairs();
  if (pairs_ && pairs_->is_narrow()) widen_pairs();
  other.integers_.each([&](std::int64_t code) {
    const Added added = numbers ? add_integer(pairs_->code(other.pairs_->pair(code), *numbers))
                                : add(other.pairs_->key(code));
    if (added == Added::known && known != nullptr) (void)known->add(other.pairs_->key(code));
    return !gave_up_;
  });
}

void KeySet::code_pairs(KeyLookup& lookup) const {
  lookup.packed.resize(lookup.parts[0].size());
  for (std::size_t row = 0; row < lookup.packed.size(); ++row) {
    lookup.packed[row] = pairs_->code({lookup.parts[0][row], lookup.parts[1][row]});
  }
}

std::vector<std::int64_t> KeySet::take_codes() {
  std::vector<std::int64_t> codes;
  if (!memory_.take(integers_.size() * sizeof(std::int64_t))) {
    (void)give_up();
    return codes;
  }
  codes.reserve(integers_.size());
  integers_.each([&](std::int64_t code) {
    codes.push_back(code);
    return true;
  });
  integers_.clear();
  return codes;
}

void KeySet::widen_pairs() {
  std::vector<std::int64_t> codes = take_codes();
  pairs_->widen(codes);
  for (const std::int64_t code : codes) (void)add_integer(code);
  memory_.give(codes.size() * sizeof(std::int64_t));
}

void KeySet::drop_pairs() {
  const std::vector<std::int64_t> codes = take_codes();
  const PairCoder coder = *std::exchange(pairs_, std::nullopt);
  for (const std::int64_t code : codes) (void)add(coder.key(code));
  memory_.give(codes.size() * sizeof(std::int64_t));
}

}  // namespace doctor
