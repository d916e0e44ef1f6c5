#include "ommi/key.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstring>
#include <utility>

#include <fmt/format.h>

namespace ommi {
namespace {

char lower(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool contains_ignoring_case(std::string_view text, std::string_view part) noexcept {
  const auto same = [](char a, char b) { return lower(a) == b; };
  return std::search(text.begin(), text.end(), part.begin(), part.end(), same) != text.end();
}

bool equal_ignoring_case(std::string_view left, std::string_view right) noexcept {
  return std::equal(left.begin(), left.end(), right.begin(), right.end(),
                    [](char a, char b) { return lower(a) == lower(b); });
}

bool blank(char c) noexcept { return c == ' ' || (c >= '\t' && c <= '\r'); }

std::string_view trimmed(std::string_view text) noexcept {
  while (!text.empty() && blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && blank(text.back())) text.remove_suffix(1);
  return text;
}

// Whether `text` is a number by SQLite's grammar, which has no hex, "inf" or "nan"; blanks around
// are allowed.
bool well_formed_number(std::string_view text, bool& whole) noexcept {
  std::size_t at = 0;
  const auto digits = [&] {
    const std::size_t from = at;
    while (at < text.size() && text[at] >= '0' && text[at] <= '9') ++at;
    return at - from;
  };
  if (at < text.size() && (text[at] == '+' || text[at] == '-')) ++at;
  std::size_t count = digits();
  whole = true;
  if (at < text.size() && text[at] == '.') {
    whole = false;
    ++at;
    count += digits();
  }
  if (count == 0) return false;
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    whole = false;
    ++at;
    if (at < text.size() && (text[at] == '+' || text[at] == '-')) ++at;
    if (digits() == 0) return false;
  }
  return at == text.size();
}

constexpr double two_to_63 = 9223372036854775808.0;

std::optional<std::int64_t> whole_number(double value) noexcept {
  if (!(value >= -two_to_63 && value < two_to_63)) return std::nullopt;
  const auto whole = static_cast<std::int64_t>(value);
  if (static_cast<double>(whole) != value) return std::nullopt;
  return whole;
}

std::optional<Cell> number_in(std::string_view text) noexcept {
  text = trimmed(text);
  bool whole = false;
  if (!well_formed_number(text, whole)) return std::nullopt;
  if (text.front() == '+') text.remove_prefix(1);
  if (whole) {
    std::int64_t integer = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), integer);
    if (error == std::errc() && end == text.data() + text.size()) return Cell::of(integer);
  }
  double real = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), real);
  if (error == std::errc::result_out_of_range) {
    // from_chars leaves the value alone: too large becomes infinite, too small zero, as in SQLite.
    real = std::strtod(std::string(text).c_str(), nullptr);
  } else if (error != std::errc() || end != text.data() + text.size()) {
    return std::nullopt;
  }
  return Cell::of(real);
}

// How SQLite 3.40 writes a number as text: "%!.15g".
std::string_view number_as_text(const Cell& cell, std::string& scratch) {
  if (cell.kind == Kind::integer) {
    scratch = fmt::format("{}", cell.integer);
    return scratch;
  }
  if (std::isinf(cell.real)) {
    scratch = cell.real > 0 ? "Inf" : "-Inf";
    return scratch;
  }
  scratch = fmt::format("{:.15g}", cell.real);
  const std::size_t exponent = scratch.find('e');
  if (scratch.find('.') == std::string::npos) {
    scratch.insert(exponent == std::string::npos ? scratch.size() : exponent, ".0");
  }
  if (scratch == "-0.0") scratch = "0.0";
  return scratch;
}

enum class Tag : char { null = 0, integer = 1, real = 2, text = 3, blob = 4 };

template <class T>
void append_raw(std::string& out, Tag tag, T value) {
  std::array<char, 1 + sizeof(T)> bytes{};
  bytes[0] = static_cast<char>(tag);
  std::memcpy(bytes.data() + 1, &value, sizeof(T));
  out.append(bytes.data(), bytes.size());
}

void append_text(std::string& out, Tag tag, std::string_view text, Collation collation) {
  if (tag == Tag::text && collation == Collation::rtrim) {
    while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  }
  append_raw(out, tag, static_cast<std::uint32_t>(text.size()));
  if (tag == Tag::text && collation == Collation::nocase) {
    // SQLite's NOCASE looks no further than a NUL, and then at the lengths.
    const std::string_view looked_at = text.substr(0, text.find('\0'));
    std::transform(looked_at.begin(), looked_at.end(), std::back_inserter(out), lower);
    out.append(text.size() - looked_at.size(), '\0');
  } else {
    out += text;
  }
}

}  // namespace

Affinity affinity_of(std::string_view declared_type) noexcept {
  if (contains_ignoring_case(declared_type, "int")) return Affinity::integer;
  for (const std::string_view text : {"char", "clob", "text"}) {
    if (contains_ignoring_case(declared_type, text)) return Affinity::text;
  }
  if (declared_type.empty() || contains_ignoring_case(declared_type, "blob")) return Affinity::none;
  for (const std::string_view real : {"real", "floa", "doub"}) {
    if (contains_ignoring_case(declared_type, real)) return Affinity::real;
  }
  return Affinity::numeric;
}

Collation collation_of(std::string_view name) noexcept {
  if (name.empty() || equal_ignoring_case(name, "binary")) return Collation::binary;
  if (equal_ignoring_case(name, "nocase")) return Collation::nocase;
  if (equal_ignoring_case(name, "rtrim")) return Collation::rtrim;
  return Collation::other;
}

Cell with_affinity(const Cell& cell, Affinity affinity, std::string& scratch) {
  switch (affinity) {
    case Affinity::none:
      return cell;
    case Affinity::text:
      if (cell.kind != Kind::integer && cell.kind != Kind::real) return cell;
      return Cell::text(number_as_text(cell, scratch));
    case Affinity::numeric:
    case Affinity::integer:
    case Affinity::real:
      if (cell.kind != Kind::text) return cell;
      return number_in(cell.view()).value_or(cell);
  }
  return cell;
}

std::optional<std::int64_t> integer_key(const Cell& cell, const Comparison& rule) {
  if (cell.kind == Kind::integer && rule.affinity != Affinity::text) return cell.integer;
  std::string scratch;
  const Cell converted = with_affinity(cell, rule.affinity, scratch);
  if (converted.kind == Kind::integer) return converted.integer;
  if (converted.kind == Kind::real) return whole_number(converted.real);
  return std::nullopt;
}

void append_key(std::string& out, const Cell& cell, const Comparison& rule) {
  // What no affinity changes, first: most keys are such.
  if (cell.kind == Kind::integer && rule.affinity != Affinity::text) {
    append_raw(out, Tag::integer, cell.integer);
    return;
  }
  const bool as_is = rule.affinity == Affinity::text || rule.affinity == Affinity::none;
  if (cell.kind == Kind::text && as_is) {
    append_text(out, Tag::text, cell.view(), rule.collation);
    return;
  }
  std::string scratch;
  const Cell converted = with_affinity(cell, rule.affinity, scratch);
  switch (converted.kind) {
    case Kind::null:
      out += static_cast<char>(Tag::null);
      return;
    case Kind::integer:
      append_raw(out, Tag::integer, converted.integer);
      return;
    case Kind::real:
      // A real that is a whole number equals the integer, so it has the integer's bytes.
      if (const auto whole = whole_number(converted.real)) {
        append_raw(out, Tag::integer, *whole);
      } else {
        append_raw(out, Tag::real, converted.real);
      }
      return;
    case Kind::text:
      append_text(out, Tag::text, converted.view(), rule.collation);
      return;
    case Kind::blob:
      append_text(out, Tag::blob, converted.view(), rule.collation);
      return;
  }
}

namespace {

// Below this many keys a hash table is in the nearest memory, whatever they are.
constexpr std::size_t least_direct = 4096;
// Places for each key, at most: then the direct table takes no more memory than the other.
constexpr std::uint64_t places_per_key = 4;

}  // namespace

std::uint32_t KeyIndex::Integers::add(std::int64_t key, std::uint32_t next) {
  if (!direct_.empty() && (place_of(key) < direct_.size() || widen(key))) {
    std::uint32_t& number = direct_[place_of(key)];
    if (number == missing) {
      number = next;
      ++direct_used_;
    }
    return number;
  }
  if ((used_ + 1) * 3 > slots_.size() * 2) {
    if (direct_.empty() && used_ >= least_direct && lay_out()) return add(key, next);
    grow();
  }
  Slot& slot = slots_[slot_of(key)];
  if (slot.number == missing) {
    slot = {key, next};
    ++used_;
  }
  return slot.number;
}

/// Makes room for `key` in the direct table, and for as many as it has again, unless that is too
/// much room for the keys there are: so the tables that are copied are few.
bool KeyIndex::Integers::widen(std::int64_t key) {
  const auto as_unsigned = [](std::int64_t number) { return static_cast<std::uint64_t>(number); };
  const std::uint64_t most = places_per_key * (direct_used_ + used_ + 1);
  const std::uint64_t size = direct_.size();
  const bool below = key < first_;
  const std::uint64_t distance = below ? as_unsigned(first_) - as_unsigned(key) : place_of(key);
  if (distance >= most) return false;
  const std::uint64_t needed = below ? distance + size : distance + 1;
  if (needed > most || most - needed < size / 2) return false;
  std::uint64_t room = std::min(size, most - needed);
  if (!below) {
    direct(first_, needed + room);
    return true;
  }
  room = std::min(room, as_unsigned(key) - as_unsigned(INT64_MIN));
  direct(key - static_cast<std::int64_t>(room), needed + room);
  return true;
}

/// Moves all keys into a direct table, if they lie close enough together.
bool KeyIndex::Integers::lay_out() {
  std::int64_t least = INT64_MAX;
  std::int64_t greatest = INT64_MIN;
  for (const Slot& slot : slots_) {
    if (slot.number == missing) continue;
    least = std::min(least, slot.key);
    greatest = std::max(greatest, slot.key);
  }
  const std::uint64_t span =
      static_cast<std::uint64_t>(greatest) - static_cast<std::uint64_t>(least);
  if (span >= places_per_key * used_) return false;
  direct(least, span + 1);
  return true;
}

/// Gives the direct table `size` places from `first` on, which hold all that it has; what else is
/// between them comes from the other table.
void KeyIndex::Integers::direct(std::int64_t first, std::uint64_t size) {
  std::vector<std::uint32_t> wider(size, missing);
  if (!direct_.empty()) {
    const std::uint64_t shift =
        static_cast<std::uint64_t>(first_) - static_cast<std::uint64_t>(first);
    std::copy(direct_.begin(), direct_.end(), wider.begin() + static_cast<std::ptrdiff_t>(shift));
  }
  direct_ = std::move(wider);
  first_ = first;
  if (used_ == 0) return;
  const std::vector<Slot> old = std::exchange(slots_, {});
  used_ = 0;
  for (const Slot& slot : old) {
    if (slot.number != missing) insert(slot);
  }
}

void KeyIndex::Integers::insert(const Slot& slot) {
  if (const std::uint64_t at = place_of(slot.key); at < direct_.size()) {
    direct_[at] = slot.number;
    ++direct_used_;
    return;
  }
  if ((used_ + 1) * 3 > slots_.size() * 2) grow();
  slots_[slot_of(slot.key)] = slot;
  ++used_;
}

void KeyIndex::Integers::grow() {
  constexpr std::size_t least = 16;
  const std::vector<Slot> old =
      std::exchange(slots_, std::vector<Slot>(std::max(least, slots_.size() * 2)));
  for (const Slot& slot : old) {
    if (slot.number != missing) slots_[slot_of(slot.key)] = slot;
  }
}

std::uint32_t KeyIndex::add(std::span<const Cell> key) {
  for (const Cell& part : key) {
    if (part.is_null()) return missing;
  }
  if (key.size() == 1) {
    if (const auto integer = integer_key(key[0], rules_[0])) {
      const std::uint32_t number = integers_.add(*integer, size_);
      if (number == size_) ++size_;
      return number;
    }
  }
  scratch_.clear();
  for (std::size_t i = 0; i < key.size(); ++i) append_key(scratch_, key[i], rules_[i]);
  const auto [place, added] = others_.try_emplace(scratch_, size_);
  if (added) ++size_;
  return place->second;
}

std::uint32_t KeyIndex::find(std::span<const Cell> key) const {
  for (const Cell& part : key) {
    if (part.is_null()) return missing;
  }
  if (key.size() == 1) {
    if (const auto integer = integer_key(key[0], rules_[0])) {
      return integers_.find(*integer);
    }
  }
  scratch_.clear();
  for (std::size_t i = 0; i < key.size(); ++i) append_key(scratch_, key[i], rules_[i]);
  const auto place = others_.find(scratch_);
  return place == others_.end() ? missing : place->second;
}

}  // namespace ommi
