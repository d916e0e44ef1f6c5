#include "drivers/memory/comparing.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

namespace ommi::memory {
namespace {

bool numeric(Affinity affinity) noexcept {
  return affinity == Affinity::numeric || affinity == Affinity::integer ||
         affinity == Affinity::real;
}

// A NaN is NULL to SQLite wherever it turns up.
bool unknown(const Cell& cell) noexcept {
  return cell.is_null() || (cell.kind == Kind::real && std::isnan(cell.real));
}

int lower(char letter) noexcept {
  const int code = static_cast<unsigned char>(letter);
  return code >= 'A' && code <= 'Z' ? code - 'A' + 'a' : code;
}

// Stops at a NUL, and looks at the lengths then.
std::weak_ordering compare_nocase(std::string_view left, std::string_view right) noexcept {
  const std::size_t common = std::min(left.size(), right.size());
  for (std::size_t i = 0; i < common; ++i) {
    if (lower(left[i]) != lower(right[i])) return lower(left[i]) <=> lower(right[i]);
    if (left[i] == '\0') break;
  }
  return left.size() <=> right.size();
}

std::string_view without_trailing_spaces(std::string_view text) noexcept {
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

std::optional<std::weak_ordering> compare_converted(const Cell& left, const Cell& right,
                                                    Affinity affinity, Collation collation) {
  if (unknown(left) || unknown(right)) return std::nullopt;
  std::string left_text;
  std::string right_text;
  if (numeric(affinity)) {
    return compare_stored(with_affinity(left, affinity, left_text),
                          with_affinity(right, affinity, right_text), collation);
  }
  if (affinity == Affinity::text && (left.kind == Kind::text || right.kind == Kind::text)) {
    return compare_stored(with_affinity(left, affinity, left_text),
                          with_affinity(right, affinity, right_text), collation);
  }
  return compare_stored(left, right, collation);
}

// A real that is a whole number becomes an integer, but for the outermost two.
Value whole_or_real(double value) {
  constexpr double limit = 9223372036854775808.0;
  if (value > -limit && value < limit) {
    const auto whole = static_cast<std::int64_t>(value);
    if (static_cast<double>(whole) == value) return whole;
  }
  return value;
}

std::size_t character_length(std::string_view text) noexcept {
  std::size_t length = 1;
  if (static_cast<unsigned char>(text[0]) < 0xc0) return length;
  while (length < text.size() && (static_cast<unsigned char>(text[length]) & 0xc0) == 0x80) {
    ++length;
  }
  return length;
}

}  // namespace

Value stored(const Cell& cell, Affinity affinity) {
  std::string scratch;
  const Cell converted = with_affinity(cell, affinity, scratch);
  if (!numeric(affinity)) return Value(converted);
  if (affinity == Affinity::real) {
    if (converted.kind == Kind::integer) return static_cast<double>(converted.integer);
    if (converted.kind == Kind::real) return converted.real + 0.0;  // -0.0 is not kept
    return Value(converted);
  }
  return converted.kind == Kind::real ? whole_or_real(converted.real) : Value(converted);
}

std::weak_ordering compare_stored(const Cell& left, const Cell& right, Collation collation) {
  if (left.kind != Kind::text || right.kind != Kind::text) return compare(left, right);
  switch (collation) {
    case Collation::nocase:
      return compare_nocase(left.view(), right.view());
    case Collation::rtrim:
      return without_trailing_spaces(left.view()).compare(without_trailing_spaces(right.view())) <=>
             0;
    case Collation::binary:
    case Collation::other:  // no table has a column of it
      break;
  }
  return compare(left, right);
}

std::optional<std::weak_ordering> compare_with_value(const Cell& column, const Comparison& rule,
                                                     const Cell& value) {
  return compare_converted(column, value, rule.affinity, rule.collation);
}

std::optional<std::weak_ordering> compare_columns(const Cell& left, const Comparison& left_rule,
                                                  const Cell& right, const Comparison& right_rule) {
  const bool numbers = numeric(left_rule.affinity) || numeric(right_rule.affinity);
  return compare_converted(left, right, numbers ? Affinity::numeric : Affinity::none,
                           left_rule.collation);
}

std::string_view text_of(const Cell& cell, std::string& scratch) {
  return with_affinity(cell, Affinity::text, scratch).view();
}

// Going back to the last % is enough: what an earlier one took, the last could take as well.
bool is_like(std::string_view text, std::string_view pattern) {
  text = text.substr(0, text.find('\0'));
  pattern = pattern.substr(0, pattern.find('\0'));
  std::optional<std::string_view> after_percent;
  std::string_view taken_from;
  while (!text.empty()) {
    if (pattern.starts_with('%')) {
      pattern.remove_prefix(1);
      after_percent = pattern;
      taken_from = text;
      continue;
    }
    const std::size_t there = character_length(text);
    const std::size_t wanted = pattern.empty() ? 0 : character_length(pattern);
    if (wanted > 0 &&
        (pattern[0] == '_' ||
         std::ranges::equal(pattern.substr(0, wanted), text.substr(0, there), {}, lower, lower))) {
      pattern.remove_prefix(wanted);
      text.remove_prefix(there);
      continue;
    }
    if (!after_percent) return false;
    taken_from.remove_prefix(character_length(taken_from));
    text = taken_from;
    pattern = *after_percent;
  }
  return pattern.find_first_not_of('%') == std::string_view::npos;
}

std::size_t position_of(std::string_view part, std::string_view text) {
  std::size_t position = 1;
  for (std::size_t at = 0; at + part.size() <= text.size(); ++position) {
    if (text.substr(at, part.size()) == part) return position;
    if (at == text.size()) break;
    at += 1;
    while (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xc0) == 0x80) ++at;
  }
  return 0;
}

}  // namespace ommi::memory
