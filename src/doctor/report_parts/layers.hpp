#pragma once

/// \file
/// The first two steps of a layered layout: which column a box stands in, and the order within a
/// column.

#include <cstddef>
#include <vector>

#include "doctor/report_parts/layered_layout.hpp"

namespace doctor::report_parts {

/// A box, or a bend of a line that passes through a column.
struct LayerSlot {
  std::size_t box = 0;   // of a bend: no box
  std::size_t edge = 0;  // of a bend: its line
  bool bend = false;
  std::size_t layer = 0;
  std::vector<std::size_t> left;  // slots of the column to the left that a line leads to
  std::vector<std::size_t> right;
};

struct Layers {
  std::vector<LayerSlot> slots;
  std::vector<std::vector<std::size_t>> columns;  // slots from top to bottom
  /// Of each edge the slots that it passes, from right to left. Empty for a loop.
  std::vector<std::vector<std::size_t>> chains;
  std::vector<bool> reversed;  // edges drawn against their direction, to break a circle
};

/// `members` are the boxes to be placed, connected by `edges` (loops left out of account).
[[nodiscard]] Layers arrange(const std::vector<std::size_t>& members, std::size_t boxes,
                             const std::vector<LayoutEdge>& edges);

}  // namespace doctor::report_parts
