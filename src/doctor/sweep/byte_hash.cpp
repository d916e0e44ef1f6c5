#include "doctor/sweep/byte_hash.hpp"

#include <exception>
#include <random>

namespace doctor {

std::uint64_t hash_seed() noexcept {
  static const std::uint64_t seed = []() noexcept {
    try {
      std::random_device device;
      return std::uint64_t{device()} << 32U | device();
    } catch (const std::exception&) {
      return hash_parts::first;  // only slower where keys were made to collide
    }
  }();
  return seed;
}

}  // namespace doctor
