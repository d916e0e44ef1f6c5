#include <algorithm>

#include <fmt/format.h>

#include "doctor/report_parts/diagram.hpp"
#include "doctor/report_parts/layout.hpp"
#include "doctor/report_parts/markup.hpp"
#include "ommi/value.hpp"

namespace doctor::report_parts {
namespace {

constexpr double margin = 16;
constexpr double head_size = 7;
constexpr std::size_t name_columns = 20;
constexpr std::size_t label_columns = 16;

// Curves that leave and enter each point horizontally.
std::string curve(const std::vector<Point>& points) {
  std::string path = fmt::format("M{:.1f} {:.1f}", points[0].x, points[0].y);
  for (std::size_t at = 1; at < points.size(); ++at) {
    const Point from = points[at - 1];
    const Point to = points[at];
    const double middle = (from.x + to.x) / 2;
    path +=
        fmt::format("C{0:.1f} {1:.1f} {0:.1f} {2:.1f} {3:.1f} {2:.1f}", middle, from.y, to.y, to.x);
  }
  return path;
}

// Out of the lower side and back into it, to where the arrow's head begins.
std::string loop(const std::vector<Point>& points) {
  const Point out = points[0];
  const Point tip = points[2];
  return fmt::format("M{0:.1f} {1:.1f}C{0:.1f} {2:.1f} {3:.1f} {2:.1f} {3:.1f} {4:.1f}", out.x,
                     out.y, points[1].y, tip.x, tip.y + head_size);
}

// The head of an arrow that ends at `tip`, coming from `from`.
std::string head(Point tip, Point from, bool upwards) {
  if (upwards) {
    return fmt::format("M{:.1f} {:.1f}l{} {}h{}z", tip.x, tip.y, -head_size / 2, head_size,
                       head_size);
  }
  const double back = from.x > tip.x ? head_size : -head_size;
  return fmt::format("M{:.1f} {:.1f}l{} {}v{}z", tip.x, tip.y, back, -head_size / 2, head_size);
}

std::string linked(const std::optional<std::size_t>& shows, const std::string& content) {
  if (!shows) return content;
  return fmt::format("<a href=\"#finding-{}\">{}</a>", *shows + 1, content);
}

class Drawing {
 public:
  explicit Drawing(const Diagram& diagram) : diagram_(diagram) {
    std::vector<LayoutEdge> edges;
    for (const DiagramEdge& edge : diagram.edges) edges.push_back({edge.from, edge.to});
    layout_ = lay_out(diagram.nodes.size(), edges, sizes_);
  }

  [[nodiscard]] double width() const { return layout_.width + 2 * margin; }

  [[nodiscard]] std::string text() const {
    const double height = layout_.height + 2 * margin;
    std::string out = fmt::format(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" {3}role=\"img\" aria-label=\"models and "
        "relationships\" width=\"{0:.0f}\" height=\"{1:.0f}\" viewBox=\"{2} {2} {0:.0f} "
        "{1:.0f}\">\n",
        width(), height, -margin, width() <= widest_shrunk ? "class=\"fit\" " : "");
    // What is wrong is drawn last, over the rest.
    for (const Mark mark :
         {Mark::sound, Mark::unchecked, Mark::remark, Mark::warning, Mark::failing}) {
      for (std::size_t at = 0; at < diagram_.edges.size(); ++at) {
        if (diagram_.edges[at].mark == mark) out += line(at);
      }
    }
    for (std::size_t at = 0; at < diagram_.edges.size(); ++at) out += label(at);
    for (std::size_t at = 0; at < diagram_.nodes.size(); ++at) out += box(at);
    return out + "</svg>\n";
  }

 private:
  [[nodiscard]] std::string line(std::size_t at) const {
    const DiagramEdge& edge = diagram_.edges[at];
    const std::vector<Point>& points = layout_.routes[at];
    const bool is_loop = edge.from == edge.to;
    std::string title;
    for (const std::string& one : edge.lines) {
      title += fmt::format("{}{}", title.empty() ? "" : "\n", markup(one));
    }
    const Point tip = points.back();
    std::string content = fmt::format(
        "<g class=\"edge {}\"><title>{}</title><path class=\"line\" d=\"{}\"/><path "
        "class=\"head\" d=\"{}\"/>",
        to_string(edge.mark), title, is_loop ? loop(points) : curve(points),
        head(tip, points[points.size() - 2], is_loop));
    return linked(edge.shows, content + "</g>") + '\n';
  }

  // Beside the box that refers, over the beginning of the line.
  [[nodiscard]] std::string label(std::size_t at) const {
    const DiagramEdge& edge = diagram_.edges[at];
    if (edge.from == edge.to) return {};
    const std::vector<Point>& points = layout_.routes[at];
    const bool leftwards = points[1].x < points[0].x;
    return fmt::format("<text class=\"label {}\" x=\"{:.1f}\" y=\"{:.1f}\"{}>{}</text>\n",
                       to_string(edge.mark), points[0].x + (leftwards ? -5 : 5), points[0].y - 3,
                       leftwards ? " text-anchor=\"end\"" : "",
                       markup(cut(ommi::escaped(edge.label), label_columns)));
  }

  [[nodiscard]] std::string box(std::size_t at) const {
    const DiagramNode& node = diagram_.nodes[at];
    const LayoutBox& place = layout_.boxes[at];
    const double middle = place.height / 2;
    const std::string name = ommi::escaped(node.model->name());
    // The inner svg cuts off what a wide font would write beyond the box.
    const std::string content = fmt::format(
        "<g class=\"model {}\"><title>{}: {}</title><rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"{}\" "
        "height=\"{:.1f}\" rx=\"7\"/><svg x=\"{:.1f}\" y=\"{:.1f}\" width=\"{}\" height=\"{:.1f}\">"
        "<text class=\"name\" x=\"2\" y=\"{:.1f}\">{}</text><text class=\"state\" x=\"2\" "
        "y=\"{:.1f}\">{}</text></svg></g>",
        to_string(node.mark), markup(name), node.state, place.corner.x, place.corner.y,
        sizes_.box_width, place.height, place.corner.x + 10, place.corner.y, sizes_.box_width - 14,
        place.height, middle - 3, markup(cut(name, name_columns)), middle + 14, node.state);
    return linked(node.shows, content) + '\n';
  }

  const Diagram& diagram_;
  LayoutSizes sizes_;
  Layout layout_;
};

}  // namespace

Picture picture_of(const Diagram& diagram) {
  if (diagram.nodes.empty()) return {};
  const Drawing drawing(diagram);
  return {drawing.text(), drawing.width()};
}

}  // namespace doctor::report_parts
