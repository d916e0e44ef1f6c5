#pragma once

/// \file
/// How many lazy fields hold an answer.
///
/// As with std::shared_ptr, copies may end in different threads; where the process has one thread
/// only, the count costs no atomic operation.

#include <atomic>
#include <cstdint>

#if __has_include(<sys/single_threaded.h>)
#include <sys/single_threaded.h>
#endif

namespace ommi::engine {

class PinCount {
 public:
  /// Both give the count from before.
  std::uint64_t add(std::uint64_t fields) noexcept {
    if (!alone()) return count_.fetch_add(fields, std::memory_order_relaxed);
    const std::uint64_t before = count_.load(std::memory_order_relaxed);
    count_.store(before + fields, std::memory_order_relaxed);
    return before;
  }
  std::uint64_t drop() noexcept {
    if (!alone()) return count_.fetch_sub(1, std::memory_order_acq_rel);
    const std::uint64_t before = count_.load(std::memory_order_relaxed);
    count_.store(before - 1, std::memory_order_relaxed);
    return before;
  }

 private:
  static bool alone() noexcept {
#if __has_include(<sys/single_threaded.h>)
    return __libc_single_threaded != 0;
#else
    return false;
#endif
  }
  std::atomic<std::uint64_t> count_ = 0;
};

}  // namespace ommi::engine
