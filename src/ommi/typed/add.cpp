#include "engine/calls.hpp"
#include "ommi/typed.hpp"

namespace ommi::engine {
namespace {

Database::NewRow row_of(const Model& model, const void* object) {
  Database::NewRow row;
  std::string text;
  for (std::size_t i = 0; i < model.fields().size(); ++i) {
    const FieldInfo& field = model.fields()[i];
    if (field.automatic) continue;
    row.emplace_back(field.name, Value(model.info.binding->fields[i].write(object, text)));
  }
  return row;
}

void write_back(const Model& model, const Record& stored, void* object) {
  for (std::size_t i = 0; i < model.fields().size(); ++i) {
    if (!model.fields()[i].automatic) continue;
    if (model.info.binding->fields[i].read(object, stored.cell(i))) continue;
    throw decode_error(model, escaped(model.name()), i, stored.cell(i));
  }
}

}  // namespace

DBResult<Done> TypedCalls::add(const Database& database, const void* type,
                               std::string_view type_name, std::span<void* const> objects) {
  return database.session_->captured({.operation = "add"}, [&] {
    const Model* model = database.session_->catalog()->find_type(type);
    if (model == nullptr) throw unknown_type(type_name);
    std::vector<Database::NewRow> rows;
    rows.reserve(objects.size());
    for (const void* object : objects) rows.push_back(row_of(*model, object));
    const RecordList stored = database.add(model->name(), rows).or_raise();
    for (std::size_t i = 0; i < objects.size(); ++i) write_back(*model, stored[i], objects[i]);
    return attach(database, type, type_name, objects).or_raise();
  });
}

}  // namespace ommi::engine
