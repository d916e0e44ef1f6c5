#include "doctor/report_parts/rule_text.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "doctor/rule.hpp"

namespace doctor::report_parts {
namespace {

using Kind = TextBlock::Kind;

std::string_view trimmed(std::string_view text) noexcept {
  const std::size_t first = text.find_first_not_of(" \n");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \n") - first + 1);
}

class Reader {
 public:
  void line(std::string_view text) {
    if (text.rfind("```", 0) == 0) {
      fenced_ = !fenced_;
      continues_ = false;
      if (fenced_) blocks_.push_back({Kind::code, {}});
    } else if (fenced_) {
      std::string& code = blocks_.back().text;
      code += fmt::format("{}{}", code.empty() ? "" : "\n", text);
    } else {
      prose(trimmed(text));
    }
  }

  [[nodiscard]] std::vector<TextBlock> take() && { return std::move(blocks_); }

 private:
  void prose(std::string_view text) {
    if (text.empty()) {
      continues_ = false;
    } else if (text.front() == '#') {
      text.remove_prefix(std::min(text.find_first_not_of('#'), text.size()));
      blocks_.push_back({Kind::heading, std::string(trimmed(text))});
      continues_ = false;
    } else if (text.rfind("- ", 0) == 0) {
      blocks_.push_back({Kind::item, std::string(text.substr(2))});
      continues_ = true;
    } else if (continues_) {
      blocks_.back().text += fmt::format(" {}", text);
    } else {
      blocks_.push_back({Kind::paragraph, std::string(text)});
      continues_ = true;
    }
  }

  std::vector<TextBlock> blocks_;
  bool fenced_ = false;
  bool continues_ = false;
};

}  // namespace

std::vector<TextBlock> blocks_of(std::string_view markdown) {
  Reader reader;
  while (!markdown.empty()) {
    const std::size_t end = markdown.find('\n');
    reader.line(markdown.substr(0, end));
    markdown.remove_prefix(end == std::string_view::npos ? markdown.size() : end + 1);
  }
  return std::move(reader).take();
}

std::string_view explanation_of(std::string_view code) noexcept {
  const Rule* rule = find_rule(code);
  return rule == nullptr ? std::string_view() : trimmed(rule->explanation);
}

std::string plain_text(std::string_view markdown) {
  std::string out;
  bool after_item = false;
  for (const TextBlock& block : blocks_of(markdown)) {
    const bool item = block.kind == Kind::item;
    if (!out.empty()) out += item && after_item ? "\n" : "\n\n";
    if (block.kind == Kind::heading) {
      out += block.text + ':';
    } else {
      out += item ? "- " + block.text : block.text;
    }
    after_item = item;
  }
  return out;
}

}  // namespace doctor::report_parts
