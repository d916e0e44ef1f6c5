/// \file
/// A manifest over what the database says of itself.

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "doctor/source.hpp"
#include "doctor/sources/drafts.hpp"
#include "doctor/sources/words.hpp"

namespace doctor {
namespace {

using sources::same_name;

// What only the table knows: how columns compare and what is written there. A manifest that marks
// no key leaves the table's.
void complete(ommi::ModelInfo& model, const ommi::Schema& schema) {
  const ommi::Table* table = schema.find_table(model.table());
  if (table == nullptr) return;
  const bool take_key = sources::key_of(model).empty();
  std::vector<ommi::FieldInfo*> key;
  for (ommi::FieldInfo& field : model.fields) {
    const ommi::Column* column = table->find_column(field.column());
    if (column == nullptr) continue;
    field.comparison = column->comparison;
    field.declared_type = column->declared_type;
    if (column->key_part > 0) key.push_back(&field);
  }
  const auto parts = std::count_if(table->columns.begin(), table->columns.end(),
                                   [](const ommi::Column& column) { return column.key_part > 0; });
  if (!take_key || key.size() != static_cast<std::size_t>(parts)) return;
  for (ommi::FieldInfo* field : key) field->key = true;
}

void place_in(ommi::ModelInfo& model, const std::string& file) {
  const auto fill = [&](ommi::Place& place) {
    if (place.file.empty()) place.file = file;
  };
  fill(model.place);
  for (ommi::FieldInfo& field : model.fields) fill(field.place);
  for (ommi::Reference& reference : model.references) fill(reference.place);
  for (ommi::RelationInfo& relation : model.relations) fill(relation.place);
}

const ommi::ModelInfo* model_of_table(const Draft& draft, const std::string& table) {
  for (const ommi::ModelInfo& model : draft.models) {
    if (same_name(model.table(), table)) return &model;
  }
  return nullptr;
}

/// Names of the database's models and their fields, as the manifest calls them.
class Renaming {
 public:
  Renaming(const Draft& manifest, const Draft& database) : manifest_(manifest) {
    for (const ommi::ModelInfo& model : database.models) {
      const ommi::ModelInfo* described = model_of_table(manifest, model.table());
      if (described != nullptr) models_[model.name] = described;
    }
  }

  [[nodiscard]] bool is_described(const std::string& model) const {
    return models_.count(model) > 0;
  }

  void apply(ommi::Reference& reference) const {
    const auto found = models_.find(reference.model);
    if (found == models_.end()) return;
    reference.model = found->second->name;
    for (std::string& field : reference.target_fields) {
      for (const ommi::FieldInfo& known : found->second->fields) {
        if (same_name(known.column(), field)) field = known.name;
      }
    }
  }

  // A name for a model of the database beside those of the manifest.
  [[nodiscard]] std::string beside(const std::string& name) const {
    std::string free = name;
    while (std::any_of(manifest_.models.begin(), manifest_.models.end(),
                       [&](const ommi::ModelInfo& model) { return same_name(model.name, free); })) {
      free += "_table";
    }
    return free;
  }

 private:
  const Draft& manifest_;
  std::map<std::string, const ommi::ModelInfo*> models_;
};

// A table that the manifest does not describe, named as one of its models is: gets another name.
void make_room(Draft& database, const Renaming& renaming) {
  std::map<std::string, std::string> moved;
  for (ommi::ModelInfo& model : database.models) {
    if (renaming.is_described(model.name)) continue;
    const std::string name = renaming.beside(model.name);
    if (name == model.name) continue;
    database.notes.push_back(
        fmt::format("table {} is the model {} here: the manifest uses its name for another table",
                    ommi::escaped(model.table()), ommi::escaped(name)));
    moved[model.name] = name;
    if (model.store_as.empty()) model.store_as = model.name;
    model.name = name;
  }
  const auto rename = [&](std::string& name) {
    if (const auto found = moved.find(name); found != moved.end()) name = found->second;
  };
  for (ommi::ModelInfo& model : database.models) {
    for (ommi::Reference& reference : model.references) rename(reference.model);
  }
  for (std::vector<Suggestion>* list : {&database.accepted, &database.suggestions}) {
    for (Suggestion& suggestion : *list) {
      rename(suggestion.model);
      rename(suggestion.reference.model);
    }
  }
}

void take_suggestions(std::vector<Suggestion>& into, std::vector<Suggestion>& from,
                      const Renaming& renaming) {
  for (Suggestion& suggestion : from) {
    if (renaming.is_described(suggestion.model)) continue;
    renaming.apply(suggestion.reference);
    into.push_back(std::move(suggestion));
  }
}

}  // namespace

Draft merge(Draft manifest, Draft database, const ommi::Schema& schema) {
  const std::string file = manifest.sources.empty() ? "" : manifest.sources.front();
  const Renaming renaming(manifest, database);
  make_room(database, renaming);

  Draft result;
  result.closed = manifest.closed;
  result.notes = manifest.notes;
  result.sources = manifest.sources;
  result.suggestions = manifest.suggestions;
  result.sources.insert(result.sources.end(), database.sources.begin(), database.sources.end());
  result.notes.insert(result.notes.end(), database.notes.begin(), database.notes.end());
  take_suggestions(result.accepted, database.accepted, renaming);
  take_suggestions(result.suggestions, database.suggestions, renaming);
  for (ommi::ModelInfo model : manifest.models) {
    complete(model, schema);
    place_in(model, file.starts_with("manifest:") ? file.substr(9) : file);
    result.models.push_back(std::move(model));
  }
  for (ommi::ModelInfo& model : database.models) {
    if (renaming.is_described(model.name)) continue;
    for (ommi::Reference& reference : model.references) renaming.apply(reference);
    // Named anew with everything else: the manifest may have taken the names.
    model.relations.clear();
    result.models.push_back(std::move(model));
  }
  return result;
}

}  // namespace doctor
