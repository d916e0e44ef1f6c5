#include "doctor/report_parts/layers.hpp"

#include <algorithm>
#include <cstdint>
#include <utility>

namespace doctor::report_parts {
namespace {

constexpr std::size_t rounds = 12;
constexpr std::size_t nothing = static_cast<std::size_t>(-1);

enum class Visit : std::uint8_t { never, open, done };

// Depth first over what each box refers to; without recursion, since chains may be long.
class Columns {
 public:
  Columns(const std::vector<std::size_t>& members, std::size_t boxes,
          const std::vector<LayoutEdge>& edges, std::vector<bool>& reversed)
      : edges_(edges), reversed_(reversed), out_(boxes), visits_(boxes), layers_(boxes) {
    for (const std::size_t member : members)
      is_member_.resize(std::max(is_member_.size(), member + 1));
    for (const std::size_t member : members) is_member_[member] = true;
    for (std::size_t edge = 0; edge < edges.size(); ++edge) {
      if (edges[edge].from != edges[edge].to && has(edges[edge].from)) {
        out_[edges[edge].from].push_back(edge);
      }
    }
    for (const std::size_t member : members) visit(member);
    for (const std::size_t box : finished_) place(box);
    draw_near(members);
  }

  [[nodiscard]] std::size_t layer(std::size_t box) const { return layers_[box]; }

 private:
  [[nodiscard]] bool has(std::size_t box) const {
    return box < is_member_.size() && is_member_[box];
  }

  void visit(std::size_t start) {
    if (visits_[start] != Visit::never) return;
    struct Step {
      std::size_t box;
      std::size_t next;
    };
    std::vector<Step> path = {{start, 0}};
    visits_[start] = Visit::open;
    while (!path.empty()) {
      Step& step = path.back();
      if (step.next == out_[step.box].size()) {
        visits_[step.box] = Visit::done;
        finished_.push_back(step.box);
        path.pop_back();
        continue;
      }
      const std::size_t edge = out_[step.box][step.next++];
      const std::size_t to = edges_[edge].to;
      if (visits_[to] == Visit::open) reversed_[edge] = true;
      if (visits_[to] != Visit::never) continue;
      visits_[to] = Visit::open;
      path.push_back({to, 0});
    }
  }

  // What a box refers to was finished before it, but for what was turned round.
  void place(std::size_t box) {
    for (const std::size_t edge : out_[box]) {
      const std::size_t to = edges_[edge].to;
      if (reversed_[edge]) {
        turned_.push_back(edge);
      } else {
        layers_[box] = std::max(layers_[box], layers_[to] + 1);
      }
    }
    for (const std::size_t edge : turned_) {
      // Turned round, it is an edge of the box it leads to, which is finished later.
      if (edges_[edge].to == box)
        layers_[box] = std::max(layers_[box], layers_[edges_[edge].from] + 1);
    }
  }

  // What refers to nothing need not stand at the far left: it moves up to what refers to it.
  void draw_near(const std::vector<std::size_t>& members) {
    std::vector<bool> refers(layers_.size());
    std::vector<std::size_t> nearest(layers_.size(), nothing);
    for (std::size_t edge = 0; edge < edges_.size(); ++edge) {
      auto [right, left] = edges_[edge];
      if (right == left || !has(right)) continue;
      if (reversed_[edge]) std::swap(right, left);
      refers[right] = true;
      nearest[left] = std::min(nearest[left], layers_[right]);
    }
    for (const std::size_t member : members) {
      if (!refers[member] && nearest[member] != nothing) layers_[member] = nearest[member] - 1;
    }
  }

  const std::vector<LayoutEdge>& edges_;
  std::vector<bool>& reversed_;
  std::vector<std::vector<std::size_t>> out_;
  std::vector<Visit> visits_;
  std::vector<std::size_t> layers_;
  std::vector<bool> is_member_;
  std::vector<std::size_t> finished_;
  std::vector<std::size_t> turned_;
};

void add_slot(Layers& layers, LayerSlot slot) {
  if (layers.columns.size() <= slot.layer) layers.columns.resize(slot.layer + 1);
  layers.columns[slot.layer].push_back(layers.slots.size());
  layers.slots.push_back(std::move(slot));
}

void add_chain(Layers& layers, std::size_t edge, std::size_t right, std::size_t left) {
  std::vector<std::size_t>& chain = layers.chains[edge];
  chain.push_back(right);
  for (std::size_t layer = layers.slots[right].layer - 1; layer > layers.slots[left].layer;
       --layer) {
    chain.push_back(layers.slots.size());
    add_slot(layers, {nothing, edge, true, layer, {}, {}});
  }
  chain.push_back(left);
  for (std::size_t at = 1; at < chain.size(); ++at) {
    layers.slots[chain[at - 1]].left.push_back(chain[at]);
    layers.slots[chain[at]].right.push_back(chain[at - 1]);
  }
}

std::vector<std::size_t> positions_of(const Layers& layers) {
  std::vector<std::size_t> positions(layers.slots.size());
  for (const auto& column : layers.columns) {
    for (std::size_t at = 0; at < column.size(); ++at) positions[column[at]] = at;
  }
  return positions;
}

std::size_t crossings(const Layers& layers) {
  const std::vector<std::size_t> positions = positions_of(layers);
  std::size_t count = 0;
  for (const auto& column : layers.columns) {
    std::vector<std::size_t> ends;  // of the lines to the left, in the order of their beginnings
    for (const std::size_t slot : column) {
      std::vector<std::size_t> own;
      for (const std::size_t left : layers.slots[slot].left) own.push_back(positions[left]);
      std::sort(own.begin(), own.end());
      ends.insert(ends.end(), own.begin(), own.end());
    }
    for (std::size_t one = 0; one < ends.size(); ++one) {
      for (std::size_t two = one + 1; two < ends.size(); ++two) count += ends[one] > ends[two];
    }
  }
  return count;
}

// Each slot goes to the middle of those that it is joined to in the column looked at.
void sort_column(Layers& layers, std::size_t layer, bool by_left) {
  const std::vector<std::size_t> positions = positions_of(layers);
  std::vector<double> wanted(layers.slots.size());
  for (const std::size_t slot : layers.columns[layer]) {
    const auto& others = by_left ? layers.slots[slot].left : layers.slots[slot].right;
    double sum = 0;
    for (const std::size_t other : others) sum += static_cast<double>(positions[other]);
    wanted[slot] = others.empty() ? static_cast<double>(positions[slot])
                                  : sum / static_cast<double>(others.size());
  }
  std::stable_sort(layers.columns[layer].begin(), layers.columns[layer].end(),
                   [&](std::size_t one, std::size_t two) { return wanted[one] < wanted[two]; });
}

void reduce_crossings(Layers& layers) {
  auto best = layers.columns;
  std::size_t fewest = crossings(layers);
  for (std::size_t round = 0; round < rounds && fewest > 0; ++round) {
    const std::size_t count = layers.columns.size();
    for (std::size_t step = 1; step < count; ++step) {
      const bool by_left = round % 2 == 0;
      sort_column(layers, by_left ? step : count - 1 - step, by_left);
    }
    const std::size_t now = crossings(layers);
    if (now >= fewest) continue;
    fewest = now;
    best = layers.columns;
  }
  layers.columns = std::move(best);
}

}  // namespace

Layers arrange(const std::vector<std::size_t>& members, std::size_t boxes,
               const std::vector<LayoutEdge>& edges) {
  Layers layers;
  layers.reversed.resize(edges.size());
  layers.chains.resize(edges.size());
  const Columns columns(members, boxes, edges, layers.reversed);
  std::vector<std::size_t> slot_of(boxes, nothing);
  for (const std::size_t member : members) {
    slot_of[member] = layers.slots.size();
    add_slot(layers, {member, nothing, false, columns.layer(member), {}, {}});
  }
  for (std::size_t edge = 0; edge < edges.size(); ++edge) {
    std::size_t right = slot_of[edges[edge].from];
    std::size_t left = slot_of[edges[edge].to];
    if (right == left || right == nothing || left == nothing) continue;
    if (layers.reversed[edge]) std::swap(right, left);
    add_chain(layers, edge, right, left);
  }
  reduce_crossings(layers);
  return layers;
}

}  // namespace doctor::report_parts
