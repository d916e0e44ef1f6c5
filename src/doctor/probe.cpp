#include "doctor/probe.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "doctor/probe/danglings.hpp"
#include "doctor/probe/fan_outs.hpp"
#include "doctor/probe/joins.hpp"
#include "doctor/probe/keyword_keys.hpp"
#include "doctor/probe/loops.hpp"
#include "doctor/probe/rows.hpp"
#include "doctor/probe/sets.hpp"
#include "doctor/proof.hpp"
#include "doctor/wording.hpp"

namespace doctor {

namespace {

class Probe {
 public:
  Probe(const ommi::Database& database, const ProbeOptions& options, Evidence& evidence)
      : database_(database), options_(options), evidence_(evidence) {}

  std::vector<Skipped> run() {
    look_at_danglings();
    look_at_sets();
    look_at_loops();
    look_at_mixed_fields();
    evidence_.joins = plans_of_mismatches(database_, evidence_);
    look_at_fan_outs();
    look_at_keyword_keys();
    return std::move(skipped_);
  }

 private:
  void tell(std::string_view what, const ommi::Model& model) const {
    if (options_.progress) options_.progress(fmt::format("{} {}", what, model.info.table()));
  }
  void skip(std::string what, const std::string& why) {
    if (!why.empty()) skipped_.push_back({std::move(what), why});
  }

  void look_at_danglings() {
    for (ReferenceSweep& reference : evidence_.references) {
      if (reference.dangling == 0) continue;
      tell("dangling rows of", *reference.model);
      skip(fmt::format("what the dangling rows of {} are", ommi::escaped(reference.model->name())),
           tell_danglings_apart(database_, evidence_, reference, options_.samples,
                                options_.memory_bytes));
    }
  }

  void look_at_sets() {
    evidence_.sets = unheld_sets(evidence_);
    for (SetSweep& set : evidence_.sets) {
      tell("keys of", *set.model);
      count(database_, evidence_, set, options_.samples);
      skip(fmt::format("whether {} tells the rows of {} apart", field_names(*set.model, set.fields),
                       ommi::escaped(set.model->name())),
           set.unchecked);
    }
  }

  void look_at_loops() {
    evidence_.loops = ways_back(evidence_, options_.only);
    for (LoopSweep& way : evidence_.loops) {
      tell("loops of", *way.hops.front()->owner);
      count(database_, way, options_.samples);
      skip(fmt::format("loops of {}", ommi::escaped(way.hops.front()->name())), way.unchecked);
    }
  }

  void look_at_fan_outs() {
    std::vector<std::string> problems;
    evidence_.fan_outs = fan_outs(database_, evidence_, options_.only, options_.samples, problems);
    for (const std::string& why : problems) skip("how many rows owners have", why);
  }

  void look_at_keyword_keys() {
    std::vector<std::string> problems;
    evidence_.keyword_keys =
        keyword_keys(database_, evidence_, options_.only, options_.samples, problems);
    for (const std::string& why : problems) skip("keys that are words of SQL", why);
  }

  void look_at_mixed_fields() {
    for (FieldSweep& field : evidence_.fields) {
      const std::string condition = rarer_kinds_condition(field);
      if (condition.empty()) continue;
      field.mixed_samples = sample_rows(database_, evidence_.schema, *field.model, {field.field},
                                        condition, options_.samples);
    }
  }

  const ommi::Database& database_;
  const ProbeOptions& options_;
  Evidence& evidence_;
  std::vector<Skipped> skipped_;
};

}  // namespace

std::vector<Skipped> probe(const ommi::Database& database, const ProbeOptions& options,
                           Evidence& evidence) {
  return Probe(database, options, evidence).run();
}

}  // namespace doctor
