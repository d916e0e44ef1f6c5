#pragma once

/// \file
/// Memory of which much is touched at random: in large pages, where the system has them.
///
/// With pages of 4 KiB nearly every look-up in a large table also misses the processor's list of
/// pages, and every page is a fault when it is first touched.

#include <cstddef>
#include <utility>

namespace doctor {

class LargeBlock {
 public:
  /// From this size on it is worth the whole pages that it takes.
  static constexpr std::size_t large = std::size_t{2} << 20U;

  LargeBlock() = default;
  /// All zero. Throws std::bad_alloc.
  explicit LargeBlock(std::size_t size);
  ~LargeBlock();
  LargeBlock(LargeBlock&& other) noexcept
      : bytes_(std::exchange(other.bytes_, nullptr)), size_(std::exchange(other.size_, 0)) {}
  LargeBlock& operator=(LargeBlock&& other) noexcept {
    std::swap(bytes_, other.bytes_);
    std::swap(size_, other.size_);
    return *this;
  }
  LargeBlock(const LargeBlock&) = delete;
  LargeBlock& operator=(const LargeBlock&) = delete;

  [[nodiscard]] char* data() const noexcept { return bytes_; }
  [[nodiscard]] std::size_t size() const noexcept { return size_; }

 private:
  char* bytes_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace doctor
