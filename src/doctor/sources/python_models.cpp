/// \file
/// Facts of Python sources as models: what the declarations mean by libommi's rules. Where Ommi
/// itself does not understand one, the models say what is meant, and a rule says what is wrong.

#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>

#include "doctor/source.hpp"
#include "doctor/sources/drafts.hpp"
#include "doctor/sources/words.hpp"

namespace doctor {
namespace {

using python::Facts;
using sources::same_name;

ommi::Type basic_type(std::string_view resolved) {
  if (resolved == "builtins.int" || resolved == "int") return ommi::Type::integer;
  if (resolved == "builtins.str" || resolved == "str") return ommi::Type::text;
  if (resolved == "builtins.float" || resolved == "float") return ommi::Type::real;
  if (resolved == "builtins.bool" || resolved == "bool") return ommi::Type::boolean;
  if (resolved == "datetime.datetime") return ommi::Type::datetime;
  if (resolved == "datetime.date") return ommi::Type::date;
  return ommi::Type::any;
}

bool is_text_column(const ommi::Column* column) {
  return column != nullptr && same_name(column->declared_type, "TEXT");
}

/// What the values are. Ommi makes a TEXT column of every type but four, Optional[int] too, and
/// then numbers are there as text: nothing is promised where that is so.
ommi::Type type_of(const python::Field& field, const ommi::Column* column) {
  const std::optional<python::Type>& type = field.field_type ? field.field_type : field.type;
  if (!type) return ommi::Type::any;
  const ommi::Type plain = basic_type(type->exact);
  if (plain != ommi::Type::any) return plain;
  const ommi::Type meant = basic_type(type->inner.empty() ? type->resolved : type->inner);
  const bool by_text = meant == ommi::Type::text || meant == ommi::Type::any;
  return by_text || !is_text_column(column) ? meant : ommi::Type::any;
}

/// The type of the column that Ommi makes.
std::string_view made_as(const python::Field& field) {
  const std::optional<python::Type>& type = field.field_type ? field.field_type : field.type;
  if (!type) return "TEXT";
  if (type->exact == "int" || type->exact == "bool") return "INTEGER";
  return type->exact == "float" ? "REAL" : "TEXT";
}

bool has_key(const ommi::Table* table) {
  return table != nullptr && std::any_of(table->columns.begin(), table->columns.end(),
                                         [](const auto& column) { return column.key_part > 0; });
}

class Translator {
 public:
  Translator(const Facts& facts, const ommi::Schema& schema) : facts_(facts), schema_(schema) {
    for (const python::Model& model : facts.models) {
      if (!model.type_checking_only) names_[&model] = name_for(model);
    }
  }

  Draft run(const std::vector<std::string>& paths) {
    for (const std::string& path : paths) draft_.sources.push_back("python:" + path);
    for (const python::Model& model : facts_.models) {
      if (model.type_checking_only || is_second_of_table(model)) continue;
      draft_.closed.push_back(names_[&model]);
      draft_.models.push_back(translate(model));
    }
    return std::move(draft_);
  }

 private:
  /// Names are told apart where several models have one: by their modules.
  std::string name_for(const python::Model& model) {
    if (taken_.insert(model.name).second) return model.name;
    std::string module = model.module;
    std::replace(module.begin(), module.end(), '.', '_');
    std::string name = module + "_" + model.name;
    while (!taken_.insert(name).second) name += "_again";
    draft_.notes.push_back(fmt::format("the model {} of {}:{} is {} here: its name is taken",
                                       ommi::escaped(model.name), ommi::escaped(model.file),
                                       model.line, ommi::escaped(name)));
    return name;
  }

  [[nodiscard]] static std::string table_of(const python::Model& model) {
    return model.table.name.empty() ? model.name : model.table.name;
  }

  /// A class that is defined anew in the same file takes the place of the first.
  [[nodiscard]] bool is_second_of_table(const python::Model& model) const {
    return std::any_of(draft_.models.begin(), draft_.models.end(), [&](const auto& other) {
      return other.name == model.name && other.table() == table_of(model) &&
             other.place.file == model.file;
    });
  }

  ommi::ModelInfo translate(const python::Model& from) {
    ommi::ModelInfo model;
    model.name = names_[&from];
    model.store_as = table_of(from);
    model.place = {from.file, from.line};
    const ommi::Table* const table = schema_.find_table(model.table());
    model.view = table != nullptr && table->kind == ommi::TableKind::view;
    for (const python::Field& field : from.fields) {
      if (field.lazy) continue;
      if (!field.class_var) add_field(field, table, model);
    }
    if (!from.fields.empty()) mark_key(from, has_key(table), model);
    for (const python::Field& field : from.fields) {
      if (field.lazy) add_relation(from, field, model);
    }
    return model;
  }

  void add_field(const python::Field& from, const ommi::Table* table, ommi::ModelInfo& model) {
    ommi::FieldInfo field;
    field.name = from.name;
    field.store_as = from.store_as;
    field.place = {model.place.file, from.line};
    field.type = type_of(from, table == nullptr ? nullptr : table->find_column(from.column()));
    field.declared_type = made_as(from);  // merge() takes the table's own where it has the column
    field.key = from.key;
    field.automatic = from.automatic;
    field.nullable = !from.key && from.type && !from.type->optional.empty();
    model.fields.push_back(std::move(field));
    add_reference(from, model);
  }

  void add_reference(const python::Field& field, ommi::ModelInfo& model) {
    const python::Reference* reference = field.reference ? &*field.reference : nullptr;
    for (const python::Metadata& metadata : field.metadata) {
      if (reference == nullptr && metadata.reference) reference = &*metadata.reference;
    }
    if (reference == nullptr || !reference->model) return;
    const python::Model* const target = facts_.find(*reference->model);
    if (target == nullptr || names_.count(target) == 0) return;
    const std::string named = reference->field.empty() ? only_key_of(*target) : reference->field;
    const bool is_there =
        std::any_of(target->fields.begin(), target->fields.end(),
                    [&](const auto& other) { return other.name == named && !other.lazy; });
    if (!is_there) return;
    model.references.push_back({{field.name},
                                names_[target],
                                {named},
                                ommi::Origin::python,
                                1,
                                {model.place.file, field.line}});
  }

  /// The field that a reference to a whole model means; empty where that is several.
  [[nodiscard]] static std::string only_key_of(const python::Model& model) {
    const std::vector<std::string> key = default_key(model);
    return key.size() == 1 ? key.front() : "";
  }

  /// Ommi's rule: the marked fields; the column `id` or `_id`; the first int; the first field.
  [[nodiscard]] static std::vector<std::string> default_key(const python::Model& model) {
    std::vector<std::string> marked;
    std::string by_name, by_type, first;
    for (const python::Field& field : model.fields) {
      if (field.lazy || field.class_var) continue;
      if (field.key) marked.push_back(field.name);
      const bool named_so = field.column() == "id" || field.column() == "_id";
      if (by_name.empty() && named_so) by_name = field.name;
      const std::optional<python::Type>& type = field.field_type ? field.field_type : field.type;
      if (by_type.empty() && type && type->int_subclass) by_type = field.name;
      if (first.empty()) first = field.name;
    }
    if (!marked.empty()) return marked;
    for (const std::string& name : {by_name, by_type, first}) {
      if (!name.empty()) return {name};
    }
    return {};
  }

  /// Where none is marked and the table has one, that one counts: merge() takes it.
  static void mark_key(const python::Model& from, bool table_has_key, ommi::ModelInfo& model) {
    const std::vector<std::string> key = default_key(from);
    const bool marked = std::any_of(from.fields.begin(), from.fields.end(),
                                    [](const python::Field& field) { return field.key; });
    if (!marked && table_has_key) return;
    for (ommi::FieldInfo& field : model.fields) {
      if (std::find(key.begin(), key.end(), field.name) == key.end()) continue;
      field.key = true;
      field.nullable = false;
    }
  }

  void add_relation(const python::Model& from, const python::Field& field, ommi::ModelInfo& model) {
    if (!field.lazy->target) return;  // bare: nobody knows what it leads to
    const python::Target& target = *field.lazy->target;
    ommi::RelationInfo relation;
    relation.name = field.name;
    relation.cardinality = field.lazy->many ? ommi::Cardinality::many : ommi::Cardinality::one;
    relation.target = name_of(target);
    if (target.association) relation.via = name_of(*target.association);
    relation.origin = ommi::Origin::python;
    relation.place = {from.file, field.line};
    model.relations.push_back(std::move(relation));
  }

  std::string name_of(const python::Name& name) {
    const python::Model* model = facts_.find(name);
    if (model == nullptr && name.candidates.size() == 1) {
      python::Name elsewhere;
      elsewhere.resolved = name.candidates.front();
      model = facts_.find(elsewhere);
    }
    const auto found = names_.find(model);
    return model == nullptr || found == names_.end() ? name.text : found->second;
  }

  const Facts& facts_;
  const ommi::Schema& schema_;
  std::map<const python::Model*, std::string> names_;
  std::set<std::string> taken_;
  Draft draft_;
};

}  // namespace

Draft models_from_python(const Facts& facts, const ommi::Schema& schema,
                         const std::vector<std::string>& paths) {
  return Translator(facts, schema).run(paths);
}

}  // namespace doctor
