#pragma once

/// \file
/// Asks for memory ahead of its use.

namespace doctor {

/// Brings the line of memory at `place` near; `place` need not be valid. The empty statement is
/// there because GCC takes a function that does nothing but prefetch for one without effect, and
/// drops its calls.
[[gnu::always_inline]] inline void bring_near(const void* place) noexcept {
  __builtin_prefetch(place);
  asm volatile("");
}

}  // namespace doctor
