#include "doctor/sweep/plan.hpp"

#include <algorithm>
#include <numeric>
#include <set>
#include <tuple>

namespace doctor {

namespace {

using ommi::Direction;
using ommi::Model;
using ommi::Relation;
using Fields = std::vector<std::size_t>;

/// One reference as the relations that follow it see it.
struct Sighting {
  const Model* model;
  Fields fields;
  const Model* target;
  Fields target_fields;
};

// The same pairs in another order are the same reference.
void sort_pairs(Sighting& seen) {
  Fields order(seen.fields.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t left, std::size_t right) {
    return std::tie(seen.fields[left], seen.target_fields[left]) <
           std::tie(seen.fields[right], seen.target_fields[right]);
  });
  const Fields fields = seen.fields;
  const Fields target_fields = seen.target_fields;
  for (std::size_t part = 0; part < order.size(); ++part) {
    seen.fields[part] = fields[order[part]];
    seen.target_fields[part] = target_fields[order[part]];
  }
}

void add_reference(SweepPlan& plan, Sighting seen, const Relation& relation) {
  sort_pairs(seen);
  const auto same = [&](const ReferenceSweep& known) {
    return known.model == seen.model && known.target == seen.target &&
           known.fields == seen.fields && known.target_fields == seen.target_fields;
  };
  auto found = std::find_if(plan.references.begin(), plan.references.end(), same);
  if (found == plan.references.end()) {
    ReferenceSweep& added = plan.references.emplace_back();
    added.model = seen.model;
    added.target = seen.target;
    added.fields = std::move(seen.fields);
    added.target_fields = std::move(seen.target_fields);
    added.origin = relation.info.origin;
    found = plan.references.end() - 1;
  }
  found->relations.push_back(&relation);
}

void add_association(SweepPlan& plan, const Relation& relation) {
  const auto sides = [](const Relation& seen) {
    return std::make_tuple(seen.owner, seen.owner_fields, seen.via_owner_fields, seen.target,
                           seen.target_fields, seen.via_target_fields);
  };
  const auto mirrored =
      std::make_tuple(relation.target, relation.target_fields, relation.via_target_fields,
                      relation.owner, relation.owner_fields, relation.via_owner_fields);
  for (const AssociationSweep& known : plan.associations) {
    if (known.relation->via != relation.via) continue;
    if (sides(*known.relation) == sides(relation) || sides(*known.relation) == mirrored) return;
  }
  plan.associations.emplace_back().relation = &relation;
}

void add_relation(SweepPlan& plan, const Relation& relation) {
  switch (relation.direction) {
    case Direction::forward:
      add_reference(
          plan, {relation.owner, relation.owner_fields, relation.target, relation.target_fields},
          relation);
      break;
    case Direction::reverse:
      add_reference(
          plan, {relation.target, relation.target_fields, relation.owner, relation.owner_fields},
          relation);
      if (!relation.many()) plan.one_to_ones.emplace_back().relation = &relation;
      break;
    case Direction::association:
      add_reference(
          plan, {relation.via, relation.via_owner_fields, relation.owner, relation.owner_fields},
          relation);
      add_reference(
          plan, {relation.via, relation.via_target_fields, relation.target, relation.target_fields},
          relation);
      add_association(plan, relation);
      break;
  }
}

bool has_numeric_type(const ommi::FieldInfo& field) {
  return field.type == ommi::Type::boolean || field.type == ommi::Type::integer ||
         field.type == ommi::Type::real || field.type == ommi::Type::numeric;
}

void add_fields(SweepPlan& plan, const Model& model) {
  std::set<std::size_t> fields(model.key.begin(), model.key.end());
  for (const ReferenceSweep& reference : plan.references) {
    if (reference.model == &model) fields.insert(reference.fields.begin(), reference.fields.end());
    if (reference.target == &model) {
      fields.insert(reference.target_fields.begin(), reference.target_fields.end());
    }
  }
  for (std::size_t field = 0; field < model.fields().size(); ++field) {
    if (has_numeric_type(model.fields()[field])) fields.insert(field);
  }
  for (const std::size_t field : fields) {
    FieldSweep& added = plan.fields.emplace_back();
    added.model = &model;
    added.field = field;
  }
}

}  // namespace

SweepPlan plan_sweep(const ommi::Catalog& catalog, const std::vector<const ommi::Relation*>& only) {
  SweepPlan plan;
  std::set<const Model*> touched;
  for (const Model& model : catalog.models()) {
    for (const Relation& relation : model.relations) {
      if (relation.problem) continue;
      if (!only.empty() && std::find(only.begin(), only.end(), &relation) == only.end()) continue;
      add_relation(plan, relation);
      touched.insert({relation.owner, relation.target});
      if (relation.via != nullptr) touched.insert(relation.via);
    }
  }
  for (const Model& model : catalog.models()) {
    if (only.empty() || touched.count(&model) != 0) add_fields(plan, model);
  }
  return plan;
}

}  // namespace doctor
