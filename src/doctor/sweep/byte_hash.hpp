#pragma once

/// \file
/// Hashes of byte strings: sixteen bytes at a step, by the full product of two words.
///
/// Nobody who does not know the seed can make keys that crowd a table; each run has its own. A hash
/// only says where to look: it is never taken for proof.

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace doctor {

namespace hash_parts {

inline constexpr std::uint64_t first = 0xA0761D6478BD642FU;
inline constexpr std::uint64_t second = 0xE7037ED1A0B428DBU;

[[nodiscard]] inline std::uint64_t folded(std::uint64_t left, std::uint64_t right) noexcept {
  __extension__ using Wide = unsigned __int128;
  const Wide product = static_cast<Wide>(left) * right;
  return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64U);
}
[[nodiscard]] inline std::uint64_t eight(const char* at) noexcept {
  std::uint64_t word = 0;
  std::memcpy(&word, at, sizeof word);
  return word;
}
[[nodiscard]] inline std::uint64_t four(const char* at) noexcept {
  std::uint32_t word = 0;
  std::memcpy(&word, at, sizeof word);
  return word;
}

}  // namespace hash_parts

/// Where a table with `slots`, any number below 2^32, begins to look; its high bits tell nothing
/// about that.
[[nodiscard]] inline std::size_t home_of(std::uint64_t hash, std::size_t slots) noexcept {
  return static_cast<std::size_t>((hash & 0xFFFFFFFFU) * slots >> 32U);
}

/// The seed of this run.
[[nodiscard]] std::uint64_t hash_seed() noexcept;

[[nodiscard]] inline std::uint64_t hash_of(std::uint64_t low, std::uint64_t high,
                                           std::uint64_t seed) noexcept {
  using namespace hash_parts;
  return folded(folded(low ^ seed, high ^ seed ^ second) ^ second, seed ^ first);
}

[[nodiscard]] inline std::uint64_t hash_of(std::string_view bytes, std::uint64_t seed) noexcept {
  using namespace hash_parts;
  const char* at = bytes.data();
  const std::size_t size = bytes.size();
  std::uint64_t low = 0;
  std::uint64_t high = 0;
  std::uint64_t hash = seed ^ second;
  if (size > 16) {
    std::size_t left = size;
    for (; left > 16; left -= 16, at += 16) hash = folded(eight(at) ^ seed, eight(at + 8) ^ hash);
    low = eight(at + left - 16);
    high = eight(at + left - 8);
  } else if (size >= 8) {
    low = eight(at);
    high = eight(at + size - 8);
  } else if (size >= 4) {
    low = four(at);
    high = four(at + size - 4);
  } else if (size != 0) {
    low = static_cast<unsigned char>(at[0]);
    high = static_cast<std::uint64_t>(static_cast<unsigned char>(at[size / 2])) << 8U |
           static_cast<unsigned char>(at[size - 1]);
  }
  return folded(folded(low ^ seed, high ^ hash) ^ second, size ^ first);
}

}  // namespace doctor
