#include <algorithm>

#include "doctor/edits.hpp"

namespace doctor {
namespace {

std::string_view without_end(std::string_view line) noexcept {
  if (line.ends_with('\n')) line.remove_suffix(1);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

std::string_view end_of(std::string_view line) noexcept {
  return line.substr(without_end(line).size());
}

std::size_t line_count(std::string_view text) noexcept {
  return 1U + static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

/// The line end that new lines at `line` (from 0) get: that of the line itself, else of its
/// neighbour.
std::string_view usual_end(std::span<const std::string_view> lines, std::size_t line) {
  for (const std::size_t at : {line, line - 1}) {
    if (at < lines.size() && !end_of(lines[at]).empty()) return end_of(lines[at]);
  }
  return "\n";
}

bool fits(std::span<const std::string_view> lines, const TextEdit& edit) {
  if (edit.line == 0) return false;
  const std::size_t first = edit.line - 1;
  if (edit.lines == 0) {
    const bool after_all =
        first == lines.size() && (lines.empty() || !end_of(lines.back()).empty());
    return first < lines.size() || after_all;
  }
  if (first + edit.lines > lines.size() || line_count(edit.old) != edit.lines) return false;
  std::string_view old = edit.old;
  for (std::size_t at = first; at < first + edit.lines; ++at) {
    const std::string_view line = old.substr(0, old.find('\n'));
    if (without_end(line) != without_end(lines[at])) return false;
    old.remove_prefix(std::min(line.size() + 1, old.size()));
  }
  return true;
}

/// The new lines of an edit with their ends.
std::vector<std::string> new_lines(std::span<const std::string_view> lines, const TextEdit& edit) {
  const std::size_t first = edit.line - 1;
  const std::string_view end = usual_end(lines, first);
  std::vector<std::string> added;
  for (std::string_view rest = edit.text;;) {
    const std::size_t length = std::min(rest.find('\n'), rest.size());
    added.push_back(std::string(rest.substr(0, length)).append(end));
    if (length == rest.size()) break;
    rest.remove_prefix(length + 1);
  }
  // The last line of the file may have no end.
  const std::size_t last = first + edit.lines;
  const bool replaces_last = edit.lines > 0 && last == lines.size();
  if (replaces_last && end_of(lines.back()).empty())
    added.back().resize(added.back().size() - end.size());
  return added;
}

/// A line of a patch; one without end says so.
void add_line(std::string& patch, char mark, std::string_view line) {
  patch += mark;
  patch.append(line);
  if (!line.ends_with('\n')) patch += "\n\\ No newline at end of file\n";
}

std::string range(std::size_t first, std::size_t count) {
  // Of no lines the one before is named.
  std::string text = std::to_string(count == 0 ? first : first + 1);
  if (count != 1) text += "," + std::to_string(count);
  return text;
}

/// A name with what a patch cannot have in one as octal numbers, in quotes.
std::string quoted_path(std::string_view prefix, std::string_view name) {
  std::string out(prefix);
  bool quotes = false;
  for (const char byte : name) {
    const auto number = static_cast<unsigned char>(byte);
    if (byte == '"' || byte == '\\') {
      out += '\\';
      out += byte;
      quotes = true;
    } else if (number < 0x20 || number >= 0x7f) {
      out += '\\';
      for (const unsigned shift : {6U, 3U, 0U})
        out += static_cast<char>('0' + ((number >> shift) & 7U));
      quotes = true;
    } else {
      out += byte;
    }
  }
  return quotes ? '"' + out + '"' : out;
}

constexpr std::size_t around = 3;  // lines before and after a change

class PatchWriter {
 public:
  PatchWriter(std::span<const std::string_view> lines, std::span<const Planned> edits)
      : lines_(lines), edits_(edits) {}

  std::string hunks() {
    std::string out;
    std::size_t at = 0;
    while (at < edits_.size()) {
      std::size_t end = at + 1;
      while (end < edits_.size() && first_of(end) <= end_of_edit(end - 1) + 2 * around) ++end;
      out += hunk(at, end);
      at = end;
    }
    return out;
  }

 private:
  [[nodiscard]] std::size_t first_of(std::size_t edit) const { return edits_[edit].edit.line - 1; }
  [[nodiscard]] std::size_t end_of_edit(std::size_t edit) const {
    return first_of(edit) + edits_[edit].edit.lines;
  }

  std::string hunk(std::size_t from, std::size_t to) {
    const std::size_t first = first_of(from) - std::min(around, first_of(from));
    const std::size_t last = std::min(end_of_edit(to - 1) + around, lines_.size());
    std::string body;
    std::size_t line = first;
    std::size_t added = 0;
    for (std::size_t at = from; at < to; ++at) {
      for (; line < first_of(at); ++line) add_line(body, ' ', lines_[line]);
      for (; line < end_of_edit(at); ++line) add_line(body, '-', lines_[line]);
      for (const std::string& text : new_lines(lines_, edits_[at].edit)) {
        add_line(body, '+', text);
        ++added;
      }
    }
    for (; line < last; ++line) add_line(body, ' ', lines_[line]);
    std::size_t removed = 0;
    for (std::size_t at = from; at < to; ++at) removed += edits_[at].edit.lines;
    const std::size_t before = last - first;
    const std::size_t after = before - removed + added;
    const std::size_t start = first + shift_;
    shift_ += added - removed;  // may wrap, and wraps back
    return "@@ -" + range(first, before) + " +" + range(start, after) + " @@\n" + body;
  }

  std::span<const std::string_view> lines_;
  std::span<const Planned> edits_;
  std::size_t shift_ = 0;
};

}  // namespace

std::vector<std::string_view> file_lines(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    lines.push_back(text.substr(0, end == std::string_view::npos ? end : end + 1));
    text.remove_prefix(lines.back().size());
  }
  return lines;
}

std::vector<LeftOut> misfits(std::string_view text, std::span<const Planned> edits) {
  const std::vector<std::string_view> lines = file_lines(text);
  // Python ends a line at a lone carriage return as well, and counts otherwise than patches do.
  const bool old_ends = std::any_of(lines.begin(), lines.end(), [](std::string_view line) {
    return without_end(line).find('\r') != std::string_view::npos;
  });
  std::vector<LeftOut> left_out;
  for (const Planned& one : edits) {
    if (!old_ends && fits(lines, one.edit)) continue;
    left_out.push_back({one.edit.file, one.edit.line, one.finding->code,
                        old_ends ? "the file has lines that end with a carriage return alone"
                                 : "the file does not hold what was read there"});
  }
  return left_out;
}

std::string edited(std::string_view text, std::span<const Planned> edits) {
  const std::vector<std::string_view> lines = file_lines(text);
  std::string out;
  std::size_t line = 0;
  for (const Planned& one : edits) {
    for (; line < one.edit.line - 1; ++line) out.append(lines[line]);
    for (const std::string& added : new_lines(lines, one.edit)) out.append(added);
    line += one.edit.lines;
  }
  for (; line < lines.size(); ++line) out.append(lines[line]);
  return out;
}

std::string patch_of(std::string_view name, std::string_view text, std::span<const Planned> edits) {
  if (edits.empty()) return {};
  const std::vector<std::string_view> lines = file_lines(text);
  const std::string before = quoted_path("a/", name);
  const std::string after = quoted_path("b/", name);
  // A name with blanks ends at a tab.
  const std::string_view end = name.find(' ') == std::string_view::npos ? "\n" : "\t\n";
  std::string out = "diff --git " + before + " " + after + "\n";
  out.append("--- ").append(before).append(end).append("+++ ").append(after).append(end);
  return out + PatchWriter(lines, edits).hunks();
}

}  // namespace doctor
