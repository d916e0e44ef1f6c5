/// \file
/// A manifest's text as models. What is allowed is what docs/models.schema.json says; names are
/// resolved later, when the catalog is sealed.

#include <algorithm>
#include <array>
#include <limits>

#include <fmt/format.h>

#include "doctor/source.hpp"
#include "doctor/sources/manifest_shape.hpp"
#include "doctor/sources/manifest_syntax.hpp"
#include "doctor/sources/manifest_text.hpp"

namespace doctor {
namespace {

using sources::Shape;

// "models.py:31"; a text without a line is a place as well.
ommi::Place place_named(const std::string& text) {
  const std::size_t colon = text.rfind(':');
  const std::string digits = colon == std::string::npos ? "" : text.substr(colon + 1);
  const bool line = !digits.empty() && digits.size() <= 9 && digits.front() != '0' &&
                    digits.find_first_not_of("0123456789") == std::string::npos;
  if (!line) return {text};
  return {text.substr(0, colon), static_cast<unsigned>(std::stoul(digits))};
}

ommi::Place place_of(const Shape& shape, const ommi::Place& otherwise) {
  return shape.has("place") ? place_named(shape.at("place").text()) : otherwise;
}

ommi::Origin origin_of(const Shape& shape) {
  if (!shape.has("origin")) return ommi::Origin::manifest;
  const Shape found = shape.at("origin");
  const std::string name = found.text();
  std::vector<std::string> known;
  for (const auto origin : {ommi::Origin::declared, ommi::Origin::inferred, ommi::Origin::manifest,
                            ommi::Origin::python, ommi::Origin::code}) {
    if (name == ommi::to_string(origin)) return origin;
    known.emplace_back(ommi::to_string(origin));
  }
  found.fail(fmt::format("expected one of {}, not {}", fmt::join(known, ", "), found.what()));
}

ommi::Type type_of(const Shape& shape) {
  if (!shape.has("type")) return ommi::Type::any;
  const Shape found = shape.at("type");
  const std::string name = found.text();
  if (const auto type = ommi::type_named(name)) return *type;
  std::vector<std::string> known;
  for (auto type = ommi::Type::any; type <= ommi::Type::datetime;
       type = static_cast<ommi::Type>(static_cast<unsigned>(type) + 1)) {
    known.emplace_back(ommi::to_string(type));
  }
  const std::string near = ommi::nearest(name, known);
  found.fail(fmt::format("expected one of {}, not {}{}", fmt::join(known, ", "), found.what(),
                         near.empty() ? "" : fmt::format("; did you mean '{}'?", near)));
}

ommi::Reference field_reference(const Shape& shape, const std::string& field,
                                const ommi::Place& place) {
  shape.allow({"model", "field", "origin", "confidence", "place"});
  return {{field},          shape.at("model").text(),        {shape.at("field").text()},
          origin_of(shape), shape.fraction("confidence", 1), place_of(shape, place)};
}

void read_field(const Shape& shape, ommi::ModelInfo& model) {
  shape.allow({"name", "store_as", "type", "nullable", "key", "auto", "declared_type", "place",
               "reference"});
  ommi::FieldInfo field;
  field.name = shape.at("name").text();
  if (shape.has("store_as")) field.store_as = shape.at("store_as").text();
  field.type = type_of(shape);
  field.key = shape.flag("key", false);
  field.automatic = shape.flag("auto", false);
  field.nullable = shape.flag("nullable", !field.key);
  if (shape.has("declared_type")) field.declared_type = shape.at("declared_type").text();
  field.place = place_of(shape, model.place);
  if (shape.has("reference")) {
    model.references.push_back(field_reference(shape.at("reference"), field.name, model.place));
  }
  model.fields.push_back(std::move(field));
}

std::vector<std::string> some_names(const Shape& shape) {
  std::vector<std::string> names = shape.names();
  if (names.empty()) shape.fail("expected at least one name");
  return names;
}

ommi::Reference read_reference(const Shape& shape, const ommi::Place& place) {
  ommi::Reference reference;
  reference.fields = some_names(shape.at("fields"));
  reference.model = shape.at("model").text();
  const Shape targets = shape.at("target_fields");
  reference.target_fields = targets.names();  // empty: not known, as for a key that is not there
  if (!reference.target_fields.empty() &&
      reference.target_fields.size() != reference.fields.size()) {
    targets.fail(fmt::format("expected as many names as in 'fields' ({}), not {}",
                             reference.fields.size(), reference.target_fields.size()));
  }
  reference.confidence = shape.fraction("confidence", 1);
  reference.place = place;
  return reference;
}

std::vector<ommi::FieldPair> read_join(const Shape& shape, std::string_view key) {
  std::vector<ommi::FieldPair> join;
  shape.each(key, [&](const Shape& pair) {
    const std::vector<std::string> names = pair.names();
    if (names.size() != 2) {
      pair.fail(fmt::format("expected two field names, not {}", names.size()));
    }
    join.push_back({names[0], names[1]});
  });
  return join;
}

ommi::Cardinality kind_of(const Shape& shape) {
  const Shape found = shape.at("kind");
  const std::string kind = found.text();
  if (kind == "to-one") return ommi::Cardinality::one;
  if (kind == "to-many") return ommi::Cardinality::many;
  found.fail("expected to-one or to-many, not " + found.what());
}

ommi::RelationInfo read_relation(const Shape& shape, const ommi::ModelInfo& model) {
  shape.allow({"name", "kind", "required", "target", "via", "join", "target_join", "follow",
               "target_follow", "origin", "confidence", "place"});
  ommi::RelationInfo relation;
  relation.name = shape.at("name").text();
  relation.cardinality = kind_of(shape);
  relation.required = shape.flag("required", false);
  relation.target = shape.at("target").text();
  if (shape.has("via") && !shape.at("via").is_null()) relation.via = shape.at("via").text();
  relation.join = read_join(shape, "join");
  relation.target_join = read_join(shape, "target_join");
  if (shape.has("follow")) relation.follow = some_names(shape.at("follow"));
  if (shape.has("target_follow")) relation.target_follow = some_names(shape.at("target_follow"));
  for (const char* key : {"target_join", "target_follow"}) {
    if (!shape.has(key) || !relation.via.empty()) continue;
    shape.at(key).fail("only a relationship with 'via' has one");
  }
  relation.origin = origin_of(shape);
  relation.confidence = shape.fraction("confidence", 1);
  relation.place = place_of(shape, model.place);
  return relation;
}

std::string bytes_of_hex(const Shape& shape) {
  const std::string digits = shape.text();
  const auto digit = [&](char letter) {
    if (letter >= '0' && letter <= '9') return letter - '0';
    if (letter >= 'a' && letter <= 'f') return letter - 'a' + 10;
    shape.fail("expected hexadecimal digits in pairs, not " + shape.what());
  };
  if (digits.size() % 2 != 0)
    shape.fail("expected hexadecimal digits in pairs, not " + shape.what());
  std::string bytes;
  for (std::size_t at = 0; at < digits.size(); at += 2) {
    bytes += static_cast<char>(digit(digits[at]) * 16 + digit(digits[at + 1]));
  }
  return bytes;
}

double special_real(const Shape& shape) {
  const std::string name = shape.text();
  if (name == "nan") return std::numeric_limits<double>::quiet_NaN();
  if (name == "inf") return std::numeric_limits<double>::infinity();
  if (name == "-inf") return -std::numeric_limits<double>::infinity();
  shape.fail("expected nan, inf or -inf, not " + shape.what());
}

ommi::Value read_value(const Shape& shape) {
  const nlohmann::json& value = shape.value();
  if (value.is_null()) return {};
  if (value.is_string()) return shape.text();
  if (value.is_number_float()) return value.get<double>();
  if (value.is_number_unsigned() && value.get<std::uint64_t>() > INT64_MAX) {
    shape.fail("expected a number of at most 64 bits, not " + shape.what());
  }
  if (value.is_number()) return value.get<std::int64_t>();
  if (!value.is_object()) shape.fail("expected a value, not " + shape.what());
  shape.allow({"blob", "real"});
  if (value.size() != 1) shape.fail("expected one of the keys 'blob' and 'real'");
  if (shape.has("blob")) return ommi::Blob{bytes_of_hex(shape.at("blob"))};
  return special_real(shape.at("real"));
}

Suggestion read_suggestion(const Shape& shape, const ommi::ModelInfo& model) {
  shape.allow({"fields", "model", "target_fields", "confidence", "values", "contained",
               "counter_examples", "why"});
  Suggestion suggestion;
  suggestion.model = model.name;
  suggestion.reference = read_reference(shape, model.place);
  suggestion.reference.origin = ommi::Origin::inferred;
  suggestion.values = shape.number("values");
  suggestion.contained = shape.number("contained");
  shape.each("counter_examples", [&](const Shape& example) {
    suggestion.counter_examples.push_back(read_value(example));
  });
  if (shape.has("why")) suggestion.why = shape.at("why").text();
  return suggestion;
}

void read_model(const Shape& shape, Draft& draft) {
  shape.allow({"name", "store_as", "place", "view", "fields", "unique", "references",
               "relationships", "suggestions"});
  ommi::ModelInfo model;
  model.name = shape.at("name").text();
  if (shape.has("store_as")) model.store_as = shape.at("store_as").text();
  model.place = place_of(shape, {});
  model.view = shape.flag("view", false);
  shape.each("fields", [&](const Shape& field) { read_field(field, model); });
  shape.each("unique", [&](const Shape& set) { model.unique_sets.push_back(some_names(set)); });
  shape.each("references", [&](const Shape& reference) {
    reference.allow({"fields", "model", "target_fields", "origin", "confidence", "place"});
    model.references.push_back(read_reference(reference, place_of(reference, model.place)));
    model.references.back().origin = origin_of(reference);
  });
  shape.each("relationships", [&](const Shape& relation) {
    model.relations.push_back(read_relation(relation, model));
  });
  shape.each("suggestions", [&](const Shape& suggestion) {
    draft.suggestions.push_back(read_suggestion(suggestion, model));
  });
  if (shape.has("relationships")) draft.closed.push_back(model.name);
  draft.models.push_back(std::move(model));
}

void check_version(const Shape& shape) {
  if (!shape.has("schema_version")) return;
  const Shape version = shape.at("schema_version");
  const nlohmann::json& number = version.value();
  if (!number.is_number() || number.get<double>() != 1.0) {
    version.fail("expected 1, the only version there is, not " + version.what());
  }
}

}  // namespace

ommi::DBResult<Draft> read_manifest(std::string_view text, const std::string& file) {
  return ommi::capture({{}, "read manifest", {}, {}}, [&] {
    const nlohmann::json document = sources::parse_json(text, file);
    const Shape shape(document, file);
    shape.allow({"schema_version", "source", "models"});
    check_version(shape);
    if (shape.has("source")) static_cast<void>(shape.at("source").text());
    Draft draft;
    draft.sources.push_back("manifest:" + file);
    shape.at("models").items([&](const Shape& model) { read_model(model, draft); });
    return draft;
  });
}

}  // namespace doctor
