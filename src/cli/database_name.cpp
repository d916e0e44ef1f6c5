#include "cli/database_name.hpp"

#include <algorithm>
#include <array>
#include <cctype>

namespace cli {
namespace {

constexpr std::string_view stars = "***";

char lower(char byte) noexcept {
  return byte >= 'A' && byte <= 'Z' ? static_cast<char>(byte - 'A' + 'a') : byte;
}

bool begins(std::string_view text, std::string_view prefix) noexcept {
  return text.size() >= prefix.size() &&
         std::equal(prefix.begin(), prefix.end(), text.begin(),
                    [](char left, char right) { return left == lower(right); });
}

// The scheme of `scheme://…`, or empty.
std::string_view scheme_of(std::string_view text) noexcept {
  const std::size_t end = text.find("://");
  if (end == std::string_view::npos || end == 0) return {};
  const std::string_view scheme = text.substr(0, end);
  const bool word = std::all_of(scheme.begin(), scheme.end(), [](char byte) {
    return std::isalnum(static_cast<unsigned char>(byte)) != 0 || byte == '+' || byte == '-' ||
           byte == '.';
  });
  return word ? scheme : std::string_view();
}

bool keyword_string(std::string_view text) noexcept {
  constexpr std::array<std::string_view, 8> words = {
      "host=", "hostaddr=", "port=", "dbname=", "user=", "password=", "service=", "sslmode="};
  return std::any_of(words.begin(), words.end(),
                     [text](std::string_view word) { return begins(text, word); });
}

// user:password@ of a URI. The last @ before the path ends it: passwords may hold one.
void mask_user_part(std::string& text) {
  const std::size_t scheme = text.find("://");
  if (scheme == std::string::npos) return;
  const std::size_t begin = scheme + 3;
  const std::size_t end = text.rfind('@');
  if (end == std::string::npos || end < begin) return;
  const std::size_t colon = text.find(':', begin);
  if (colon == std::string::npos || colon > end) return;
  text.replace(colon + 1, end - colon - 1, stars);
}

// The end of a value that begins at `at`: quoted as libpq does, or up to a blank or an ampersand.
std::size_t value_end(const std::string& text, std::size_t at) {
  if (at < text.size() && text[at] == '\'') {
    for (std::size_t end = at + 1; end < text.size(); ++end) {
      if (text[end] == '\\') {
        ++end;
      } else if (text[end] == '\'') {
        return end + 1;
      }
    }
    return text.size();
  }
  return std::min(text.find_first_of(" \t\n&", at), text.size());
}

void mask_keyword(std::string& text, std::string_view keyword) {
  for (std::size_t at = 0; at + keyword.size() <= text.size(); ++at) {
    if (!begins(std::string_view(text).substr(at), keyword)) continue;
    std::size_t value = at + keyword.size();
    while (value < text.size() && text[value] == ' ') ++value;
    if (value >= text.size() || text[value] != '=') continue;
    ++value;
    while (value < text.size() && text[value] == ' ') ++value;
    text.replace(value, value_end(text, value) - value, stars);
    at = value;
  }
}

}  // namespace

std::string masked(std::string_view text) {
  std::string out(text);
  mask_user_part(out);
  mask_keyword(out, "password");
  mask_keyword(out, "sslpassword");
  return out;
}

DatabaseName parse_database_name(std::string_view text) {
  if (begins(text, "sqlite:")) {
    std::string path(text.substr(7));
    std::string shown = path;
    return {DatabaseKind::sqlite, std::move(path), std::move(shown)};
  }
  const std::string_view scheme = scheme_of(text);
  if (begins(scheme, "postgres") || keyword_string(text)) {
    return {DatabaseKind::postgres, {}, masked(text)};
  }
  if (!scheme.empty()) return {DatabaseKind::unknown, {}, masked(text)};
  return {DatabaseKind::sqlite, std::string(text), std::string(text)};
}

}  // namespace cli
