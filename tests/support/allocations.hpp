#pragma once

/// \file
/// How often a program allocates, so that a test can say that something does not.
///
/// Whoever calls this gets a program whose operator new counts; others keep the usual one.

#include <cstddef>
#include <optional>

namespace testing_support {

/// The allocations of this program so far, of all threads. Nothing where a sanitizer has an
/// allocator of its own, which must not be replaced by halves.
[[nodiscard]] std::optional<std::size_t> allocations() noexcept;

}  // namespace testing_support
