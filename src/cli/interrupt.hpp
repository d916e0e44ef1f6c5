#pragma once

/// \file
/// Ctrl-C: the first one ends the run early, so that what was seen so far is reported; the second
/// one ends the program.

#include "ommi/database.hpp"

namespace cli {

/// While it lives, an interrupt sets the deadline of `database` to now. One at a time.
class InterruptGuard {
 public:
  explicit InterruptGuard(ommi::Database& database);
  InterruptGuard(const InterruptGuard&) = delete;
  InterruptGuard& operator=(const InterruptGuard&) = delete;
  ~InterruptGuard();

  [[nodiscard]] static bool interrupted() noexcept;
};

/// A reader that closes the pipe makes writing fail instead of ending the program.
void ignore_broken_pipes() noexcept;

}  // namespace cli
