#pragma once

/// \file
/// The part of the Unicode Character Database that tells two spellings of one text.

#include <cstdint>
#include <span>

namespace doctor {

/// A character and what it is made of; `second` is 0 where that is one character.
struct Decomposition {
  char32_t character;
  char32_t first;
  char32_t second;
};

/// Characters from `first` to `last` that combine with the one before them, in the order of their
/// class.
struct CombiningRange {
  char32_t first;
  char32_t last;
  std::uint8_t combining_class;
};

/// Both in the order of the characters.
[[nodiscard]] std::span<const Decomposition> canonical_decompositions() noexcept;
[[nodiscard]] std::span<const CombiningRange> combining_classes() noexcept;

}  // namespace doctor
