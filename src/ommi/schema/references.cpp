#include "schema/references.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <string>

namespace ommi::schema {
namespace {

std::optional<std::vector<std::size_t>> fields_named(const Model& model,
                                                     const std::vector<std::string>& names) {
  std::vector<std::size_t> fields;
  for (const std::string& name : names) {
    const auto found = model.find_field(name);
    if (!found) return std::nullopt;
    fields.push_back(*found);
  }
  return fields;
}

std::optional<Resolved> resolved(const Catalog& catalog, const Model& model,
                                 const Reference& reference) {
  const Model* const target = catalog.find(reference.model);
  if (target == nullptr) return std::nullopt;
  const auto fields = fields_named(model, reference.fields);
  const auto target_fields = reference.target_fields.empty()
                                 ? std::optional(target->key)
                                 : fields_named(*target, reference.target_fields);
  if (!fields || !target_fields || fields->empty() || fields->size() != target_fields->size()) {
    return std::nullopt;
  }
  const bool enforced =
      reference.origin != Origin::inferred && !target->info.view && target->unique(*target_fields);
  return Resolved{{*fields, target, *target_fields}, enforced};
}

// One reference of several fields, if they name distinct fields that are unique together only.
std::optional<Resolved> merged(const std::vector<Resolved>& parts) {
  Resolved whole{{{}, parts.front().reference.target, {}}, true};
  for (const Resolved& part : parts) {
    const SchemaReference& single = part.reference;
    std::vector<std::size_t>& targets = whole.reference.target_fields;
    if (part.enforced || single.fields.size() != 1 ||
        std::ranges::find(targets, single.target_fields.front()) != targets.end()) {
      return std::nullopt;
    }
    whole.reference.fields.push_back(single.fields.front());
    targets.push_back(single.target_fields.front());
  }
  const Model& target = *whole.reference.target;
  if (target.info.view || !target.unique(whole.reference.target_fields)) return std::nullopt;
  return whole;
}

std::vector<Resolved> undeferred(const Catalog& catalog, const Model& model) {
  std::map<std::size_t, std::vector<Resolved>> by_target;
  for (const Reference& reference : model.info.references) {
    if (auto found = resolved(catalog, model, reference)) {
      by_target[found->reference.target->index].push_back(std::move(*found));
    }
  }
  std::vector<Resolved> all;
  for (auto& [target, parts] : by_target) {
    const auto whole = parts.size() > 1 ? merged(parts) : std::nullopt;
    if (whole) {
      all.push_back(*whole);
    } else {
      all.insert(all.end(), parts.begin(), parts.end());
    }
  }
  return all;
}

// For each model the models that its foreign keys name.
using Graph = std::vector<std::vector<std::size_t>>;

Graph graph_of(const Catalog& catalog) {
  Graph graph(catalog.models().size());
  for (const Model& model : catalog.models()) {
    for (const Resolved& found : undeferred(catalog, model)) {
      if (found.enforced) graph[model.index].push_back(found.reference.target->index);
    }
  }
  return graph;
}

// Calls `leave` for each model that can be reached, after the ones that can be reached from it.
template <class Leave>
void visit(const Graph& graph, std::size_t from, std::vector<bool>& seen, Leave leave) {
  struct Step {
    std::size_t model;
    std::size_t next = 0;
  };
  if (seen[from]) return;
  seen[from] = true;
  std::vector<Step> path = {{from}};
  while (!path.empty()) {
    const std::size_t model = path.back().model;
    if (path.back().next == graph[model].size()) {
      leave(model);
      path.pop_back();
      continue;
    }
    const std::size_t target = graph[model][path.back().next++];
    if (seen[target]) continue;
    seen[target] = true;
    path.push_back({target});
  }
}

}  // namespace

std::vector<Resolved> references_of(const Catalog& catalog, const Model& model) {
  std::vector<Resolved> all = undeferred(catalog, model);
  const Graph graph = graph_of(catalog);
  for (Resolved& found : all) {
    if (!found.enforced || found.reference.target == &model) continue;
    std::vector<bool> reached(graph.size());
    visit(graph, found.reference.target->index, reached, [](std::size_t) {});
    found.reference.deferred = reached[model.index];
  }
  return all;
}

std::vector<SchemaReference> foreign_keys_of(const Catalog& catalog, const Model& model) {
  std::vector<SchemaReference> keys;
  for (Resolved& found : references_of(catalog, model)) {
    if (found.enforced) keys.push_back(std::move(found.reference));
  }
  return keys;
}

std::vector<const Model*> targets_first(const Catalog& catalog) {
  std::vector<const Model*> order;
  const Graph graph = graph_of(catalog);
  std::vector<bool> seen(graph.size());
  for (const Model& model : catalog.models()) {
    visit(graph, model.index, seen,
          [&](std::size_t index) { order.push_back(&catalog.models()[index]); });
  }
  return order;
}

}  // namespace ommi::schema
