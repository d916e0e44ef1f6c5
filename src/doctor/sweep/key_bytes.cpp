#include "doctor/sweep/key_bytes.hpp"

namespace doctor {

// What becomes an integer or a short text under the rule is written as those are.
void KeyBytes::append_other(const ommi::Cell& cell, const ommi::Comparison& rule) {
  if (const auto whole = ommi::integer_key(cell, rule)) {
    append_integer(*whole);
    return;
  }
  if (is_plain(rule)) {
    const ommi::Cell converted = ommi::with_affinity(cell, rule.affinity, scratch_);
    if (converted.kind == ommi::Kind::text && converted.size < long_text) {
      append_text(converted.view());
      return;
    }
  }
  scratch_.clear();
  ommi::append_key(scratch_, cell, rule);
  char* const to = room_for(1 + scratch_.size());
  *to = static_cast<char>(any);
  std::memcpy(to + 1, scratch_.data(), scratch_.size());
  used_ += 1 + scratch_.size();
}

bool KeyBytes::read(std::string_view bytes, std::span<ommi::Cell> parts) noexcept {
  for (ommi::Cell& part : parts) {
    if (bytes.empty()) return false;
    const auto head = static_cast<unsigned char>(bytes[0]);
    if (head == any) return false;
    const std::size_t size = head - (head < text ? integer : text);
    if (bytes.size() < 1 + size || (head < text && size > sizeof(std::uint64_t))) return false;
    const std::string_view value = bytes.substr(1, size);
    if (head < text) {
      std::uint64_t amount = 0;
      for (std::size_t byte = 0; byte < size; ++byte) {
        amount |= std::uint64_t{static_cast<unsigned char>(value[byte])} << (8 * byte);
      }
      const std::uint64_t sign = (amount & 1U) != 0 ? ~std::uint64_t{0} : 0;
      part = ommi::Cell::of(static_cast<std::int64_t>(amount >> 1U ^ sign));
    } else {
      part = ommi::Cell::text(value);
    }
    bytes.remove_prefix(1 + size);
  }
  return bytes.empty();
}

}  // namespace doctor
