/// \file
/// What the schema declares, as models. Nothing is guessed here.
///
/// A table without a declared key gets none, even if it has a unique set: what names a row is the
/// schema's decision, and a row without a key is named by all its fields.

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "doctor/sources/drafts.hpp"
#include "doctor/sources/words.hpp"

namespace doctor {
namespace {

using sources::same_name;

// NUMERIC is also the affinity of every name that SQLite does not know (GEOMETRY, ANY, JSON): those
// promise nothing.
bool promises_numbers(std::string_view declared) {
  constexpr std::string_view words[] = {"numeric", "decimal", "number", "money", "dec"};
  return std::any_of(std::begin(words), std::end(words),
                     [&](std::string_view word) { return declared.starts_with(word); });
}

ommi::Type type_of(const ommi::Column& column) {
  const std::string declared = sources::lower(column.declared_type);
  if (declared.starts_with("bool")) return ommi::Type::boolean;
  if (declared.starts_with("datetime") || declared.starts_with("timestamp")) {
    return ommi::Type::datetime;
  }
  if (declared == "date") return ommi::Type::date;
  if (declared.empty()) return ommi::Type::any;
  // "int" within a name is enough for an integer affinity: POINT, FLOATING POINT.
  if (declared.find("point") != std::string::npos) {
    return declared.starts_with("float") ? ommi::Type::real : ommi::Type::any;
  }
  switch (ommi::affinity_of(column.declared_type)) {
    case ommi::Affinity::integer:
      return ommi::Type::integer;
    case ommi::Affinity::real:
      return ommi::Type::real;
    case ommi::Affinity::text:
      return ommi::Type::text;
    case ommi::Affinity::numeric:
      return promises_numbers(declared) ? ommi::Type::numeric : ommi::Type::any;
    case ommi::Affinity::none:
      break;
  }
  return ommi::Type::any;
}

std::size_t key_width(const ommi::Table& table) {
  return static_cast<std::size_t>(
      std::count_if(table.columns.begin(), table.columns.end(),
                    [](const ommi::Column& column) { return column.key_part > 0; }));
}

// Whether the column is another name of the rowid, which the database fills in.
bool is_rowid_alias(const ommi::Table& table, const ommi::Column& column) {
  return table.kind == ommi::TableKind::table && !table.without_rowid && column.key_part > 0 &&
         key_width(table) == 1 && same_name(column.declared_type, "INTEGER");
}

bool in_foreign_key(const ommi::Schema& schema, const ommi::Table& table,
                    const std::string& column) {
  const auto names = [&](const std::vector<std::string>& columns) {
    return std::any_of(columns.begin(), columns.end(),
                       [&](const std::string& name) { return same_name(name, column); });
  };
  for (const ommi::Table& other : schema.tables) {
    for (const ommi::ForeignKey& key : other.foreign_keys) {
      if (&other == &table && names(key.columns)) return true;
      if (same_name(key.table, table.name) && names(key.target_columns)) return true;
    }
  }
  return false;
}

ommi::FieldInfo field_of(const ommi::Table& table, const ommi::Column& column) {
  ommi::FieldInfo field;
  field.name = column.name;
  field.type = type_of(column);
  field.automatic = is_rowid_alias(table, column);
  field.key = column.key_part > 0;
  const bool never_null = table.without_rowid && field.key;
  field.nullable = !column.not_null && !field.automatic && !never_null;
  field.declared_type = column.declared_type;
  field.comparison = column.comparison;
  field.place = {"table " + table.name};
  return field;
}

// The column's name as the table writes it.
std::string written(const ommi::Table* table, const std::string& column) {
  const ommi::Column* found = table == nullptr ? nullptr : table->find_column(column);
  return found == nullptr ? column : found->name;
}

bool same_reference(const ommi::Reference& left, const ommi::Reference& right) {
  return left.fields == right.fields && left.model == right.model &&
         left.target_fields == right.target_fields;
}

void add_references(ommi::ModelInfo& model, const ommi::Schema& schema, const ommi::Table& table) {
  for (const ommi::ForeignKey& key : table.foreign_keys) {
    const ommi::Table* target = schema.find_table(key.table);
    ommi::Reference reference;
    reference.model = target == nullptr ? key.table : target->name;
    reference.origin = ommi::Origin::declared;
    reference.place = model.place;
    for (const std::string& column : key.columns) {
      reference.fields.push_back(written(&table, column));
    }
    for (const std::string& column : key.target_columns) {
      reference.target_fields.push_back(written(target, column));
    }
    const bool known =
        std::any_of(model.references.begin(), model.references.end(),
                    [&](const ommi::Reference& other) { return same_reference(other, reference); });
    if (!known) model.references.push_back(std::move(reference));
  }
}

// Whether values that the column takes for equal are equal to the index, too: one that tells 'a'
// from 'A' does not make a NOCASE column unique.
bool as_strict(const ommi::Table& table, const ommi::Index& index, std::size_t part) {
  const ommi::Column* column = table.find_column(index.columns[part]);
  if (column == nullptr || part >= index.collations.size()) return true;
  return column->comparison.collation == ommi::Collation::binary ||
         same_name(index.collations[part], column->collation);
}

void add_unique_sets(ommi::ModelInfo& model, const ommi::Table& table) {
  for (const ommi::Index& index : table.indexes) {
    if (!index.unique || index.partial) continue;
    std::vector<std::string> set;
    for (std::size_t at = 0; at < index.columns.size(); ++at) {
      const std::string& column = index.columns[at];
      if (!as_strict(table, index, at)) break;
      const ommi::FieldInfo* field = column.empty() ? nullptr : sources::find_field(model, column);
      if (field != nullptr) set.push_back(field->name);
    }
    const bool whole = !set.empty() && set.size() == index.columns.size();
    const bool known = std::any_of(
        model.unique_sets.begin(), model.unique_sets.end(),
        [&](const std::vector<std::string>& other) { return sources::same_set(other, set); });
    if (whole && !known && !sources::same_set(set, sources::key_of(model))) {
      model.unique_sets.push_back(std::move(set));
    }
  }
}

ommi::ModelInfo model_of(const ommi::Schema& schema, const ommi::Table& table, Draft& draft) {
  ommi::ModelInfo model;
  model.name = table.name;
  model.view = table.kind == ommi::TableKind::view;
  model.place = {(model.view ? "view " : "table ") + table.name};
  for (const ommi::Column& column : table.columns) {
    const bool computed = column.generated || column.hidden;
    if (computed && column.key_part == 0 && !in_foreign_key(schema, table, column.name)) {
      draft.notes.push_back(fmt::format("column {} of {} is {} and not looked at",
                                        ommi::escaped(column.name), ommi::escaped(table.name),
                                        column.generated ? "generated" : "hidden"));
      continue;
    }
    model.fields.push_back(field_of(table, column));
    model.fields.back().place = model.place;
  }
  add_unique_sets(model, table);
  add_references(model, schema, table);
  return model;
}

}  // namespace

namespace sources {

Draft declared_models(const ommi::Schema& schema) {
  Draft draft;
  draft.sources.push_back("database");
  for (const ommi::Table& table : schema.tables) {
    if (table.kind == ommi::TableKind::shadow) continue;
    if (!table.unreadable.empty() || table.columns.empty()) {
      draft.notes.push_back(fmt::format(
          "{} is not a model: {}", ommi::escaped(table.name),
          table.unreadable.empty() ? "it has no columns" : ommi::escaped(table.unreadable)));
      continue;
    }
    ommi::ModelInfo model = model_of(schema, table, draft);
    if (!model.fields.empty()) draft.models.push_back(std::move(model));
  }
  return draft;
}

}  // namespace sources

Draft models_from_schema(const ommi::Schema& schema) {
  Draft draft = sources::declared_models(schema);
  name_relationships(draft);
  return draft;
}

}  // namespace doctor
