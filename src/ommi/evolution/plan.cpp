#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "evolution/indexes.hpp"
#include "ommi/evolution.hpp"
#include "schema/references.hpp"

namespace ommi {
namespace {

std::string lower(std::string text) {
  for (char& letter : text) {
    if (letter >= 'A' && letter <= 'Z') letter = static_cast<char>(letter - 'A' + 'a');
  }
  return text;
}

class Planner {
 public:
  Planner(const Catalog& catalog, const Schema& schema) : catalog_(catalog), schema_(schema) {
    for (const Table& table : schema.tables) {
      names_.insert(lower(table.name));
      for (const Index& index : table.indexes) names_.insert(lower(index.name));
    }
    for (const Model& model : catalog.models()) names_.insert(lower(model.info.table()));
  }

  std::vector<SchemaStep> all() {
    for (const Model* model : schema::targets_first(catalog_)) plan(*model);
    return std::move(steps_);
  }

 private:
  void plan(const Model& model);
  void create_table(const Model& model);
  void add_columns(const Model& model, const Table& table);

  // A name that neither a table nor another index has.
  std::string index_name(const Model& model, const std::vector<std::size_t>& fields) {
    std::string name = model.info.table();
    for (const std::size_t field : fields) name += "_" + model.fields()[field].column();
    name += "_index";
    std::string free = name;
    for (int number = 2; !names_.insert(lower(free)).second; ++number) {
      free = fmt::format("{}_{}", name, number);
    }
    return free;
  }

  const Catalog& catalog_;
  const Schema& schema_;
  std::set<std::string> names_;
  std::vector<SchemaStep> steps_;
};

void Planner::create_table(const Model& model) {
  SchemaStep step;
  step.what = SchemaStep::What::create_table;
  step.model = &model;
  step.references = schema::foreign_keys_of(catalog_, model);
  steps_.push_back(std::move(step));
}

void Planner::add_columns(const Model& model, const Table& table) {
  const std::vector<schema::Resolved> references = schema::references_of(catalog_, model);
  for (std::size_t field = 0; field < model.fields().size(); ++field) {
    if (table.find_column(model.fields()[field].column()) != nullptr) continue;
    SchemaStep step;
    step.what = SchemaStep::What::add_column;
    step.model = &model;
    step.fields = {field};
    for (const schema::Resolved& found : references) {
      const bool its_own = found.enforced && found.reference.fields == step.fields;
      if (its_own) step.references.push_back(found.reference);
    }
    steps_.push_back(std::move(step));
  }
}

void Planner::plan(const Model& model) {
  const Table* const table = schema_.find_table(model.info.table());
  if (table == nullptr) {
    create_table(model);
  } else if (table->kind == TableKind::table) {
    add_columns(model, *table);
  } else {
    return;
  }
  for (evolution::DueIndex& due : evolution::due_indexes(catalog_, model, table)) {
    SchemaStep step;
    step.what = SchemaStep::What::create_index;
    step.model = &model;
    step.index = index_name(model, due.fields);
    step.fields = std::move(due.fields);
    step.unique = due.unique;
    steps_.push_back(std::move(step));
  }
}

}  // namespace

DBResult<std::vector<SchemaStep>> plan_schema(const Catalog& catalog, const Schema& schema) {
  return capture({.operation = "plan"}, [&] {
    for (const SchemaDifference& difference : compare_schema(catalog, schema)) {
      if (difference.additive) continue;
      throw DatabaseError(ErrorCode::incompatible_schema_evolution,
                          difference.message + "; nothing was changed",
                          {.operation = "plan", .model = difference.model});
    }
    return Planner(catalog, schema).all();
  });
}

}  // namespace ommi
