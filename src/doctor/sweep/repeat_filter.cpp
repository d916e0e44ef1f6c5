#include "doctor/sweep/repeat_filter.hpp"

#include <bit>

namespace doctor {

namespace {

constexpr std::uint64_t least = 64;  // less is worth nothing

}  // namespace

RepeatFilter::RepeatFilter(MemoryBudget& budget, std::uint64_t most) : memory_(&budget) {
  for (std::uint64_t bytes = std::bit_floor(most); bytes >= least; bytes /= 2) {
    if (!memory_.take(bytes)) continue;
    words_ = LargeBlock(bytes);
    mask_ = (bytes / sizeof(std::uint64_t)) - 1;
    return;
  }
}

std::uint64_t KeyHash::of(std::span<const ommi::Cell> key) {
  using namespace hash_parts;
  std::uint64_t hash = hash_seed();
  for (std::size_t part = 0; part < key.size(); ++part) {
    const ommi::Cell& cell = key[part];
    std::uint64_t value = 0;
    if (cell.kind == ommi::Kind::integer && rules_[part].affinity != ommi::Affinity::text) {
      value = static_cast<std::uint64_t>(cell.integer);
    } else if (const auto whole = ommi::integer_key(cell, rules_[part])) {
      value = static_cast<std::uint64_t>(*whole);
    } else {
      bytes_.clear();
      bytes_.append(cell, rules_[part]);
      value = hash_of(bytes_.view(), hash_seed());
    }
    hash = folded(value ^ hash ^ first, hash ^ second);
  }
  return folded(hash ^ second, first);
}

}  // namespace doctor
