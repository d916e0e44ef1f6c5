#include "trace/json_text.hpp"

#include <array>
#include <cmath>
#include <iterator>

#include <fmt/compile.h>

namespace ommi {
namespace {

// Bytes that stand for themselves in a JSON string.
constexpr std::array<bool, 256> make_plain() {
  std::array<bool, 256> plain{};
  for (std::size_t byte = 0x20; byte < 0x7F; ++byte) plain[byte] = byte != '"' && byte != '\\';
  return plain;
}
constexpr std::array<bool, 256> plain = make_plain();

struct CodePoint {
  std::uint32_t value;
  std::size_t size;  // 0 = not UTF-8
};

// The code point that `text` begins with (RFC 3629: no surrogates, nothing longer than needed).
CodePoint first_code_point(std::string_view text) noexcept {
  const auto byte = [text](std::size_t at) {
    return static_cast<std::uint32_t>(static_cast<unsigned char>(text[at]));
  };
  const std::uint32_t lead = byte(0);
  if (lead < 0x80) return {lead, 1};
  const std::size_t size = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  constexpr std::array<std::uint32_t, 5> least = {0, 0, 0x80, 0x800, 0x10000};
  if (lead < 0xC2 || lead > 0xF4 || text.size() < size) return {0, 0};
  std::uint32_t value = lead & (0xFFU >> (size + 1));
  for (std::size_t at = 1; at < size; ++at) {
    if ((byte(at) & 0xC0U) != 0x80U) return {0, 0};
    value = (value << 6U) | (byte(at) & 0x3FU);
  }
  const bool surrogate = value >= 0xD800 && value <= 0xDFFF;
  if (value < least[size] || value > 0x10FFFF || surrogate) return {0, 0};
  return {value, size};
}

// Code points that a terminal obeys or that hide what is there.
bool acts(std::uint32_t point) noexcept {
  return point < 0x20 || (point >= 0x7F && point < 0xA0) || point == 0x61C || point == 0xFEFF ||
         (point >= 0x200B && point <= 0x200F) || (point >= 0x2028 && point <= 0x202E) ||
         (point >= 0x2060 && point <= 0x206F);
}

void append_special(std::string& out, std::string_view& rest) {
  const CodePoint point = first_code_point(rest);
  if (point.size == 0) {
    out += "\\ufffd";
    rest.remove_prefix(1);
    return;
  }
  if (point.value == '"' || point.value == '\\') {
    out += '\\';
    out += static_cast<char>(point.value);
  } else if (point.value == '\n') {
    out += "\\n";
  } else if (acts(point.value)) {
    fmt::format_to(std::back_inserter(out), FMT_COMPILE("\\u{:04x}"), point.value);
  } else {
    out += rest.substr(0, point.size);
  }
  rest.remove_prefix(point.size);
}

void append_real(std::string& out, double real) {
  if (std::isfinite(real)) {
    fmt::format_to(std::back_inserter(out), FMT_COMPILE("{}"), real);
  } else {
    out += std::isnan(real) ? R"({"$real":"nan"})"
           : real > 0       ? R"({"$real":"inf"})"
                            : R"({"$real":"-inf"})";
  }
}

}  // namespace

void append_json_string(std::string& out, std::string_view text) {
  out += '"';
  while (!text.empty()) {
    std::size_t run = 0;
    while (run < text.size() && plain[static_cast<unsigned char>(text[run])]) ++run;
    out += text.substr(0, run);
    text.remove_prefix(run);
    if (!text.empty()) append_special(out, text);
  }
  out += '"';
}

void append_json_value(std::string& out, const Cell& cell) {
  switch (cell.kind) {
    case Kind::null:
      out += "null";
      return;
    case Kind::integer:
      fmt::format_to(std::back_inserter(out), FMT_COMPILE("{}"), cell.integer);
      return;
    case Kind::real:
      append_real(out, cell.real);
      return;
    case Kind::text:
      append_json_string(out, cell.view());
      return;
    case Kind::blob:
      break;
  }
  out.append(R"({"$blob":")").append(base64(cell.view())).append("\"}");
}

}  // namespace ommi
