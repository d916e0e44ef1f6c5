#include "doctor/enforcement.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "doctor/wording.hpp"

namespace doctor {

namespace {

bool names(const ommi::Model& model, const FieldList& fields, const std::string& column) {
  return std::any_of(fields.begin(), fields.end(), [&](std::size_t field) {
    return same_name(model.fields()[field].column(), column);
  });
}

bool within(const std::vector<std::string>& columns, const ommi::Model& model,
            const FieldList& fields) {
  return !columns.empty() &&
         std::all_of(columns.begin(), columns.end(),
                     [&](const std::string& column) { return names(model, fields, column); });
}

/// An index that tells 'a' from 'A' does not keep a column that does not from holding both.
bool as_strict(const ommi::Table& table, const ommi::Index& index) {
  for (std::size_t part = 0; part < index.columns.size() && part < index.collations.size();
       ++part) {
    const ommi::Column* column = table.find_column(index.columns[part]);
    if (column == nullptr || column->comparison.collation == ommi::Collation::binary) continue;
    if (!same_name(index.collations[part], column->collation)) return false;
  }
  return true;
}

}  // namespace

const ommi::Table* ordinary_table(const ommi::Schema* schema, const ommi::Model& model) {
  if (schema == nullptr) return nullptr;
  const ommi::Table* table = schema->find_table(model.info.table());
  const bool known = table != nullptr && table->unreadable.empty();
  return known && table->kind == ommi::TableKind::table ? table : nullptr;
}

std::vector<std::string> primary_key(const ommi::Table& table) {
  std::vector<const ommi::Column*> parts;
  for (const ommi::Column& column : table.columns) {
    if (column.key_part > 0) parts.push_back(&column);
  }
  std::sort(parts.begin(), parts.end(), [](const ommi::Column* left, const ommi::Column* right) {
    return left->key_part < right->key_part;
  });
  std::vector<std::string> columns;
  for (const ommi::Column* part : parts) columns.push_back(part->name);
  return columns;
}

Uniqueness uniqueness(const ommi::Table& table, const ommi::Model& model, const FieldList& fields) {
  if (within(primary_key(table), model, fields)) return Uniqueness::full;
  Uniqueness best = Uniqueness::none;
  for (const ommi::Index& index : table.indexes) {
    if (!index.unique || !within(index.columns, model, fields) || !as_strict(table, index)) {
      continue;
    }
    if (!index.partial) return Uniqueness::full;
    best = Uniqueness::partial;
  }
  // The rowid has a name or three without being declared.
  const bool rowid = std::any_of(fields.begin(), fields.end(), [&](std::size_t field) {
    const std::string& column = model.fields()[field].column();
    return table.find_column(column) == nullptr && !table.without_rowid &&
           (same_name(column, "rowid") || same_name(column, "oid") || same_name(column, "_rowid_"));
  });
  return rowid ? Uniqueness::full : best;
}

bool has_leading_index(const ommi::Table& table, const ommi::Model& model,
                       const FieldList& fields) {
  const std::vector<std::string> key = primary_key(table);
  if (!key.empty() && names(model, fields, key.front())) return true;
  return std::any_of(table.indexes.begin(), table.indexes.end(), [&](const ommi::Index& index) {
    return !index.partial && !index.columns.empty() && names(model, fields, index.columns.front());
  });
}

const ommi::ForeignKey* declared_key(const ommi::Table& table, const ReferenceSweep& reference) {
  const auto says = [&](const ommi::ForeignKey& key) {
    const std::size_t parts = reference.fields.size();
    if (!same_name(key.table, reference.target->info.table())) return false;
    if (key.columns.size() != parts || key.target_columns.size() != parts) return false;
    for (std::size_t part = 0; part < parts; ++part) {
      const std::string& column = reference.model->fields()[reference.fields[part]].column();
      const std::string& target =
          reference.target->fields()[reference.target_fields[part]].column();
      bool paired = false;
      for (std::size_t at = 0; at < parts; ++at) {
        paired = paired ||
                 (same_name(key.columns[at], column) && same_name(key.target_columns[at], target));
      }
      if (!paired) return false;
    }
    return true;
  };
  const auto found = std::find_if(table.foreign_keys.begin(), table.foreign_keys.end(), says);
  return found == table.foreign_keys.end() ? nullptr : &*found;
}

std::string free_index_name(const ommi::Schema* schema, const ommi::Model& model,
                            const FieldList& fields) {
  std::string wanted = model.info.table();
  for (const std::size_t field : fields) wanted += "_" + model.fields()[field].column();
  std::string name = wanted;
  const auto is_taken = [&](const std::string& tried) {
    for (const ommi::Table& table : schema->tables) {
      if (same_name(table.name, tried)) return true;
      for (const ommi::Index& index : table.indexes) {
        if (same_name(index.name, tried)) return true;
      }
    }
    return false;
  };
  for (unsigned number = 2; schema != nullptr && is_taken(name); ++number) {
    name = fmt::format("{}_{}", wanted, number);
  }
  return name;
}

}  // namespace doctor
