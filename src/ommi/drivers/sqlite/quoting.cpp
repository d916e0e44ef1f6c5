#include "drivers/sqlite/connection.hpp"

namespace ommi::sqlite {
namespace {

// Where the token that starts at `start` ends, one past its last character.
std::size_t end_of_token(std::string_view text, std::size_t start) {
  const auto after = [&](std::string_view closing, std::size_t from) {
    const std::size_t found = text.find(closing, from);
    return found == std::string_view::npos ? text.size() : found + closing.size();
  };
  const char first = text[start];
  if (first == '[') return after("]", start + 1);
  if (text.substr(start, 2) == "--") return after("\n", start + 2);
  if (text.substr(start, 2) == "/*") return after("*/", start + 2);
  if (first != '"' && first != '\'' && first != '`') return start + 1;
  std::size_t end = after({&first, 1}, start + 1);
  while (end < text.size() && text[end] == first) end = after({&first, 1}, end + 1);
  return end;
}

// The content of a token in double quotes, in back quotes.
std::string requoted(std::string_view token) {
  std::string name = "`";
  for (std::size_t i = 1; i + 1 < token.size(); ++i) {
    if (token[i] == '"') ++i;
    name += token[i];
    if (token[i] == '`') name += '`';
  }
  return name + '`';
}

}  // namespace

std::string with_back_quotes(std::string_view text) {
  std::string result;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = end_of_token(text, at);
    const std::string_view token = text.substr(at, end - at);
    if (token.front() == '"') {
      result += requoted(token);
    } else {
      result += token;
    }
    at = end;
  }
  return result;
}

}  // namespace ommi::sqlite
