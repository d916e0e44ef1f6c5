#include <algorithm>
#include <unordered_map>

#include <fmt/format.h>

#include "doctor/traversal.hpp"
#include "doctor/traverse/as_ommi.hpp"
#include "doctor/traverse/lazy_probe.hpp"
#include "doctor/traverse/oracle.hpp"
#include "doctor/traverse/outcome.hpp"
#include "doctor/traverse/owners.hpp"
#include "doctor/traverse/recorder.hpp"
#include "doctor/traverse/window.hpp"

namespace doctor {
namespace {

// Owners per group when every row is loaded: enough for batches, few enough for memory. Where a
// lazy query has no index each statement reads a whole table, so the groups are as large as one
// statement can serve.
constexpr std::size_t indexed_window = 1000;
constexpr std::size_t scanning_window = 30000;
// A JOIN without an index costs a scan per owner.
constexpr std::uint64_t oracle_rows = 100000;
// Ommi asks for one owner at a time.
constexpr std::size_t owners_as_ommi = 1000;
constexpr std::size_t costly_owners_as_ommi = 5;

void keep_malformed(const ommi::Record& owner, const ommi::DatabaseError& error,
                    RelationshipObservation& seen) {
  const ommi::Malformation* what = error.malformation();
  if (what == nullptr) return;
  for (MalformedLoad& known : seen.malformed) {
    if (known.what.what != what->what) continue;
    ++known.loads;
    return;
  }
  seen.malformed.push_back({*what, row_path(owner) + "." + ommi::escaped(seen.relation->info.name),
                            error.statement(), 1});
}

/// Errors that say nothing of the rows, but that they were not read.
constexpr ommi::ErrorCode gaps[] = {ommi::ErrorCode::timeout, ommi::ErrorCode::corrupt,
                                    ommi::ErrorCode::locked, ommi::ErrorCode::missing_collation,
                                    ommi::ErrorCode::missing_function};

bool is_gap(ommi::ErrorCode code) {
  return std::find(std::begin(gaps), std::end(gaps), code) != std::end(gaps);
}

// Another list of owners may need what this one needed.
void add_repeated(const RepeatedCalls& more, RepeatedCalls& all) {
  all.calls += more.calls;
  all.distinct += more.distinct;
  all.most = std::max(all.most, more.most);
  all.duration_ns += more.duration_ns;
  if (all.statement.empty()) all.statement = more.statement;
}

class Traversal {
 public:
  Traversal(const ommi::Database& database, const SweepResult& swept,
            const TraversalOptions& options)
      : database_(database),
        swept_(swept),
        options_(options),
        recorder_(database, LoadRecorder::Detail::loads),
        guess_(database, options.database_bytes) {}

  TraversalResult run();

 private:
  void plan(const ommi::Model& model);
  void model(const ommi::Model& model, std::size_t first, std::size_t last);
  void load(const ommi::Model& model, std::vector<RelationshipObservation*>& open);
  void load_group(const ommi::RecordList& owners, std::vector<RelationshipObservation*>& seen);
  void observe(const ommi::Record& owner, RelationshipObservation& seen);
  void plan(RelationshipObservation& seen);
  void fail(const ommi::Model& model, std::vector<RelationshipObservation*>& seen,
            const ommi::DatabaseError& error);
  [[nodiscard]] bool is_costly(const RelationshipObservation& seen);
  void oracle(const ommi::RecordList& owners, RelationshipObservation& seen);
  void probe(const ommi::RecordList& owners, const RelationshipObservation& seen);
  void compare_as_ommi(const ommi::Model& model, std::size_t first, std::size_t last);
  [[nodiscard]] std::optional<std::uint64_t> swept_rows(const ommi::Model& model) const;
  std::uint64_t rows_of(const ommi::Model& model);
  [[nodiscard]] bool wanted(const ommi::Relation& relation) const;

  const ommi::Database& database_;
  const SweepResult& swept_;
  const TraversalOptions& options_;
  LoadRecorder recorder_;
  WindowGuess guess_;
  TraversalResult result_;
  std::unordered_map<const ommi::Model*, std::uint64_t> rows_;
};

bool Traversal::wanted(const ommi::Relation& relation) const {
  return options_.only.empty() ||
         std::find(options_.only.begin(), options_.only.end(), &relation) != options_.only.end();
}

// Counting rows reads a table from end to end, which a sweep did.
std::optional<std::uint64_t> Traversal::swept_rows(const ommi::Model& model) const {
  for (const FieldSweep& field : swept_.fields) {
    if (field.model == &model && field.rows > 0) return field.rows;
  }
  return std::nullopt;
}

std::uint64_t Traversal::rows_of(const ommi::Model& model) {
  const auto known = rows_.find(&model);
  if (known != rows_.end()) return known->second;
  const std::optional<std::uint64_t> swept = swept_rows(model);
  const std::uint64_t rows = swept ? *swept : database_.find(model.name()).count().or_use(0);
  return rows_.emplace(&model, rows).first->second;
}

void Traversal::plan(RelationshipObservation& seen) {
  const ommi::Relation& relation = *seen.relation;
  const ommi::Model& searched = relation.via != nullptr ? *relation.via : *relation.target;
  if (auto found = database_.explain(relation)) seen.plan = std::move(found).value();
  seen.looked_up_rows = rows_of(searched);
}

void Traversal::observe(const ommi::Record& owner, RelationshipObservation& seen) {
  const LoadResult loaded = load_once(owner, *seen.relation);
  ++seen.loads;
  seen.rows += loaded.rows;
  ++seen.outcomes[static_cast<std::size_t>(loaded.outcome)];
  if (loaded.rows > seen.largest) {
    seen.largest = loaded.rows;
    seen.largest_owner = row_path(owner);
  }
  if (loaded.error) {
    ++seen.errors[std::string(to_string(loaded.error->code()))];
    keep_malformed(owner, *loaded.error, seen);
  }
  if (loaded.outcome == Outcome::loaded || loaded.outcome == Outcome::empty) return;
  const auto same = [&](const HopSample& sample) { return sample.outcome == loaded.outcome; };
  if (static_cast<std::uint64_t>(std::count_if(seen.samples.begin(), seen.samples.end(), same)) >=
      options_.limit)
    return;
  seen.samples.push_back(hop_sample(owner, *seen.relation, loaded));
}

void Traversal::load_group(const ommi::RecordList& owners,
                           std::vector<RelationshipObservation*>& seen) {
  for (RelationshipObservation* observation : seen) {
    recorder_.reset();
    recorder_.keep_calls_in(&observation->calls);
    const std::uint64_t before = observation->loads;
    for (const ommi::Record owner : owners) observe(owner, *observation);
    recorder_.keep_calls_in(nullptr);
    const LoadRecord& record = recorder_.record();
    observation->driver_calls += record.calls;
    observation->duration_ns += record.duration_ns;
    add_repeated(record.repeated, observation->repeated);
    if (!record.returned.empty()) observation->returned[record.returned] += record.calls;
    if (!record.statement.empty()) observation->statement = record.statement;
    observation->largest_group = std::max<std::uint64_t>(observation->largest_group, owners.size());
    // One load an owner, each asking the driver: what peers would have asked at once.
    if (record.loads > 1 && record.loads == observation->loads - before)
      observation->single_owner_loads += record.calls;
  }
}

// Whether a second load or a JOIN would read a large table whole.
bool Traversal::is_costly(const RelationshipObservation& seen) {
  const bool scans = seen.plan && (!seen.plan->scanned.empty() || seen.plan->automatic_index);
  // Through an association without indexes each link may cost a scan of the targets.
  const ommi::Relation& relation = *seen.relation;
  const std::uint64_t links = relation.via == nullptr ? 1 : rows_of(*relation.target);
  const bool large = links > 0 && seen.looked_up_rows > oracle_rows / links;
  return scans && large;
}

// What cannot be seen in these rows is in the observation; a gap in the run is one here, too.
void Traversal::probe(const ommi::RecordList& owners, const RelationshipObservation& seen) {
  const LazyObservation& found = result_.lazy_fields.emplace_back(probe_lazy_field(
      *options_.lazy_interface, database_, owners, *seen.relation, is_costly(seen)));
  for (const LazyLook* look : {&found.again, &found.refreshed, &found.keyless}) {
    if (look->gave != Gave::failure || !is_gap(look->code)) continue;
    result_.skipped.push_back(
        {fmt::format("how the lazy field {} behaves", ommi::escaped(seen.relation->name())),
         look->message});
    return;
  }
}

void Traversal::oracle(const ommi::RecordList& owners, RelationshipObservation& seen) {
  if (is_costly(seen)) {
    seen.oracle.unchecked = "a JOIN without an index over so many rows would take too long";
    return;
  }
  seen.oracle = compare_with_join(database_, *seen.relation, owners, options_.limit);
}

void Traversal::fail(const ommi::Model& model, std::vector<RelationshipObservation*>& seen,
                     const ommi::DatabaseError& error) {
  for (RelationshipObservation* observation : seen) {
    if (observation->loads == 0) observation->error = error;
    observation->complete = false;
  }
  // What is not there is a finding; what could not be read is a gap in the run.
  if (error.code() == ommi::ErrorCode::missing_table ||
      error.code() == ommi::ErrorCode::missing_column)
    return;
  result_.skipped.push_back(
      {fmt::format("loading from {}", ommi::escaped(model.name())), error.message()});
}

void Traversal::plan(const ommi::Model& model) {
  for (const ommi::Relation& relation : model.relations) {
    if (!wanted(relation)) continue;
    RelationshipObservation& seen = result_.relationships.emplace_back();
    seen.relation = &relation;
    if (!relation.problem) {
      plan(seen);
    } else {
      seen.error = ommi::DatabaseError(ommi::ErrorCode::model, relation.problem->message,
                                       {.model = model.name(), .relation = relation.info.name});
      seen.complete = false;
    }
  }
}

/// Its relationships are those from `first` to before `last`.
void Traversal::model(const ommi::Model& model, std::size_t first, std::size_t last) {
  std::vector<RelationshipObservation*> open;
  for (std::size_t i = first; i < last; ++i) {
    if (!result_.relationships[i].relation->problem) open.push_back(&result_.relationships[i]);
  }
  if (!open.empty()) {
    if (options_.progress)
      options_.progress(fmt::format("loading from {}", ommi::escaped(model.name())));
    try {
      load(model, open);
    } catch (const ommi::DatabaseError& error) {
      fail(model, open, error);
    }
  }
  if (options_.as_ommi && first < last) compare_as_ommi(model, first, last);
}

// Also what does not load here at all: Ommi may see it otherwise.
void Traversal::compare_as_ommi(const ommi::Model& model, std::size_t first, std::size_t last) {
  const bool all = options_.all || rows_of(model) <= options_.sample;
  const auto consume = [&](const ommi::RecordList& owners) {
    for (std::size_t at = first; at < last; ++at) {
      const RelationshipObservation& seen = result_.relationships[at];
      result_.as_ommi.push_back(compare_with_ommi(
          database_, *options_.as_ommi, *seen.relation, owners,
          is_costly(seen) ? costly_owners_as_ommi : owners_as_ommi, options_.limit));
    }
    return false;
  };
  try {
    const ommi::Finder owners =
        all ? database_.find(model.name()) : choose_owners(database_, model, swept_, options_);
    static_cast<void>(owners.stream(owners_as_ommi, consume).or_raise());
  } catch (const ommi::DatabaseError& error) {
    if (error.code() == ommi::ErrorCode::missing_table ||
        error.code() == ommi::ErrorCode::missing_column)
      return;
    result_.skipped.push_back(
        {fmt::format("what Ommi loads from {}", ommi::escaped(model.name())), error.message()});
  }
}

void Traversal::load(const ommi::Model& model, std::vector<RelationshipObservation*>& open) {
  const bool scans = std::any_of(open.begin(), open.end(), [](const RelationshipObservation* seen) {
    return seen->plan && (!seen->plan->scanned.empty() || seen->plan->automatic_index);
  });
  const bool all = options_.all || rows_of(model) <= options_.sample;
  if (!all) result_.exhaustive = false;
  // A sample is one group, unless its rows are huge.
  const std::size_t most = !all ? SIZE_MAX : scans ? scanning_window : indexed_window;
  const std::size_t window = guess_.window(model, open, most, scans,
                                           [&](const ommi::Model& each) { return rows_of(each); });
  const ommi::Finder owners =
      all ? database_.find(model.name()) : choose_owners(database_, model, swept_, options_);
  bool compared = false;
  const auto consume = [&](const ommi::RecordList& group) {
    load_group(group, open);
    if (!std::exchange(compared, true)) {
      for (RelationshipObservation* seen : open) {
        oracle(group, *seen);
        if (options_.lazy_interface != nullptr) probe(group, *seen);
      }
    }
    return true;
  };
  const std::uint64_t read = owners.stream(window, consume).or_raise();
  if (all) rows_[&model] = read;
}

TraversalResult Traversal::run() {
  std::size_t total = 0;
  for (const ommi::Model& each : database_.catalog().models()) total += each.relations.size();
  result_.relationships.reserve(total);  // observations are pointed at while they fill
  std::vector<std::size_t> ends;
  for (const ommi::Model& each : database_.catalog().models()) {
    plan(each);
    ends.push_back(result_.relationships.size());
  }
  if (options_.planned) options_.planned(result_.relationships);
  std::size_t first = 0;
  for (const ommi::Model& each : database_.catalog().models()) {
    model(each, first, ends[each.index]);
    first = ends[each.index];
  }
  for (const RelationshipObservation& seen : result_.relationships) {
    for (const ommi::ErrorCode code : gaps) {
      const std::string gap(to_string(code));
      const auto found = seen.errors.find(gap);
      if (found == seen.errors.end()) continue;
      result_.skipped.push_back(
          {fmt::format("{} loads of {}", found->second, ommi::escaped(seen.relation->name())),
           seen.samples.empty() ? gap : seen.samples.back().message});
    }
  }
  return std::move(result_);
}

}  // namespace

TraversalResult traverse(const ommi::Database& database, const SweepResult& swept,
                         const TraversalOptions& options) {
  return Traversal(database, swept, options).run();
}

}  // namespace doctor
