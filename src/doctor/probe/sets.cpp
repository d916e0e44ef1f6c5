#include "doctor/probe/sets.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "doctor/enforcement.hpp"
#include "doctor/probe/rows.hpp"
#include "doctor/proof.hpp"

namespace doctor {

namespace {

bool has_nulls(const Evidence& evidence, const ommi::Model& model, std::size_t field) {
  return std::any_of(evidence.fields.begin(), evidence.fields.end(), [&](const FieldSweep& seen) {
    return seen.model == &model && seen.field == field &&
           seen.by_kind[static_cast<std::size_t>(ommi::Kind::null)] > 0;
  });
}

void add(const Evidence& evidence, const ommi::Model& model, FieldList fields,
         std::vector<SetSweep>& sets) {
  const ommi::Table* table = ordinary_table(evidence.schema, model);
  if (table == nullptr || fields.empty()) return;
  const std::vector<bool> readable = readable_fields(evidence.schema, model);
  if (!std::all_of(fields.begin(), fields.end(), [&](std::size_t each) { return readable[each]; }))
    return;
  const bool nulls = std::any_of(fields.begin(), fields.end(), [&](std::size_t field) {
    return has_nulls(evidence, model, field);
  });
  if (!nulls && uniqueness(*table, model, fields) == Uniqueness::full) return;
  std::sort(fields.begin(), fields.end());
  const bool known = std::any_of(sets.begin(), sets.end(), [&](const SetSweep& set) {
    return set.model == &model && set.fields == fields;
  });
  if (known) return;
  SetSweep& added = sets.emplace_back();
  added.model = &model;
  added.fields = std::move(fields);
}

}  // namespace

std::vector<SetSweep> unheld_sets(const Evidence& evidence) {
  std::vector<SetSweep> sets;
  for (const ommi::Model& model : evidence.catalog->models()) {
    // Of a narrowed run only the models that were swept are looked at.
    const bool swept = std::any_of(evidence.fields.begin(), evidence.fields.end(),
                                   [&](const FieldSweep& seen) { return seen.model == &model; });
    if (swept) add(evidence, model, model.key, sets);
  }
  for (const ReferenceSweep& reference : evidence.references) {
    if (!reference.unchecked.empty()) continue;
    add(evidence, *reference.target, reference.target_fields, sets);
  }
  return sets;
}

void count(const ommi::Database& database, const Evidence& evidence, SetSweep& set,
           std::size_t samples) {
  const std::string table = quoted_table(*set.model);
  const std::string columns = quoted_columns(*set.model, set.fields);
  const std::string empty = null_condition(*set.model, set.fields);
  const std::string groups =
      fmt::format("SELECT {} FROM {} WHERE NOT ({}) GROUP BY {} HAVING count(*) > 1", columns,
                  table, empty, columns);
  const auto rows = numbers(
      database,
      fmt::format("SELECT count(*), count(CASE WHEN {} THEN 1 END) FROM {}", empty, table), 2);
  const auto repeated = numbers(
      database,
      fmt::format("SELECT count(*), ifnull(sum(n - 1), 0) FROM (SELECT count(*) AS n FROM {} WHERE "
                  "NOT ({}) GROUP BY {} HAVING count(*) > 1)",
                  table, empty, columns),
      2);
  if (!rows || !repeated) {
    set.unchecked = (rows ? repeated : rows).failure()->message();
    return;
  }
  set.rows = rows.value()[0];
  set.nulls = rows.value()[1];
  set.repeated = repeated.value()[0];
  set.surplus = repeated.value()[1];
  if (set.nulls > 0) {
    set.null_samples =
        sample_rows(database, evidence.schema, *set.model, set.fields, empty, samples);
  }
  if (set.repeated > 0) {
    set.repeated_samples = sample_rows(database, evidence.schema, *set.model, set.fields,
                                       fmt::format("({}) IN ({})", columns, groups), samples);
  }
}

}  // namespace doctor
