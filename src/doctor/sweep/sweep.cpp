#include "doctor/sweep.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "doctor/sweep/comparing.hpp"
#include "doctor/sweep/sweeper.hpp"

namespace doctor {

namespace {

using ommi::Comparison;
using ommi::ErrorCode;
using ommi::Model;

constexpr std::string_view unknown_collation =
    "compares by a collation that only the application has, so equality cannot be decided here";

// Pages, cells and samples take their part of the memory, too.
constexpr std::uint64_t kept_for_reading = std::uint64_t{24} << 20U;

std::uint64_t memory_for_keys(std::uint64_t memory) {
  return memory - std::min(kept_for_reading, memory / 4);
}

void forget_numbers(AssociationSweep& sweep) {
  AssociationSweep fresh;
  fresh.relation = sweep.relation;
  fresh.unchecked = std::move(sweep.unchecked);
  sweep = std::move(fresh);
}

}  // namespace

Sweeper::Sweeper(const ommi::Database& database, const SweepOptions& options)
    : database_(database),
      options_(options),
      scanner_(database, options),
      budget_(memory_for_keys(options.memory_bytes)) {}

SweepResult Sweeper::run() {
  plan();
  if (scanner_.progress().wanted()) estimate();
  scan_all();
  do_deferred();

  for (AssociationSweep& association : plan_.associations) {
    if (!association.unchecked.empty()) forget_numbers(association);
  }
  result_.references = std::move(plan_.references);
  result_.one_to_ones = std::move(plan_.one_to_ones);
  result_.associations = std::move(plan_.associations);
  for (std::size_t i = 0; i < plan_.fields.size(); ++i) {
    if (!fields_[i].failed()) result_.fields.push_back(std::move(plan_.fields[i]));
  }
  return std::move(result_);
}

void Sweeper::plan() {
  const auto& models = database_.catalog().models();
  plan_ = plan_sweep(database_.catalog(), options_.only);
  work_.resize(models.size());
  expected_.resize(models.size());
  missing_.resize(models.size());
  swept_.resize(models.size());
  for (ReferenceSweep& reference : plan_.references) add(reference);
  for (OneToOneSweep& one_to_one : plan_.one_to_ones) add(one_to_one);
  for (AssociationSweep& association : plan_.associations) add(association);
  for (FieldSweep& field : plan_.fields) {
    work_[field.model->index].checks.push_back(&fields_.emplace_back(field, options_.samples));
  }
}

/// How many rows there may be, for who wants to see how far it is.
void Sweeper::estimate() {
  for (const Model& model : database_.catalog().models()) {
    if (work_[model.index].empty()) continue;
    const auto range = database_.row_range(model.info.table());
    if (!range || !range.value()) continue;
    const std::uint64_t rows = static_cast<std::uint64_t>(range.value()->last) -
                               static_cast<std::uint64_t>(range.value()->first) + 1;
    // Numbers that are far apart count nothing.
    constexpr std::uint64_t believable = std::uint64_t{1} << 36U;
    if (rows < believable) expected_[model.index] = rows;
    scanner_.progress().expect(expected_[model.index]);
  }
}

KeyTarget& Sweeper::keys_of(const Model& model, const Fields& fields,
                            std::vector<Comparison> rules) {
  for (KeyTarget& target : targets_) {
    if (target.is(model, fields, rules)) return target;
  }
  KeyTarget& target =
      targets_.emplace_back(model, fields, std::move(rules), Share{.budget = &budget_});
  work_[model.index].keys.push_back(&target);
  return target;
}

/// The target's keys under `rules`, or null where these find the same values equal as its own.
KeyTarget* Sweeper::keys_under(const ReferenceSweep& reference, std::vector<Comparison> rules) {
  const auto own = reference.target->comparisons(reference.target_fields);
  if (std::equal(own.begin(), own.end(), rules.begin(), rules.end(), same_equality)) return nullptr;
  KeyTarget& keys = keys_of(*reference.target, reference.target_fields, std::move(rules));
  keys.count_keys();
  return &keys;
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
  KeyTarget* join = nullptr;
  KeyTarget* reverse = nullptr;
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
  KeyTarget& target = keys_of(*reference.target, reference.target_fields, own);
  if (join != nullptr || reverse != nullptr) target.count_keys();
  work_[reference.model->index].checks.push_back(&references_.emplace_back(
      reference, target, join, reverse, options_.samples, Share{.budget = &budget_}));
}

void Sweeper::add(OneToOneSweep& sweep) {
  const ommi::Relation& relation = *sweep.relation;
  sweep.unchecked = undecidable(*relation.target, relation.target_fields, relation.name());
  if (!sweep.unchecked.empty()) return;
  work_[relation.target->index].checks.push_back(
      &one_to_ones_.emplace_back(sweep, options_.samples, Share{.budget = &budget_}));
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
  PairCheck& pairs = pairs_.emplace_back(sweep, options_.samples, Share{.budget = &budget_});
  work_[relation.via->index].checks.push_back(&pairs);
  tell_missing(relation.via_owner_fields, *relation.owner,
               {&sweep, &AssociationSweep::missing_owner, &AssociationSweep::missing_owner_samples,
                pairs.fields()});
  tell_missing(relation.via_target_fields, *relation.target,
               {&sweep, &AssociationSweep::missing_target,
                &AssociationSweep::missing_target_samples, pairs.fields()});
}

/// A side of an association is a reference like any other; that one's check does the work.
void Sweeper::tell_missing(const Fields& fields, const Model& target, MissingSide side) {
  Fields wanted = fields;
  std::sort(wanted.begin(), wanted.end());
  for (ReferenceCheck& check : references_) {
    Fields own = check.fields();
    std::sort(own.begin(), own.end());
    const bool same = own == wanted && &check.target() == &target;
    if (!same || &check.model() != side.association->relation->via) continue;
    check.also_tell(std::move(side));
    return;
  }
}

SweepResult sweep(const ommi::Database& database, const SweepOptions& options) {
  return Sweeper(database, options).run();
}

}  // namespace doctor
