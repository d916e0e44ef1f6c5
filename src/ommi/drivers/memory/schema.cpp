#include "drivers/memory/schema.hpp"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "ommi/error.hpp"

namespace ommi::memory {
namespace {

[[noreturn]] void refuse(std::string message, std::string_view model = {}) {
  throw DatabaseError(ErrorCode::schema, std::move(message),
                      {.driver = "memory", .operation = "apply", .model = std::string(model)});
}

// As the SQLite driver declares them, so that both convert and compare alike.
std::string_view type_name(Type type) noexcept {
  switch (type) {
    case Type::any:
      return "";
    case Type::boolean:
      return "BOOLEAN";
    case Type::integer:
      return "INTEGER";
    case Type::real:
      return "REAL";
    case Type::numeric:
      return "NUMERIC";
    case Type::text:
      return "TEXT";
    case Type::blob:
      return "BLOB";
    case Type::date:
      return "DATE";
    case Type::datetime:
      return "DATETIME";
  }
  return "";
}

std::string_view collation_name(const Model& model, const FieldInfo& field) {
  switch (field.comparison.collation) {
    case Collation::binary:
      return "BINARY";
    case Collation::nocase:
      return "NOCASE";
    case Collation::rtrim:
      return "RTRIM";
    case Collation::other:
      break;
  }
  refuse(fmt::format("{}.{} compares by a collation that is not known here", escaped(model.name()),
                     escaped(field.name)),
         model.name());
}

bool numbered(const Model& model, std::size_t field) {
  return model.fields()[field].automatic && model.key.size() == 1 && model.key.front() == field &&
         model.fields()[field].type == Type::integer;
}

Column column_of(const Model& model, std::size_t field) {
  const FieldInfo& info = model.fields()[field];
  if (info.automatic && !numbered(model, field)) {
    refuse(fmt::format("{}.{} is to be made by the database, and only a single integer key can be",
                       escaped(model.name()), escaped(info.name)),
           model.name());
  }
  const auto part = std::ranges::find(model.key, field);
  Column column;
  column.name = info.column();
  column.declared_type = type_name(info.type);
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

std::vector<std::string> unique_columns(const Model& model, const std::vector<std::string>& set) {
  std::vector<std::string> columns;
  for (const std::string& name : set) {
    const auto field = model.find_field(name);
    if (!field) {
      refuse(fmt::format("{}: a unique set names '{}', which is not a field", escaped(model.name()),
                         escaped(name)),
             model.name());
    }
    columns.push_back(model.fields()[*field].column());
  }
  return columns;
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
    if (numbered(model, field)) table.automatic = field;
  }
  for (const std::vector<std::string>& set : model.info.unique_sets) {
    table.shape.indexes.push_back(
        {fmt::format("unique_{}_{}", model.info.table(), table.shape.indexes.size() + 1),
         unique_columns(model, set), true, false});
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

// References of one field each to different fields of one model are one reference together.
std::vector<SchemaReference> references_of(const Catalog& catalog, const Model& model) {
  std::vector<SchemaReference> references;
  for (const Reference& declared : model.info.references) {
    SchemaReference reference;
    reference.target = catalog.find(declared.model);
    if (reference.target == nullptr || reference.target->info.view) continue;
    for (const std::string& name : declared.fields) {
      if (const auto field = model.find_field(name)) reference.fields.push_back(*field);
    }
    for (const std::string& name : declared.target_fields) {
      const auto field = reference.target->find_field(name);
      if (field) reference.target_fields.push_back(*field);
    }
    if (declared.target_fields.empty()) reference.target_fields = reference.target->key;
    const auto same = std::ranges::find_if(references, [&](const SchemaReference& other) {
      return other.target == reference.target && reference.target_fields.size() == 1 &&
             !reference.target->unique(other.target_fields) &&
             std::ranges::find(other.target_fields, reference.target_fields.front()) ==
                 other.target_fields.end();
    });
    if (same == references.end()) {
      references.push_back(std::move(reference));
    } else if (reference.fields.size() == 1) {
      same->fields.push_back(reference.fields.front());
      same->target_fields.push_back(reference.target_fields.front());
    }
  }
  // What names no row for sure cannot be enforced; the catalog's problems say so.
  std::erase_if(references, [](const SchemaReference& reference) {
    return reference.fields.empty() || reference.fields.size() != reference.target_fields.size() ||
           !reference.target->unique(reference.target_fields);
  });
  return references;
}

bool leads_to(const Catalog& catalog, const Model& from, const Model& to,
              std::set<const Model*>& seen) {
  if (&from == &to) return true;
  if (!seen.insert(&from).second) return false;
  return std::ranges::any_of(references_of(catalog, from), [&](const SchemaReference& reference) {
    return leads_to(catalog, *reference.target, to, seen);
  });
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
    step.references = references_of(catalog, model);
    for (SchemaReference& reference : step.references) {
      std::set<const Model*> seen;
      reference.deferred =
          reference.target != &model && leads_to(catalog, *reference.target, model, seen);
    }
    create_table(tables, step);
  }
  return tables;
}

}  // namespace ommi::memory
