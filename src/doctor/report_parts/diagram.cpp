#include "doctor/report_parts/diagram.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <tuple>

#include <fmt/format.h>

#include "doctor/report_parts/phrases.hpp"
#include "ommi/value.hpp"

namespace doctor::report_parts {
namespace {

Mark mark_of(Level level) noexcept {
  switch (level) {
    case Level::error:
      return Mark::failing;
    case Level::warning:
      return Mark::warning;
    case Level::info:
      break;
  }
  return Mark::remark;
}

Mark mark_of(Verdict verdict) noexcept {
  switch (verdict) {
    case Verdict::ok:
      return Mark::sound;
    case Verdict::warning:
      return Mark::warning;
    case Verdict::failing:
      return Mark::failing;
    case Verdict::unchecked:
      break;
  }
  return Mark::unchecked;
}

/// A model's findings.
struct Counts {
  std::array<std::size_t, 3> open = {};  // by level
  std::size_t known = 0;
};

class Builder {
 public:
  explicit Builder(const Diagnosis& diagnosis) : diagnosis_(diagnosis) {
    for (const ommi::Model& model : diagnosis.sources.catalog->models()) {
      diagram_.nodes.push_back({&model, Mark::sound, {}, {}});
    }
    observe();
    draw_edges();
    blame();
  }

  Diagram take() && { return std::move(diagram_); }

 private:
  void observe() {
    const auto& seen = diagnosis_.evidence.relationships;
    for (std::size_t at = 0; at < seen.size(); ++at) {
      verdicts_[seen[at].relation] =
          at < diagnosis_.verdicts.size() ? diagnosis_.verdicts[at] : Verdict::unchecked;
    }
    for (std::size_t at = 0; at < diagnosis_.findings.size(); ++at) {
      const Finding& finding = diagnosis_.findings[at];
      if (finding.standing != Standing::open) continue;
      for (const ommi::Relation* relation : finding.relations) first_.insert({relation, at});
    }
  }

  void draw_edges() {
    for (const ommi::Model& model : diagnosis_.sources.catalog->models()) {
      for (const ommi::Relation& relation : model.relations) draw(model, relation);
    }
    // What an association's own rows refer to, where no relationship of its own says so.
    for (const ommi::Model& model : diagnosis_.sources.catalog->models()) {
      for (const ommi::Relation& relation : model.relations) {
        if (relation.problem || relation.via == nullptr) continue;
        join(*relation.via, relation.via_owner_fields, model, relation);
        join(*relation.via, relation.via_target_fields, *relation.target, relation);
      }
    }
  }

  void draw(const ommi::Model& owner, const ommi::Relation& relation) {
    if (relation.problem || relation.target == nullptr) {
      const ommi::Model* target = diagnosis_.sources.catalog->find(relation.info.target);
      if (target != nullptr) join(owner, {}, *target, relation);
    } else if (relation.direction == ommi::Direction::forward) {
      join(owner, relation.owner_fields, *relation.target, relation);
    } else if (relation.direction == ommi::Direction::reverse) {
      join(*relation.target, relation.target_fields, owner, relation);
    }
  }

  void join(const ommi::Model& from, const std::vector<std::size_t>& fields, const ommi::Model& to,
            const ommi::Relation& relation) {
    const auto key = std::tuple(from.index, fields, to.index);
    const auto [found, is_new] = edges_.insert({key, diagram_.edges.size()});
    if (is_new) {
      DiagramEdge edge;
      edge.from = from.index;
      edge.to = to.index;
      edge.label = relation.info.name;
      if (!fields.empty()) edge.label = from.fields()[fields.front()].name;
      if (fields.size() > 1) edge.label += ", …";
      diagram_.edges.push_back(std::move(edge));
    }
    DiagramEdge& edge = diagram_.edges[found->second];
    const auto verdict = verdicts_.find(&relation);
    const Mark mark = verdict == verdicts_.end() ? Mark::unchecked : mark_of(verdict->second);
    edge.lines.push_back(fmt::format("{}: {}, {}", ommi::escaped(relation.name()),
                                     kind_text(relation), to_string(mark)));
    const auto finding = first_.find(&relation);
    if (finding != first_.end() && !edge.shows) edge.shows = finding->second;
    edge.mark = edge.lines.size() == 1 ? mark : std::max(edge.mark, mark);
  }

  // Each finding is the business of the model that it names.
  void blame() {
    std::vector<Counts> counts(diagram_.nodes.size());
    for (std::size_t at = 0; at < diagnosis_.findings.size(); ++at) {
      const Finding& finding = diagnosis_.findings[at];
      const ommi::Model* model = model_of(finding);
      if (model == nullptr) continue;
      if (finding.standing != Standing::open) {
        ++counts[model->index].known;
        continue;
      }
      DiagramNode& node = diagram_.nodes[model->index];
      ++counts[model->index].open[static_cast<std::size_t>(finding.level)];
      node.mark = std::max(node.mark, mark_of(finding.level));
      if (!node.shows || finding.level > diagnosis_.findings[*node.shows].level) node.shows = at;
    }
    for (std::size_t at = 0; at < counts.size(); ++at) {
      diagram_.nodes[at].state = state_of(diagram_.nodes[at], counts[at]);
    }
  }

  [[nodiscard]] const ommi::Model* model_of(const Finding& finding) const {
    const ommi::Catalog& catalog = *diagnosis_.sources.catalog;
    if (const ommi::Model* model = catalog.find(finding.subject.model)) return model;
    if (const ommi::Model* model = catalog.find(finding.subject.table)) return model;
    return finding.relations.empty() ? nullptr : finding.relations.front()->owner;
  }

  static std::string state_of(const DiagramNode& node, const Counts& counts) {
    std::vector<std::string> parts;
    if (counts.open[2] > 0) parts.push_back(counted(counts.open[2], "error", "errors"));
    if (counts.open[1] > 0) parts.push_back(counted(counts.open[1], "warning", "warnings"));
    if (counts.open[0] > 0) parts.push_back(counted(counts.open[0], "remark", "remarks"));
    if (parts.empty() && counts.known > 0) return fmt::format("{} known already", counts.known);
    if (!parts.empty()) return fmt::format("{}", fmt::join(parts, ", "));
    return node.model->info.view ? "view" : "no findings";
  }

  const Diagnosis& diagnosis_;
  Diagram diagram_;
  std::map<const ommi::Relation*, Verdict> verdicts_;
  std::map<const ommi::Relation*, std::size_t> first_;  // finding
  std::map<std::tuple<std::size_t, std::vector<std::size_t>, std::size_t>, std::size_t> edges_;
};

// The nodes to draw: those with something to say and their neighbours, the worst ones first.
std::vector<bool> choose(const Diagram& diagram, std::size_t most) {
  std::vector<std::size_t> rank(diagram.nodes.size());
  for (std::size_t at = 0; at < diagram.nodes.size(); ++at) {
    const Mark mark = diagram.nodes[at].mark;
    rank[at] = mark == Mark::sound ? 0 : 1 + static_cast<std::size_t>(mark);
  }
  const std::vector<std::size_t> own = rank;
  for (const DiagramEdge& edge : diagram.edges) {
    if (own[edge.from] > 0) rank[edge.to] = std::max<std::size_t>(rank[edge.to], 1);
    if (own[edge.to] > 0) rank[edge.from] = std::max<std::size_t>(rank[edge.from], 1);
  }
  std::vector<std::size_t> order;
  for (std::size_t at = 0; at < rank.size(); ++at) {
    if (rank[at] > 0) order.push_back(at);
  }
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t one, std::size_t two) { return rank[one] > rank[two]; });
  std::vector<bool> chosen(rank.size());
  for (std::size_t at = 0; at < std::min(order.size(), most); ++at) chosen[order[at]] = true;
  return chosen;
}

Diagram narrowed(const Diagram& whole, std::size_t most) {
  const std::vector<bool> chosen = choose(whole, most);
  Diagram diagram;
  std::vector<std::size_t> numbers(whole.nodes.size());
  for (std::size_t at = 0; at < whole.nodes.size(); ++at) {
    if (!chosen[at]) continue;
    numbers[at] = diagram.nodes.size();
    diagram.nodes.push_back(whole.nodes[at]);
  }
  for (DiagramEdge edge : whole.edges) {
    if (!chosen[edge.from] || !chosen[edge.to]) continue;
    edge.from = numbers[edge.from];
    edge.to = numbers[edge.to];
    diagram.edges.push_back(std::move(edge));
  }
  diagram.left_out = whole.nodes.size() - diagram.nodes.size();
  return diagram;
}

}  // namespace

std::string_view to_string(Mark mark) noexcept {
  switch (mark) {
    case Mark::sound:
      return "sound";
    case Mark::unchecked:
      return "unchecked";
    case Mark::remark:
      return "remark";
    case Mark::warning:
      return "warning";
    case Mark::failing:
      return "failing";
  }
  return "unchecked";
}

Diagram diagram_of(const Diagnosis& diagnosis, std::size_t most) {
  if (diagnosis.sources.catalog == nullptr) return {};
  Diagram diagram = Builder(diagnosis).take();
  return diagram.nodes.size() > most ? narrowed(diagram, most) : diagram;
}

}  // namespace doctor::report_parts
