#include "doctor/diagnosis.hpp"

#include <algorithm>
#include <chrono>
#include <iterator>
#include <set>

#include <fmt/format.h>

#include "doctor/probe.hpp"
#include "doctor/probe/trials.hpp"
#include "doctor/rule.hpp"
#include "doctor/traverse/lazy_interface.hpp"

namespace doctor {
namespace {

// The relationships that a path touches: its hops, and those that are followed beyond its end.
std::vector<const ommi::Relation*> touched(const Path& path, const TraversalOptions& options) {
  std::vector<const ommi::Relation*> relations = path.hops;
  std::set<const ommi::Model*> models = {path.hops.empty() ? path.model : path.hops.back()->target};
  const unsigned depth = options.depth.value_or(path.hops.empty() ? 1U : 0U);
  for (unsigned level = 0; level < depth; ++level) {
    std::set<const ommi::Model*> next;
    for (const ommi::Model* model : models) {
      for (const ommi::Relation& relation : model->relations) {
        if (std::find(relations.begin(), relations.end(), &relation) == relations.end())
          relations.push_back(&relation);
        if (relation.target != nullptr) next.insert(relation.target);
      }
    }
    models = std::move(next);
  }
  return relations;
}

void append(std::vector<Skipped>& list, const std::vector<Skipped>& more) {
  list.insert(list.end(), more.begin(), more.end());
}

bool concerns(const Finding& finding, const ommi::Relation& relation) {
  if (finding.subject.relationship == relation.name()) return true;
  return std::find(finding.relations.begin(), finding.relations.end(), &relation) !=
         finding.relations.end();
}

// Rows that refer to nobody are missing from no list: the far side of a reference still loads what
// is due.
bool breaks(const Finding& finding, const ommi::Relation& relation) {
  // What is wrong in a source breaks in Ommi, however well it loads here.
  if (finding.level == Level::error && finding.code.starts_with("MOD")) return true;
  const bool far_side = relation.direction == ommi::Direction::reverse && finding.code == "DAT001";
  return finding.level == Level::error && finding.subject.relationship == relation.name() &&
         !far_side;
}

// A view is a model only when it is asked for; what refers to one is not followed.
bool leads_to_view(const Evidence& evidence, const ommi::Relation& relation) {
  if (!relation.problem || relation.problem->what != ommi::Problem::What::unknown_model)
    return false;
  const ommi::Table* table = evidence.schema->find_table(relation.problem->missing);
  return table != nullptr && table->kind == ommi::TableKind::view;
}

// What the loads themselves say.
Verdict seen_verdict(const Evidence& evidence, const RelationshipObservation& seen) {
  if (leads_to_view(evidence, *seen.relation)) return Verdict::unchecked;
  if (seen.error && seen.error->code() != ommi::ErrorCode::timeout) return Verdict::failing;
  const auto count = [&](Outcome outcome) {
    return seen.outcomes[static_cast<std::size_t>(outcome)];
  };
  if (count(Outcome::dangling) + count(Outcome::failed) + count(Outcome::unreadable) +
          count(Outcome::partial) >
      0) {
    return Verdict::failing;
  }
  if (seen.relation->info.required && count(Outcome::null) > 0) return Verdict::warning;
  return seen.complete ? Verdict::ok : Verdict::unchecked;
}

// What a sweep of all rows adds to it: a sample may have missed the one row that dangles.
Verdict swept_verdict(const Evidence& evidence, const ommi::Relation& relation) {
  for (const ReferenceSweep& sweep : evidence.references) {
    const bool follows = std::find(sweep.relations.begin(), sweep.relations.end(), &relation) !=
                         sweep.relations.end();
    if (follows && relation.direction == ommi::Direction::forward && sweep.dangling > 0)
      return Verdict::failing;
  }
  for (const OneToOneSweep& sweep : evidence.one_to_ones) {
    if (sweep.relation == &relation && sweep.repeated > 0) return Verdict::failing;
  }
  return Verdict::ok;
}

Verdict verdict_of(const Evidence& evidence, const std::vector<Finding>& findings,
                   const RelationshipObservation& seen) {
  const Verdict loaded = std::max(
      seen_verdict(evidence, seen), swept_verdict(evidence, *seen.relation),
      [](Verdict left, Verdict right) {
        const auto weight = [](Verdict v) {
          return v == Verdict::unchecked ? 1 : v == Verdict::ok ? 0 : v == Verdict::warning ? 2 : 3;
        };
        return weight(left) < weight(right);
      });
  if (loaded == Verdict::failing) return loaded;
  Verdict verdict = loaded;
  for (const Finding& finding : findings) {
    if (!concerns(finding, *seen.relation)) continue;
    if (breaks(finding, *seen.relation)) return Verdict::failing;
    if (finding.level != Level::info && verdict == Verdict::ok) verdict = Verdict::warning;
  }
  return verdict;
}

SweepOptions options_of_sweep(const TraversalOptions& options, const CheckOptions& check) {
  SweepOptions sweep_options;
  sweep_options.samples = options.limit;
  sweep_options.only = options.only;
  sweep_options.memory_bytes = check.memory_bytes;
  sweep_options.table_timeout = check.sweep_timeout;
  sweep_options.jobs = check.jobs;
  if (check.sweep_progress) {
    sweep_options.progress = [&check](const SweepProgress& seen) {
      check.sweep_progress(seen);
      return true;
    };
  }
  return sweep_options;
}

// Whether a rule is applied that looks at what lazy fields do beside their first load.
bool wants_lazy_fields(const RuleSelection& rules) {
  constexpr std::string_view codes[] = {"LZY001", "LZY002", "LZY003", "LZY004",
                                        "LZY005", "LZY006", "LZY007", "PRF003"};
  return std::any_of(std::begin(codes), std::end(codes), [&](std::string_view code) {
    const Rule* rule = find_rule(code);
    return rule != nullptr && rules.selects(*rule);
  });
}

std::vector<Finding> custom_findings(const ommi::Database& database, const CheckOptions& check,
                                     std::vector<Skipped>& skipped) {
  std::vector<Finding> all;
  for (const CustomRule& rule : check.custom_rules) {
    if (!check.rules.selects(rule.code, rule.name)) continue;
    auto found = apply_custom_rule(database, rule, check.most_of_a_custom_rule, skipped);
    std::move(found.begin(), found.end(), std::back_inserter(all));
  }
  return all;
}

}  // namespace

std::string_view to_string(Verdict verdict) noexcept {
  switch (verdict) {
    case Verdict::ok:
      return "ok";
    case Verdict::warning:
      return "warning";
    case Verdict::failing:
      return "failing";
    case Verdict::unchecked:
      return "unchecked";
  }
  return "unchecked";
}

std::size_t Diagnosis::count(Level level) const noexcept {
  return static_cast<std::size_t>(
      std::count_if(findings.begin(), findings.end(), [&](const Finding& finding) {
        return finding.level == level && finding.standing == Standing::open;
      }));
}

std::size_t Diagnosis::count(Standing standing) const noexcept {
  return static_cast<std::size_t>(
      std::count_if(findings.begin(), findings.end(),
                    [&](const Finding& finding) { return finding.standing == standing; }));
}

ommi::DBResult<Diagnosis> examine(const ommi::Database& database, SourcedCatalog sources,
                                  DatabaseFacts facts, const TraversalOptions& asked,
                                  const std::optional<Path>& path, const CheckOptions& check) {
  const auto started = std::chrono::steady_clock::now();
  const ommi::DriverStatistics before = database.statistics();
  TraversalOptions options = asked;
  if (path) options.only = touched(*path, options);
  if (!wants_lazy_fields(check.rules)) {
    options.lazy_interface = nullptr;
  } else if (options.lazy_interface == nullptr) {
    options.lazy_interface = &own_lazy_interface();
  }

  Diagnosis diagnosis;
  diagnosis.database = std::move(facts);
  diagnosis.sources = std::move(sources);
  diagnosis.notes = diagnosis.sources.draft.notes;

  if (path) {
    auto followed = follow(database, *path, options);
    if (const ommi::Failure* failed = followed.failure()) {
      if (failed->code() == ommi::ErrorCode::not_found) return *failed;
      diagnosis.skipped.push_back({"the path", failed->message()});
    } else {
      diagnosis.path = std::move(followed).value();
    }
  }

  // A path may end at a model without relationships: then there is nothing else to look at.
  const bool narrowed_to_nothing = path && options.only.empty();
  const SweepOptions sweep_options = options_of_sweep(options, check);
  SweepResult swept = narrowed_to_nothing ? SweepResult{} : sweep(database, sweep_options);
  diagnosis.rows_swept = swept.rows_swept;

  Evidence& evidence = diagnosis.evidence;
  evidence.catalog = diagnosis.sources.catalog.get();
  evidence.schema = diagnosis.sources.schema.get();
  evidence.fields = swept.fields;
  IndexTrials trials;
  if (options.try_indexes && diagnosis.database.damage.empty()) {
    options.planned = [&](std::span<const RelationshipObservation> relationships) {
      trials.start(database, evidence, relationships, options.try_indexes);
    };
  }
  TraversalResult traversed =
      narrowed_to_nothing ? TraversalResult{} : traverse(database, swept, options);
  diagnosis.exhaustive = traversed.exhaustive;
  append(diagnosis.skipped, swept.skipped);
  append(diagnosis.skipped, traversed.skipped);

  evidence.problems = diagnosis.sources.problems;
  evidence.python = diagnosis.sources.python.get();
  evidence.ommi = diagnosis.sources.ommi;
  evidence.references = std::move(swept.references);
  evidence.one_to_ones = std::move(swept.one_to_ones);
  evidence.associations = std::move(swept.associations);
  evidence.relationships = std::move(traversed.relationships);
  evidence.lazy_fields = std::move(traversed.lazy_fields);
  evidence.as_ommi = std::move(traversed.as_ommi);
  evidence.damage = diagnosis.database.damage;
  if (evidence.damage.empty() && !narrowed_to_nothing) {
    const ProbeOptions probes{options.limit, options.only, options.progress, check.memory_bytes};
    append(diagnosis.skipped, probe(database, probes, evidence));
  }
  evidence.trials = trials.finish();

  for (const Scenario& scenario : check.scenarios)
    evidence.scenarios.push_back(run_scenario(database, scenario));
  const std::string& logical = diagnosis.database.logical;
  diagnosis.findings = diagnose(evidence, logical.empty() ? diagnosis.database.name : logical,
                                check.rules, custom_findings(database, check, diagnosis.skipped));
  for (const RelationshipObservation& seen : evidence.relationships) {
    diagnosis.verdicts.push_back(verdict_of(evidence, diagnosis.findings, seen));
    if (leads_to_view(evidence, *seen.relation)) {
      diagnosis.notes.push_back(fmt::format("{} leads to {}, a view; --views follows it",
                                            ommi::escaped(seen.relation->name()),
                                            ommi::escaped(seen.relation->problem->missing)));
    }
    diagnosis.rows += seen.rows;
  }
  const ommi::DriverStatistics after = database.statistics();
  diagnosis.driver_calls = after.executed - before.executed;
  diagnosis.duration_ns = std::chrono::duration_cast<std::chrono::nanoseconds>(
                              std::chrono::steady_clock::now() - started)
                              .count();
  return diagnosis;
}

}  // namespace doctor
