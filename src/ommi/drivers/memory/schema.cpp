#include "drivers/memory/schema.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "ommi/error.hpp"
#include "schema/declared.hpp"
#include "schema/references.hpp"

namespace ommi::memory {
namespace {

[[noreturn]] void refuse(std::string message, std::string_view model = {}) {
  throw DatabaseError(ErrorCode::schema, std::move(message),
                      {.driver = "memory", .operation = "apply", .model = std::string(model)});
}

std::string_view collation_name(const Model& model, const FieldInfo& field) {
  const std::string_view name = schema::collation_name(field.comparison.collation);
  if (name.empty()) {
    refuse(fmt::format("{}.{} compares by a collation that is not known here",
                       escaped(model.name()), escaped(field.name)),
           model.name());
  }
  return name;
}

Column column_of(const Model& model, std::size_t field) {
  const FieldInfo& info = model.fields()[field];
  if (info.automatic && !schema::numbered(model, field)) {
    refuse(fmt::format("{}.{} is to be made by the database, and only a single integer key can be",
                       escaped(model.name()), escaped(info.name)),
           model.name());
  }
  const auto part = std::ranges::find(model.key, field);
  Column column;
  column.name = info.column();
  column.declared_type = schema::declared_type(info.type);
  column.not_null = part != model.key.end() || !info.nullable;
  if (part != model.key.end()) {
    column.key_part = static_cast<unsigned>(part - model.key.begin()) + 1;
  }
  column.collation = collation_name(model, info);
  column.comparison = {affinity_of(column.declared_type), info.comparison.collation};
  return column;
}

std::vector<std::string> columns_of(const Model& model, const std::vector<std::size_t>& fields) {
  std::vector<std::string> columns;
  for (const std::size_t field : fields) columns.push_back(model.fields()[field].column());
  return columns;
}

void add_references(MemoryTable& table, const SchemaStep& step) {
  for (const SchemaReference& reference : step.references) {
    table.shape.foreign_keys.push_back({columns_of(*step.model, reference.fields),
                                        reference.target->info.table(),
                                        columns_of(*reference.target, reference.target_fields)});
    table.deferred.push_back(reference.deferred);
  }
}

void create_table(Tables& tables, const SchemaStep& step) {
  const Model& model = *step.model;
  const std::string name = lower(model.info.table());
  if (tables.contains(name)) {
    refuse(fmt::format("there is a table '{}' already", escaped(model.info.table())), model.name());
  }
  MemoryTable table;
  table.shape.name = model.info.table();
  for (std::size_t field = 0; field < model.fields().size(); ++field) {
    table.shape.columns.push_back(column_of(model, field));
    if (schema::numbered(model, field)) table.automatic = field;
  }
  for (const std::vector<std::string>& set : model.info.unique_sets) {
    table.shape.indexes.push_back(
        {fmt::format("unique_{}_{}", model.info.table(), table.shape.indexes.size() + 1),
         columns_of(model, schema::unique_fields(model, set)), true, false});
  }
  add_references(table, step);
  tables.emplace(name, std::make_shared<const MemoryTable>(std::move(table)));
}

MemoryTable copy_of_table(const Tables& tables, const Model& model) {
  const auto found = tables.find(lower(model.info.table()));
  if (found == tables.end()) {
    refuse(fmt::format("there is no table '{}'", escaped(model.info.table())), model.name());
  }
  return *found->second;
}

void replace(Tables& tables, MemoryTable table) {
  const std::string name = lower(table.shape.name);
  tables[name] = std::make_shared<const MemoryTable>(std::move(table));
}

void add_column(Tables& tables, const SchemaStep& step) {
  const Model& model = *step.model;
  MemoryTable table = copy_of_table(tables, model);
  Column column = column_of(model, step.fields.front());
  if (table.shape.find_column(column.name) != nullptr) {
    refuse(fmt::format("'{}' has a column '{}' already", escaped(table.shape.name),
                       escaped(column.name)),
           model.name());
  }
  if (column.not_null) {
    refuse(fmt::format("{}.{} cannot be added: it must not be NULL, and old rows would have "
                       "nothing else",
                       escaped(model.name()), escaped(column.name)),
           model.name());
  }
  table.shape.columns.push_back(std::move(column));
  for (auto& row : table.rows) {
    Row longer = *row;
    longer.emplace_back();
    row = std::make_shared<const Row>(std::move(longer));
  }
  add_references(table, step);
  replace(tables, std::move(table));
}

void create_index(Tables& tables, const SchemaStep& step) {
  MemoryTable table = copy_of_table(tables, *step.model);
  for (const auto& [name, other] : tables) {
    for (const Index& index : other->shape.indexes) {
      if (lower(index.name) == lower(step.index)) {
        refuse(fmt::format("there is an index '{}' already", escaped(step.index)),
               step.model->name());
      }
    }
  }
  table.shape.indexes.push_back(
      {step.index, columns_of(*step.model, step.fields), step.unique, false});
  check_table(table);
  replace(tables, std::move(table));
}

void drop_table(Tables& tables, const SchemaStep& step) {
  if (tables.erase(lower(step.table)) == 0) {
    refuse(fmt::format("there is no table '{}'", escaped(step.table)));
  }
}

}  // namespace

void apply_step(Tables& tables, const SchemaStep& step) {
  switch (step.what) {
    case SchemaStep::What::create_table:
      return create_table(tables, step);
    case SchemaStep::What::add_column:
      return add_column(tables, step);
    case SchemaStep::What::create_index:
      return create_index(tables, step);
    case SchemaStep::What::drop_table:
      return drop_table(tables, step);
  }
}

Tables tables_of(const Catalog& catalog) {
  Tables tables;
  for (const Model& model : catalog.models()) {
    if (model.info.view || model.problem) continue;
    SchemaStep step;
    step.model = &model;
    step.references = schema::foreign_keys_of(catalog, model);
    create_table(tables, step);
  }
  return tables;
}

}  // namespace ommi::memory
