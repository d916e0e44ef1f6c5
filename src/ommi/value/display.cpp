#include <cmath>

#include <fmt/format.h>

#include "ommi/value.hpp"

namespace ommi {
namespace {

struct CodePoint {
  char32_t value = 0;
  std::size_t size = 0;  // bytes; 0 = not valid UTF-8
};

bool continues(unsigned char byte) noexcept { return (byte & 0xC0U) == 0x80U; }

CodePoint decode(std::string_view text) noexcept {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char first = byte(0);
  if (first < 0x80) return {first, 1};
  std::size_t size = 0;
  char32_t value = 0;
  if (first >= 0xC2 && first <= 0xDF) {
    size = 2;
    value = first & 0x1FU;
  } else if (first >= 0xE0 && first <= 0xEF) {
    size = 3;
    value = first & 0x0FU;
  } else if (first >= 0xF0 && first <= 0xF4) {
    size = 4;
    value = first & 0x07U;
  } else {
    return {};
  }
  if (text.size() < size) return {};
  for (std::size_t i = 1; i < size; ++i) {
    if (!continues(byte(i))) return {};
    value = (value << 6U) | (byte(i) & 0x3FU);
  }
  const bool overlong = (size == 3 && value < 0x800) || (size == 4 && value < 0x10000);
  const bool surrogate = value >= 0xD800 && value <= 0xDFFF;
  if (overlong || surrogate || value > 0x10FFFF) return {};
  return {value, size};
}

// What would move the cursor, hide text or turn its direction.
bool unprintable(char32_t c) noexcept {
  return c < 0x20 || (c >= 0x7F && c <= 0x9F) || c == 0xAD || c == 0x61C ||
         (c >= 0x200B && c <= 0x200F) || (c >= 0x2028 && c <= 0x202E) ||
         (c >= 0x2060 && c <= 0x206F) || c == 0xFEFF || (c >= 0xFFF9 && c <= 0xFFFB) ||
         (c >= 0xE0000 && c <= 0xE007F);
}

void append_escape(std::string& out, char32_t c) {
  switch (c) {
    case '\n':
      out += "\\n";
      return;
    case '\r':
      out += "\\r";
      return;
    case '\t':
      out += "\\t";
      return;
    case 0:
      out += "\\0";
      return;
    default:
      break;
  }
  if (c < 0x100) {
    fmt::format_to(std::back_inserter(out), "\\x{:02x}", static_cast<unsigned>(c));
  } else {
    fmt::format_to(std::back_inserter(out), "\\u{{{:x}}}", static_cast<unsigned>(c));
  }
}

// Appends `text` escaped; `quote` is escaped too unless it is 0. Stops before `limit` bytes of
// input.
void append_escaped(std::string& out, std::string_view text, char quote, std::size_t limit) {
  std::size_t at = 0;
  while (at < text.size() && at < limit) {
    const CodePoint c = decode(text.substr(at));
    if (c.size == 0) {
      fmt::format_to(std::back_inserter(out), "\\x{:02x}", static_cast<unsigned char>(text[at]));
      ++at;
      continue;
    }
    if (unprintable(c.value)) {
      append_escape(out, c.value);
    } else {
      if (c.value == U'\\' || (quote != 0 && c.value == static_cast<unsigned char>(quote)))
        out += '\\';
      out += text.substr(at, c.size);
    }
    at += c.size;
  }
  if (at < text.size()) out += "…";
}

std::string display_real(double value) {
  if (std::isnan(value)) return "nan";
  if (std::isinf(value)) return value > 0 ? "inf" : "-inf";
  std::string text = fmt::format("{}", value);
  if (text.find_first_of(".e") == std::string::npos) text += ".0";
  return text;
}

}  // namespace

std::string to_display(const Cell& cell, std::size_t limit) {
  switch (cell.kind) {
    case Kind::null:
      return "NULL";
    case Kind::integer:
      return fmt::format("{}", cell.integer);
    case Kind::real:
      return display_real(cell.real);
    case Kind::text: {
      std::string out = "'";
      append_escaped(out, cell.view(), '\'', limit);
      return out + "'";
    }
    case Kind::blob: {
      std::string out = "x'";
      for (const char byte : cell.view().substr(0, limit / 2)) {
        fmt::format_to(std::back_inserter(out), "{:02x}", static_cast<unsigned char>(byte));
      }
      if (cell.size > limit / 2) out += "…";
      return out + "'";
    }
  }
  return {};
}

std::string escaped(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  append_escaped(out, text, 0, text.size());
  return out;
}

std::string printable(std::string_view text) {
  std::string out;
  while (true) {
    const std::size_t end = text.find('\\');
    out += escaped(text.substr(0, end));
    if (end == std::string_view::npos) return out;
    out += '\\';
    text.remove_prefix(end + 1);
  }
}

}  // namespace ommi
