#include "doctor/sweep/checks.hpp"

#include <algorithm>

namespace doctor {

namespace {

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

void Check::rows(const Batch& batch) {
  for (std::size_t place = 0; place < batch.size(); ++place) row(batch.row(place));
}

void Check::row(Row) {}

void Check::merge(Check&) {}

std::unique_ptr<Check> Check::for_slice(const Share&) const { return nullptr; }

Repeats::Repeats(std::vector<ommi::Comparison> rules, std::size_t samples, const Share& share)
    : rules_(std::move(rules)),
      limit_(samples),
      share_(share),
      tally_(rules_, share),
      sampler_(samples),
      hash_(rules_) {}

bool Repeats::open_filter(MemoryBudget& budget) {
  filter_ = std::make_shared<RepeatFilter>(budget, budget.limit() / 2);
  if (filter_->empty()) filter_.reset();
  return filter_ != nullptr;
}

// Hashes first, so that what they lead to is there when it is looked at.
template <class Null>
void Repeats::hash_all(const Batch& batch, std::span<const std::size_t> places, Null&& null) {
  hashes_.clear();
  hashed_.clear();
  for (std::uint32_t place = 0; place < batch.size(); ++place) {
    if (!gather(batch.row(place), places, key_)) {
      null(place);
      continue;
    }
    hashes_.push_back(hash_.of(key_));
    hashed_.push_back(place);
  }
  for (const std::uint64_t hash : hashes_) filter_->prefetch(hash);
}

void Repeats::look_ahead(const Batch& batch, std::span<const std::size_t> places) {
  hash_all(batch, places, [](std::uint32_t) {});
  for (const std::uint64_t hash : hashes_) filter_->note(hash);
}

template <class Null>
void Repeats::add_all(const Batch& batch, std::span<const std::size_t> places, Null&& null) {
  if (filter_ != nullptr) {
    hash_all(batch, places, null);
    for (std::size_t number = 0; number < hashes_.size(); ++number) {
      if (!filter_->may_repeat(hashes_[number])) continue;
      const Row row = batch.row(hashed_[number]);
      if (gather(row, places, key_)) add(row, key_, batch.number(hashed_[number]));
    }
    return;
  }
  for (std::uint32_t place = 0; place < batch.size(); ++place) {
    const Row row = batch.row(place);
    if (gather(row, places, key_)) {
      add(row, key_, batch.number(place));
    } else {
      null(place);
    }
  }
}

void Repeats::add(Row row, std::span<const ommi::Cell> key, std::uint64_t number) {
  const KeyTally::Seen seen = tally_.add(key);
  if (seen == KeyTally::Seen::first || seen == KeyTally::Seen::outside) return;
  ++surplus_;
  if (seen == KeyTally::Seen::second) ++repeated_;
  sampler_.take(row, number);
}

void Repeats::merge(const Repeats& other) {
  surplus_ += other.surplus_;
  repeated_ += other.repeated_;
  sampler_.merge(other.sampler_);
}

void Repeats::start_over() {
  tally_.restart(share_.slice);
  surplus_ = 0;
  repeated_ = 0;
  sampler_ = Sampler(limit_);
  filter_.reset();
}

std::unique_ptr<Repeats> Repeats::for_slice(const Share& share) const {
  auto one = std::make_unique<Repeats>(rules_, limit_, share);
  one->filter_ = filter_;
  return one;
}

OneToOneCheck::OneToOneCheck(OneToOneSweep& result, std::size_t samples, const Share& share)
    : result_(&result),
      owners_(std::make_unique<Repeats>(
          result.relation->target->comparisons(result.relation->target_fields), samples, share)) {}

void OneToOneCheck::rows(const Batch& batch) {
  if (owners_->slice().first == 0) rows_ += batch.size();
  owners_->add_all(batch, places_, [](std::uint32_t) {});
}

void OneToOneCheck::finish(const ScanColumns& columns) {
  result_->rows = rows_;
  result_->surplus = owners_->surplus();
  result_->repeated = owners_->repeated();
  result_->samples = owners_->sampler().samples(columns, fields());
  owners_->clear();
}

void OneToOneCheck::fail(const std::string& reason) {
  clear(*result_, reason,
        [](OneToOneSweep& from, OneToOneSweep& to) { to.relation = from.relation; });
}

void OneToOneCheck::merge(Check& other) {
  const auto& more = static_cast<const OneToOneCheck&>(other);
  rows_ += more.rows_;
  owners_->merge(*more.owners_);
}

void OneToOneCheck::start_over() {
  rows_ = 0;
  owners_->start_over();
}

std::unique_ptr<Check> OneToOneCheck::look_ahead(MemoryBudget& budget) {
  if (!owners_->open_filter(budget)) return nullptr;
  return std::make_unique<RepeatLook>(*owners_, fields());
}

std::unique_ptr<Check> OneToOneCheck::for_slice(const Share& share) const {
  auto one = std::make_unique<OneToOneCheck>(*result_, 0);
  one->owners_ = owners_->for_slice(share);
  one->places_ = places_;
  return one;
}

PairCheck::PairCheck(AssociationSweep& result, std::size_t samples, const Share& share)
    : result_(&result),
      limit_(samples),
      null_rows_(samples),
      pairs_(std::make_unique<Repeats>(pair_rules(*result.relation), samples, share)) {}

Fields PairCheck::fields() const {
  Fields fields = result_->relation->via_owner_fields;
  const Fields& others = result_->relation->via_target_fields;
  fields.insert(fields.end(), others.begin(), others.end());
  return fields;
}

void PairCheck::rows(const Batch& batch) {
  const bool first_slice = pairs_->slice().first == 0;
  if (first_slice) rows_ += batch.size();
  pairs_->add_all(batch, places_, [&](std::uint32_t place) {
    if (!first_slice) return;
    ++nulls_;
    null_rows_.take(batch.row(place), batch.number(place));
  });
}

void PairCheck::finish(const ScanColumns& columns) {
  result_->rows = rows_;
  result_->null_part = nulls_;
  result_->surplus = pairs_->surplus();
  result_->repeated_pairs = pairs_->repeated();
  result_->null_samples = null_rows_.samples(columns, fields());
  result_->repeated_samples = pairs_->sampler().samples(columns, fields());
  pairs_->clear();
}

void PairCheck::merge(Check& other) {
  const auto& more = static_cast<const PairCheck&>(other);
  rows_ += more.rows_;
  nulls_ += more.nulls_;
  null_rows_.merge(more.null_rows_);
  pairs_->merge(*more.pairs_);
}

void PairCheck::start_over() {
  rows_ = 0;
  nulls_ = 0;
  null_rows_ = Sampler(limit_);
  pairs_->start_over();
}

std::unique_ptr<Check> PairCheck::look_ahead(MemoryBudget& budget) {
  if (!pairs_->open_filter(budget)) return nullptr;
  return std::make_unique<RepeatLook>(*pairs_, fields());
}

std::unique_ptr<Check> PairCheck::for_slice(const Share& share) const {
  auto one = std::make_unique<PairCheck>(*result_, limit_);
  one->pairs_ = pairs_->for_slice(share);
  one->places_ = places_;
  return one;
}

FieldCheck::FieldCheck(FieldSweep& result, std::size_t samples)
    : result_(&result), limit_(samples), samples_(samples) {
  for (std::size_t kind = 0; kind < 5; ++kind) {
    accepted_[kind] =
        ommi::accepts(result.model->fields()[result.field].type, static_cast<ommi::Kind>(kind));
  }
}

void FieldCheck::rows(const Batch& batch) {
  rows_ += batch.size();
  constexpr auto integer = static_cast<std::size_t>(ommi::Kind::integer);
  const Batch::Integers* const integers = accepted_[integer] ? batch.integers(place_) : nullptr;
  if (integers != nullptr) {
    by_kind_[integer] += batch.size() - integers->others.size();
    for (const std::uint32_t place : integers->others) look_at(batch, place);
    return;
  }
  for (std::size_t place = 0; place < batch.size(); ++place) look_at(batch, place);
}

void FieldCheck::look_at(const Batch& batch, std::size_t place) {
  const auto kind = static_cast<std::size_t>(batch.cell(place, place_).kind);
  ++by_kind_[kind];
  if (accepted_[kind]) return;
  ++unacceptable_;
  samples_.take(batch.row(place), batch.number(place));
}

void FieldCheck::finish(const ScanColumns& columns) {
  result_->rows = rows_;
  result_->unacceptable = unacceptable_;
  std::copy(std::begin(by_kind_), std::end(by_kind_), std::begin(result_->by_kind));
  result_->samples = samples_.samples(columns, fields());
}

std::unique_ptr<Check> FieldCheck::part() const {
  auto part = std::make_unique<FieldCheck>(*result_, limit_);
  part->place_ = place_;
  return part;
}

void FieldCheck::merge(Check& other) {
  const auto& more = static_cast<const FieldCheck&>(other);
  rows_ += more.rows_;
  unacceptable_ += more.unacceptable_;
  for (std::size_t kind = 0; kind < 5; ++kind) by_kind_[kind] += more.by_kind_[kind];
  samples_.merge(more.samples_);
}

}  // namespace doctor
