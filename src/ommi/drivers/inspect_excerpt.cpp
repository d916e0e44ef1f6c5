// What a malformed answer looks like, on one line that may be shown to anybody.

#include <algorithm>
#include <array>

#include "ommi/wire.hpp"

namespace ommi {
namespace {

constexpr std::string_view mask = "***";
constexpr std::size_t shown_text = 60;      // bytes of one text
constexpr std::size_t searched_text = 512;  // bytes of it in which secrets are looked for

constexpr std::array<std::string_view, 9> secret_words = {"password", "passwd",     "pwd",
                                                          "secret",   "token",      "api_key",
                                                          "apikey",   "credential", "private_key"};

char lower(char letter) noexcept {
  return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
}

std::string lowered(std::string_view text) {
  std::string low(text);
  std::transform(low.begin(), low.end(), low.begin(), lower);
  return low;
}

bool names_secret(std::string_view name) {
  const std::string low = lowered(name);
  return std::any_of(secret_words.begin(), secret_words.end(),
                     [&](std::string_view word) { return low.find(word) != std::string::npos; });
}

// "scheme://user:secret@host": what stands between the colon and the at sign.
void mask_url(std::string& text) {
  for (std::size_t at = text.find("://"); at != std::string::npos; at = text.find("://", at)) {
    at += 3;
    const std::size_t end = std::min(text.find_first_of("/ \t\n\"'", at), text.size());
    const std::size_t sign = text.rfind('@', end);
    const std::size_t colon = text.find(':', at);
    if (colon == std::string::npos || colon >= end) continue;
    const bool cut = end == text.size() && text.size() >= searched_text;
    if (sign != std::string::npos && sign > colon) {
      text.replace(colon + 1, sign - colon - 1, mask);
    } else if (cut) {
      text.replace(colon + 1, end - colon - 1, mask);
    }
  }
}

// "password=…", "token: …": what follows, to the next blank, comma, semicolon or ampersand.
void mask_assignments(std::string& text) {
  for (const std::string_view word : secret_words) {
    std::string low = lowered(text);
    for (std::size_t at = low.find(word); at != std::string::npos; at = low.find(word, at)) {
      at += word.size();
      std::size_t begin = low.find_first_not_of("\"' \t", at);
      if (begin == std::string::npos || (low[begin] != '=' && low[begin] != ':')) continue;
      begin = low.find_first_not_of(" \t\"'", begin + 1);
      if (begin == std::string::npos) continue;
      const std::size_t end = std::min(low.find_first_of(" \t\n,;&\"'", begin), low.size());
      text.replace(begin, end - begin, mask);
      low.replace(begin, end - begin, mask);
    }
  }
}

std::string masked(std::string_view text) {
  std::string shown(text.substr(0, searched_text));
  mask_url(shown);
  mask_assignments(shown);
  return shown;
}

class Writer {
 public:
  explicit Writer(std::size_t limit) : limit_(limit) {}
  void write(const Wire& wire);
  [[nodiscard]] std::string result() && { return std::move(out_); }

 private:
  /// False once the limit is passed; says so once.
  bool room() {
    if (out_.size() < limit_) return true;
    if (!cut_) out_ += "…";
    cut_ = true;
    return false;
  }
  void write_scalar(const Value& value);
  void write_items(const std::vector<Wire>& items);
  void write_entries(const Wire& wire, bool separate);

  std::size_t limit_;
  std::string out_;
  bool cut_ = false;
};

void Writer::write_scalar(const Value& value) {
  if (value.kind() != Kind::text) {
    out_ += to_display(value.cell(), shown_text);
    return;
  }
  const std::string& text = value.as<std::string>();
  const std::string shown = masked(text);
  out_ += to_display(Cell::text(shown), shown_text);
}

void Writer::write_items(const std::vector<Wire>& items) {
  for (std::size_t i = 0; i < items.size() && !cut_; ++i) {
    if (i > 0) out_ += ", ";
    write(items[i]);
  }
}

void Writer::write_entries(const Wire& wire, bool separate) {
  for (std::size_t i = 0; i < wire.entries.size() && room(); ++i) {
    const auto& [name, value] = wire.entries[i];
    if (i > 0 || separate) out_ += ", ";
    out_ += escaped(std::string_view(name).substr(0, shown_text)) + ": ";
    if (names_secret(name)) {
      out_ += mask;
    } else {
      write(value);
    }
  }
}

void Writer::write(const Wire& wire) {
  if (!room()) return;
  switch (wire.kind) {
    case Wire::Kind::absent:
      out_ += "nothing";
      break;
    case Wire::Kind::value:
      write_scalar(wire.scalar);
      break;
    case Wire::Kind::list:
      out_ += '[';
      write_items(wire.items);
      if (!cut_) out_ += ']';
      break;
    case Wire::Kind::map:
      out_ += '{';
      write_entries(wire, false);
      if (!cut_) out_ += '}';
      break;
    case Wire::Kind::object:
      out_ += escaped(std::string_view(wire.type).substr(0, shown_text)) + '(';
      write_items(wire.items);
      if (!cut_) write_entries(wire, !wire.items.empty());
      if (!cut_) out_ += ')';
      break;
    case Wire::Kind::truncated:
      out_ += "<cut off>";
      break;
  }
  for (const Wire& error : wire.raised) {
    if (!room()) return;
    out_ += " and raised ";
    write(error);
  }
}

}  // namespace

std::string excerpt(const Wire& wire, std::size_t limit) {
  Writer writer(limit);
  writer.write(wire);
  return std::move(writer).result();
}

}  // namespace ommi
