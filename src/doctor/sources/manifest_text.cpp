#include "doctor/sources/manifest_text.hpp"

namespace doctor::sources {
namespace {

unsigned byte_at(std::string_view text, std::size_t at) {
  return at < text.size() ? static_cast<unsigned char>(text[at]) : 0U;
}

bool continues(std::string_view text, std::size_t at) {
  return (byte_at(text, at) & 0xC0U) == 0x80;
}

// The length of the valid character at `at`, or 0.
std::size_t character(std::string_view text, std::size_t at) {
  const unsigned first = byte_at(text, at);
  const unsigned second = byte_at(text, at + 1);
  if (first < 0x80) return 1;
  if (first >= 0xC2 && first <= 0xDF) return continues(text, at + 1) ? 2 : 0;
  if (first >= 0xE0 && first <= 0xEF) {
    const bool overlong = first == 0xE0 && second < 0xA0;
    const bool surrogate = first == 0xED && second >= 0xA0;
    return !overlong && !surrogate && continues(text, at + 1) && continues(text, at + 2) ? 3 : 0;
  }
  if (first >= 0xF0 && first <= 0xF4) {
    const bool overlong = first == 0xF0 && second < 0x90;
    const bool beyond = first == 0xF4 && second >= 0x90;
    const bool whole =
        continues(text, at + 1) && continues(text, at + 2) && continues(text, at + 3);
    return !overlong && !beyond && whole ? 4 : 0;
  }
  return 0;
}

// U+F780 … U+F7FF are EF 9E 80 … EF 9F BF.
bool stands_for_a_byte(std::string_view text, std::size_t at) {
  return byte_at(text, at) == 0xEF && (byte_at(text, at + 1) & 0xFEU) == 0x9E &&
         continues(text, at + 2);
}

void append_byte(std::string& out, unsigned byte) {
  out += '\xEF';
  out += static_cast<char>(byte < 0xC0 ? 0x9E : 0x9F);
  out += static_cast<char>(0x80U | (byte & 0x3FU));
}

}  // namespace

std::string to_json_text(std::string_view bytes) {
  std::string text;
  for (std::size_t at = 0; at < bytes.size();) {
    const std::size_t length = stands_for_a_byte(bytes, at) ? 0 : character(bytes, at);
    if (length == 0) {
      append_byte(text, byte_at(bytes, at++));
      continue;
    }
    text.append(bytes, at, length);
    at += length;
  }
  return text;
}

std::string from_json_text(std::string_view text) {
  std::string bytes;
  for (std::size_t at = 0; at < text.size();) {
    if (!stands_for_a_byte(text, at)) {
      bytes += text[at++];
      continue;
    }
    const unsigned high = byte_at(text, at + 1) == 0x9E ? 0x80U : 0xC0U;
    bytes += static_cast<char>(high | (byte_at(text, at + 2) & 0x3FU));
    at += 3;
  }
  return bytes;
}

}  // namespace doctor::sources
