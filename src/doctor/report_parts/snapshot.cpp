#include "doctor/report_parts/snapshot.hpp"

#include <optional>

#include <nlohmann/json.hpp>

#include "doctor/sources/manifest_text.hpp"

namespace doctor::report_parts {
namespace {

using Places = std::map<std::pair<std::string, std::string>, unsigned>;

struct Named {
  std::string name;
  unsigned line;
};

// Follows the brackets of JSON text, far enough to know which "name" is whose.
class Scanner {
 public:
  Scanner(std::string_view text, Places& places) : text_(text), places_(places) {}

  void scan() {
    for (; at_ < text_.size(); ++at_) {
      switch (text_[at_]) {
        case '\n':
          ++line_;
          break;
        case '"':
          string();
          break;
        case '{':
        case '[':
          frames_.push_back({text_[at_] == '{', {}});
          if (frames_.size() == model_depth) begin_model();
          break;
        case '}':
        case ']':
          if (frames_.empty()) return;
          if (frames_.size() == model_depth) end_model();
          frames_.pop_back();
          break;
        case ',':
          if (!frames_.empty()) frames_.back().key.clear();
          break;
        default:
          break;
      }
    }
  }

 private:
  struct Frame {
    bool object;
    std::string key;  // empty: the next string is one
  };
  // {"models": [{"name": …, "fields": [{"name": …
  static constexpr std::size_t model_depth = 3;
  static constexpr std::size_t part_depth = 5;

  void begin_model() {
    model_.reset();
    parts_.clear();
  }

  void end_model() {
    if (!model_) return;
    places_.insert({{model_->name, ""}, model_->line});
    for (const Named& part : parts_) places_.insert({{model_->name, part.name}, part.line});
  }

  void string() {
    const std::size_t begin = at_++;
    while (at_ < text_.size() && text_[at_] != '"' && text_[at_] != '\n') {
      at_ += text_[at_] == '\\' ? 2U : 1U;
    }
    if (at_ >= text_.size()) return;
    if (text_[at_] == '\n') {  // no JSON
      ++line_;
      return;
    }
    if (frames_.empty() || !frames_.back().object) return;
    const std::string value = decoded(text_.substr(begin, at_ + 1 - begin));
    if (frames_.back().key.empty()) {
      frames_.back().key = value;
    } else if (frames_.back().key == "name") {
      name(value);
    }
  }

  void name(const std::string& value) {
    if (frames_.size() < model_depth || frames_[0].key != "models") return;
    if (frames_.size() == model_depth) {
      model_ = Named{value, line_};
    } else if (frames_.size() == part_depth && (frames_[model_depth - 1].key == "fields" ||
                                                frames_[model_depth - 1].key == "relationships")) {
      parts_.push_back({value, line_});
    }
  }

  static std::string decoded(std::string_view literal) {
    const auto value = nlohmann::json::parse(literal, nullptr, false);
    if (!value.is_string()) return {};
    return sources::from_json_text(value.get_ref<const std::string&>());
  }

  std::string_view text_;
  Places& places_;
  std::size_t at_ = 0;
  unsigned line_ = 1;
  std::vector<Frame> frames_;
  std::optional<Named> model_;
  std::vector<Named> parts_;
};

std::string trimmed(const std::string& line) {
  const std::size_t first = line.find_first_not_of(" \t\r");
  if (first == std::string::npos) return {};
  return line.substr(first, line.find_last_not_of(" \t\r") - first + 1);
}

}  // namespace

Snapshot::Snapshot(std::string_view text) {
  Scanner(text, places_).scan();
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = text.find('\n', at);
    lines_.emplace_back(text.substr(at, end == std::string_view::npos ? end : end - at));
    at = end == std::string_view::npos ? text.size() : end + 1;
  }
}

unsigned Snapshot::line_of(const std::string& model) const { return line_of(model, ""); }

unsigned Snapshot::line_of(const std::string& model, const std::string& part) const {
  const auto found = places_.find({model, part});
  return found == places_.end() ? 0 : found->second;
}

std::string Snapshot::text_of(unsigned line) const {
  return line == 0 || line > lines_.size() ? std::string() : trimmed(lines_[line - 1]);
}

}  // namespace doctor::report_parts
