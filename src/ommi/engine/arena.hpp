#pragma once

/// \file
/// Memory for the texts and blobs of one answer: handed out in order, given back all at once.

#include <algorithm>
#include <cstring>
#include <memory>
#include <string_view>
#include <vector>

namespace ommi::engine {

class Arena {
 public:
  /// A copy of `bytes` that lives as long as the arena.
  const char* keep(std::string_view bytes) {
    if (bytes.empty()) return "";
    if (bytes.size() > left_) grow(bytes.size());
    char* place = next_;
    std::memcpy(place, bytes.data(), bytes.size());
    next_ += bytes.size();
    left_ -= bytes.size();
    return place;
  }

 private:
  void grow(std::size_t needed) {
    // Chunks double up to 1 MiB: few allocations for many rows, little waste for few.
    const std::size_t size = std::max(
        needed,
        std::min<std::size_t>(1U << 20U, 1024U << std::min<std::size_t>(chunks_.size(), 10)));
    chunks_.push_back(std::unique_ptr<char[]>(new char[size]));
    next_ = chunks_.back().get();
    left_ = size;
  }

  std::vector<std::unique_ptr<char[]>> chunks_;
  char* next_ = nullptr;
  std::size_t left_ = 0;
};

}  // namespace ommi::engine
