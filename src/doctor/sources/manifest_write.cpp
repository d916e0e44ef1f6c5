/// \file
/// A catalog as a manifest: the text that read_manifest reads, one field, reference or relationship
/// a line. Places that are the model's own are left out; reading puts them back.

#include <algorithm>
#include <cmath>
#include <map>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "doctor/source.hpp"
#include "doctor/sources/manifest_text.hpp"

namespace doctor {
namespace {

using Json = nlohmann::ordered_json;
using sources::to_json_text;

Json names(const std::vector<std::string>& list) {
  Json result = Json::array();
  for (const std::string& name : list) result.push_back(to_json_text(name));
  return result;
}

std::string hex(std::string_view bytes) {
  std::string text;
  for (const char byte : bytes) text += fmt::format("{:02x}", static_cast<unsigned char>(byte));
  return text;
}

Json value(const ommi::Value& value) {
  switch (value.kind()) {
    case ommi::Kind::integer:
      return value.as<std::int64_t>();
    case ommi::Kind::text:
      return to_json_text(value.as<std::string>());
    case ommi::Kind::blob:
      return {{"blob", hex(value.as<ommi::Blob>().bytes)}};
    case ommi::Kind::real: {
      const double number = value.as<double>();
      if (std::isfinite(number)) return number;
      return {{"real", std::isnan(number) ? "nan" : number > 0 ? "inf" : "-inf"}};
    }
    case ommi::Kind::null:
      break;
  }
  return nullptr;
}

Json pairs(const std::vector<ommi::FieldPair>& join) {
  Json result = Json::array();
  for (const ommi::FieldPair& pair : join) {
    result.push_back(Json::array({to_json_text(pair.left), to_json_text(pair.right)}));
  }
  return result;
}

void add_place(Json& object, const ommi::Place& place, const ommi::Place& known) {
  if (!place.file.empty() && place != known) object["place"] = to_json_text(place.to_string());
}

void add_source(Json& object, ommi::Origin origin, double confidence) {
  object["origin"] = std::string(ommi::to_string(origin));
  object["confidence"] = confidence;
}

/// The parts of one model.
class ModelText {
 public:
  ModelText(const ommi::ModelInfo& model, const std::vector<Suggestion>& suggestions)
      : model_(model) {
    find_own_references();
    for (const Suggestion& suggestion : suggestions) {
      if (suggestion.model == model.name) suggestions_.push_back(&suggestion);
    }
  }

  [[nodiscard]] std::string text() const;

 private:
  // A reference of one field that has no other is written with the field.
  void find_own_references();
  [[nodiscard]] Json field(const ommi::FieldInfo& field) const;
  [[nodiscard]] Json reference(const ommi::Reference& reference) const;
  [[nodiscard]] Json relation(const ommi::RelationInfo& relation) const;
  [[nodiscard]] static Json suggestion(const Suggestion& suggestion);

  const ommi::ModelInfo& model_;
  std::map<std::string, const ommi::Reference*> own_references_;
  std::vector<const Suggestion*> suggestions_;
};

void ModelText::find_own_references() {
  std::map<std::string, std::size_t> uses;
  for (const ommi::Reference& reference : model_.references) {
    for (const std::string& field : reference.fields) ++uses[field];
  }
  for (const ommi::Reference& reference : model_.references) {
    if (reference.fields.size() != 1 || reference.target_fields.size() != 1) continue;
    const std::string& name = reference.fields.front();
    const bool known =
        std::any_of(model_.fields.begin(), model_.fields.end(),
                    [&](const ommi::FieldInfo& field) { return field.name == name; });
    if (known && uses[name] == 1) own_references_[name] = &reference;
  }
}

Json ModelText::field(const ommi::FieldInfo& field) const {
  Json object;
  object["name"] = to_json_text(field.name);
  object["store_as"] = to_json_text(field.column());
  object["type"] = std::string(ommi::to_string(field.type));
  object["nullable"] = field.nullable;
  object["key"] = field.key;
  object["auto"] = field.automatic;
  if (!field.declared_type.empty()) object["declared_type"] = to_json_text(field.declared_type);
  add_place(object, field.place, model_.place);
  const auto own = own_references_.find(field.name);
  if (own != own_references_.end()) {
    const ommi::Reference& reference = *own->second;
    Json inner;
    inner["model"] = to_json_text(reference.model);
    inner["field"] = to_json_text(reference.target_fields.front());
    add_source(inner, reference.origin, reference.confidence);
    add_place(inner, reference.place, model_.place);
    object["reference"] = std::move(inner);
  }
  return object;
}

Json ModelText::reference(const ommi::Reference& reference) const {
  Json object;
  object["fields"] = names(reference.fields);
  object["model"] = to_json_text(reference.model);
  object["target_fields"] = names(reference.target_fields);
  add_source(object, reference.origin, reference.confidence);
  add_place(object, reference.place, model_.place);
  return object;
}

Json ModelText::relation(const ommi::RelationInfo& relation) const {
  Json object;
  object["name"] = to_json_text(relation.name);
  object["kind"] = relation.cardinality == ommi::Cardinality::one ? "to-one" : "to-many";
  object["required"] = relation.required;
  object["target"] = to_json_text(relation.target);
  object["via"] = relation.via.empty() ? Json(nullptr) : Json(to_json_text(relation.via));
  if (!relation.join.empty()) object["join"] = pairs(relation.join);
  if (!relation.follow.empty()) object["follow"] = names(relation.follow);
  if (!relation.target_follow.empty()) object["target_follow"] = names(relation.target_follow);
  if (!relation.via.empty() && !relation.target_join.empty()) {
    object["target_join"] = pairs(relation.target_join);
  }
  add_source(object, relation.origin, relation.confidence);
  add_place(object, relation.place, model_.place);
  return object;
}

Json ModelText::suggestion(const Suggestion& suggestion) {
  Json object;
  object["fields"] = names(suggestion.reference.fields);
  object["model"] = to_json_text(suggestion.reference.model);
  object["target_fields"] = names(suggestion.reference.target_fields);
  object["confidence"] = suggestion.reference.confidence;
  object["values"] = suggestion.values;
  object["contained"] = suggestion.contained;
  Json examples = Json::array();
  for (const ommi::Value& example : suggestion.counter_examples) examples.push_back(value(example));
  object["counter_examples"] = std::move(examples);
  object["why"] = to_json_text(suggestion.why);
  return object;
}

// `text` on one line, with blanks that make it readable: {"name": "id", "key": true}.
std::string on_one_line(const Json& object) {
  if (object.is_object()) {
    std::string text;
    for (const auto& [key, inner] : object.items()) {
      text +=
          fmt::format("{}{}: {}", text.empty() ? "" : ", ", Json(key).dump(), on_one_line(inner));
    }
    return "{" + text + "}";
  }
  if (object.is_array()) {
    std::string text;
    for (const Json& inner : object) text += (text.empty() ? "" : ", ") + on_one_line(inner);
    return "[" + text + "]";
  }
  return object.dump();
}

template <class List, class Write>
std::string list(std::string_view name, const List& items, Write write) {
  std::string lines;
  for (const auto& item : items) {
    lines += fmt::format("{}\n        {}", lines.empty() ? "" : ",", on_one_line(write(item)));
  }
  return fmt::format(",\n      \"{}\": [{}{}]", name, lines, lines.empty() ? "" : "\n      ");
}

std::string ModelText::text() const {
  std::string text = fmt::format("      \"name\": {},\n      \"store_as\": {}",
                                 Json(to_json_text(model_.name)).dump(),
                                 Json(to_json_text(model_.table())).dump());
  if (!model_.place.file.empty()) {
    text +=
        fmt::format(",\n      \"place\": {}", Json(to_json_text(model_.place.to_string())).dump());
  }
  if (model_.view) text += ",\n      \"view\": true";
  text += list("fields", model_.fields, [&](const ommi::FieldInfo& one) { return field(one); });
  if (!model_.unique_sets.empty()) text += list("unique", model_.unique_sets, names);
  std::vector<const ommi::Reference*> others;
  for (const ommi::Reference& one : model_.references) {
    const auto own = own_references_.find(one.fields.empty() ? "" : one.fields.front());
    if (own == own_references_.end() || own->second != &one) others.push_back(&one);
  }
  if (!others.empty()) {
    text += list("references", others, [&](const ommi::Reference* one) { return reference(*one); });
  }
  text += list("relationships", model_.relations,
               [&](const ommi::RelationInfo& one) { return relation(one); });
  if (!suggestions_.empty()) {
    text +=
        list("suggestions", suggestions_, [](const Suggestion* one) { return suggestion(*one); });
  }
  return "    {\n" + text + "\n    }";
}

}  // namespace

std::string write_manifest(const ommi::Catalog& catalog, const std::vector<Suggestion>& suggestions,
                           std::string_view source) {
  std::string models;
  for (const ommi::Model& model : catalog.models()) {
    models += (models.empty() ? "\n" : ",\n") + ModelText(model.info, suggestions).text();
  }
  return fmt::format("{{\n  \"schema_version\": 1,\n  \"source\": {},\n  \"models\": [{}{}]\n}}\n",
                     Json(to_json_text(source)).dump(), models, models.empty() ? "" : "\n  ");
}

}  // namespace doctor
