#include "doctor/sources/inference_candidates.hpp"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "doctor/sources/drafts.hpp"
#include "doctor/sources/words.hpp"

namespace doctor::sources {
namespace {

using ommi::FieldInfo;
using ommi::ModelInfo;

enum class Class { none, number, text, any };

Class class_of(const FieldInfo& field) {
  switch (field.type) {
    case ommi::Type::integer:
    case ommi::Type::numeric:
      return Class::number;
    case ommi::Type::text:
      return Class::text;
    case ommi::Type::any:
      return Class::any;
    default:
      return Class::none;  // nobody names rows by dates, flags or fractions
  }
}

// Only ordinary tables are read: a view or a virtual table runs code.
bool is_readable(const ommi::Schema& schema, const ModelInfo& model) {
  const ommi::Table* table = schema.find_table(model.table());
  return table != nullptr && table->kind == ommi::TableKind::table;
}

bool is_stored(const ommi::Schema& schema, const ModelInfo& model, const FieldInfo& field) {
  const ommi::Table* table = schema.find_table(model.table());
  const ommi::Column* column = table == nullptr ? nullptr : table->find_column(field.column());
  return column != nullptr && !column->generated;
}

void add_key(std::vector<KeySet>& keys, const ommi::Schema& schema, const ModelInfo& model,
             const std::vector<std::string>& names, bool primary) {
  std::vector<const FieldInfo*> fields;
  std::vector<ommi::Comparison> rules;
  bool decidable = true;
  for (const std::string& name : names) {
    const FieldInfo* field = find_field(model, name);
    if (field == nullptr || class_of(*field) == Class::none) return;
    if (!is_stored(schema, model, *field)) return;
    fields.push_back(field);
    rules.push_back(field->comparison);
    decidable = decidable && field->comparison.decidable();
  }
  KeySet set{&model, std::move(fields), primary, KeyMembers(std::move(rules))};
  set.unread = !decidable;
  keys.push_back(std::move(set));
}

bool has_declared_reference(const ModelInfo& model, const std::string& field) {
  return std::any_of(
      model.references.begin(), model.references.end(),
      [&](const ommi::Reference& reference) { return contains_all(reference.fields, {field}); });
}

// Whether the column says that it holds keys, of whatever table.
bool looks_like_reference(const FieldInfo& field) {
  const Stem stem = stem_of(field.column());
  return !stem.suffix.empty() && !stem.words.empty();
}

// `owner_id` beside a text `owner_type` names rows of several tables.
bool is_polymorphic(const ModelInfo& model, const FieldInfo& field) {
  const Stem stem = stem_of(field.column());
  if (stem.suffix.empty() || stem.words.empty()) return false;
  return std::any_of(model.fields.begin(), model.fields.end(), [&](const FieldInfo& other) {
    return class_of(other) != Class::number && snake_case(other.column()) == stem.words + "_type";
  });
}

// Whether another table's name is the beginning of this one's (`views`, `views_section`): then a
// plain `parent` is as likely to be that table's.
bool is_part_of_another(const Draft& draft, const ModelInfo& model) {
  const std::string words = table_words(model.table());
  return std::any_of(draft.models.begin(), draft.models.end(), [&](const ModelInfo& other) {
    const std::string owner = table_words(other.table());
    return !owner.empty() &&
           (words.starts_with(owner + "_") || words.starts_with(singular(owner) + "_"));
  });
}

/// Collects the candidates of one column after the other.
class Collector {
 public:
  Collector(Draft& draft, const ommi::Schema& schema, std::vector<KeySet>& keys)
      : draft_(draft), schema_(schema), keys_(keys) {}

  void add_columns(const ModelInfo& model);
  void add_composites(const ModelInfo& model);
  [[nodiscard]] std::vector<Child> take() && { return std::move(children_); }

 private:
  void add(Child child);
  [[nodiscard]] bool is_usable(const ModelInfo& model, const FieldInfo& field) const;
  void note_undecidable(const KeySet& set);

  Draft& draft_;
  const ommi::Schema& schema_;
  std::vector<KeySet>& keys_;
  std::vector<Child> children_;
  std::set<const KeySet*> noted_;
};

bool Collector::is_usable(const ModelInfo& model, const FieldInfo& field) const {
  return class_of(field) != Class::none && field.comparison.decidable() &&
         is_stored(schema_, model, field) && !has_declared_reference(model, field.name);
}

void Collector::note_undecidable(const KeySet& set) {
  if (!set.unread || !noted_.insert(&set).second) return;
  draft_.notes.push_back(
      fmt::format("no undeclared references to {} are looked for: its key has a collation that "
                  "only the application knows",
                  ommi::escaped(set.model->name)));
}

void Collector::add(Child child) {
  if (child.candidates.empty()) return;
  for (const Candidate& candidate : child.candidates) {
    keys_[candidate.key].wanted = !keys_[candidate.key].unread;
    note_undecidable(keys_[candidate.key]);
  }
  children_.push_back(std::move(child));
}

void Collector::add_columns(const ModelInfo& model) {
  const std::vector<std::string> own_key = key_of(model);
  for (const FieldInfo& field : model.fields) {
    if (!is_usable(model, field)) continue;
    const bool names_own_row = own_key.size() == 1 && field.key;
    const bool polymorphic = is_polymorphic(model, field);
    const bool by_values = !names_own_row && !polymorphic && looks_like_reference(field);
    Child child{&model, {&field}, {}, ommi::KeyIndex({field.comparison})};
    for (std::size_t number = 0; number < keys_.size(); ++number) {
      const KeySet& set = keys_[number];
      if (set.fields.size() != 1 || set.fields[0] == &field) continue;
      NameFit name = fit_by_name(model, field, *set.model, *set.fields[0], set.primary);
      if (polymorphic || (name.why == is_a_parent && is_part_of_another(draft_, model))) {
        name.score = std::min(name.score, 0.75);
      }
      // A row's own key is a reference as well only where its name says whose.
      if (names_own_row && name.why != "names") continue;
      const bool alike = class_of(field) == class_of(*set.fields[0]);
      if (name.score == 0 && (!by_values || !alike || set.unread)) continue;
      child.candidates.push_back({number, std::move(name)});
    }
    add(std::move(child));
  }
}

// The columns of a composite key, under the same names in another table. Where they are that
// table's key too, nothing tells which of the two refers to the other.
void Collector::add_composites(const ModelInfo& model) {
  const std::vector<std::string> own_key = key_of(model);
  for (std::size_t number = 0; number < keys_.size(); ++number) {
    const KeySet& set = keys_[number];
    if (set.fields.size() < 2 || set.model == &model) continue;
    Child child{&model, {}, {}, ommi::KeyIndex({})};
    std::vector<std::string> names;
    std::vector<ommi::Comparison> rules;
    for (const FieldInfo* part : set.fields) {
      const FieldInfo* field = find_field(model, part->column());
      const bool says_nothing = stem_of(part->column()).words.empty();
      if (field == nullptr || says_nothing || !is_usable(model, *field)) break;
      child.fields.push_back(field);
      names.push_back(field->name);
      rules.push_back(field->comparison);
    }
    if (child.fields.size() != set.fields.size() || same_set(names, own_key)) continue;
    child.distinct = ommi::KeyIndex(std::move(rules));
    child.candidates.push_back({number, {0.95, "have the names of the key of"}});
    add(std::move(child));
  }
}

}  // namespace

double type_agreement(const FieldInfo& field, const FieldInfo& key) {
  const Class left = class_of(field);
  const Class right = class_of(key);
  if (left == Class::none || right == Class::none) return 0;
  if (left == right) return 1;
  return left == Class::any || right == Class::any ? 0.95 : 0.85;
}

std::vector<KeySet> collect_keys(const Draft& draft, const ommi::Schema& schema) {
  std::vector<KeySet> keys;
  for (const ModelInfo& model : draft.models) {
    if (!is_readable(schema, model)) continue;
    const std::vector<std::string> key = key_of(model);
    if (!key.empty()) add_key(keys, schema, model, key, true);
    for (const std::vector<std::string>& set : model.unique_sets) {
      if (set.size() == 1) add_key(keys, schema, model, set, false);
    }
  }
  return keys;
}

std::vector<Child> collect_children(Draft& draft, const ommi::Schema& schema,
                                    std::vector<KeySet>& keys,
                                    const std::vector<std::string>& described) {
  Collector collector(draft, schema, keys);
  for (const ModelInfo& model : draft.models) {
    if (!is_readable(schema, model) || contains_all(described, {model.table()})) continue;
    collector.add_columns(model);
    collector.add_composites(model);
  }
  return std::move(collector).take();
}

}  // namespace doctor::sources
