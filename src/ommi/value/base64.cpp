#include <algorithm>

#include "ommi/value.hpp"

namespace ommi {

std::string base64(std::string_view bytes) {
  constexpr std::string_view letters =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  out.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t at = 0; at < bytes.size(); at += 3) {
    const std::size_t count = std::min<std::size_t>(3, bytes.size() - at);
    std::uint32_t group = 0;
    for (std::size_t byte = 0; byte < 3; ++byte) {
      group <<= 8U;
      if (byte < count) group |= static_cast<unsigned char>(bytes[at + byte]);
    }
    for (std::size_t sextet = 0; sextet < 4; ++sextet) {
      const std::uint32_t letter = (group >> (18U - 6U * sextet)) & 63U;
      out += sextet <= count ? letters[letter] : '=';
    }
  }
  return out;
}

}  // namespace ommi
