#include "ommi/tracers.hpp"

namespace ommi {
namespace {

bool ends_call(const Event& event) noexcept {
  return event.kind == EventKind::rows_done || event.kind == EventKind::failed;
}

void count(Counter::Counts& counts, const Event& event) noexcept {
  if (ends_call(event)) {
    ++counts.calls;
    counts.duration_ns += event.duration_ns;
    if (event.kind == EventKind::failed) ++counts.failed;
    if (event.kind == EventKind::rows_done) counts.rows += event.rows;
  }
  if (event.kind == EventKind::lazy_load) ++counts.lazy_loads;
  if (event.kind == EventKind::cache_hit) ++counts.cache_hits;
}

}  // namespace

void Counter::on(const Event& event) {
  count(all_, event);
  auto place = by_place_.find(std::pair(event.model, event.relation));
  if (place == by_place_.end())
    place = by_place_.emplace(std::pair(event.model, event.relation), Counts()).first;
  count(place->second, event);
}

Counter::Counts Counter::of(std::string_view model, std::string_view relation) const {
  const auto found = by_place_.find(std::pair(model, relation));
  return found == by_place_.end() ? Counts() : found->second;
}

void Counter::reset() {
  all_ = {};
  by_place_.clear();
}

void NPlusOne::on(const Event& event) {
  if (event.kind != EventKind::lazy_load || event.owners != 1 || event.peers < 2) return;
  Suspicion& suspicion = groups_[event.group];
  if (++suspicion.loads == 1) {
    suspicion.model = event.model;
    suspicion.relation = event.relation;
  }
  suspicion.peers = event.peers;
  if (suspicion.loads != threshold_) return;
  reported_.push_back(event.group);
  if (report_) report_(suspicion);
}

std::vector<NPlusOne::Suspicion> NPlusOne::found() const {
  std::vector<Suspicion> all;
  for (const std::uint64_t group : reported_) all.push_back(groups_.at(group));
  return all;
}

void SlowQuery::on(const Event& event) {
  if (ends_call(event) && event.duration_ns >= limit_.count()) report_(event);
}

void Tee::on(const Event& event) {
  for (Tracer* tracer : tracers_) tracer->on(event);
}

}  // namespace ommi
