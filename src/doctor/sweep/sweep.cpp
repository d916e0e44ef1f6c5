#include "doctor/sweep.hpp"

#include <algorithm>
#include <deque>
#include <utility>

#include <fmt/format.h>

#include "doctor/sweep/checks.hpp"
#include "doctor/sweep/comparing.hpp"
#include "doctor/sweep/plan.hpp"

namespace doctor {

namespace {

using ommi::Comparison;
using ommi::ErrorCode;
using ommi::Model;

constexpr std::string_view unknown_collation =
    "compares by a collation that only the application has, so equality cannot be decided here";

/// What is to be done with the rows of one model.
struct ModelWork {
  std::vector<KeyTarget*> keys;
  std::vector<ReferenceCheck*> references;
  std::vector<OneToOneCheck*> one_to_ones;
  std::vector<AssociationCheck*> associations;
  std::vector<FieldCheck*> fields;

  template <class Visit>
  void each_check(Visit&& visit) const {
    for (auto* check : references) visit(*check);
    for (auto* check : one_to_ones) visit(*check);
    for (auto* check : associations) visit(*check);
    for (auto* check : fields) visit(*check);
  }
  template <class Visit>
  void each(Visit&& visit) const {
    for (auto* target : keys) visit(*target);
    each_check(visit);
  }
  /// Takes out what `gone` says.
  template <class Gone>
  void remove(Gone&& gone) {
    const auto of_pointer = [&](auto* work) { return gone(*work); };
    std::erase_if(keys, of_pointer);
    std::erase_if(references, of_pointer);
    std::erase_if(one_to_ones, of_pointer);
    std::erase_if(associations, of_pointer);
    std::erase_if(fields, of_pointer);
  }
  [[nodiscard]] bool has_checks() const {
    return !references.empty() || !one_to_ones.empty() || !associations.empty() || !fields.empty();
  }
};

class WorkVisitor final : public ommi::RowVisitor {
 public:
  explicit WorkVisitor(const ModelWork& work) : work_(work) {}
  bool row(Row cells) override {
    for (KeyTarget* target : work_.keys) target->row(cells);
    for (ReferenceCheck* check : work_.references) check->row(cells);
    for (OneToOneCheck* check : work_.one_to_ones) check->row(cells);
    for (AssociationCheck* check : work_.associations) check->row(cells);
    for (FieldCheck* check : work_.fields) check->row(cells);
    return true;
  }

 private:
  const ModelWork& work_;
};

class NoRows final : public ommi::RowVisitor {
 public:
  bool row(Row) override { return false; }
};

class Sweeper {
 public:
  Sweeper(const ommi::Database& database, const SweepOptions& options)
      : database_(database), options_(options) {}
  SweepResult run();

 private:
  KeyTarget& keys_of(const Model& model, const Fields& fields, std::vector<Comparison> rules);
  const KeyTarget* keys_under(const ReferenceSweep& reference, std::vector<Comparison> rules);
  void add(ReferenceSweep& reference);
  void add(OneToOneSweep& sweep);
  void add(AssociationSweep& sweep);
  std::string undecidable(const Model& model, const Fields& fields, std::string_view what);

  [[nodiscard]] bool waits(const ModelWork& work) const;
  void scan_all();
  void scan(const Model& model, ModelWork work);
  void fail_on_unread_targets(ModelWork& work);
  bool drop_missing_columns(const Model& model, ModelWork& work, std::vector<bool>& usable);

  const ommi::Database& database_;
  const SweepOptions& options_;
  SweepPlan plan_;
  SweepResult result_;
  std::deque<KeyTarget> targets_;
  std::deque<ReferenceCheck> references_;
  std::deque<OneToOneCheck> one_to_ones_;
  std::deque<AssociationCheck> associations_;
  std::deque<FieldCheck> fields_;
  std::vector<ModelWork> work_;  // beside the catalog's models
};

SweepResult Sweeper::run() {
  plan_ = plan_sweep(database_.catalog(), options_.only);
  work_.resize(database_.catalog().models().size());
  for (ReferenceSweep& reference : plan_.references) add(reference);
  for (OneToOneSweep& one_to_one : plan_.one_to_ones) add(one_to_one);
  for (AssociationSweep& association : plan_.associations) add(association);
  for (FieldSweep& field : plan_.fields) {
    work_[field.model->index].fields.push_back(&fields_.emplace_back(field, options_.samples));
  }
  scan_all();

  result_.references = std::move(plan_.references);
  result_.one_to_ones = std::move(plan_.one_to_ones);
  result_.associations = std::move(plan_.associations);
  for (std::size_t i = 0; i < plan_.fields.size(); ++i) {
    if (!fields_[i].failed()) result_.fields.push_back(std::move(plan_.fields[i]));
  }
  return std::move(result_);
}

KeyTarget& Sweeper::keys_of(const Model& model, const Fields& fields,
                            std::vector<Comparison> rules) {
  for (KeyTarget& target : targets_) {
    if (target.is(model, fields, rules)) return target;
  }
  KeyTarget& target = targets_.emplace_back(model, fields, std::move(rules));
  work_[model.index].keys.push_back(&target);
  return target;
}

/// The target's keys under `rules`, or null where these find the same values equal as its own.
const KeyTarget* Sweeper::keys_under(const ReferenceSweep& reference,
                                     std::vector<Comparison> rules) {
  const auto own = reference.target->comparisons(reference.target_fields);
  if (std::equal(own.begin(), own.end(), rules.begin(), rules.end(), same_equality)) return nullptr;
  return &keys_of(*reference.target, reference.target_fields, std::move(rules));
}

/// Why equality of these fields cannot be decided, noted as left undone; empty if it can be.
std::string Sweeper::undecidable(const Model& model, const Fields& fields, std::string_view what) {
  for (const std::size_t field : fields) {
    const ommi::FieldInfo& info = model.fields()[field];
    if (info.comparison.decidable()) continue;
    std::string why = fmt::format("{}.{} {}", model.name(), info.name, unknown_collation);
    const auto same = [&](const Skipped& known) { return known.what == what && known.why == why; };
    if (std::none_of(result_.skipped.begin(), result_.skipped.end(), same)) {
      result_.skipped.push_back({std::string(what), why});
    }
    return why;
  }
  return {};
}

void Sweeper::add(ReferenceSweep& reference) {
  const std::string what = reference.relations.front()->name();
  reference.unchecked = undecidable(*reference.target, reference.target_fields, what);
  if (!reference.unchecked.empty()) return;
  const auto own = reference.target->comparisons(reference.target_fields);
  const KeyTarget* join = nullptr;
  const KeyTarget* reverse = nullptr;
  if (undecidable(*reference.model, reference.fields, what).empty()) {
    const auto referring = reference.model->comparisons(reference.fields);
    std::vector<Comparison> rules;
    for (std::size_t part = 0; part < own.size(); ++part) {
      rules.push_back(joined(referring[part], own[part]));
    }
    join = keys_under(reference, std::move(rules));
    const auto& relations = reference.relations;
    if (std::any_of(relations.begin(), relations.end(), [](const ommi::Relation* relation) {
          return relation->direction != ommi::Direction::forward;
        })) {
      reverse = keys_under(reference, referring);
    }
  }
  const KeyTarget& target = keys_of(*reference.target, reference.target_fields, own);
  work_[reference.model->index].references.push_back(
      &references_.emplace_back(reference, target, join, reverse, options_.samples));
}

void Sweeper::add(OneToOneSweep& sweep) {
  const ommi::Relation& relation = *sweep.relation;
  sweep.unchecked = undecidable(*relation.target, relation.target_fields, relation.name());
  if (!sweep.unchecked.empty()) return;
  work_[relation.target->index].one_to_ones.push_back(
      &one_to_ones_.emplace_back(sweep, options_.samples));
}

void Sweeper::add(AssociationSweep& sweep) {
  const ommi::Relation& relation = *sweep.relation;
  for (const auto& [model, fields] : {std::pair(relation.owner, &relation.owner_fields),
                                      std::pair(relation.target, &relation.target_fields),
                                      std::pair(relation.via, &relation.via_owner_fields),
                                      std::pair(relation.via, &relation.via_target_fields)}) {
    if (sweep.unchecked.empty()) sweep.unchecked = undecidable(*model, *fields, relation.name());
  }
  if (!sweep.unchecked.empty()) return;
  const KeyTarget& owners = keys_of(*relation.owner, relation.owner_fields,
                                    relation.owner->comparisons(relation.owner_fields));
  const KeyTarget& targets = keys_of(*relation.target, relation.target_fields,
                                     relation.target->comparisons(relation.target_fields));
  work_[relation.via->index].associations.push_back(
      &associations_.emplace_back(sweep, owners, targets, options_.samples));
}

/// Whether a check of these rows needs keys that are not there yet.
bool Sweeper::waits(const ModelWork& work) const {
  bool waiting = false;
  work.each_check([&](const auto& check) {
    for (const KeyTarget* target : check.targets()) waiting = waiting || !target->ready();
  });
  return waiting;
}

// Referenced tables first, so that one scan serves a table both as target and as referrer. A cycle
// or a self reference is cut by reading the keys of one table alone.
void Sweeper::scan_all() {
  const auto& models = database_.catalog().models();
  std::vector<const Model*> left;
  for (const Model& model : models) {
    if (work_[model.index].has_checks() || !work_[model.index].keys.empty()) left.push_back(&model);
  }
  while (!left.empty()) {
    const auto next = std::find_if(left.begin(), left.end(),
                                   [&](const Model* model) { return !waits(work_[model->index]); });
    if (next != left.end()) {
      scan(**next, work_[(*next)->index]);
      left.erase(next);
      continue;
    }
    const auto cut = std::find_if(left.begin(), left.end(), [&](const Model* model) {
      return !work_[model->index].keys.empty();
    });
    ModelWork keys_only;
    keys_only.keys = std::move(work_[(*cut)->index].keys);
    work_[(*cut)->index].keys.clear();
    scan(**cut, std::move(keys_only));
  }
}

void Sweeper::fail_on_unread_targets(ModelWork& work) {
  work.remove([](auto& check) {
    if constexpr (requires { check.targets(); }) {
      for (const KeyTarget* target : check.targets()) {
        if (target->failure().empty()) continue;
        check.fail(target->failure());
        return true;
      }
    }
    return false;
  });
}

void Sweeper::scan(const Model& model, ModelWork work) {
  fail_on_unread_targets(work);
  if (options_.progress) options_.progress(model.info.table());
  std::vector<bool> usable(model.fields().size(), true);
  for (bool again = true; again;) {
    again = false;
    ScanColumns columns(model);
    work.each([&](auto& part) { part.bind(columns); });
    if (columns.fields().empty()) return;
    if (work.has_checks()) columns.add_naming_fields(usable);

    WorkVisitor visitor(work);
    const auto scanned = database_.scan({model.info.table(), columns.names()}, visitor);
    if (scanned) {
      work.each([&](auto& part) { part.finish(columns); });
      if (work.has_checks()) result_.rows_swept += scanned.value();
      return;
    }
    const ommi::Failure& failure = *scanned.failure();
    if (failure.code() == ErrorCode::missing_column) {
      again = drop_missing_columns(model, work, usable);
      if (again) continue;
    }
    work.each([&](auto& part) { part.fail(failure.message()); });
    // A missing table or column is a finding, not a part of the run left undone.
    if (failure.code() != ErrorCode::missing_table && failure.code() != ErrorCode::missing_column) {
      result_.skipped.push_back({"table " + model.info.table(), failure.message()});
    }
  }
}

/// Finds the fields without a column and fails what reads them; false if there are none.
bool Sweeper::drop_missing_columns(const Model& model, ModelWork& work, std::vector<bool>& usable) {
  std::vector<std::string> reasons(model.fields().size());
  bool found = false;
  for (std::size_t field = 0; field < usable.size(); ++field) {
    if (!usable[field]) continue;
    NoRows nothing;
    const auto probed =
        database_.scan({model.info.table(), {model.fields()[field].column()}}, nothing);
    if (probed || probed.failure()->code() != ErrorCode::missing_column) continue;
    usable[field] = false;
    reasons[field] = probed.failure()->message();
    found = true;
  }
  work.remove([&](auto& part) {
    for (const std::size_t field : part.fields()) {
      if (usable[field]) continue;
      part.fail(reasons[field]);
      return true;
    }
    return false;
  });
  return found;
}

}  // namespace

SweepResult sweep(const ommi::Database& database, const SweepOptions& options) {
  return Sweeper(database, options).run();
}

}  // namespace doctor
