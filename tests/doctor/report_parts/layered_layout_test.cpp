#include "doctor/report_parts/layered_layout.hpp"

#include <random>

#include <catch2/catch.hpp>

using namespace doctor::report_parts;

namespace {

bool apart(const Layout& layout, const LayoutSizes& sizes) {
  for (std::size_t one = 0; one < layout.boxes.size(); ++one) {
    for (std::size_t two = one + 1; two < layout.boxes.size(); ++two) {
      const LayoutBox& left = layout.boxes[one];
      const LayoutBox& right = layout.boxes[two];
      const bool beside = left.corner.x + sizes.box_width < right.corner.x ||
                          right.corner.x + sizes.box_width < left.corner.x;
      const bool above = left.corner.y + left.height < right.corner.y + 0.001 ||
                         right.corner.y + right.height < left.corner.y + 0.001;
      if (!beside && !above) return false;
    }
  }
  return true;
}

bool on_side(Point point, const LayoutBox& box, const LayoutSizes& sizes) {
  const bool at_edge = std::abs(point.x - box.corner.x) < 0.001 ||
                       std::abs(point.x - box.corner.x - sizes.box_width) < 0.001;
  return at_edge && point.y > box.corner.y && point.y < box.corner.y + box.height;
}

void check_sound(std::size_t boxes, const std::vector<LayoutEdge>& edges) {
  const LayoutSizes sizes;
  const Layout layout = lay_out(boxes, edges, sizes);
  REQUIRE(layout.boxes.size() == boxes);
  REQUIRE(layout.routes.size() == edges.size());
  CHECK(apart(layout, sizes));
  for (const LayoutBox& box : layout.boxes) {
    CHECK(box.corner.x >= 0);
    CHECK(box.corner.y >= -0.001);
    CHECK(box.corner.x + sizes.box_width <= layout.width + 0.001);
    CHECK(box.corner.y + box.height <= layout.height + 0.001);
  }
  for (std::size_t at = 0; at < edges.size(); ++at) {
    if (edges[at].from == edges[at].to) continue;
    CHECK(on_side(layout.routes[at].front(), layout.boxes[edges[at].from], sizes));
    CHECK(on_side(layout.routes[at].back(), layout.boxes[edges[at].to], sizes));
  }
}

}  // namespace

TEST_CASE("what refers stands to the right of what it refers to") {
  const Layout layout = lay_out(3, {{1, 0}, {2, 1}, {2, 0}});
  CHECK(layout.boxes[0].corner.x < layout.boxes[1].corner.x);
  CHECK(layout.boxes[1].corner.x < layout.boxes[2].corner.x);
  CHECK(layout.routes[2].size() == 4);  // past the box between
}

TEST_CASE("circles, loops, double lines and lonely boxes are drawn") {
  check_sound(0, {});
  check_sound(1, {});
  check_sound(1, {{0, 0}});
  check_sound(2, {{0, 1}, {1, 0}});
  check_sound(3, {{0, 1}, {1, 2}, {2, 0}, {0, 0}});
  check_sound(4, {{0, 1}, {0, 1}, {0, 1}, {0, 1}, {0, 1}});
  check_sound(7, {{5, 6}});
}

TEST_CASE("lines that need not cross do not") {
  // 2 → 1 and 3 → 0: in the order of their numbers they would cross.
  const Layout layout = lay_out(5, {{2, 1}, {3, 0}, {4, 2}, {4, 3}});
  const bool upper = layout.boxes[1].corner.y < layout.boxes[0].corner.y;
  CHECK((layout.boxes[2].corner.y < layout.boxes[3].corner.y) == upper);
}

TEST_CASE("no boxes overlap and every line begins and ends at its boxes, whatever the graph") {
  for (unsigned seed = 1; seed <= 40; ++seed) {
    INFO("seed " << seed);
    std::mt19937 random(seed);
    const std::size_t boxes = 1 + random() % 60;
    std::vector<LayoutEdge> edges(random() % (2 * boxes));
    for (LayoutEdge& edge : edges) edge = {random() % boxes, random() % boxes};
    check_sound(boxes, edges);
    const Layout first = lay_out(boxes, edges);
    const Layout again = lay_out(boxes, edges);
    CHECK(first.height == again.height);
  }
}
