#include "support/allocations.hpp"

#include <atomic>
#include <cstdlib>
#include <new>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define OMMI_SANITIZED
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || \
    __has_feature(memory_sanitizer)
#define OMMI_SANITIZED
#endif
#endif

#ifdef OMMI_SANITIZED

std::optional<std::size_t> testing_support::allocations() noexcept { return std::nullopt; }

#else

namespace {
std::atomic<std::size_t> count = 0;
}

std::optional<std::size_t> testing_support::allocations() noexcept { return count; }

// The forms for arrays and without exceptions come here, too. What is aligned beyond the usual is
// not counted.
void* operator new(std::size_t size) {
  ++count;
  if (void* memory = std::malloc(size == 0 ? 1 : size)) return memory;
  throw std::bad_alloc();
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

#endif
