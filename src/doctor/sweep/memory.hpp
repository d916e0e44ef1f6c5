#pragma once

/// \file
/// How much the sets of keys may take together.
///
/// Every set asks before it grows and is told no rather than given too much; what it does then is
/// its own affair. Budgets may be shared by threads, accounts may not.

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <limits>

namespace doctor {

class MemoryBudget {
 public:
  explicit MemoryBudget(std::uint64_t limit) noexcept : limit_(limit) {}

  [[nodiscard]] bool take(std::uint64_t bytes) noexcept {
    std::uint64_t used = used_.load(std::memory_order_relaxed);
    do {
      if (bytes > limit_ || used > limit_ - bytes) return false;
    } while (!used_.compare_exchange_weak(used, used + bytes, std::memory_order_relaxed));
    return true;
  }
  void give(std::uint64_t bytes) noexcept { used_.fetch_sub(bytes, std::memory_order_relaxed); }
  [[nodiscard]] std::uint64_t limit() const noexcept { return limit_; }
  [[nodiscard]] std::uint64_t used() const noexcept { return used_.load(); }

 private:
  std::uint64_t limit_;
  std::atomic<std::uint64_t> used_ = 0;
};

/// What one set holds of a budget, and the most that it may hold. Without a budget there is no
/// limit.
class MemoryAccount {
 public:
  explicit MemoryAccount(MemoryBudget* budget = nullptr,
                         std::uint64_t most = std::numeric_limits<std::uint64_t>::max()) noexcept
      : budget_(budget), most_(most) {}
  ~MemoryAccount() { give(held_); }
  MemoryAccount(const MemoryAccount&) = delete;
  MemoryAccount& operator=(const MemoryAccount&) = delete;

  [[nodiscard]] bool take(std::uint64_t bytes) noexcept {
    if (budget_ == nullptr) return true;
    if (bytes > most_ || held_ > most_ - bytes || !budget_->take(bytes)) return false;
    held_ += bytes;
    return true;
  }
  void give(std::uint64_t bytes) noexcept {
    if (budget_ == nullptr) return;
    budget_->give(bytes);
    held_ -= bytes;
  }
  /// What could be taken now; 0 without a budget.
  [[nodiscard]] std::uint64_t spare() const noexcept {
    if (budget_ == nullptr) return 0;
    const std::uint64_t used = budget_->used();
    const std::uint64_t left = used < budget_->limit() ? budget_->limit() - used : 0;
    return left < most_ - held_ ? left : most_ - held_;
  }
  /// The size of the pieces that a set should grow by.
  [[nodiscard]] std::uint64_t piece() const noexcept;

 private:
  MemoryBudget* budget_;
  std::uint64_t most_;
  std::uint64_t held_ = 0;
};

/// How many slots a table with `slots`, which is full, takes next. Of `expected` keys nothing is
/// believed before there are some, and never so much that it leaves little for others.
[[nodiscard]] inline std::size_t next_slots(const MemoryAccount& memory, std::size_t slots,
                                            std::uint64_t expected, std::size_t slot) noexcept {
  constexpr std::size_t least = 16;
  constexpr std::size_t believed_from = 8192;
  const std::size_t doubled = slots == 0 ? least : slots * 2;
  const std::uint64_t most = memory.spare() / 4 / slot;
  if (slots < believed_from || expected > most) return doubled;
  constexpr std::size_t page = std::size_t{2} << 20U;  // a large one
  const std::uint64_t bytes = (expected + expected / 3 + 2) * slot;
  const std::uint64_t wanted = (bytes + page - 1) / page * page / slot;
  return wanted > doubled && wanted <= most ? static_cast<std::size_t>(wanted) : doubled;
}

inline std::uint64_t MemoryAccount::piece() const noexcept {
  constexpr std::uint64_t least = 512;
  constexpr std::uint64_t greatest = std::uint64_t{1} << 21U;  // a large page
  if (budget_ == nullptr) return greatest / 32;
  const std::uint64_t limit = budget_->limit() < most_ ? budget_->limit() : most_;
  std::uint64_t piece = least;
  while (piece < greatest && piece * 128 <= limit) piece *= 2;
  return piece;
}

}  // namespace doctor
