#include "doctor/report_parts/layout.hpp"

#include <algorithm>
#include <numeric>

#include <fmt/format.h>

namespace doctor::report_parts {
namespace {

constexpr std::size_t gap = 2;
constexpr std::size_t indent = 2;
constexpr std::size_t label_width = 10;

bool starts_code_point(char byte) noexcept {
  return (static_cast<unsigned char>(byte) & 0xC0U) != 0x80U;
}

std::string_view color_of(Tone tone) noexcept {
  switch (tone) {
    case Tone::strong:
      return "\x1b[1m";
    case Tone::faint:
      return "\x1b[2m";
    case Tone::good:
      return "\x1b[32m";
    case Tone::caution:
      return "\x1b[33m";
    case Tone::bad:
      return "\x1b[31m";
    case Tone::plain:
      break;
  }
  return {};
}

// The byte at which code point number `count` begins, or the end.
std::size_t offset_of(std::string_view text, std::size_t count) noexcept {
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (starts_code_point(text[at]) && count-- == 0) return at;
  }
  return text.size();
}

std::vector<std::size_t> natural_widths(const std::vector<TableColumn>& header,
                                        const std::vector<std::vector<TableCell>>& rows) {
  std::vector<std::size_t> widths;
  for (const TableColumn& column : header) widths.push_back(columns(column.title));
  for (const auto& row : rows) {
    for (std::size_t at = 0; at < widths.size(); ++at) {
      widths[at] = std::max(widths[at], columns(row[at].text));
    }
  }
  return widths;
}

// Takes columns away where the most are, until the line fits.
void shrink(std::vector<std::size_t>& widths, const std::vector<TableColumn>& header,
            std::size_t width) {
  std::size_t total = std::accumulate(widths.begin(), widths.end(), gap * (widths.size() - 1));
  while (total > width) {
    std::size_t widest = widths.size();
    for (std::size_t at = 0; at < widths.size(); ++at) {
      if (header[at].shrinks_to == 0 || widths[at] <= header[at].shrinks_to) continue;
      if (widest == widths.size() || widths[at] > widths[widest]) widest = at;
    }
    if (widest == widths.size()) return;
    const std::size_t room = widths[widest] - header[widest].shrinks_to;
    const std::size_t taken = std::max<std::size_t>(1, std::min(room, (total - width + 1) / 2));
    widths[widest] -= taken;
    total -= taken;
  }
}

std::string line(const std::vector<TableCell>& cells, const std::vector<TableColumn>& header,
                 const std::vector<std::size_t>& widths, const Painter& paint) {
  std::string out;
  std::size_t owed = 0;  // blanks are written when text follows, so that no line ends in them
  for (std::size_t at = 0; at < cells.size(); ++at) {
    const std::string text = cut(cells[at].text, widths[at]);
    const std::size_t blanks = widths[at] - columns(text);
    if (header[at].right) owed += blanks;
    if (!text.empty()) {
      out.append(owed, ' ').append(paint(text, cells[at].tone));
      owed = 0;
    }
    owed += gap + (header[at].right ? 0 : blanks);
  }
  return out + '\n';
}

}  // namespace

std::string Painter::operator()(std::string_view text, Tone tone) const {
  const std::string_view color = color_ ? color_of(tone) : std::string_view();
  if (color.empty()) return std::string(text);
  return fmt::format("{}{}\x1b[0m", color, text);
}

std::size_t columns(std::string_view text) noexcept {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), starts_code_point));
}

std::string cut(std::string_view text, std::size_t limit) {
  if (columns(text) <= limit) return std::string(text);
  if (limit == 0) return {};
  return std::string(text.substr(0, offset_of(text, limit - 1))) + "…";
}

std::vector<std::string> wrapped(std::string_view text, std::size_t width, std::size_t taken) {
  constexpr std::size_t narrowest = 8;
  width = std::max(width, narrowest);
  std::vector<std::string> lines;
  std::size_t room = std::max(width, taken + narrowest) - taken;
  for (; columns(text) > room; room = width) {
    const std::size_t limit = offset_of(text, room);
    std::size_t end = text[limit] == ' ' ? limit : text.rfind(' ', limit);
    if (end == std::string_view::npos || end == 0) end = limit;
    lines.emplace_back(text.substr(0, end));
    text.remove_prefix(end);
    while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  }
  if (!text.empty() || lines.empty()) lines.emplace_back(text);
  return lines;
}

std::string labelled(const Painter& paint, std::size_t width, std::string_view label,
                     std::string_view text) {
  const std::size_t margin = indent + label_width;
  const std::size_t room = width > margin + 20 ? width - margin : 20;
  std::string out;
  for (const std::string& line : wrapped(text, room))
    out += pasted(paint, out.empty() ? label : std::string_view(), line);
  return out;
}

std::string pasted(const Painter& paint, std::string_view label, std::string_view text) {
  const std::string padding(label_width - std::min(label_width, columns(label)), ' ');
  return fmt::format("{:{}}{}{}{}\n", "", indent, paint(label, Tone::faint), padding, text);
}

std::string table(const std::vector<TableColumn>& header,
                  const std::vector<std::vector<TableCell>>& rows, std::size_t width,
                  const Painter& paint) {
  std::vector<std::size_t> widths = natural_widths(header, rows);
  shrink(widths, header, width);
  std::vector<TableCell> titles;
  for (const TableColumn& column : header) titles.push_back({column.title, Tone::strong});
  std::string out = line(titles, header, widths, paint);
  for (const auto& row : rows) out += line(row, header, widths, paint);
  return out;
}

}  // namespace doctor::report_parts
