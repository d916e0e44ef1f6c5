#include "doctor/sweep/key_position.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <functional>
#include <string>

#include <fmt/format.h>

#include "ommi/key.hpp"

namespace doctor {

namespace {

// Numbers of more digits are equal to others once they were written as text.
constexpr std::int64_t fifteen_digits = 1'000'000'000'000'000;

std::uint64_t in_order(std::int64_t number) noexcept {
  const std::uint64_t position = static_cast<std::uint64_t>(number) ^ (std::uint64_t{1} << 63U);
  return std::min(position, Slice::last_end - 1);
}

std::uint64_t scattered(std::string_view text) noexcept {
  const std::uint64_t hash = std::hash<std::string_view>{}(text)*0x9E3779B97F4A7C15U;
  return std::min(hash ^ (hash >> 29U), Slice::last_end - 1);
}

std::uint64_t position_of_real(double number) noexcept {
  if (std::isinf(number)) return scattered(number > 0 ? "inf" : "-inf");
  // As it would be read again where it has been text.
  char text[32] = {};
  *fmt::format_to_n(text, sizeof text - 1, "{:.15g}", number).out = '\0';
  const double rounded = std::floor(std::strtod(text, nullptr));
  constexpr double limit = 9.2e18;
  return in_order(static_cast<std::int64_t>(std::clamp(rounded, -limit, limit)));
}

char lower(char letter) noexcept {
  return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
}

// Without what NOCASE and RTRIM do not look at.
std::uint64_t position_of_text(std::string_view text) {
  std::string folded(text.substr(0, text.find('\0')));
  while (!folded.empty() && folded.back() == ' ') folded.pop_back();
  std::transform(folded.begin(), folded.end(), folded.begin(), lower);
  return scattered(folded);
}

std::uint64_t position_of_cell(const ommi::Cell& cell) {
  std::string scratch;
  const ommi::Cell number = ommi::with_affinity(cell, ommi::Affinity::numeric, scratch);
  switch (number.kind) {
    case ommi::Kind::integer:
      return position_of(number.integer);
    case ommi::Kind::real:
      return position_of_real(number.real);
    case ommi::Kind::text:
      return position_of_text(number.view());
    case ommi::Kind::blob:
      return scattered(number.view());
    case ommi::Kind::null:
      break;
  }
  return 0;
}

}  // namespace

std::uint64_t position_of(std::int64_t key) noexcept {
  if (key > -fifteen_digits && key < fifteen_digits) return in_order(key);
  return position_of_real(static_cast<double>(key));
}

// The parts of a key together: one part alone may be the same in all rows.
std::uint64_t position_of(std::span<const ommi::Cell> key) {
  if (key.size() == 1) return position_of_cell(key[0]);
  std::uint64_t position = 0;
  for (const ommi::Cell& part : key) {
    position = (position ^ position_of_cell(part)) * 0x9E3779B97F4A7C15U;
    position ^= position >> 32U;
  }
  return std::min(position, Slice::last_end - 1);
}

}  // namespace doctor
