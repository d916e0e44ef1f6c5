#include "doctor/wording.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace doctor {

std::string counted(std::uint64_t number, std::string_view singular) {
  return fmt::format("{} {}{}", number, singular, number == 1 ? "" : "s");
}

std::string coverage(std::uint64_t rows) {
  return fmt::format("{} of {}", rows, counted(rows, "row"));
}

std::string field_names(const ommi::Model& model, const std::vector<std::size_t>& fields) {
  std::vector<std::string> names;
  for (const std::size_t field : fields) names.push_back(ommi::escaped(model.fields()[field].name));
  return fmt::format("{}", fmt::join(names, ", "));
}

std::string column_names(const ommi::Model& model, const std::vector<std::size_t>& fields) {
  std::vector<std::string> names;
  for (const std::size_t field : fields) {
    names.push_back(ommi::escaped(model.fields()[field].column()));
  }
  return fmt::format("{}", fmt::join(names, ", "));
}

std::string relation_names(const std::vector<const ommi::Relation*>& relations) {
  std::vector<std::string> names;
  for (const ommi::Relation* relation : relations) names.push_back(ommi::escaped(relation->name()));
  return fmt::format("{}", fmt::join(names, ", "));
}

Subject subject_of(const ommi::Model& model, const std::vector<std::size_t>& fields,
                   const ommi::Relation* relation) {
  Subject subject;
  if (relation != nullptr) subject.relationship = relation->name();
  subject.model = model.name();
  for (const std::size_t field : fields) {
    const ommi::FieldInfo& info = model.fields()[field];
    subject.field += (subject.field.empty() ? "" : ", ") + info.name;
    subject.column += (subject.column.empty() ? "" : ", ") + info.column();
  }
  subject.table = model.info.table();
  return subject;
}

Subject subject_of(const ommi::Relation& relation) {
  Subject subject;
  subject.relationship = relation.name();
  subject.model = relation.owner->name();
  subject.table = relation.owner->info.table();
  return subject;
}

const ommi::Relation* main_relation(const ReferenceSweep& reference) {
  for (const ommi::Relation* relation : reference.relations) {
    if (relation->direction == ommi::Direction::forward) return relation;
  }
  return reference.relations.empty() ? nullptr : reference.relations.front();
}

bool is_association_side(const ReferenceSweep& reference) {
  return std::any_of(reference.relations.begin(), reference.relations.end(),
                     [](const ommi::Relation* relation) {
                       return relation->direction == ommi::Direction::association;
                     });
}

std::vector<const ommi::Relation*> relations_touching(const ommi::Catalog& catalog,
                                                      const ommi::Model& model) {
  std::vector<const ommi::Relation*> touching;
  for (const ommi::Model& owner : catalog.models()) {
    for (const ommi::Relation& relation : owner.relations) {
      if (&owner == &model || relation.target == &model || relation.via == &model ||
          catalog.find(relation.info.target) == &model ||
          (!relation.info.via.empty() && catalog.find(relation.info.via) == &model)) {
        touching.push_back(&relation);
      }
    }
  }
  return touching;
}

}  // namespace doctor
