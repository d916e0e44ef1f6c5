#pragma once

/// \file
/// The bytes of keys of several parts, as few as will do: most are short enough to be kept whole.
///
/// Keys of the same rules are equal iff their bytes are. Each part tells its own end.

#include <bit>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>

#include "doctor/sweep/short_set.hpp"
#include "ommi/key.hpp"

namespace doctor {

class KeyBytes {
 public:
  void clear() noexcept { used_ = 0; }
  [[nodiscard]] std::size_t size() const noexcept { return used_; }
  /// What was appended; it moves when more is.
  [[nodiscard]] std::string_view view() const noexcept { return {room_.data(), used_}; }
  void append(const ommi::Cell& cell, const ommi::Comparison& rule) {
    if (cell.kind == ommi::Kind::integer && rule.affinity != ommi::Affinity::text) {
      append_integer(cell.integer);
    } else if (cell.kind == ommi::Kind::text && cell.size < long_text && is_plain(rule)) {
      append_text(cell.view());
    } else {
      append_other(cell, rule);
    }
  }
  /// The same bytes as a short key, if they are few and easily had; else false.
  [[nodiscard]] static bool append(ShortKeyWriter& writer, const ommi::Cell& cell,
                                   const ommi::Comparison& rule) noexcept {
    if (cell.kind == ommi::Kind::integer && rule.affinity != ommi::Affinity::text) {
      const std::uint64_t amount = amount_of(cell.integer);
      const unsigned size = size_of(amount);
      if (!writer.fits(1 + size)) return false;
      writer.append(integer + size, 1);
      writer.append(amount, size);
      return true;
    }
    if (cell.kind != ommi::Kind::text || !writer.fits(1 + cell.size) || !is_plain(rule)) {
      return false;
    }
    writer.append(text + cell.size, 1);
    writer.append(cell.view());
    return true;
  }
  /// The parts that were written as `bytes`, as many as `parts`; texts point into them. False if
  /// one is neither an integer nor a text that is not long.
  [[nodiscard]] static bool read(std::string_view bytes, std::span<ommi::Cell> parts) noexcept;
  /// Whether a text is equal to the same bytes only, and stays a text.
  [[nodiscard]] static bool is_plain(const ommi::Comparison& rule) noexcept {
    return rule.collation == ommi::Collation::binary &&
           (rule.affinity == ommi::Affinity::text || rule.affinity == ommi::Affinity::none);
  }

 private:
  // The first byte of a part says what it is: one of these, and how many bytes follow.
  static constexpr unsigned any = 0;  // as ommi::append_key writes it
  static constexpr unsigned integer = 1;
  static constexpr unsigned text = 16;
  static constexpr std::size_t long_text = 240;

  [[nodiscard]] char* room_for(std::size_t size) {
    if (room_.size() - used_ < size) room_.resize((room_.size() + size) * 2);
    return room_.data() + used_;
  }
  // Small amounts of either sign take few bytes.
  [[nodiscard]] static std::uint64_t amount_of(std::int64_t value) noexcept {
    return static_cast<std::uint64_t>(value) << 1U ^ (value < 0 ? ~std::uint64_t{0} : 0);
  }
  [[nodiscard]] static unsigned size_of(std::uint64_t amount) noexcept {
    return static_cast<unsigned>((std::bit_width(amount) + 7) / 8);
  }
  void append_integer(std::int64_t value) {
    const std::uint64_t amount = amount_of(value);
    const unsigned size = size_of(amount);
    char* const to = room_for(1 + sizeof amount);
    *to = static_cast<char>(integer + size);
    for (unsigned byte = 0; byte < sizeof amount; ++byte) {
      to[1 + byte] = static_cast<char>(amount >> (8 * byte));
    }
    used_ += 1 + size;
  }
  void append_text(std::string_view value) {
    char* const to = room_for(1 + value.size());
    *to = static_cast<char>(text + value.size());
    if (!value.empty()) std::memcpy(to + 1, value.data(), value.size());
    used_ += 1 + value.size();
  }
  void append_other(const ommi::Cell& cell, const ommi::Comparison& rule);

  std::string room_;
  std::size_t used_ = 0;
  std::string scratch_;
};

}  // namespace doctor
