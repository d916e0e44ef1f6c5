#include <algorithm>

#include <fmt/format.h>

#include "evolution/indexes.hpp"
#include "ommi/evolution.hpp"

namespace ommi {
namespace {

using What = SchemaDifference::What;

// Whether a column of that affinity gives back what a field of that type is stored as. A column
// without a type keeps everything as it is.
bool fits(const FieldInfo& field, const Column& column) {
  const Affinity affinity = column.comparison.affinity;
  if (column.declared_type.empty()) return true;
  switch (field.type) {
    case Type::any:
      return true;
    case Type::boolean:
    case Type::integer:
      return affinity == Affinity::integer || affinity == Affinity::numeric;
    case Type::real:
      return affinity == Affinity::real || affinity == Affinity::numeric;
    case Type::numeric:
      return affinity != Affinity::text && affinity != Affinity::none;
    case Type::text:
      return affinity == Affinity::text;
    case Type::blob:
      return affinity == Affinity::none;
    case Type::date:
    case Type::datetime:
      return affinity != Affinity::none;
  }
  return true;
}

class Comparer {
 public:
  Comparer(const Catalog& catalog, const Schema& schema) : catalog_(catalog), schema_(schema) {}

  std::vector<SchemaDifference> all() {
    for (const Model& model : catalog_.models()) compare(model);
    return std::move(differences_);
  }

 private:
  void compare(const Model& model);
  void compare_field(const Model& model, const FieldInfo& field, const Table& table);
  void compare_column(const Model& model, const FieldInfo& field, const Column& column);
  void compare_key(const Model& model, const Table& table);
  void find_surplus(const Model& model, const Table& table);

  void differ(What what, const Model& model, std::string field, bool additive,
              std::string message) {
    differences_.push_back({what, model.name(), std::move(field), std::move(message), additive});
  }
  static std::string shown(const Model& model, const FieldInfo& field) {
    return escaped(model.name() + "." + field.name);
  }

  const Catalog& catalog_;
  const Schema& schema_;
  std::vector<SchemaDifference> differences_;
};

void Comparer::compare_column(const Model& model, const FieldInfo& field, const Column& column) {
  if (!fits(field, column)) {
    differ(What::retyped_column, model, field.name, false,
           fmt::format("{} is declared {}, and its column is {}", shown(model, field),
                       to_string(field.type), escaped(column.declared_type)));
    return;
  }
  const Collation collation = field.comparison.collation;
  if (collation != Collation::binary && collation != column.comparison.collation) {
    differ(What::retyped_column, model, field.name, false,
           fmt::format("{} is declared with another collation than its column's, {}",
                       shown(model, field), escaped(column.collation)));
    return;
  }
  if (field.key || column.key_part > 0 || column.generated || field.nullable != column.not_null) {
    return;
  }
  differ(What::retyped_column, model, field.name, false,
         fmt::format("{} {} be null, and its column {}", shown(model, field),
                     field.nullable ? "may" : "may not",
                     column.not_null ? "is NOT NULL" : "allows NULL"));
}

void Comparer::compare_field(const Model& model, const FieldInfo& field, const Table& table) {
  if (const Column* const column = table.find_column(field.column())) {
    compare_column(model, field, *column);
    return;
  }
  const bool additive = field.nullable && !field.key && !field.automatic;
  std::string message = fmt::format("{} has no column {} in the table {}", shown(model, field),
                                    escaped(field.column()), escaped(table.name));
  if (!additive) {
    message += field.key         ? ", and a key cannot be added to"
               : field.automatic ? ", and one whose values are made cannot be added"
                                 : ", and the rows there would have no value for it: only a "
                                   "nullable field can be added";
  }
  differ(What::missing_column, model, field.name, additive, std::move(message));
}

void Comparer::find_surplus(const Model& model, const Table& table) {
  for (const Column& column : table.columns) {
    const bool known = std::ranges::any_of(model.fields(), [&](const FieldInfo& field) {
      return table.find_column(field.column()) == &column;
    });
    // A key that differs is told of as such.
    if (known || column.generated || column.hidden || column.key_part > 0) continue;
    differ(What::surplus_column, model, column.name, false,
           fmt::format("{} has no field for the column {}: a field that was removed or renamed is "
                       "a column to drop or rename by hand",
                       escaped(model.name()), escaped(column.name)));
  }
}

void Comparer::compare_key(const Model& model, const Table& table) {
  std::vector<const Column*> stored;
  for (const Column& column : table.columns) {
    if (column.key_part > 0) stored.push_back(&column);
  }
  std::ranges::sort(stored, {}, &Column::key_part);
  std::vector<const Column*> declared;
  for (const std::size_t field : model.key) {
    declared.push_back(table.find_column(model.fields()[field].column()));
  }
  // A part without a column is told of as missing.
  if (declared == stored || std::ranges::find(declared, nullptr) != declared.end()) return;
  std::string columns;
  for (const Column* column : stored) columns += (columns.empty() ? "" : ", ") + column->name;
  std::string fields;
  for (const std::size_t field : model.key)
    fields += (fields.empty() ? "" : ", ") + model.fields()[field].name;
  differ(What::key_differs, model, model.key.empty() ? "" : model.fields()[model.key[0]].name,
         false,
         fmt::format("the key of {} is ({}), and the table's is ({})", escaped(model.name()),
                     escaped(fields), escaped(columns)));
}

void Comparer::compare(const Model& model) {
  const Table* const table = schema_.find_table(model.info.table());
  if (table == nullptr) {
    differ(What::missing_table, model, "", !model.info.view,
           fmt::format("{} has no {} {}", escaped(model.name()), model.info.view ? "view" : "table",
                       escaped(model.info.table())));
    return;
  }
  for (const FieldInfo& field : model.fields()) compare_field(model, field, *table);
  if (table->kind != TableKind::table) return;
  compare_key(model, *table);
  find_surplus(model, *table);
  for (const evolution::DueIndex& due : evolution::due_indexes(catalog_, model, table)) {
    std::string fields;
    for (const std::size_t field : due.fields)
      fields += (fields.empty() ? "" : ", ") + model.fields()[field].name;
    differ(What::missing_index, model, model.fields()[due.fields.front()].name, true,
           fmt::format("{} has no {}index on ({})", escaped(model.name()),
                       due.unique ? "unique " : "", escaped(fields)));
  }
}

}  // namespace

std::vector<SchemaDifference> compare_schema(const Catalog& catalog, const Schema& schema) {
  return Comparer(catalog, schema).all();
}

}  // namespace ommi
