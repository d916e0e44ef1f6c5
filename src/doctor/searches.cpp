#include "doctor/searches.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "doctor/enforcement.hpp"
#include "doctor/proof.hpp"
#include "doctor/wording.hpp"

namespace doctor {

namespace {

std::uint64_t rows_of(const Evidence& evidence, const ommi::Model& model) {
  for (const FieldSweep& field : evidence.fields) {
    if (field.model == &model) return field.rows;
  }
  return 0;
}

/// Why no index serves the search; nothing where there can be none, as in a view.
bool explain(const Evidence& evidence, Search& search) {
  const ommi::Model& model = *search.model;
  const ommi::Table* table = ordinary_table(evidence.schema, model);
  if (table == nullptr) {
    return evidence.schema == nullptr || evidence.schema->find_table(model.info.table()) == nullptr;
  }
  if (has_leading_index(*table, model, search.fields)) {
    search.index = Search::Index::unused;
  } else if (is_association(*evidence.catalog, model)) {
    search.name = trailing_index(*table, model, search.fields);
    if (!search.name.empty()) search.index = Search::Index::trailing;
  }
  return true;
}

void add(const Evidence& evidence, const RelationshipObservation& seen, const ommi::Model& model,
         FieldList fields, std::uint64_t rows, std::vector<Search>& searches) {
  std::sort(fields.begin(), fields.end());
  const auto& scanned = seen.plan->scanned;
  const bool scans = std::any_of(scanned.begin(), scanned.end(), [&](const std::string& table) {
    return same_name(table, model.info.table());
  });
  if (!scans || rows < least_scanned_rows) return;
  for (Search& known : searches) {
    if (known.model == &model && known.fields == fields) return known.loads.push_back(&seen);
  }
  Search search;
  search.model = &model;
  search.fields = std::move(fields);
  search.rows = rows;
  search.loads = {&seen};
  if (explain(evidence, search)) searches.push_back(std::move(search));
}

}  // namespace

std::vector<Search> scanning_searches(const Evidence& evidence) {
  return scanning_searches(evidence, evidence.relationships);
}

std::vector<Search> scanning_searches(const Evidence& evidence,
                                      std::span<const RelationshipObservation> relationships) {
  std::vector<Search> searches;
  for (const RelationshipObservation& seen : relationships) {
    if (!seen.plan || seen.relation->problem) continue;
    const ommi::Relation& relation = *seen.relation;
    if (relation.via == nullptr) {
      add(evidence, seen, *relation.target, relation.target_fields, seen.looked_up_rows, searches);
      continue;
    }
    add(evidence, seen, *relation.via, relation.via_owner_fields, seen.looked_up_rows, searches);
    add(evidence, seen, *relation.target, relation.target_fields,
        rows_of(evidence, *relation.target), searches);
  }
  std::stable_sort(searches.begin(), searches.end(), [](const Search& left, const Search& right) {
    return std::make_pair(left.model->index, left.fields) <
           std::make_pair(right.model->index, right.fields);
  });
  return searches;
}

std::string create_index(const Evidence& evidence, const Search& search) {
  return fmt::format("CREATE INDEX {} ON {} ({});",
                     quoted_name(free_index_name(evidence.schema, *search.model, search.fields)),
                     quoted_table(*search.model), quoted_columns(*search.model, search.fields));
}

std::string measured(const Evidence& evidence, const Search& search) {
  for (const IndexTrial& trial : evidence.trials) {
    if (trial.model != search.model || trial.fields != search.fields) continue;
    if (!trial.unmeasured.empty()) {
      return fmt::format("not measured with an index: {}", trial.unmeasured);
    }
    const auto milliseconds = [](const Cost& cost) {
      return static_cast<double>(cost.duration_ns) / 1e6;
    };
    return fmt::format(
        "measured on a private copy, one load of {}: {} scanned, {} steps, {:.3f} ms without the "
        "index; {} scanned, {} steps, {:.3f} ms with it",
        counted(trial.rows, "row"), counted(trial.before.rows_scanned, "row"), trial.before.steps,
        milliseconds(trial.before), counted(trial.after.rows_scanned, "row"), trial.after.steps,
        milliseconds(trial.after));
  }
  return {};
}

}  // namespace doctor
