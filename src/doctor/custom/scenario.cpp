#include <chrono>

#include <fmt/format.h>

#include "doctor/custom.hpp"
#include "doctor/traversal.hpp"
#include "ommi/tracers.hpp"

namespace doctor {
namespace {

using std::chrono::steady_clock;

/// Counts what is asked of the database while a scenario is walked, beside whoever follows it.
class Meter {
 public:
  explicit Meter(const ommi::Database& database)
      : database_(database), outer_(database.tracer()), both_({&counter_}) {
    if (outer_ != nullptr) both_ = ommi::Tee({outer_, &counter_});
    database_.set_tracer(&both_);
  }
  ~Meter() { database_.set_tracer(outer_); }
  Meter(const Meter&) = delete;
  Meter& operator=(const Meter&) = delete;

  /// What was done since the last call, as the hop `name`.
  ScenarioHop hop(std::string name, std::uint64_t rows) {
    const steady_clock::time_point now = steady_clock::now();
    ScenarioHop hop{std::move(name), rows, counter_.all().calls - calls_,
                    std::chrono::nanoseconds(now - started_).count()};
    calls_ = counter_.all().calls;
    started_ = now;
    return hop;
  }

 private:
  const ommi::Database& database_;
  ommi::Tracer* outer_;
  ommi::Counter counter_;
  ommi::Tee both_;
  std::uint64_t calls_ = 0;
  steady_clock::time_point started_ = steady_clock::now();
};

ommi::RecordList first_rows(const ommi::Database& database, const Path& path) {
  return database.find(path.model->name()).where(condition_of(path)).all().or_raise();
}

void walk(const ommi::Database& database, const Path& path, ScenarioRun& run) {
  Meter meter(database);
  std::vector<ommi::RecordList> lists = {first_rows(database, path)};
  run.hops.push_back(meter.hop(path.model->name(), lists.front().size()));
  for (const ommi::Relation* relation : path.hops) {
    std::vector<ommi::RecordList> next;
    std::uint64_t rows = 0;
    for (const ommi::RecordList& owners : lists) {
      for (const ommi::Record owner : owners) {
        ommi::RecordList related = owner.related(*relation).or_raise();
        rows += related.size();
        if (!related.empty()) next.push_back(std::move(related));
      }
    }
    lists = std::move(next);
    run.hops.push_back(meter.hop(relation->name(), rows));
  }
}

}  // namespace

ScenarioRun run_scenario(const ommi::Database& database, const Scenario& scenario) {
  ScenarioRun run{scenario.name, scenario.path, scenario.budget, {}, {}, {}, scenario.place};
  const auto path = parse_path(scenario.path, database.catalog());
  if (!path) {
    run.error = path.failure()->message();
    return run;
  }
  run.relations = path.value().hops;
  const auto walked =
      ommi::capture({.operation = "scenario", .model = path.value().model->name()}, [&] {
        walk(database, path.value(), run);
        return ommi::Done();
      });
  if (!walked) run.error = walked.failure()->message();
  return run;
}

}  // namespace doctor
