#include "doctor/probe/trials.hpp"

#include <fmt/format.h>

#include "doctor/probe/rows.hpp"
#include "doctor/proof.hpp"
#include "doctor/searches.hpp"

namespace doctor {

namespace {

/// Values that the lazy query of `relation` finds something by.
std::vector<ommi::Value> values_for(const ommi::Database& database,
                                    const ommi::Relation& relation) {
  const ommi::Model& model = relation.via != nullptr ? *relation.via : *relation.target;
  const auto& fields = relation.via != nullptr ? relation.via_owner_fields : relation.target_fields;
  std::vector<ommi::Value> values;
  EachRow visitor([&](std::span<const ommi::Cell> row) {
    for (const ommi::Cell& cell : row) values.emplace_back(cell);
    return false;
  });
  static_cast<void>(database.select(
      fmt::format("SELECT {} FROM {} WHERE NOT ({}) LIMIT 1", quoted_columns(model, fields),
                  quoted_table(model), null_condition(model, fields)),
      {}, fields.size(), visitor));
  return values;
}

}  // namespace

void IndexTrials::start(const ommi::Database& database, const Evidence& evidence,
                        std::span<const RelationshipObservation> relationships,
                        const std::function<void(std::vector<IndexTest>&)>& try_indexes) {
  for (const Search& search : scanning_searches(evidence, relationships)) {
    const RelationshipObservation& seen = *search.loads.front();
    IndexTest test;
    test.values = values_for(database, *seen.relation);
    if (test.values.empty()) continue;
    test.statement = seen.plan->statement;
    test.create_index = create_index(evidence, search);
    tests_.push_back(std::move(test));
    IndexTrial& trial = trials_.emplace_back();
    trial.relation = seen.relation;
    trial.model = search.model;
    trial.fields = search.fields;
  }
  if (tests_.empty()) return;
  running_ = std::async(std::launch::async | std::launch::deferred,
                        [this, try_indexes] { try_indexes(tests_); });
}

std::vector<IndexTrial> IndexTrials::finish() {
  if (running_.valid()) running_.get();
  for (std::size_t at = 0; at < trials_.size(); ++at) {
    trials_[at].before = tests_[at].before;
    trials_[at].after = tests_[at].after;
    trials_[at].rows = tests_[at].rows;
    trials_[at].unmeasured = tests_[at].unmeasured;
  }
  return std::move(trials_);
}

}  // namespace doctor
