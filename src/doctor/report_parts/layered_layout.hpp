#pragma once

/// \file
/// Boxes and arrows on a plane: what refers to a thing stands to the right of it, lines cross as
/// little as a few rounds of sorting can make them, and are as straight as the boxes allow.
///
/// Geometry only: this knows neither models nor a format. The same input gives the same picture.

#include <cstddef>
#include <vector>

namespace doctor::report_parts {

struct Point {
  double x = 0;
  double y = 0;
};

/// An arrow; from a box to itself is a loop.
struct LayoutEdge {
  std::size_t from = 0;
  std::size_t to = 0;
};

struct LayoutBox {
  Point corner;  // top left
  double height = 0;
};

struct LayoutSizes {
  double box_width = 184;
  double box_height = 46;     // at least
  double port_distance = 17;  // of lines that meet one side of a box
  double column_gap = 116;
  double row_gap = 16;
  double line_room = 14;  // of a line that passes between boxes
};

struct Layout {
  std::vector<LayoutBox> boxes;
  /// Of each edge, from its beginning to its end: points to be joined by curves that leave and
  /// enter each of them horizontally.
  std::vector<std::vector<Point>> routes;
  double width = 0;
  double height = 0;
};

[[nodiscard]] Layout lay_out(std::size_t boxes, const std::vector<LayoutEdge>& edges,
                             const LayoutSizes& sizes = {});

}  // namespace doctor::report_parts
