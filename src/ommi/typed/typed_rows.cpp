#include "typed/typed_rows.hpp"

#include <algorithm>

#include "engine/rows.hpp"
#include "engine/session.hpp"
#include "ommi/typed.hpp"

namespace ommi::engine {
namespace {

std::vector<std::uint32_t> fields_to_keep(const Model& model) {
  std::vector<std::uint32_t> fields;
  if (model.relations.empty()) return fields;
  const auto add = [&](const std::vector<std::size_t>& more) {
    for (const std::size_t field : more) fields.push_back(static_cast<std::uint32_t>(field));
  };
  add(model.key);
  for (const Relation& relation : model.relations) add(relation.owner_fields);
  std::sort(fields.begin(), fields.end());
  fields.erase(std::unique(fields.begin(), fields.end()), fields.end());
  return fields;
}

}  // namespace

TypedRows::TypedRows(const std::shared_ptr<Session>& session, const Model& model, Fetch fetch)
    : Answer(session, model, fetch),
      binding_(*model.info.binding),
      kept_(fields_to_keep(model)),
      positions_(model.fields().size()) {
  for (std::uint32_t i = 0; i < kept_.size(); ++i) positions_[kept_[i]] = i;
}

TypedRows::TypedRows(const std::shared_ptr<Session>& session, const Model& model, Fetch fetch,
                     ObjectStore& objects)
    : TypedRows(session, model, fetch) {
  objects_ = &objects;
}

void TypedRows::keep(Cell cell) {
  if (cell.kind >= Kind::text) cell.data = arena_.keep({cell.data, cell.size});
  cells_.add(cell);
}

void TypedRows::bind(void* object) {
  if (binding_.lazies.empty()) return;
  pin(binding_.lazies.size());
  std::uint32_t relation = 0;
  for (const LazyBinding& lazy : binding_.lazies) {
    TypedCalls::bind(lazy.field(object), *this, size(), relation++);
  }
}

void TypedRows::note_fault(std::size_t field, std::span<const Cell> cells) {
  if (errors_.contains(size())) return;
  add_fault(field);
  const std::string row = row_name(model(), [&](std::size_t i) { return cells[i]; });
  errors_.emplace(size(), decode_error(model(), row, field, cells[field]));
}

std::uint32_t TypedRows::append(std::span<const Cell> cells) {
  void* object = objects_->add();
  std::size_t field = 0;
  for (const FieldBinding& binding : binding_.fields) {
    if (!binding.read(object, cells[field])) note_fault(field, cells);
    ++field;
  }
  bind(object);
  for (const std::uint32_t kept : kept_) keep(cells[kept]);
  return count_row();
}

void TypedRows::adopt(void* object) {
  std::string text;
  for (const std::uint32_t field : kept_) keep(binding_.fields[field].write(object, text));
  bind(object);
  count_row();
}

void TypedRows::clear() noexcept {
  forget_rows();
  cells_.clear();
  errors_.clear();
  arena_ = Arena();
}

Cell TypedRows::key_cell(std::uint32_t row, std::size_t field) const noexcept {
  return cells_[row * kept_.size() + positions_[field]];
}

DatabaseError TypedRows::error_of(const Fault& fault) const { return errors_.at(fault.row); }

Brought TypedRows::fresh(const std::shared_ptr<Session>& session, const Model& model) const {
  std::shared_ptr<ObjectStore> objects = model.info.binding->objects();
  auto rows = std::make_shared<TypedRows>(session, model, fetch(), *objects);
  return {std::move(rows), std::move(objects), std::make_shared<std::vector<std::uint32_t>>()};
}

}  // namespace ommi::engine
