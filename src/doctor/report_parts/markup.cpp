#include "doctor/report_parts/markup.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "ommi/value.hpp"

namespace doctor::report_parts {
namespace {

std::string_view entity_of(char byte) noexcept {
  switch (byte) {
    case '&':
      return "&amp;";
    case '<':
      return "&lt;";
    case '>':
      return "&gt;";
    case '"':
      return "&quot;";
    case '\'':
      return "&#39;";
    default:
      return {};
  }
}

}  // namespace

std::string markup(std::string_view text) {
  const std::string shown = ommi::printable(text);
  std::string out;
  for (std::size_t at = 0; at < shown.size(); ++at) {
    const std::string_view here = std::string_view(shown).substr(at, 3);
    if (here == "\uFFFE" || here == "\uFFFF") {
      out += "\uFFFD";
      at += 2;
    } else if (const std::string_view entity = entity_of(shown[at]); !entity.empty()) {
      out += entity;
    } else {
      out += shown[at];
    }
  }
  return out;
}

// Everything that means something to Markdown or HTML, so that a name is only ever a name.
std::string markdown_text(std::string_view text) {
  std::string out;
  for (const char byte : text) {
    if (byte == '<') {
      out += "&lt;";
    } else if (byte == '&') {
      out += "&amp;";
    } else {
      if (std::string_view("\\`*_{}[]()#!|>~$").find(byte) != std::string_view::npos) out += '\\';
      out += byte;
    }
  }
  return out;
}

// A code span, fenced by more backquotes than the text has in a row.
std::string markdown_code(std::string_view text) {
  std::size_t longest = 0;
  std::size_t run = 0;
  for (const char byte : text) {
    run = byte == '`' ? run + 1 : 0;
    longest = std::max(longest, run);
  }
  const std::string fence(longest + 1, '`');
  const std::string_view blank = longest > 0 ? " " : "";
  return fmt::format("{}{}{}{}{}", fence, blank, text, blank, fence);
}

}  // namespace doctor::report_parts
