#include "doctor/report_parts/markup.hpp"

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

}  // namespace doctor::report_parts
