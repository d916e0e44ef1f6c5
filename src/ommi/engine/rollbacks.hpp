#pragma once

/// \file
/// Which loads happened in a span that was rolled back, so that what they brought is stale.
///
/// Rows ask it after the session is gone, too; so it is shared and outlives both.

#include <cstdint>
#include <vector>

namespace ommi::engine {

class Rollbacks {
 public:
  /// The loads numbered `first` to `last` were made in a span that was rolled back. Spans come in
  /// the order of their ends; one that holds earlier ones takes their place.
  void add(std::uint64_t first, std::uint64_t last) {
    if (first > last) return;
    while (!spans_.empty() && spans_.back().first >= first) spans_.pop_back();
    if (!spans_.empty() && spans_.back().last + 1 == first) {
      spans_.back().last = last;
    } else {
      spans_.push_back({first, last});
    }
    ++version_;
  }

  [[nodiscard]] bool holds(std::uint64_t load) const noexcept {
    std::size_t below = 0;
    std::size_t above = spans_.size();
    while (below < above) {
      const std::size_t middle = (below + above) / 2;
      if (spans_[middle].last < load) {
        below = middle + 1;
      } else {
        above = middle;
      }
    }
    return below < spans_.size() && spans_[below].first <= load;
  }

  /// Changes whenever a span is added.
  [[nodiscard]] std::uint64_t version() const noexcept { return version_; }

 private:
  struct Span {
    std::uint64_t first;
    std::uint64_t last;
  };
  std::vector<Span> spans_;  // ascending, apart from each other
  std::uint64_t version_ = 0;
};

}  // namespace ommi::engine
