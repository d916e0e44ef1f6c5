#include "doctor/statements.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

namespace doctor {
namespace {

struct Token {
  enum class Kind : std::uint8_t { word, name, text, number, sign };
  Kind kind = Kind::sign;
  std::string text;    // words in capitals, names without their quotes
  unsigned depth = 0;  // parentheses around it
};
using Tokens = std::vector<Token>;

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80;
}

char capital(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }

class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  Tokens read() {
    while (at_ < text_.size()) step();
    return std::move(tokens_);
  }

 private:
  void step() {
    const char c = text_[at_];
    if (c == ' ' || c == '\n' || c == '\t' || c == '\r') {
      ++at_;
    } else if (text_.substr(at_, 2) == "--") {
      skip_to("\n");
    } else if (text_.substr(at_, 2) == "/*") {
      skip_to("*/");
    } else if (c == '\'') {
      quoted('\'', Token::Kind::text);
    } else if (c == '"' || c == '`') {
      quoted(c, Token::Kind::name);
    } else if (c == '[') {
      quoted(']', Token::Kind::name);
    } else if (is_letter(c)) {
      word();
    } else {
      sign();
    }
  }

  void skip_to(std::string_view end) {
    const std::size_t found = text_.find(end, at_);
    at_ = found == std::string_view::npos ? text_.size() : found + end.size();
  }

  void quoted(char end, Token::Kind kind) {
    std::string content;
    for (++at_; at_ < text_.size(); ++at_) {
      if (text_[at_] == end) {
        if (at_ + 1 == text_.size() || text_[at_ + 1] != end) break;
        ++at_;
      }
      content += text_[at_];
    }
    ++at_;
    add(kind, std::move(content));
  }

  void word() {
    std::string letters;
    while (at_ < text_.size() && is_letter(text_[at_])) letters += capital(text_[at_++]);
    const bool digits =
        std::all_of(letters.begin(), letters.end(), [](char c) { return c >= '0' && c <= '9'; });
    add(digits ? Token::Kind::number : Token::Kind::word, std::move(letters));
  }

  void sign() {
    const std::string_view two = text_.substr(at_, 2);
    const bool pair = two == "==" || two == "!=" || two == "<>" || two == "<=" || two == ">=";
    const std::string_view found = text_.substr(at_, pair ? 2 : 1);
    at_ += found.size();
    if (found == ")" && depth_ > 0) --depth_;
    add(Token::Kind::sign, std::string(found));
    if (found == "(") ++depth_;
  }

  void add(Token::Kind kind, std::string content) {
    tokens_.push_back({kind, std::move(content), depth_});
  }

  std::string_view text_;
  std::size_t at_ = 0;
  unsigned depth_ = 0;
  Tokens tokens_;
};

bool is(const Tokens& tokens, std::size_t at, Token::Kind kind, std::string_view text) {
  return at < tokens.size() && tokens[at].kind == kind && tokens[at].text == text;
}

bool is_word(const Tokens& tokens, std::size_t at, std::string_view text) {
  return is(tokens, at, Token::Kind::word, text);
}

std::optional<std::uint64_t> number_at(const Tokens& tokens, std::size_t at) {
  if (at >= tokens.size() || tokens[at].kind != Token::Kind::number) return std::nullopt;
  std::uint64_t number = 0;
  const std::string& text = tokens[at].text;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  if (read.ec != std::errc()) return std::nullopt;
  return number;
}

/// The last one outside of parentheses.
std::optional<std::size_t> last_word(const Tokens& tokens, std::string_view text) {
  for (std::size_t at = tokens.size(); at-- > 0;) {
    if (tokens[at].depth == 0 && is_word(tokens, at, text)) return at;
  }
  return std::nullopt;
}

/// The column that a term of an order is, if it is one: `"t"."name" COLLATE nocase DESC`.
std::string column_of(const Tokens& term) {
  std::string column;
  bool collation = false;
  for (const Token& token : term) {
    const bool named = token.kind == Token::Kind::name || token.kind == Token::Kind::word;
    if (token.depth > 0 || (token.kind == Token::Kind::sign && token.text != ".")) return {};
    if (token.kind == Token::Kind::word) {
      constexpr std::string_view after[] = {"ASC", "DESC", "NULLS", "FIRST", "LAST", "COLLATE"};
      if (std::find(std::begin(after), std::end(after), token.text) != std::end(after)) {
        collation = token.text == "COLLATE";
        continue;
      }
    }
    if (named && !std::exchange(collation, false)) column = token.text;
  }
  return column;
}

std::vector<std::string> columns_between(const Tokens& tokens, std::size_t begin, std::size_t end) {
  std::vector<std::string> columns;
  Tokens term;
  for (std::size_t at = begin; at <= end; ++at) {
    if (at < end && !(tokens[at].depth == 0 && is(tokens, at, Token::Kind::sign, ","))) {
      term.push_back(tokens[at]);
      continue;
    }
    std::string column = column_of(term);
    if (!column.empty()) columns.push_back(std::move(column));
    term.clear();
  }
  return columns;
}

std::optional<Page> page_of(const Tokens& tokens) {
  const std::optional<std::size_t> limit = last_word(tokens, "LIMIT");
  if (!limit) return std::nullopt;
  const bool named = is_word(tokens, *limit + 2, "OFFSET");
  // `LIMIT 20, 10` skips 20.
  const bool comma = is(tokens, *limit + 2, Token::Kind::sign, ",");
  if (!named && !comma) return std::nullopt;
  Page page;
  page.limit = number_at(tokens, *limit + (comma ? 3 : 1));
  page.offset = number_at(tokens, *limit + (comma ? 1 : 3));
  for (std::size_t at = 0; at < *limit; ++at) page.question += tokens[at].text + ' ';
  const std::optional<std::size_t> order = last_word(tokens, "ORDER");
  if (order && *order < *limit && is_word(tokens, *order + 1, "BY")) {
    page.order = columns_between(tokens, *order + 2, *limit);
  }
  return page;
}

bool expects_value(const Token& before) {
  constexpr std::string_view signs[] = {"=", "==", "!=", "<>", "(", ","};
  return before.kind == Token::Kind::sign &&
         std::find(std::begin(signs), std::end(signs), before.text) != std::end(signs);
}

}  // namespace

std::vector<Page> pages_of(std::string_view text) {
  std::vector<Page> pages;
  Tokens statement;
  Tokens tokens = Reader(text).read();
  tokens.push_back({Token::Kind::sign, ";", 0});
  for (Token& token : tokens) {
    if (token.kind != Token::Kind::sign || token.text != ";") {
      statement.push_back(std::move(token));
      continue;
    }
    if (std::optional<Page> page = page_of(statement)) pages.push_back(std::move(*page));
    statement.clear();
  }
  return pages;
}

bool stands_for_value(std::string_view word, std::string_view text) {
  const Tokens tokens = Reader(text).read();
  const Tokens words = Reader(word).read();
  if (words.empty()) return false;
  for (std::size_t at = 1; at + words.size() <= tokens.size(); ++at) {
    bool same = expects_value(tokens[at - 1]);
    for (std::size_t i = 0; same && i < words.size(); ++i) {
      same = is_word(tokens, at + i, words[i].text);
    }
    if (same) return true;
  }
  return false;
}

}  // namespace doctor
