/// \file
/// Reads tracebacks as people paste them: whole, cut off, quoted, out of a log, or one message.

#include <algorithm>
#include <cctype>
#include <charconv>

#include "doctor/exceptions.hpp"

namespace doctor::exceptions {
namespace {

constexpr std::size_t most_exceptions = 100;
constexpr std::size_t most_lines = 2000;  // outside of tracebacks
constexpr std::size_t most_frames = 200;  // of one exception: the last ones
constexpr std::size_t most_message = 4096;
constexpr std::string_view header = "Traceback (most recent call last):";

bool is_letter(char c) noexcept {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

std::string_view trimmed(std::string_view text) noexcept {
  const std::size_t first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

std::string_view last_part(std::string_view dotted) noexcept {
  const std::size_t dot = dotted.rfind('.');
  return dot == std::string_view::npos ? dotted : dotted.substr(dot + 1);
}

bool is_class_name(std::string_view name) noexcept {
  for (const std::string_view ending :
       {"Error", "Exception", "Warning", "Group", "Exit", "Interrupt"}) {
    if (name.ends_with(ending)) return true;
  }
  return is_known_class(name, false);
}

/// The names with dots that `text` begins with.
std::string_view dotted_name(std::string_view text) noexcept {
  std::size_t end = 0;
  while (end < text.size() && (is_letter(text[end]) || text[end] == '.')) ++end;
  while (end > 0 && text[end - 1] == '.') --end;
  return text.substr(0, end);
}

/// The argument of `ValueError('…')`, as repr() prints it.
std::string_view argument_of(std::string_view text) noexcept {
  text.remove_prefix(1);
  const std::size_t end = text.rfind(')');
  if (end != std::string_view::npos) text = text.substr(0, end);
  const bool quoted = text.size() >= 2 && (text.front() == '\'' || text.front() == '"') &&
                      text.back() == text.front();
  return quoted ? text.substr(1, text.size() - 2) : text;
}

struct Said {
  std::string_view type;
  std::string_view message;
};

/// "Type: message", "Type(…)" or "Type" at the beginning of `text`, by what follows the name.
std::optional<Said> said_by(std::string_view type, std::string_view text) noexcept {
  const std::string_view rest = text.substr(type.size());
  if (rest.empty()) return Said{type, {}};
  if (rest.front() == ':' && (rest.size() == 1 || rest[1] == ' '))
    return Said{type, trimmed(rest.substr(1))};
  if (rest.front() == '(') return Said{type, argument_of(rest)};
  if (is_known_class(last_part(type), true)) return Said{type, trimmed(rest)};
  return std::nullopt;
}

/// The last line of a traceback.
std::optional<Said> last_line(std::string_view text) noexcept {
  const std::string_view type = dotted_name(text);
  const std::string_view name = last_part(type);
  if (name.empty() || std::isdigit(static_cast<unsigned char>(type.front())) != 0)
    return std::nullopt;
  const std::string_view rest = text.substr(type.size());
  const bool ends = rest.empty() || (rest.front() == ':' && (rest.size() == 1 || rest[1] == ' '));
  const bool named_so = std::isupper(static_cast<unsigned char>(name.front())) != 0 ||
                        type.size() > name.size() || is_class_name(name);
  if (!ends || !named_so) return std::nullopt;
  return said_by(type, text);
}

/// An exception anywhere in a line, such as of a log; else the line is a message without a class.
Said said_in(std::string_view line) noexcept {
  for (std::size_t at = 0; at < line.size();) {
    const std::string_view name = dotted_name(line.substr(at));
    if (name.empty()) {
      ++at;
      continue;
    }
    if (is_class_name(last_part(name))) {
      if (const auto said = said_by(name, line.substr(at))) return *said;
    }
    at += name.size();
  }
  return {{}, line};
}

std::optional<unsigned> number_at(std::string_view text) noexcept {
  unsigned number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end == text.data()) return std::nullopt;
  return number;
}

/// `File "app.py", line 10, in main`.
std::optional<Frame> frame_of(std::string_view text) {
  constexpr std::string_view begin = "File \"";
  constexpr std::string_view middle = "\", line ";
  if (!text.starts_with(begin)) return std::nullopt;
  const std::size_t end = text.rfind(middle);
  if (end == std::string_view::npos || end < begin.size()) return std::nullopt;
  const auto line = number_at(text.substr(end + middle.size()));
  if (!line) return std::nullopt;
  return Frame{std::string(text.substr(begin.size(), end - begin.size())), *line, {}};
}

/// `app.py:10: in main`, as pytest prints it.
std::optional<Frame> short_frame_of(std::string_view text) {
  const std::size_t end = text.find(".py:");
  if (end == std::string_view::npos || text.find(' ') < end) return std::nullopt;
  const auto line = number_at(text.substr(end + 4));
  if (!line) return std::nullopt;
  return Frame{std::string(text.substr(0, end + 3)), *line, {}};
}

/// Marks under a line of code.
bool is_marker(std::string_view text) noexcept {
  return text.find_first_not_of("^~ ") == std::string_view::npos || text.starts_with("[Previous ");
}

class Reader {
 public:
  void line(std::string_view text) {
    while (!text.empty() && text.back() == '\r') text.remove_suffix(1);
    find_prefix(text);
    text = without_box(without_prefix(text));
    const std::string_view words = trimmed(text);
    if (starts_anew(words)) return;
    const bool indented = !text.empty() && (text.front() == ' ' || text.front() == '\t');
    if (state_ == State::message && message_goes_on(text, words)) return;
    if (state_ == State::frames && is_of_frames(words, indented)) return;
    if (!words.empty()) outside(words);
  }

  Pasted finish() {
    end_exception();
    drop_repeated();
    return std::move(pasted_);
  }

 private:
  enum class State : std::uint8_t { outside, frames, message };

  /// What every line of this traceback begins with: "> ", "web_1  | ", a time.
  void find_prefix(std::string_view text) {
    const std::size_t at = text.find(header);
    if (at == std::string_view::npos) return;
    is_header_ = true;
    constexpr std::string_view group = "+ Exception Group ";
    const std::string_view before = text.substr(0, at);
    if (before.ends_with(group)) {
      boxed_ = true;
      prefix_ = without_end(before.substr(0, at - group.size()));
    } else if (boxed_ && has_prefix(before) && before.find('|') != std::string_view::npos) {
      return;  // of a member of the group
    } else {
      boxed_ = false;
      prefix_ = before;
    }
  }

  static std::string_view without_end(std::string_view text) noexcept {
    return text.substr(0, text.find_last_not_of(' ') + 1);
  }

  /// The times in a log go on: digits stand for any.
  [[nodiscard]] bool has_prefix(std::string_view text) const noexcept {
    if (text.size() < prefix_.size()) return false;
    return std::equal(prefix_.begin(), prefix_.end(), text.begin(), [](char left, char right) {
      const bool digits = std::isdigit(static_cast<unsigned char>(left)) != 0 &&
                          std::isdigit(static_cast<unsigned char>(right)) != 0;
      return left == right || digits;
    });
  }

  [[nodiscard]] std::string_view without_prefix(std::string_view text) const noexcept {
    if (prefix_.empty()) return text;
    if (has_prefix(text)) return text.substr(prefix_.size());
    return trimmed(text) == trimmed(prefix_) ? std::string_view() : text;
  }

  /// Groups are printed in boxes: "  | ", and "  +-+---- 1 ----" between their members.
  std::string_view without_box(std::string_view text) {
    if (!boxed_) return text;
    std::string_view inner = text.substr(std::min(text.find_first_not_of(' '), text.size()));
    if (inner.starts_with('|')) {
      inner.remove_prefix(inner.starts_with("| ") ? 2 : 1);
      return inner;
    }
    if (!inner.starts_with("+-")) return text;
    end_exception();
    link_ = Link::beside;
    return {};
  }

  bool starts_anew(std::string_view words) {
    if (is_header_) {
      is_header_ = false;
      end_exception();
      state_ = State::frames;
      return true;
    }
    const bool cause = words.starts_with("The above exception was the direct cause");
    const bool context = words.starts_with("During handling of the above exception");
    if (!cause && !context) return false;
    end_exception();
    link_ = cause ? Link::cause : Link::context;
    return true;
  }

  bool message_goes_on(std::string_view text, std::string_view words) {
    if (words.empty()) {
      end_exception();
      return true;
    }
    std::string& message = current_.message;
    const std::size_t room = most_message - std::min(most_message, message.size());
    if (room > 0) message.append("\n").append(text.substr(0, room));
    return true;
  }

  bool is_of_frames(std::string_view words, bool indented) {
    if (words.empty() || is_marker(words)) return true;
    if (auto frame = frame_of(words)) {
      add(std::move(*frame));
      return true;
    }
    const bool no_code = !current_.frames.empty() && current_.frames.back().code.empty();
    const auto said = indented ? std::nullopt : last_line(words);
    if (!said) {
      if (no_code) current_.frames.back().code = words.substr(0, most_message);
      if (no_code || indented) return true;
      end_exception();  // something else follows: the traceback was cut off
      return false;
    }
    current_.type = said->type.substr(0, most_message);
    current_.message = said->message.substr(0, most_message);
    current_.traced = true;
    state_ = State::message;
    return true;
  }

  /// A line that is no part of a traceback, or of one without its beginning.
  void outside(std::string_view words) {
    if (auto frame = frame_of(words)) {
      state_ = State::frames;
      add(std::move(*frame));
      return;
    }
    if (++lines_ > most_lines) {
      ++pasted_.left_out;
      return;
    }
    if (auto frame = short_frame_of(words)) {
      const std::size_t rest = words.find(": ", frame->file.size() + 1);
      add(std::move(*frame));
      if (rest == std::string_view::npos || words.substr(rest + 2).starts_with("in ")) return;
      words = trimmed(words.substr(rest + 2));
    }
    // pytest marks the line that failed with ">", what was raised with "E".
    if (words.starts_with(">  ")) {
      add({{}, 0, std::string(trimmed(words.substr(1)).substr(0, most_message))});
      return;
    }
    if (words.starts_with("E  ")) words = trimmed(words.substr(1));
    const Said said = said_in(words);
    current_.type = said.type.substr(0, most_message);
    current_.message = said.message.substr(0, most_message);
    if (said.type.empty() && !recognise(current_)) {
      current_.message.clear();  // any text; what frames there are belong to what comes
      return;
    }
    end_exception();
  }

  void add(Frame frame) {
    std::vector<Frame>& frames = current_.frames;
    if (frames.size() == most_frames) frames.erase(frames.begin());
    frames.push_back(std::move(frame));
  }

  void end_exception() {
    state_ = State::outside;
    // Frames of a traceback that was cut off may still show which load it was.
    if (current_.type.empty() && current_.message.empty() && current_.frames.empty()) return;
    current_.link = link_;
    link_ = Link::first;
    std::vector<Exception>& all = pasted_.exceptions;
    if (all.size() == most_exceptions) {
      // The first is what happened first, the last what was seen: what is between them goes.
      all.erase(all.begin() + most_exceptions / 2);
      ++pasted_.left_out;
    }
    all.push_back(std::move(current_));
    current_ = {};
  }

  /// "app.py:10: ValueError" below what was raised says nothing new.
  void drop_repeated() {
    std::vector<Exception>& all = pasted_.exceptions;
    const auto repeated = [&](const Exception& one) {
      return !one.traced && !one.type.empty() && one.message.empty() &&
             std::any_of(all.begin(), all.end(), [&](const Exception& other) {
               return &other != &one && other.short_type() == one.short_type() &&
                      (!other.message.empty() || &other < &one);
             });
    };
    std::vector<Exception> kept;
    for (const Exception& one : all) {
      if (!repeated(one)) kept.push_back(one);
    }
    all = std::move(kept);
  }

  Pasted pasted_;
  Exception current_;
  State state_ = State::outside;
  Link link_ = Link::first;
  std::string_view prefix_;
  bool boxed_ = false;
  bool is_header_ = false;
  std::size_t lines_ = 0;
};

}  // namespace

std::string_view to_string(Link link) noexcept {
  switch (link) {
    case Link::first:
      return "first";
    case Link::cause:
      return "cause";
    case Link::context:
      return "context";
    case Link::beside:
      return "beside";
  }
  return "first";
}

std::string_view Exception::short_type() const noexcept { return last_part(type); }

Pasted read_traceback(std::string_view text) {
  text = text.substr(0, most_text);
  Reader reader;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    reader.line(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return reader.finish();
}

}  // namespace doctor::exceptions
