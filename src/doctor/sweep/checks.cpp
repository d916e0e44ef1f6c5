#include "doctor/sweep/checks.hpp"

namespace doctor {

namespace {

/// The cells at `places` as a key; false if a part is NULL.
bool gather(Row row, const Fields& places, std::vector<ommi::Cell>& key) {
  key.clear();
  for (const std::size_t place : places) {
    if (row[place].is_null()) return false;
    key.push_back(row[place]);
  }
  return true;
}

/// As a default-constructed one, but about the same thing.
template <class Sweep, class Keep>
void clear(Sweep& sweep, const std::string& reason, Keep&& keep) {
  Sweep fresh;
  keep(sweep, fresh);
  fresh.unchecked = reason;
  sweep = std::move(fresh);
}

std::vector<ommi::Comparison> pair_rules(const ommi::Relation& relation) {
  std::vector<ommi::Comparison> rules = relation.via->comparisons(relation.via_owner_fields);
  for (const auto& rule : relation.via->comparisons(relation.via_target_fields)) {
    rules.push_back(rule);
  }
  return rules;
}

}  // namespace

void KeyTarget::row(Row row) {
  if (gather(row, places_, key_)) keys_.add(key_);
}

void KeyTarget::fail(const std::string& reason) {
  failure_ = reason;
  ready_ = true;
}

ReferenceCheck::ReferenceCheck(ReferenceSweep& result, const KeyTarget& looked_up,
                               const KeyTarget* joined, const KeyTarget* reverse,
                               std::size_t samples)
    : result_(&result),
      looked_up_(&looked_up),
      joined_(joined),
      reverse_(reverse),
      dangling_values_(result.target->comparisons(result.target_fields)),
      nulls_(samples),
      danglings_(samples),
      differing_(samples) {}

std::vector<const KeyTarget*> ReferenceCheck::targets() const {
  std::vector<const KeyTarget*> targets = {looked_up_};
  if (joined_ != nullptr) targets.push_back(joined_);
  if (reverse_ != nullptr) targets.push_back(reverse_);
  return targets;
}

void ReferenceCheck::row(Row row) {
  ++result_->rows;
  if (!gather(row, places_, key_)) {
    ++result_->nulls;
    nulls_.take(row);
    return;
  }
  if (!looked_up_->keys().contains(key_)) {
    ++result_->dangling;
    if (dangling_values_.insert(key_)) ++result_->distinct_dangling;
    danglings_.take(row);
  }
  if (join_differs()) {
    ++result_->join_differs;
    differing_.take(row);
  }
}

// Not only whether a row is found: under the coarser of two rules one value can name several.
bool ReferenceCheck::join_differs() const {
  if (joined_ == nullptr && reverse_ == nullptr) return false;
  const unsigned found = looked_up_->keys().count(key_);
  if (joined_ != nullptr && joined_->keys().count(key_) != found) return true;
  return reverse_ != nullptr && reverse_->keys().count(key_) != found;
}

void ReferenceCheck::finish(const ScanColumns& columns) {
  result_->null_samples = nulls_.samples(columns, result_->fields);
  result_->dangling_samples = danglings_.samples(columns, result_->fields);
  result_->join_samples = differing_.samples(columns, result_->fields);
}

void ReferenceCheck::fail(const std::string& reason) {
  clear(*result_, reason, [](ReferenceSweep& from, ReferenceSweep& to) {
    to.model = from.model;
    to.target = from.target;
    to.fields = from.fields;
    to.target_fields = from.target_fields;
    to.origin = from.origin;
    to.relations = from.relations;
  });
}

OneToOneCheck::OneToOneCheck(OneToOneSweep& result, std::size_t samples)
    : result_(&result),
      owners_(result.relation->target->comparisons(result.relation->target_fields)),
      repeated_(samples) {}

void OneToOneCheck::row(Row row) {
  ++result_->rows;
  if (!gather(row, places_, key_)) return;
  const KeyTally::Seen seen = owners_.add(key_);
  if (seen == KeyTally::Seen::first) return;
  ++result_->surplus;
  if (seen == KeyTally::Seen::second) ++result_->repeated;
  repeated_.take(row);
}

void OneToOneCheck::finish(const ScanColumns& columns) {
  result_->samples = repeated_.samples(columns, fields());
}

void OneToOneCheck::fail(const std::string& reason) {
  clear(*result_, reason,
        [](OneToOneSweep& from, OneToOneSweep& to) { to.relation = from.relation; });
}

AssociationCheck::AssociationCheck(AssociationSweep& result, const KeyTarget& owners,
                                   const KeyTarget& targets, std::size_t samples)
    : result_(&result),
      owners_(&owners),
      targets_(&targets),
      pairs_(pair_rules(*result.relation)),
      nulls_(samples),
      missing_owners_(samples),
      missing_targets_(samples),
      repeated_(samples) {}

Fields AssociationCheck::fields() const {
  Fields fields = result_->relation->via_owner_fields;
  const Fields& others = result_->relation->via_target_fields;
  fields.insert(fields.end(), others.begin(), others.end());
  return fields;
}

void AssociationCheck::bind(ScanColumns& columns) {
  owner_places_ = columns.places(result_->relation->via_owner_fields);
  target_places_ = columns.places(result_->relation->via_target_fields);
}

void AssociationCheck::row(Row row) {
  ++result_->rows;
  const bool owner_set = gather(row, owner_places_, owner_key_);
  const bool target_set = gather(row, target_places_, target_key_);
  if (owner_set && !owners_->keys().contains(owner_key_)) {
    ++result_->missing_owner;
    missing_owners_.take(row);
  }
  if (target_set && !targets_->keys().contains(target_key_)) {
    ++result_->missing_target;
    missing_targets_.take(row);
  }
  if (!owner_set || !target_set) {
    ++result_->null_part;
    nulls_.take(row);
    return;
  }
  owner_key_.insert(owner_key_.end(), target_key_.begin(), target_key_.end());
  const KeyTally::Seen seen = pairs_.add(owner_key_);
  if (seen == KeyTally::Seen::first) return;
  ++result_->surplus;
  if (seen == KeyTally::Seen::second) ++result_->repeated_pairs;
  repeated_.take(row);
}

void AssociationCheck::finish(const ScanColumns& columns) {
  const Fields shown = fields();
  result_->null_samples = nulls_.samples(columns, shown);
  result_->missing_owner_samples = missing_owners_.samples(columns, shown);
  result_->missing_target_samples = missing_targets_.samples(columns, shown);
  result_->repeated_samples = repeated_.samples(columns, shown);
}

void AssociationCheck::fail(const std::string& reason) {
  clear(*result_, reason,
        [](AssociationSweep& from, AssociationSweep& to) { to.relation = from.relation; });
}

void FieldCheck::row(Row row) {
  ++result_->rows;
  const ommi::Kind kind = row[place_].kind;
  ++result_->by_kind[static_cast<std::size_t>(kind)];
  if (ommi::accepts(result_->model->fields()[result_->field].type, kind)) return;
  ++result_->unacceptable;
  samples_.take(row);
}

void FieldCheck::finish(const ScanColumns& columns) {
  result_->samples = samples_.samples(columns, fields());
}

}  // namespace doctor
