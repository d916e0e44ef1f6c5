#include "doctor/report_parts/phrases.hpp"

namespace doctor::report_parts {

Disclosure::Disclosure(const ommi::Catalog* catalog, bool show_values)
    : catalog_(catalog), show_values_(show_values) {
  if (catalog_ == nullptr) return;
  for (const ommi::Model& model : catalog_->models()) {
    add(model, model.key);
    for (const ommi::Reference& reference : model.info.references) {
      add(model, reference.fields);
      if (const ommi::Model* target = catalog_->find(reference.model)) {
        add(*target, reference.target_fields);
      }
    }
    for (const ommi::Relation& relation : model.relations) {
      add(model, relation.owner_fields);
      if (relation.target != nullptr) add(*relation.target, relation.target_fields);
      if (relation.via == nullptr) continue;
      add(*relation.via, relation.via_owner_fields);
      add(*relation.via, relation.via_target_fields);
    }
  }
}

void Disclosure::add(const ommi::Model& model, const std::vector<std::size_t>& fields) {
  for (const std::size_t field : fields) shown_.emplace(&model, field);
}

void Disclosure::add(const ommi::Model& model, const std::vector<std::string>& fields) {
  for (const std::string& name : fields) {
    if (const auto field = model.find_field(name)) shown_.emplace(&model, *field);
  }
}

bool Disclosure::shows(const ommi::Model& model, std::string_view field) const {
  if (show_values_) return true;
  const auto number = model.find_field(field);
  return number && shown_.count({&model, *number}) != 0;
}

std::vector<const ommi::Model*> Disclosure::models_of(const Subject& subject) const {
  std::vector<const ommi::Model*> models;
  const auto add_model = [&models](const ommi::Model* model) {
    if (model != nullptr) models.push_back(model);
  };
  if (!subject.model.empty()) add_model(catalog_->find(subject.model));
  if (!subject.table.empty()) add_model(catalog_->find(subject.table));
  if (subject.relationship.empty()) return models;
  for (const ommi::Model& model : catalog_->models()) {
    for (const ommi::Relation& relation : model.relations) {
      if (relation.name() != subject.relationship) continue;
      add_model(&model);
      add_model(relation.target);
      add_model(relation.via);
    }
  }
  return models;
}

bool Disclosure::shows(const Subject& subject, const NamedValue& value) const {
  if (show_values_ || value.value.is_null()) return true;
  bool known = false;
  if (catalog_ != nullptr) {
    for (const ommi::Model* model : models_of(subject)) {
      if (shows(*model, value.name)) return true;
      known = known || model->find_field(value.name).has_value();
    }
  }
  // What is no field is a number that the rule counted, or the database's own row number.
  return !known && value.value.kind() == ommi::Kind::integer;
}

}  // namespace doctor::report_parts
