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

std::vector<IndexTrial> index_trials(
    const ommi::Database& database, const Evidence& evidence,
    const std::function<void(std::vector<IndexTest>&)>& try_indexes) {
  std::vector<IndexTrial> trials;
  std::vector<IndexTest> tests;
  for (const Search& search : scanning_searches(evidence)) {
    const RelationshipObservation& seen = *search.loads.front();
    IndexTest test;
    test.values = values_for(database, *seen.relation);
    if (test.values.empty()) continue;
    test.statement = seen.plan->statement;
    test.create_index = create_index(evidence, search);
    tests.push_back(std::move(test));
    IndexTrial& trial = trials.emplace_back();
    trial.relation = seen.relation;
    trial.model = search.model;
    trial.fields = search.fields;
  }
  if (!tests.empty()) try_indexes(tests);
  for (std::size_t at = 0; at < trials.size(); ++at) {
    trials[at].before = tests[at].before;
    trials[at].after = tests[at].after;
    trials[at].rows = tests[at].rows;
    trials[at].unmeasured = tests[at].unmeasured;
  }
  return trials;
}

}  // namespace doctor
