#include "doctor/report_parts/layered_layout.hpp"

#include <algorithm>
#include <numeric>

#include "doctor/report_parts/layers.hpp"

namespace doctor::report_parts {
namespace {

constexpr std::size_t rounds = 16;

/// Heights with the place that each would like, from top to bottom.
struct Wish {
  double middle;
  double weight;
  double height;
};

// The places nearest to the wishes, in least squares, at which nothing overlaps (pool adjacent
// violators): neighbours that want the same room share the disappointment.
std::vector<double> settle(const std::vector<Wish>& wishes, double gap) {
  struct Block {
    double sum;
    double weight;
    std::size_t count;
    [[nodiscard]] double mean() const { return sum / weight; }
  };
  std::vector<double> offsets;
  std::vector<Block> blocks;
  for (std::size_t at = 0; at < wishes.size(); ++at) {
    const double step = at == 0 ? 0 : (wishes[at - 1].height + wishes[at].height) / 2 + gap;
    offsets.push_back(at == 0 ? 0 : offsets.back() + step);
    Block block{(wishes[at].middle - offsets[at]) * wishes[at].weight, wishes[at].weight, 1};
    while (!blocks.empty() && blocks.back().mean() >= block.mean()) {
      block.sum += blocks.back().sum;
      block.weight += blocks.back().weight;
      block.count += blocks.back().count;
      blocks.pop_back();
    }
    blocks.push_back(block);
  }
  std::vector<double> middles;
  for (const Block& block : blocks) {
    for (std::size_t at = 0; at < block.count; ++at) {
      middles.push_back(block.mean() + offsets[middles.size()]);
    }
  }
  return middles;
}

// Boxes that lines join, directly or through others.
std::vector<std::vector<std::size_t>> components(std::size_t boxes,
                                                 const std::vector<LayoutEdge>& edges) {
  std::vector<std::size_t> parent(boxes);
  std::iota(parent.begin(), parent.end(), std::size_t{0});
  const auto root = [&parent](std::size_t box) {
    while (parent[box] != box) box = parent[box] = parent[parent[box]];
    return box;
  };
  for (const LayoutEdge& edge : edges) parent[root(edge.from)] = root(edge.to);
  std::vector<std::vector<std::size_t>> all(boxes);
  for (std::size_t box = 0; box < boxes; ++box) all[root(box)].push_back(box);
  all.erase(std::remove_if(all.begin(), all.end(), [](const auto& one) { return one.empty(); }),
            all.end());
  std::stable_sort(all.begin(), all.end(),
                   [](const auto& one, const auto& two) { return one.size() > two.size(); });
  return all;
}

class Plane {
 public:
  Plane(std::size_t boxes, const std::vector<LayoutEdge>& edges, const LayoutSizes& sizes)
      : edges_(edges), sizes_(sizes) {
    layout_.boxes.resize(boxes);
    layout_.routes.resize(edges.size());
    for (LayoutBox& box : layout_.boxes) box.height = sizes_.box_height;
  }

  Layout run() && {
    std::vector<std::size_t> alone;
    for (const auto& members : components(layout_.boxes.size(), edges_)) {
      if (members.size() == 1) {
        alone.push_back(members.front());
      } else {
        connected(members);
      }
    }
    grid(alone);
    for (std::size_t edge = 0; edge < edges_.size(); ++edge) {
      if (edges_[edge].from == edges_[edge].to) loop(edge);
    }
    return std::move(layout_);
  }

 private:
  // A box is as high as the lines on its busier side need.
  void measure(const Layers& layers) {
    for (const LayerSlot& slot : layers.slots) {
      if (slot.bend) continue;
      const auto lines = static_cast<double>(std::max(slot.left.size(), slot.right.size()));
      layout_.boxes[slot.box].height =
          std::max(sizes_.box_height, (lines + 0.5) * sizes_.port_distance);
    }
  }

  [[nodiscard]] double height_of(const LayerSlot& slot) const {
    return slot.bend ? sizes_.line_room : layout_.boxes[slot.box].height;
  }

  [[nodiscard]] double x_of(std::size_t layer) const {
    return static_cast<double>(layer) * (sizes_.box_width + sizes_.column_gap);
  }

  void connected(const std::vector<std::size_t>& members) {
    const Layers layers = arrange(members, layout_.boxes.size(), edges_);
    measure(layers);
    std::vector<double> middles = straighten(layers);
    double top = middles[0];
    double bottom = middles[0];
    for (std::size_t slot = 0; slot < middles.size(); ++slot) {
      const double half = height_of(layers.slots[slot]) / 2;
      top = std::min(top, middles[slot] - half);
      bottom = std::max(bottom, middles[slot] + half);
    }
    const double start = layout_.height == 0 ? 0 : layout_.height + 2 * sizes_.row_gap;
    for (double& middle : middles) middle += start - top;
    for (std::size_t slot = 0; slot < middles.size(); ++slot) {
      const LayerSlot& one = layers.slots[slot];
      if (one.bend) continue;
      LayoutBox& box = layout_.boxes[one.box];
      box.corner = {x_of(one.layer), middles[slot] - box.height / 2};
    }
    layout_.height = start + bottom - top;
    layout_.width = std::max(layout_.width, x_of(layers.columns.size() - 1) + sizes_.box_width);
    route(layers, middles);
  }

  // Columns in turn take the places that their neighbours want them to have.
  [[nodiscard]] std::vector<double> straighten(const Layers& layers) const {
    std::vector<double> middles(layers.slots.size());
    for (const auto& column : layers.columns) {
      double y = 0;
      for (const std::size_t slot : column) {
        const double height = height_of(layers.slots[slot]);
        middles[slot] = y + height / 2;
        y += height + sizes_.row_gap;
      }
    }
    const std::size_t count = layers.columns.size();
    for (std::size_t round = 0; round < rounds; ++round) {
      for (std::size_t step = 0; step < count; ++step) {
        place_column(layers, round % 2 == 0 ? step : count - 1 - step, middles);
      }
    }
    return middles;
  }

  void place_column(const Layers& layers, std::size_t layer, std::vector<double>& middles) const {
    std::vector<Wish> wishes;
    for (const std::size_t slot : layers.columns[layer]) {
      const LayerSlot& one = layers.slots[slot];
      double sum = 0;
      for (const std::size_t other : one.left) sum += middles[other];
      for (const std::size_t other : one.right) sum += middles[other];
      const auto lines = static_cast<double>(one.left.size() + one.right.size());
      wishes.push_back(
          {lines == 0 ? middles[slot] : sum / lines, one.bend ? 4.0 : 1.0, height_of(one)});
    }
    const std::vector<double> settled = settle(wishes, sizes_.row_gap);
    for (std::size_t at = 0; at < settled.size(); ++at) {
      middles[layers.columns[layer][at]] = settled[at];
    }
  }

  struct Port {
    std::size_t edge;
    double other;  // how high the line comes from
    bool at_right;
  };

  void route(const Layers& layers, const std::vector<double>& middles) {
    std::vector<std::vector<Port>> ports(layers.slots.size());
    for (std::size_t edge = 0; edge < layers.chains.size(); ++edge) {
      const auto& chain = layers.chains[edge];
      if (chain.empty()) continue;
      ports[chain.front()].push_back({edge, middles[chain[1]], false});
      ports[chain.back()].push_back({edge, middles[chain[chain.size() - 2]], true});
      auto& points = layout_.routes[edge];
      points.push_back({});
      for (std::size_t at = 1; at + 1 < chain.size(); ++at) {
        const double x = x_of(layers.slots[chain[at]].layer);
        points.push_back({x + sizes_.box_width, middles[chain[at]]});
        points.push_back({x, middles[chain[at]]});
      }
      points.push_back({});
    }
    for (std::size_t slot = 0; slot < ports.size(); ++slot) {
      const double x = x_of(layers.slots[slot].layer);
      spread(ports[slot], false, {x, middles[slot]});
      spread(ports[slot], true, {x + sizes_.box_width, middles[slot]});
    }
    for (std::size_t edge = 0; edge < layers.chains.size(); ++edge) {
      if (!layers.reversed[edge] || layers.chains[edge].empty()) continue;
      std::reverse(layout_.routes[edge].begin(), layout_.routes[edge].end());
    }
  }

  // The lines that meet a side of a box are spread over it in the order in which they come.
  void spread(const std::vector<Port>& ports, bool at_right, Point middle) {
    std::vector<Port> side;
    for (const Port& port : ports) {
      if (port.at_right == at_right) side.push_back(port);
    }
    std::stable_sort(side.begin(), side.end(),
                     [](const Port& one, const Port& two) { return one.other < two.other; });
    double y = middle.y - sizes_.port_distance * (static_cast<double>(side.size()) - 1) / 2;
    for (const Port& port : side) {
      auto& points = layout_.routes[port.edge];
      (at_right ? points.back() : points.front()) = {middle.x, y};
      y += sizes_.port_distance;
    }
  }

  // What nothing leads to stands below, in rows.
  void grid(const std::vector<std::size_t>& alone) {
    if (alone.empty()) return;
    const double step = sizes_.box_width + 4 * sizes_.row_gap;
    const double room = std::max(layout_.width, 3 * step);
    const double start = layout_.height == 0 ? 0 : layout_.height + 3 * sizes_.row_gap;
    double x = 0;
    double y = start;
    for (const std::size_t box : alone) {
      if (x > 0 && x + sizes_.box_width > room) {
        x = 0;
        y += sizes_.box_height + sizes_.row_gap;
      }
      layout_.boxes[box].corner = {x, y};
      layout_.width = std::max(layout_.width, x + sizes_.box_width);
      x += step;
    }
    layout_.height = y + sizes_.box_height;
  }

  // Under the lower right corner, where no other line ends.
  void loop(std::size_t edge) {
    const LayoutBox& box = layout_.boxes[edges_[edge].from];
    const double right = box.corner.x + sizes_.box_width;
    const double low = box.corner.y + box.height;
    layout_.routes[edge] = {{right - 60, low}, {right - 40, low + 20}, {right - 20, low}};
    layout_.height = std::max(layout_.height, low + sizes_.row_gap);
  }

  const std::vector<LayoutEdge>& edges_;
  const LayoutSizes& sizes_;
  Layout layout_;
};

}  // namespace

Layout lay_out(std::size_t boxes, const std::vector<LayoutEdge>& edges, const LayoutSizes& sizes) {
  return Plane(boxes, edges, sizes).run();
}

}  // namespace doctor::report_parts
