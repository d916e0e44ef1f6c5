#include <algorithm>
#include <numeric>

#include "doctor/sweep/checks.hpp"

namespace doctor {

namespace {

void describe_anew(ReferenceSweep& sweep, const std::string& reason) {
  ReferenceSweep fresh;
  fresh.model = sweep.model;
  fresh.target = sweep.target;
  fresh.fields = sweep.fields;
  fresh.target_fields = sweep.target_fields;
  fresh.origin = sweep.origin;
  fresh.relations = sweep.relations;
  fresh.unchecked = reason;
  sweep = std::move(fresh);
}

}  // namespace

ReferenceCheck::ReferenceCheck(ReferenceSweep& result, const KeyTarget& looked_up,
                               const KeyTarget* joined, const KeyTarget* reverse,
                               std::size_t samples, const Share& share)
    : result_(&result),
      looked_up_(&looked_up),
      joined_(joined),
      reverse_(reverse),
      limit_(samples),
      share_(share),
      distinct_(result.target->comparisons(result.target_fields), share),
      missed_(result.target->comparisons(result.target_fields), share),
      nulls_(samples),
      danglings_(samples),
      differing_(samples) {}

std::vector<const KeyTarget*> ReferenceCheck::targets() const {
  std::vector<const KeyTarget*> targets = {looked_up_};
  if (joined_ != nullptr) targets.push_back(joined_);
  if (reverse_ != nullptr) targets.push_back(reverse_);
  return targets;
}

void ReferenceCheck::bind(ScanColumns& columns) {
  places_ = columns.places(result_->fields);
  for (const MissingSide& side : sides_) (void)columns.places(side.shown);
}

void ReferenceCheck::tell_nothing_with(std::size_t field) {
  std::erase_if(sides_, [&](const MissingSide& side) {
    return std::find(side.shown.begin(), side.shown.end(), field) != side.shown.end();
  });
}

void ReferenceCheck::rows(const Batch& batch) {
  if (share_.slice.first == 0) counts_.rows += batch.size();
  odd_.clear();
  if (share_.slice.whole() && joined_ == nullptr && reverse_ == nullptr) {
    looked_up_->keys().once().find_missing(batch, places_, lookup_, odd_);
  } else {
    odd_.resize(batch.size());
    std::iota(odd_.begin(), odd_.end(), 0U);
  }
  for (const std::uint32_t place : odd_) look_at(batch.row(place), batch.number(place));
}

void ReferenceCheck::look_at(Row row, std::uint64_t number) {
  if (!gather(row, places_, key_)) {
    if (share_.slice.first != 0) return;
    ++counts_.nulls;
    nulls_.take(row, number);
    return;
  }
  if (!share_.slice.whole() && !share_.slice.contains(position_of(key_))) return;
  if (!looked_up_->keys().contains(key_)) {
    if (ahead_) {
      (void)missed_.add(key_);
      return;
    }
    ++counts_.dangling;
    (void)distinct_.add(key_);
    danglings_.take(row, number);
  }
  if (join_differs()) {
    ++counts_.differing;
    differing_.take(row, number);
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
  result_->rows = counts_.rows;
  result_->nulls = counts_.nulls;
  result_->dangling = counts_.dangling;
  result_->distinct_dangling = counts_.distinct + distinct_.size();
  result_->join_differs = counts_.differing;
  result_->null_samples = nulls_.samples(columns, result_->fields);
  result_->dangling_samples = danglings_.samples(columns, result_->fields);
  result_->join_samples = differing_.samples(columns, result_->fields);
  for (const MissingSide& side : sides_) {
    side.association->*side.count = counts_.dangling;
    side.association->*side.samples = danglings_.samples(columns, side.shown);
  }
  distinct_.clear();
}

void ReferenceCheck::fail(const std::string& reason) {
  describe_anew(*result_, reason);
  for (const MissingSide& side : sides_) side.association->unchecked = reason;
}

std::unique_ptr<Check> ReferenceCheck::part() const {
  if (ahead_ || share_.when_full == WhenFull::narrow) return nullptr;
  return for_slice(share_);
}

std::unique_ptr<Check> ReferenceCheck::for_slice(const Share& share) const {
  auto one =
      std::make_unique<ReferenceCheck>(*result_, *looked_up_, joined_, reverse_, limit_, share);
  one->sides_ = sides_;
  one->places_ = places_;
  return one;
}

void ReferenceCheck::merge(Check& other) {
  const auto& more = static_cast<const ReferenceCheck&>(other);
  counts_.rows += more.counts_.rows;
  counts_.nulls += more.counts_.nulls;
  counts_.dangling += more.counts_.dangling;
  counts_.differing += more.counts_.differing;
  nulls_.merge(more.nulls_);
  danglings_.merge(more.danglings_);
  differing_.merge(more.differing_);
  if (more.share_.when_full == WhenFull::give_up) {
    distinct_.add_all(more.distinct_);
  } else {
    counts_.distinct += more.distinct_.size();  // slices have no value in common
  }
}

void ReferenceCheck::start_over() {
  counts_ = {};
  distinct_.restart(share_.slice);
  missed_.restart(share_.slice);
  ahead_ = false;
  nulls_ = Sampler(limit_);
  danglings_ = Sampler(limit_);
  differing_ = Sampler(limit_);
}

bool ReferenceCheck::overcounted() const {
  return counts_.dangling > 0 && distinct_.slice() != share_.slice;
}

bool ReferenceCheck::settled() const { return missed_.within(looked_up_->keys().once()); }

}  // namespace doctor
