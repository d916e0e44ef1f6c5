#include "model/resolve.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace ommi::resolve {
namespace {

using What = Problem::What;

// Thrown within this file only; relation() turns it into the relation's problem.
struct Unresolved {
  Problem problem;
};

[[noreturn]] void fail(const Relation& relation, What what, std::string message,
                       std::vector<std::string> candidates = {}, std::string missing = {}) {
  if (candidates.size() == 1)
    message += fmt::format("; did you mean '{}'?", escaped(candidates.front()));
  Problem problem{what,
                  relation.owner->name(),
                  relation.info.name,
                  std::move(message),
                  std::move(candidates),
                  relation.info.place};
  problem.missing = std::move(missing);
  throw Unresolved{std::move(problem)};
}

std::string shown(const Relation& relation) { return escaped(relation.name()); }

const Model& model_named(const Catalog& catalog, const Relation& relation,
                         const std::string& name) {
  if (const Model* found = catalog.find(name)) return *found;
  std::vector<std::string> names;
  for (const Model& model : catalog.models()) names.push_back(model.name());
  std::vector<std::string> candidates;
  if (std::string best = nearest(name, names); !best.empty()) candidates.push_back(std::move(best));
  fail(relation, What::unknown_model,
       fmt::format("{} leads to {}, which is not a model here", shown(relation), escaped(name)),
       std::move(candidates), name);
}

std::size_t field_named(const Relation& relation, const Model& model, const std::string& name,
                        std::string_view use = "joins on") {
  if (const auto found = model.find_field(name)) return *found;
  std::vector<std::string> candidates;
  if (std::string best = nearest(name, field_names(model)); !best.empty())
    candidates.push_back(std::move(best));
  fail(relation, What::unknown_field,
       fmt::format("{} {} {}.{}, which is not a field there", shown(relation), use,
                   escaped(model.name()), escaped(name)),
       std::move(candidates), model.name() + "." + name);
}

// The references of `from` to `to`, as pairs of fields (from, to).
struct Join {
  std::vector<std::string> from;
  std::vector<std::string> to;
  const Reference* reference = nullptr;
};

std::vector<Join> joins_between(const Catalog& catalog, const Model& from, const Model& to) {
  std::vector<Join> joins;
  for (const Reference& reference : from.info.references) {
    if (catalog.find(reference.model) != &to) continue;
    joins.push_back({reference.fields, reference.target_fields, &reference});
  }
  return joins;
}

std::vector<std::string> described(const Model& from, const std::vector<Join>& joins) {
  std::vector<std::string> texts;
  for (const Join& join : joins) {
    texts.push_back(fmt::format("{}.{} → {}{}{}", from.name(), fmt::join(join.from, ", "),
                                join.reference->model, join.to.empty() ? "" : ".",
                                fmt::join(join.to, ", ")));
  }
  return texts;
}

// One composite reference, if all are single and no target field is named twice.
bool merge(std::vector<Join>& joins) {
  std::vector<std::string> seen;
  for (const Join& join : joins) {
    if (join.to.size() != 1) return false;
    if (std::find(seen.begin(), seen.end(), join.to[0]) != seen.end()) return false;
    seen.push_back(join.to[0]);
  }
  for (std::size_t i = 1; i < joins.size(); ++i) {
    joins[0].from.push_back(joins[i].from[0]);
    joins[0].to.push_back(joins[i].to[0]);
  }
  joins.resize(1);
  return true;
}

// A foreign key to a table without a key names no field to join with.
void check_widths(const Relation& relation, const Model& from, const Model& to, const Join& join) {
  if (!join.from.empty() && join.from.size() == join.to.size()) return;
  fail(relation, What::no_reference,
       fmt::format("{}: {}.{} refers to {}, which has no key to refer to", shown(relation),
                   escaped(from.name()), escaped(fmt::format("{}", fmt::join(join.from, ", "))),
                   escaped(to.name())));
}

// Those of `joins` that a relationship asks for by the fields of the reference.
std::vector<Join> followed(const Relation& relation, const Model& from, const Model& to,
                           std::vector<Join> joins, const std::vector<std::string>& fields) {
  if (fields.empty() || joins.empty()) return joins;
  std::vector<std::string> choices = described(from, joins);
  std::erase_if(joins, [&](const Join& join) {
    return !std::all_of(join.from.begin(), join.from.end(), [&](const std::string& field) {
      return std::find(fields.begin(), fields.end(), field) != fields.end();
    });
  });
  if (!joins.empty()) return joins;
  fail(relation, What::unknown_field,
       fmt::format("{} follows {}.{}, which refers to no {}: {}", shown(relation),
                   escaped(from.name()), escaped(fmt::format("{}", fmt::join(fields, ", "))),
                   escaped(to.name()), escaped(fmt::format("{}", fmt::join(choices, "; ")))));
}

Join single_join(const Catalog& catalog, const Relation& relation, const Model& from,
                 const Model& to, const std::vector<std::string>& follow, What none, What several) {
  std::vector<Join> joins = followed(relation, from, to, joins_between(catalog, from, to), follow);
  if (joins.empty()) {
    fail(relation, none,
         fmt::format("{} needs a reference from {} to {}, and there is none", shown(relation),
                     escaped(from.name()), escaped(to.name())));
  }
  std::vector<std::string> choices = described(from, joins);
  if (joins.size() > 1 && !merge(joins)) {
    std::string message =
        fmt::format("{} could follow {} references from {} to {}: {}", shown(relation),
                    choices.size(), escaped(from.name()), escaped(to.name()),
                    escaped(fmt::format("{}", fmt::join(choices, "; "))));
    fail(relation, several, std::move(message), std::move(choices));
  }
  check_widths(relation, from, to, joins.front());
  if (joins[0].to.empty()) {
    fail(relation, What::no_reference,
         fmt::format("{} follows {}.{}, and {} has no key that it could name", shown(relation),
                     escaped(from.name()),
                     escaped(fmt::format("{}", fmt::join(joins[0].from, ", "))),
                     escaped(to.name())));
  }
  if (joins[0].from.size() != joins[0].to.size()) {
    fail(relation, What::partial_reference,
         fmt::format("{} follows {}, which pairs {} fields with {}", shown(relation),
                     escaped(choices.front()), joins[0].from.size(), joins[0].to.size()));
  }
  return std::move(joins.front());
}

void set_pairs(const Relation& relation, const Model& left, const Model& right,
               const std::vector<FieldPair>& pairs, std::vector<std::size_t>& left_fields,
               std::vector<std::size_t>& right_fields) {
  for (const FieldPair& pair : pairs) {
    left_fields.push_back(field_named(relation, left, pair.left));
    right_fields.push_back(field_named(relation, right, pair.right));
  }
}

std::vector<FieldPair> pairs_of(const std::vector<std::string>& left,
                                const std::vector<std::string>& right) {
  std::vector<FieldPair> pairs;
  for (std::size_t i = 0; i < left.size() && i < right.size(); ++i)
    pairs.push_back({left[i], right[i]});
  return pairs;
}

bool has_reference(const Catalog& catalog, const Model& from,
                   const std::vector<std::size_t>& fields, const Model& to) {
  return std::any_of(
      from.info.references.begin(), from.info.references.end(), [&](const Reference& reference) {
        if (catalog.find(reference.model) != &to || reference.fields.size() != fields.size())
          return false;
        return std::all_of(
            reference.fields.begin(), reference.fields.end(), [&](const std::string& name) {
              const auto field = from.find_field(name);
              return field && std::find(fields.begin(), fields.end(), *field) != fields.end();
            });
      });
}

void resolve_through(const Catalog& catalog, Relation& relation) {
  relation.direction = Direction::association;
  std::vector<FieldPair> join = relation.info.join;
  std::vector<FieldPair> target_join = relation.info.target_join;
  if (join.empty()) {
    const Join found =
        single_join(catalog, relation, *relation.via, *relation.owner, relation.info.follow,
                    What::association_missing_side, What::association_ambiguous_side);
    join = pairs_of(found.to, found.from);
  }
  if (target_join.empty()) {
    const Join found =
        single_join(catalog, relation, *relation.via, *relation.target, relation.info.target_follow,
                    What::association_missing_side, What::association_ambiguous_side);
    target_join = pairs_of(found.from, found.to);
  }
  set_pairs(relation, *relation.owner, *relation.via, join, relation.owner_fields,
            relation.via_owner_fields);
  set_pairs(relation, *relation.via, *relation.target, target_join, relation.via_target_fields,
            relation.target_fields);
}

void resolve_direct(const Catalog& catalog, Relation& relation) {
  const Model& owner = *relation.owner;
  const Model& target = *relation.target;
  if (!relation.info.join.empty()) {
    set_pairs(relation, owner, target, relation.info.join, relation.owner_fields,
              relation.target_fields);
    const bool ours = has_reference(catalog, owner, relation.owner_fields, target);
    const bool theirs = has_reference(catalog, target, relation.target_fields, owner);
    // Without a reference to tell, a to-one whose target fields are unique is ours.
    const bool forward =
        ours != theirs ? ours : !relation.many() && target.unique(relation.target_fields);
    relation.direction = forward ? Direction::forward : Direction::reverse;
    return;
  }
  bool forward = !relation.many();
  if (forward && joins_between(catalog, owner, target).empty() &&
      !joins_between(catalog, target, owner).empty()) {
    forward = false;  // the far side of a one-to-one
  }
  const Model& from = forward ? owner : target;
  const Model& to = forward ? target : owner;
  const Join join = single_join(catalog, relation, from, to, relation.info.follow,
                                What::no_reference, What::ambiguous_reference);
  set_pairs(relation, owner, target,
            forward ? pairs_of(join.from, join.to) : pairs_of(join.to, join.from),
            relation.owner_fields, relation.target_fields);
  relation.direction = forward ? Direction::forward : Direction::reverse;
}

// Part of a composite key names several rows, so a to-one over it is no to-one.
void check_whole_key(const Relation& relation) {
  if (relation.direction != Direction::forward || relation.many()) return;
  const std::vector<std::size_t>& key = relation.target->key;
  if (key.size() < 2 || relation.target_fields.size() >= key.size()) return;
  if (relation.target->unique(relation.target_fields)) return;
  const bool part = std::all_of(
      relation.target_fields.begin(), relation.target_fields.end(),
      [&](std::size_t field) { return std::find(key.begin(), key.end(), field) != key.end(); });
  if (!part) return;
  fail(relation, What::partial_reference,
       fmt::format("{} names {} of the {} fields of {}'s key", shown(relation),
                   relation.target_fields.size(), key.size(), escaped(relation.target->name())));
}

// A typed field that promises a row cannot say that there is none.
void check_promise(const Relation& relation) {
  if (relation.info.target_type == nullptr || !relation.info.required ||
      relation.direction != Direction::forward) {
    return;
  }
  for (const std::size_t field : relation.owner_fields) {
    const FieldInfo& reference = relation.owner->fields()[field];
    if (!reference.nullable) continue;
    fail(relation, What::nullable_reference,
         fmt::format("{} promises a {}, and its reference {} may be NULL", shown(relation),
                     escaped(relation.target->name()), escaped(reference.name)));
  }
}

// A field that the related rows are ordered by: of the target, else of the association.
Order resolved_order(const Relation& relation, const RelatedOrder& declared) {
  Order order{0, declared.descending, declared.nulls, declared.of_link};
  if (declared.of_link && relation.via == nullptr) {
    fail(relation, What::association_missing_side,
         fmt::format("{} is ordered by '{}' of its association, and has none", shown(relation),
                     escaped(declared.field)));
  }
  if (declared.member == nullptr) {
    const Model& model = declared.of_link ? *relation.via : *relation.target;
    order.field = field_named(relation, model, declared.field, "is ordered by");
    return order;
  }
  for (const Model* model : {relation.target, relation.via}) {
    if (model == nullptr) continue;
    const auto& fields = model->fields();
    const auto found = std::ranges::find(fields, declared.member, &FieldInfo::member);
    if (found == fields.end()) continue;
    order.field = static_cast<std::size_t>(found - fields.begin());
    order.of_link = model != relation.target;
    return order;
  }
  fail(relation, What::unknown_field,
       fmt::format("{} is ordered by a member that the description of {} does not have",
                   shown(relation), escaped(relation.target->name())));
}

// What the declared order leaves equal is told apart by the keys, so that a limit means the same
// rows every time.
void resolve_order(Relation& relation) {
  const RelationInfo& info = relation.info;
  if (info.linked && relation.via == nullptr) {
    fail(relation, What::association_missing_side,
         fmt::format("{} is to load the rows of its association, and has none", shown(relation)));
  }
  if (info.order.empty() && info.limit == 0) return;
  for (const RelatedOrder& declared : info.order) {
    relation.order.push_back(resolved_order(relation, declared));
  }
  const auto add_key = [&](const Model& model, bool of_link) {
    for (const std::size_t field : model.key) {
      const bool there = std::ranges::any_of(relation.order, [&](const Order& order) {
        return order.field == field && order.of_link == of_link;
      });
      if (!there) relation.order.push_back({field, false, Nulls::by_default, of_link});
    }
  };
  add_key(*relation.target, false);
  if (relation.via != nullptr) add_key(*relation.via, true);
}

const Model& model_meant(const Catalog& catalog, const Relation& relation, std::string& name,
                         const void* type) {
  if (type == nullptr) return model_named(catalog, relation, name);
  const Model* found = catalog.find_type(type);
  if (found == nullptr) {
    fail(relation, What::unknown_model,
         fmt::format("{} leads to the type {}, which was not added to the models", shown(relation),
                     escaped(name)),
         {}, name);
  }
  name = found->name();
  return *found;
}

}  // namespace

std::vector<std::string> field_names(const Model& model) {
  std::vector<std::string> names;
  for (const FieldInfo& field : model.fields()) names.push_back(field.name);
  return names;
}

void relation(const Catalog& catalog, Relation& relation) {
  try {
    RelationInfo& info = relation.info;
    relation.target = &model_meant(catalog, relation, info.target, info.target_type);
    if (info.via.empty()) {
      resolve_direct(catalog, relation);
    } else {
      relation.via = &model_meant(catalog, relation, info.via, info.via_type);
      resolve_through(catalog, relation);
    }
    check_whole_key(relation);
    check_promise(relation);
    resolve_order(relation);
  } catch (Unresolved& unresolved) {
    relation.problem = std::move(unresolved.problem);
    relation.target = nullptr;
    relation.via = nullptr;
    relation.owner_fields.clear();
    relation.target_fields.clear();
    relation.via_owner_fields.clear();
    relation.via_target_fields.clear();
    relation.order.clear();
  }
}

}  // namespace ommi::resolve
