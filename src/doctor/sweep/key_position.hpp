#pragma once

/// \file
/// Keys in an order, so that sets too large for the memory can be worked on a slice at a time.
///
/// Values that any rule of comparison finds equal have the same position, so a row belongs to one
/// slice whichever rule it is looked up by. Integers that follow each other stay together, which
/// keeps bitmaps dense; everything else is scattered.

#include <cstdint>
#include <limits>
#include <span>

#include "ommi/value.hpp"

namespace doctor {

/// Positions from `first` up to, and without, `end`.
struct Slice {
  static constexpr std::uint64_t last_end = std::numeric_limits<std::uint64_t>::max();
  std::uint64_t first = 0;
  std::uint64_t end = last_end;

  [[nodiscard]] bool contains(std::uint64_t position) const noexcept {
    return position >= first && position < end;
  }
  [[nodiscard]] bool whole() const noexcept { return first == 0 && end == last_end; }
  friend bool operator==(const Slice&, const Slice&) = default;
};

/// Below Slice::last_end.
[[nodiscard]] std::uint64_t position_of(std::int64_t key) noexcept;
[[nodiscard]] std::uint64_t position_of(std::span<const ommi::Cell> key);

}  // namespace doctor
