#pragma once

/// \file
/// What is committed, for all drivers that are open on it.

#include <mutex>

#include "drivers/memory/table.hpp"
#include "ommi/memory.hpp"

namespace ommi::memory {

/// Safe to use from several threads.
class Store {
 public:
  explicit Store(Tables tables) : committed_(std::move(tables)) {}

  [[nodiscard]] Tables committed() const {
    const std::lock_guard lock(mutex_);
    return committed_;
  }

  /// Makes `writer` the only one that may write, and gives it what is committed. Throws
  /// DatabaseError (ErrorCode::locked) if there is one already.
  [[nodiscard]] Tables begin_writing(const void* writer);
  /// Ends the writer's turn; its tables, if it gives any, are what is committed then.
  void end_writing(const void* writer, std::optional<Tables> tables);

 private:
  mutable std::mutex mutex_;
  Tables committed_;
  const void* writer_ = nullptr;
};

}  // namespace ommi::memory
