#include "evolution/indexes.hpp"

#include <algorithm>
#include <map>
#include <string>

#include "schema/references.hpp"

namespace ommi::evolution {
namespace {

// What rows can be found by: fields in the order of an index.
struct Access {
  std::vector<std::size_t> fields;
  bool unique = false;
};

bool same_set(std::vector<std::size_t> left, std::vector<std::size_t> right) {
  std::ranges::sort(left);
  std::ranges::sort(right);
  return left == right;
}

bool leads(const Access& access, const std::vector<std::size_t>& fields) {
  if (access.fields.size() < fields.size()) return false;
  const auto end = access.fields.begin() + static_cast<std::ptrdiff_t>(fields.size());
  return same_set({access.fields.begin(), end}, fields);
}

// The fields of the model that columns store, up to the first that is none.
std::vector<std::size_t> fields_of(const Model& model, const Table& table,
                                   const std::vector<std::string>& columns) {
  std::vector<std::size_t> fields;
  for (const std::string& name : columns) {
    const Column* const column = name.empty() ? nullptr : table.find_column(name);
    const auto found = std::ranges::find_if(model.fields(), [&](const FieldInfo& field) {
      return column != nullptr && table.find_column(field.column()) == column;
    });
    if (found == model.fields().end()) break;
    fields.push_back(static_cast<std::size_t>(found - model.fields().begin()));
  }
  return fields;
}

std::vector<Access> accesses(const Model& model, const Table& table) {
  std::map<unsigned, std::string> parts;
  for (const Column& column : table.columns) {
    if (column.key_part > 0) parts[column.key_part] = column.name;
  }
  std::vector<std::string> key;
  for (const auto& [part, name] : parts) key.push_back(name);
  std::vector<Access> all;
  const auto add = [&](const std::vector<std::string>& columns, bool unique) {
    Access access{fields_of(model, table, columns), unique};
    access.unique = unique && access.fields.size() == columns.size();
    if (!access.fields.empty()) all.push_back(std::move(access));
  };
  add(key, true);
  for (const Index& index : table.indexes) {
    if (!index.partial) add(index.columns, index.unique);
  }
  return all;
}

std::vector<std::vector<std::size_t>> unique_sets(const Model& model) {
  std::vector<std::vector<std::size_t>> sets;
  for (const std::vector<std::string>& names : model.info.unique_sets) {
    std::vector<std::size_t> fields;
    for (const std::string& name : names) {
      if (const auto found = model.find_field(name)) fields.push_back(*found);
    }
    if (fields.size() == names.size() && !fields.empty()) sets.push_back(std::move(fields));
  }
  return sets;
}

}  // namespace

std::vector<DueIndex> due_indexes(const Catalog& catalog, const Model& model, const Table* table) {
  std::vector<Access> known;
  std::vector<DueIndex> due;
  if (table != nullptr) known = accesses(model, *table);
  if (table == nullptr && !model.key.empty()) known.push_back({model.key, true});
  for (std::vector<std::size_t>& fields : unique_sets(model)) {
    const bool there = std::ranges::any_of(known, [&](const Access& access) {
      return access.unique && same_set(access.fields, fields);
    });
    if (!there && table != nullptr) due.push_back({fields, true});
    known.push_back({std::move(fields), true});
  }
  for (const schema::Resolved& found : schema::references_of(catalog, model)) {
    const std::vector<std::size_t>& fields = found.reference.fields;
    const bool there =
        std::ranges::any_of(known, [&](const Access& access) { return leads(access, fields); });
    if (there) continue;
    due.push_back({fields, false});
    known.push_back({fields, false});
  }
  return due;
}

}  // namespace ommi::evolution
