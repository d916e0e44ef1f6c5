#include "doctor/sources/manifest_syntax.hpp"

#include <algorithm>
#include <set>
#include <vector>

#include <fmt/format.h>

#include "ommi/error.hpp"
#include "ommi/value.hpp"

namespace doctor::sources {
namespace {

using nlohmann::json;

constexpr int deepest = 16;
constexpr std::size_t largest = std::size_t{64} << 20U;

[[noreturn]] void fail(std::string message) {
  throw ommi::DatabaseError(ommi::ErrorCode::model, std::move(message));
}

/// Watches the parser for what it lets pass.
class Watcher {
 public:
  explicit Watcher(const std::string& file) : file_(file) {}

  bool operator()(int depth, json::parse_event_t event, const json& parsed) {
    using Event = json::parse_event_t;
    if (depth > deepest) fail(fmt::format("{}: {}: nested too deeply", file_, pointer()));
    const bool starts = event == Event::object_start || event == Event::array_start;
    if ((starts || event == Event::value) && !levels_.empty()) ++levels_.back().values;
    if (starts) levels_.push_back({event == Event::array_start});
    if (event == Event::object_end || event == Event::array_end) levels_.pop_back();
    if (event == Event::key) see_key(parsed.get<std::string>());
    return true;
  }

 private:
  struct Level {
    bool is_array;
    std::size_t values = 0;
    std::string key = {};
    std::set<std::string> keys = {};
  };

  void see_key(const std::string& key) {
    Level& level = levels_.back();
    if (!level.keys.insert(key).second) {
      fail(fmt::format("{}: {}/{}: this key occurs twice", file_, pointer(levels_.size() - 1),
                       ommi::escaped(pointer_part(key))));
    }
    level.key = key;
  }

  [[nodiscard]] std::string pointer() const { return pointer(levels_.size()); }
  // To what the first `count` levels are at.
  [[nodiscard]] std::string pointer(std::size_t count) const {
    std::string text;
    for (std::size_t at = 0; at < count; ++at) {
      const Level& level = levels_[at];
      text += '/';
      text += level.is_array ? std::to_string(level.values == 0 ? 0 : level.values - 1)
                             : ommi::escaped(pointer_part(level.key));
    }
    return text;
  }

  const std::string& file_;
  std::vector<Level> levels_;
};

// The parser's own words without its preamble, on one line.
std::string reason(std::string_view what) {
  for (const std::string_view mark : {"column ", ": "}) {
    const std::size_t found = what.find(mark);
    if (found != std::string_view::npos) what.remove_prefix(found + mark.size());
  }
  return ommi::escaped(what);
}

std::string place(std::string_view text, std::size_t byte) {
  const std::string_view before = text.substr(0, byte == 0 ? 0 : byte - 1);
  const auto line = std::count(before.begin(), before.end(), '\n') + 1;
  const std::size_t start = before.rfind('\n') + 1;  // npos + 1 is 0
  return fmt::format("{}:{}", line, before.size() - start + 1);
}

}  // namespace

std::string pointer_part(std::string_view key) {
  std::string part;
  for (const char letter : key) {
    if (letter == '~') {
      part += "~0";
    } else if (letter == '/') {
      part += "~1";
    } else {
      part += letter;
    }
  }
  return part;
}

json parse_json(std::string_view text, const std::string& file) {
  const std::string name = ommi::escaped(file);
  if (text.size() > largest) fail(fmt::format("{}: larger than a manifest may be (64 MiB)", name));
  try {
    Watcher watcher(name);
    return json::parse(text, std::ref(watcher));
  } catch (const json::parse_error& error) {
    fail(fmt::format("{}:{}: not JSON: {}", name, place(text, error.byte), reason(error.what())));
  } catch (const json::out_of_range& error) {
    fail(fmt::format("{}: not JSON: {}", name, reason(error.what())));
  }
}

}  // namespace doctor::sources
