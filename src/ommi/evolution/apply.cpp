#include <algorithm>
#include <set>

#include "ommi/evolution.hpp"
#include "schema/references.hpp"

namespace ommi {
namespace {

DBResult<std::uint64_t> apply_all(const Database& database, const std::vector<SchemaStep>& steps) {
  for (const SchemaStep& step : steps) {
    const DBResult<Done> done = database.apply(step);
    if (const Failure* failed = done.failure()) return *failed;
  }
  return std::uint64_t{steps.size()};
}

std::vector<SchemaStep> drops(const Catalog& catalog, const Schema& schema) {
  std::vector<SchemaStep> steps;
  std::set<const Table*> seen;
  std::vector<const Model*> order = schema::targets_first(catalog);
  std::ranges::reverse(order);
  for (const Model* model : order) {
    const Table* const table = schema.find_table(model->info.table());
    if (table == nullptr || table->kind != TableKind::table || model->info.view) continue;
    if (!seen.insert(table).second) continue;
    SchemaStep step;
    step.what = SchemaStep::What::drop_table;
    step.model = model;
    step.table = table->name;
    steps.push_back(std::move(step));
  }
  return steps;
}

}  // namespace

DBResult<std::uint64_t> apply_schema(const Database& database) {
  return database.transaction([&]() -> DBResult<std::uint64_t> {
    const DBResult<Schema> schema = database.describe();
    if (const Failure* failed = schema.failure()) return *failed;
    const auto steps = plan_schema(database.catalog(), schema.value());
    if (const Failure* failed = steps.failure()) return *failed;
    return apply_all(database, steps.value());
  });
}

DBResult<std::uint64_t> drop_schema(const Database& database) {
  return database.transaction([&]() -> DBResult<std::uint64_t> {
    const DBResult<Schema> schema = database.describe();
    if (const Failure* failed = schema.failure()) return *failed;
    return apply_all(database, drops(database.catalog(), schema.value()));
  });
}

}  // namespace ommi
