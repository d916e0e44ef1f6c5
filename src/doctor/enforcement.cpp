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

std::string trailing_index(const ommi::Table& table, const ommi::Model& model,
                           const FieldList& fields) {
  const auto trails = [&](const std::vector<std::string>& columns) {
    if (columns.empty() || names(model, fields, columns.front())) return false;
    return std::all_of(fields.begin(), fields.end(), [&](std::size_t field) {
      return std::any_of(columns.begin(), columns.end(), [&](const std::string& column) {
        return same_name(column, model.fields()[field].column());
      });
    });
  };
  if (trails(primary_key(table))) return "the primary key";
  for (const ommi::Index& index : table.indexes) {
    if (!index.partial && trails(index.columns)) return index.name;
  }
  return {};
}

bool can_be_referred_to(const ommi::Table& table, const std::vector<std::string>& columns) {
  const auto are = [&](const std::vector<std::string>& set) {
    return set.size() == columns.size() && !set.empty() &&
           std::all_of(set.begin(), set.end(), [&](const std::string& column) {
             return std::any_of(columns.begin(), columns.end(),
                                [&](const std::string& other) { return same_name(column, other); });
           });
  };
  const auto own_collations = [&](const ommi::Index& index) {
    for (std::size_t part = 0; part < index.collations.size(); ++part) {
      const ommi::Column* column = table.find_column(index.columns[part]);
      if (column != nullptr && !same_name(column->collation, index.collations[part])) return false;
    }
    return true;
  };
  if (are(primary_key(table))) return true;
  return std::any_of(table.indexes.begin(), table.indexes.end(), [&](const ommi::Index& index) {
    return index.unique && !index.partial && are(index.columns) && own_collations(index);
  });
}

std::string comparison_of(const ommi::Model& model, std::size_t field) {
  const ommi::FieldInfo& info = model.fields()[field];
  static constexpr std::string_view affinities[] = {"none", "text", "numeric", "integer", "real"};
  static constexpr std::string_view collations[] = {"binary", "nocase", "rtrim",
                                                    "the application's"};
  return fmt::format("{}.{} compares with affinity {} and collation {}",
                     ommi::escaped(model.name()), ommi::escaped(info.name),
                     affinities[static_cast<std::size_t>(info.comparison.affinity)],
                     collations[static_cast<std::size_t>(info.comparison.collation)]);
}

bool is_association(const ommi::Catalog& catalog, const ommi::Model& model) {
  return std::any_of(catalog.models().begin(), catalog.models().end(), [&](const auto& owner) {
    return std::any_of(owner.relations.begin(), owner.relations.end(),
                       [&](const ommi::Relation& relation) { return relation.via == &model; });
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
