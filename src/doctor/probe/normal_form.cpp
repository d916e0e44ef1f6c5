#include "doctor/probe/normal_form.hpp"

#include <algorithm>
#include <bit>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "doctor/probe/unicode_table.hpp"

namespace doctor {

namespace {

using Letters = std::u32string;

constexpr char32_t hangul_first = 0xAC00;
constexpr char32_t hangul_last = 0xD7A3;

/// The characters of a UTF-8 text; nothing if it is none.
std::optional<Letters> decoded(std::string_view text) {
  Letters letters;
  for (std::size_t at = 0; at < text.size();) {
    const auto lead = static_cast<unsigned char>(text[at]);
    const std::size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    if ((lead >= 0x80 && lead < 0xC2) || lead > 0xF4 || at + length > text.size()) return {};
    char32_t letter = length == 1 ? lead : lead & (0x7FU >> length);
    for (std::size_t i = 1; i < length; ++i) {
      const auto next = static_cast<unsigned char>(text[at + i]);
      if ((next & 0xC0U) != 0x80) return {};
      letter = (letter << 6U) | (next & 0x3FU);
    }
    constexpr char32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    const bool surrogate = letter >= 0xD800 && letter <= 0xDFFF;
    if (letter < least[length] || letter > 0x10FFFF || surrogate) return {};
    letters.push_back(letter);
    at += length;
  }
  return letters;
}

void encode(char32_t letter, std::string& text) {
  const auto add = [&](char32_t byte) { text.push_back(static_cast<char>(byte)); };
  if (letter < 0x80) return add(letter);
  if (letter < 0x800) {
    add(0xC0 | (letter >> 6U));
  } else if (letter < 0x10000) {
    add(0xE0 | (letter >> 12U));
    add(0x80 | ((letter >> 6U) & 0x3FU));
  } else {
    add(0xF0 | (letter >> 18U));
    add(0x80 | ((letter >> 12U) & 0x3FU));
    add(0x80 | ((letter >> 6U) & 0x3FU));
  }
  add(0x80 | (letter & 0x3FU));
}

bool is_blank(char32_t letter) {
  if (letter <= 0x20 || letter == 0x7F || letter == 0x85 || letter == 0xA0) return true;
  if (letter >= 0x2000 && letter <= 0x200D) return true;
  constexpr char32_t others[] = {0x1680, 0x2028, 0x2029, 0x202F, 0x205F, 0x2060, 0x3000, 0xFEFF};
  return std::find(std::begin(others), std::end(others), letter) != std::end(others);
}

void trim(Letters& letters) {
  while (!letters.empty() && is_blank(letters.back())) letters.pop_back();
  const auto first = std::find_if_not(letters.begin(), letters.end(), is_blank);
  letters.erase(letters.begin(), first);
}

void decompose(char32_t letter, Letters& into) {
  if (letter >= hangul_first && letter <= hangul_last) {
    const char32_t index = letter - hangul_first;
    into.push_back(0x1100 + index / 588);
    into.push_back(0x1161 + index % 588 / 28);
    if (index % 28 != 0) into.push_back(0x11A7 + index % 28);
    return;
  }
  const auto table = canonical_decompositions();
  const auto found =
      std::lower_bound(table.begin(), table.end(), letter,
                       [](const Decomposition& entry, char32_t c) { return entry.character < c; });
  if (found == table.end() || found->character != letter) {
    into.push_back(letter);
    return;
  }
  decompose(found->first, into);
  if (found->second != 0) decompose(found->second, into);
}

std::uint8_t class_of(char32_t letter) {
  const auto table = combining_classes();
  const auto found =
      std::lower_bound(table.begin(), table.end(), letter,
                       [](const CombiningRange& range, char32_t c) { return range.last < c; });
  return found == table.end() || letter < found->first ? std::uint8_t{0} : found->combining_class;
}

// The canonical decomposition: two texts with the same one have the same composed form, too.
void take_apart(Letters& letters) {
  if (std::all_of(letters.begin(), letters.end(), [](char32_t c) { return c < 0xC0; })) return;
  Letters apart;
  for (const char32_t letter : letters) decompose(letter, apart);
  for (auto at = apart.begin(); at != apart.end();) {
    const auto end = std::find_if(at, apart.end(), [](char32_t c) { return class_of(c) == 0; });
    std::stable_sort(
        at, end, [](char32_t left, char32_t right) { return class_of(left) < class_of(right); });
    at = end == apart.end() ? end : end + 1;
  }
  letters = std::move(apart);
}

char32_t lower(char32_t letter) {
  const bool latin =
      (letter >= 'A' && letter <= 'Z') || (letter >= 0xC0 && letter <= 0xDE && letter != 0xD7);
  const bool greek = letter >= 0x391 && letter <= 0x3A9;
  const bool cyrillic = letter >= 0x410 && letter <= 0x42F;
  if (latin || greek || cyrillic) return letter + 32;
  return letter >= 0x400 && letter <= 0x40F ? letter + 80 : letter;
}

void drop_zeros(Letters& letters) {
  const bool number =
      std::all_of(letters.begin(), letters.end(), [](char32_t c) { return c >= '0' && c <= '9'; });
  if (!number || letters.empty()) return;
  const std::size_t first = std::min(letters.find_first_not_of(U'0'), letters.size() - 1);
  letters.erase(0, first);
}

std::optional<std::string> text_of(const ommi::Cell& cell) {
  switch (cell.kind) {
    case ommi::Kind::integer:
      return fmt::format("{}", cell.integer);
    case ommi::Kind::real: {
      constexpr double exact = 9007199254740992.0;
      const bool whole = cell.real >= -exact && cell.real <= exact &&
                         static_cast<double>(static_cast<std::int64_t>(cell.real)) == cell.real;
      if (whole) return fmt::format("{}", static_cast<std::int64_t>(cell.real));
      return fmt::format("{}", cell.real);
    }
    case ommi::Kind::text:
      return std::string(cell.view());
    case ommi::Kind::null:
    case ommi::Kind::blob:
      break;
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::string> normal_form(const ommi::Cell& cell, std::uint8_t steps) {
  const std::optional<std::string> text = text_of(cell);
  if (!text) return std::nullopt;
  std::optional<Letters> letters = decoded(*text);
  if (!letters) return std::nullopt;
  if ((steps & blanks) != 0) trim(*letters);
  // Letters with accents are folded through their parts.
  if ((steps & unicode_form) != 0) take_apart(*letters);
  if ((steps & letter_case) != 0) {
    for (char32_t& letter : *letters) letter = lower(letter);
  }
  if ((steps & zeros) != 0) drop_zeros(*letters);
  std::string form;
  for (const char32_t letter : *letters) encode(letter, form);
  return form;
}

std::optional<std::uint8_t> steps_between(std::span<const ommi::Cell> left,
                                          std::span<const ommi::Cell> right, std::uint8_t given) {
  std::vector<std::uint8_t> sets;
  for (std::uint8_t steps = 0; steps <= all_steps; ++steps) sets.push_back(steps);
  std::stable_sort(sets.begin(), sets.end(), [](std::uint8_t one, std::uint8_t other) {
    return std::popcount(one) < std::popcount(other);
  });
  for (const std::uint8_t steps : sets) {
    bool same = left.size() == right.size();
    for (std::size_t part = 0; same && part < left.size(); ++part) {
      const auto all = static_cast<std::uint8_t>(steps | given);
      const auto form = normal_form(left[part], all);
      same = form && form == normal_form(right[part], all);
    }
    if (same) return steps == 0 ? given : steps;
  }
  return std::nullopt;
}

std::string names_of(std::uint8_t steps) {
  constexpr std::pair<std::uint8_t, std::string_view> names[] = {{blanks, "blanks"},
                                                                 {unicode_form, "Unicode form"},
                                                                 {letter_case, "letter case"},
                                                                 {zeros, "leading zeros"}};
  std::string text;
  for (const auto& [step, name] : names) {
    if ((steps & step) == 0) continue;
    text += text.empty() ? "" : ", ";
    text += name;
  }
  return text.empty() ? "text and number" : text;
}

}  // namespace doctor
