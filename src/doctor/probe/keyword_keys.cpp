#include "doctor/probe/keyword_keys.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "doctor/probe/rows.hpp"
#include "doctor/proof.hpp"

namespace doctor {
namespace {

bool has_texts(const Evidence& evidence, const ommi::Model& model, std::size_t field) {
  return std::any_of(evidence.fields.begin(), evidence.fields.end(), [&](const FieldSweep& seen) {
    return seen.model == &model && seen.field == field &&
           seen.by_kind[static_cast<std::size_t>(ommi::Kind::text)] > 0;
  });
}

/// True of the rows that hold such a word. The column's own collation would take `null` for one.
std::string condition_of(const ommi::Model& model, std::size_t field, OmmiRelease release) {
  std::string words;
  for (const std::string_view word : {"NULL", "IS", "IS NOT"}) {
    if (is_pasted(word, release))
      words += fmt::format("{}{}", words.empty() ? "" : ", ", literal(ommi::Value(word)));
  }
  if (words.empty()) return {};
  return fmt::format("{} COLLATE BINARY IN ({})", quoted_column(model, field), words);
}

}  // namespace

std::vector<KeywordKeys> keyword_keys(const ommi::Database& database, const Evidence& evidence,
                                      const std::vector<const ommi::Relation*>& only,
                                      std::size_t samples, std::vector<std::string>& problems) {
  std::vector<KeywordKeys> found;
  if (evidence.python == nullptr) return found;
  const OmmiRelease release = evidence.ommi.release;
  const auto look = [&](const ommi::Relation& relation, std::size_t field) {
    const ommi::Model& owner = *relation.owner;
    const std::string condition = condition_of(owner, field, release);
    if (condition.empty() || !has_texts(evidence, owner, field)) return;
    const auto rows =
        numbers(database,
                fmt::format("SELECT count(*) FROM {} WHERE {}", quoted_table(owner), condition), 1);
    if (const ommi::Failure* failed = rows.failure()) {
      problems.push_back(failed->message());
    } else if (rows.value().front() > 0) {
      found.push_back({&relation, field, rows.value().front(),
                       sample_rows(database, evidence.schema, owner, {field}, condition, samples)});
    }
  };
  for (const ommi::Model& model : evidence.catalog->models()) {
    for (const ommi::Relation& relation : model.relations) {
      if (!only.empty() && std::find(only.begin(), only.end(), &relation) == only.end()) continue;
      const OmmiLoad load = load_by_ommi(*evidence.python, *evidence.catalog, relation, release);
      if (load.end != OmmiEnd::query) continue;
      for (const OmmiCondition& condition : load.conditions) look(relation, condition.owner_field);
    }
  }
  return found;
}

}  // namespace doctor
