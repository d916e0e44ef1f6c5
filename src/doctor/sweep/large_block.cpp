#include "doctor/sweep/large_block.hpp"

#include <cstdint>
#include <cstdlib>
#include <new>
#include <sys/mman.h>

namespace doctor {

namespace {

char* map(std::size_t size) {
  void* const mapped =
      ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (mapped == MAP_FAILED) throw std::bad_alloc();
  return static_cast<char*>(mapped);
}

// A large page must begin at a multiple of its size: what is mapped beside that is given back.
char* map_aligned(std::size_t size) {
  char* const mapped = map(size + LargeBlock::large);
  const std::size_t past = reinterpret_cast<std::uintptr_t>(mapped) % LargeBlock::large;
  const std::size_t before = past == 0 ? 0 : LargeBlock::large - past;
  if (before != 0) (void)::munmap(mapped, before);
  (void)::munmap(mapped + before + size, LargeBlock::large - before);
  return mapped + before;
}

}  // namespace

LargeBlock::LargeBlock(std::size_t size) : size_(size) {
  if (size == 0) return;
  if (size >= large && size % large == 0) {
    bytes_ = map_aligned(size);
#ifdef MADV_HUGEPAGE
    (void)::madvise(bytes_, size, MADV_HUGEPAGE);  // without them it is only slower
#endif
    return;
  }
  bytes_ = static_cast<char*>(std::calloc(size, 1));
  if (bytes_ == nullptr) throw std::bad_alloc();
}

LargeBlock::~LargeBlock() {
  if (bytes_ == nullptr) return;
  if (size_ >= large && size_ % large == 0) {
    (void)::munmap(bytes_, size_);
  } else {
    std::free(bytes_);
  }
}

}  // namespace doctor
