/// \file
/// Relationships out of references, named as a person would name them.
///
/// A reference gives a to-one on its own side (`Post.author` from `author_id`) and a to-many on the
/// other (`User.posts`), or a to-one there too when at most one row can refer (`User.profile`). A
/// table that only links two others gives neither to-many: each side gets the other through it
/// (`User.permissions`). Names are never taken twice within a model, nor those of its fields.

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "doctor/sources/drafts.hpp"
#include "doctor/sources/words.hpp"

namespace doctor {
namespace {

using ommi::Cardinality;
using ommi::ModelInfo;
using ommi::Reference;
using ommi::RelationInfo;
using sources::same_name;

std::vector<ommi::FieldPair> pairs(const std::vector<std::string>& left,
                                   const std::vector<std::string>& right) {
  std::vector<ommi::FieldPair> result;
  for (std::size_t at = 0; at < std::min(left.size(), right.size()); ++at) {
    result.push_back({left[at], right[at]});
  }
  return result;
}

bool is_taken(const ModelInfo& model, const std::string& name) {
  return name.empty() || sources::find_field(model, name) != nullptr ||
         std::any_of(model.relations.begin(), model.relations.end(),
                     [&](const RelationInfo& other) { return same_name(other.name, name); });
}

std::string free_name(const ModelInfo& model, const std::vector<std::string>& wishes) {
  for (const std::string& wish : wishes) {
    if (!is_taken(model, wish)) return wish;
  }
  const std::string base = wishes.back().empty() ? "related" : wishes.back();
  std::string name = base;
  for (unsigned number = 2; is_taken(model, name); ++number) {
    name = fmt::format("{}_{}", base, number);
  }
  return name;
}

bool same_join(const std::vector<ommi::FieldPair>& left,
               const std::vector<ommi::FieldPair>& right) {
  return std::is_permutation(left.begin(), left.end(), right.begin(), right.end(),
                             [](const ommi::FieldPair& a, const ommi::FieldPair& b) {
                               return same_name(a.left, b.left) && same_name(a.right, b.right);
                             });
}

// Whether `other` is `relation`, or does not say what it joins and so may be.
bool may_be(const RelationInfo& other, const RelationInfo& relation) {
  if (other.join.empty()) return other.follow.empty() || other.follow == relation.follow;
  return same_join(other.join, relation.join);
}

bool is_there(const ModelInfo& model, const RelationInfo& relation) {
  return std::any_of(model.relations.begin(), model.relations.end(),
                     [&](const RelationInfo& other) {
                       return other.cardinality == relation.cardinality &&
                              same_name(other.target, relation.target) &&
                              same_name(other.via, relation.via) && may_be(other, relation);
                     });
}

// What the referring field says about the row it names: "author" of `author_id`.
std::string role_of(const std::string& field, const std::string& target) {
  const sources::Stem stem = sources::stem_of(field);
  if (!stem.suffix.empty()) return stem.words;
  const std::string one = sources::singular(sources::table_words(target));
  std::string joined = one;
  joined.erase(std::remove(joined.begin(), joined.end(), '_'), joined.end());
  const std::string unseparated =
      sources::unseparated_stem(field, {one, sources::table_words(target), joined, "parent"});
  return unseparated.empty() ? stem.words : unseparated;
}

std::string role_of(const Reference& reference) {
  if (reference.fields.size() == 1) {
    const std::string role = role_of(reference.fields.front(), reference.model);
    if (!role.empty()) return role;
  }
  std::string joined;
  for (const std::string& field : reference.fields) {
    joined += (joined.empty() ? "" : "_") + sources::snake_case(field);
  }
  return joined;
}

/// A model that does nothing but link two others.
struct Association {
  ModelInfo* link;
  std::array<const Reference*, 2> sides;
};

class Namer {
 public:
  explicit Namer(Draft& draft) : draft_(draft) {}

  void run() {
    find_associations();
    for (ModelInfo& model : draft_.models) {
      for (const Reference& reference : model.references) add_forward(model, reference);
    }
    for (const Association& association : associations_) {
      add_through(association, 0);
      add_through(association, 1);
    }
    for (ModelInfo& model : draft_.models) {
      if (is_association(model)) continue;
      for (const Reference& reference : model.references) add_reverse(model, reference);
    }
  }

 private:
  [[nodiscard]] bool is_open(const ModelInfo& model) const {
    return std::find(draft_.closed.begin(), draft_.closed.end(), model.name) == draft_.closed.end();
  }

  [[nodiscard]] bool is_association(const ModelInfo& model) const {
    return std::any_of(associations_.begin(), associations_.end(),
                       [&](const Association& one) { return one.link == &model; });
  }

  void add(ModelInfo& model, RelationInfo relation, const std::vector<std::string>& wishes) {
    if (!is_open(model) || is_there(model, relation)) return;
    relation.name = free_name(model, wishes);
    model.relations.push_back(std::move(relation));
  }

  void add_forward(ModelInfo& model, const Reference& reference);
  void add_reverse(const ModelInfo& model, const Reference& reference);
  void add_through(const Association& association, std::size_t side);
  void find_associations();
  [[nodiscard]] bool is_referred_to(const ModelInfo& model) const;
  [[nodiscard]] bool links_only(const ModelInfo& model) const;

  Draft& draft_;
  std::vector<Association> associations_;
};

RelationInfo relation_along(const Reference& reference) {
  RelationInfo relation;
  relation.origin = reference.origin;
  relation.confidence = reference.confidence;
  relation.place = reference.place;
  return relation;
}

void Namer::add_forward(ModelInfo& model, const Reference& reference) {
  RelationInfo relation = relation_along(reference);
  relation.target = reference.model;
  relation.join = pairs(reference.fields, reference.target_fields);
  if (relation.join.empty()) relation.follow = reference.fields;  // to a table without a key
  relation.required =
      std::all_of(reference.fields.begin(), reference.fields.end(), [&](const std::string& name) {
        const ommi::FieldInfo* field = sources::find_field(model, name);
        return field != nullptr && !field->nullable;
      });
  const std::string target = sources::singular(sources::table_words(reference.model));
  const std::string role = role_of(reference);
  const auto siblings = std::count_if(
      model.references.begin(), model.references.end(),
      [&](const Reference& other) { return sources::same_name(other.model, reference.model); });
  if (reference.fields.size() == 1) {
    const std::string column = sources::snake_case(reference.fields[0]);
    std::vector<std::string> wishes = {role};
    if (siblings == 1) wishes.push_back(target);
    if (column != target) wishes.push_back(fmt::format("{}_{}", column, target));
    wishes.push_back(column + "_row");
    add(model, std::move(relation), wishes);
  } else {
    add(model, std::move(relation), {target, fmt::format("{}_by_{}", target, role)});
  }
}

void Namer::add_reverse(const ModelInfo& model, const Reference& reference) {
  ModelInfo* target = sources::find_model(draft_.models, reference.model);
  if (target == nullptr || reference.target_fields.empty()) return;
  RelationInfo relation = relation_along(reference);
  const bool single = sources::are_unique(model, reference.fields);
  relation.cardinality = single ? Cardinality::one : Cardinality::many;
  relation.target = model.name;
  relation.join = pairs(reference.target_fields, reference.fields);

  const std::string words = sources::table_words(model.name);
  const std::string base = single ? sources::singular(words) : sources::plural(words);
  const std::string role = role_of(reference);
  const std::string with_role = fmt::format("{}_by_{}", base, role);
  const auto siblings =
      std::count_if(model.references.begin(), model.references.end(), [&](const Reference& other) {
        return sources::find_model(draft_.models, other.model) == target;
      });
  std::vector<std::string> wishes;
  if (target == &model && !single && sources::parent_like(role)) wishes.push_back("children");
  if (siblings == 1) wishes.push_back(base);
  wishes.push_back(with_role);
  add(*target, std::move(relation), wishes);
}

// From one side's model through the link to the other's.
void Namer::add_through(const Association& association, std::size_t side) {
  const Reference& near = *association.sides[side];
  const Reference& far = *association.sides[1 - side];
  ModelInfo* owner = sources::find_model(draft_.models, near.model);
  const ModelInfo* target = sources::find_model(draft_.models, far.model);
  RelationInfo relation = relation_along(near.confidence <= far.confidence ? near : far);
  relation.cardinality = Cardinality::many;
  relation.target = target->name;
  relation.via = association.link->name;
  relation.join = pairs(near.target_fields, near.fields);
  relation.target_join = pairs(far.fields, far.target_fields);

  const std::string base = sources::plural(sources::table_words(target->name));
  const std::string link = sources::snake_case(association.link->name);
  std::vector<std::string> wishes;
  if (owner != target) {
    wishes.push_back(base);
    wishes.push_back(fmt::format("{}_via_{}", base, link));
  } else {
    wishes.push_back(fmt::format("{}_by_{}", base, role_of(near)));
    wishes.push_back(fmt::format("{}_via_{}_by_{}", base, link, role_of(near)));
  }
  add(*owner, std::move(relation), wishes);
}

bool Namer::is_referred_to(const ModelInfo& model) const {
  for (const ModelInfo& other : draft_.models) {
    for (const Reference& reference : other.references) {
      if (sources::find_model(draft_.models, reference.model) == &model) return true;
    }
  }
  return false;
}

// Whether rows of the model are pairs and nothing else: no two rows can hold the same pair, or they
// hold nothing beside it. A row that others refer to is a thing of its own, unless its pair is what
// names it.
bool Namer::links_only(const ModelInfo& model) const {
  std::vector<std::string> both = model.references[0].fields;
  const std::vector<std::string>& second = model.references[1].fields;
  both.insert(both.end(), second.begin(), second.end());
  const std::vector<std::string> key = sources::key_of(model);
  if (!key.empty() && sources::same_set(key, both)) return true;
  for (const std::vector<std::string>& set : model.unique_sets) {
    if (sources::same_set(set, both)) return true;
  }
  const bool surrogate = key.size() == 1 && !sources::contains_all(both, key);
  for (const ommi::FieldInfo& field : model.fields) {
    const bool is_surrogate = surrogate && field.key;
    if (!is_surrogate && !sources::contains_all(both, {field.name})) return false;
  }
  return !is_referred_to(model);
}

void Namer::find_associations() {
  for (ModelInfo& model : draft_.models) {
    if (model.references.size() != 2) continue;
    const Reference& first = model.references[0];
    const Reference& second = model.references[1];
    const bool distinct = !sources::contains_all(first.fields, second.fields) &&
                          !sources::contains_all(second.fields, first.fields);
    const bool known = !first.target_fields.empty() && !second.target_fields.empty();
    const ModelInfo* left = sources::find_model(draft_.models, first.model);
    const ModelInfo* right = sources::find_model(draft_.models, second.model);
    const bool others = left != nullptr && right != nullptr && left != &model && right != &model;
    if (distinct && known && others && links_only(model)) {
      associations_.push_back({&model, {&first, &second}});
    }
  }
}

}  // namespace

void name_relationships(Draft& draft) { Namer(draft).run(); }

}  // namespace doctor
