#include "ommi/model.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "model/names.hpp"

namespace ommi {
namespace {

constexpr std::array<std::string_view, 9> type_names = {
    "any", "boolean", "integer", "real", "numeric", "text", "blob", "date", "datetime"};

}  // namespace

std::string_view to_string(Type type) noexcept {
  return type_names[static_cast<std::size_t>(type)];
}

std::optional<Type> type_named(std::string_view name) noexcept {
  const auto found = std::find(type_names.begin(), type_names.end(), name);
  if (found == type_names.end()) return std::nullopt;
  return static_cast<Type>(found - type_names.begin());
}

bool accepts(Type type, Kind kind) noexcept {
  if (kind == Kind::null) return true;
  switch (type) {
    case Type::any:
      return true;
    case Type::boolean:
    case Type::integer:
      return kind == Kind::integer;
    case Type::real:
    case Type::numeric:
      return kind == Kind::integer || kind == Kind::real;
    case Type::text:
      return kind == Kind::text;
    case Type::blob:
      return kind == Kind::blob;
    case Type::date:
    case Type::datetime:
      return kind != Kind::blob;  // text, a Julian day or seconds: all are in use
  }
  return true;
}

std::string Place::to_string() const { return line == 0 ? file : fmt::format("{}:{}", file, line); }

std::string_view to_string(Origin origin) noexcept {
  switch (origin) {
    case Origin::declared:
      return "declared";
    case Origin::inferred:
      return "inferred";
    case Origin::manifest:
      return "manifest";
    case Origin::python:
      return "python";
    case Origin::code:
      return "code";
  }
  return "code";
}

std::string_view to_string(Problem::What what) noexcept {
  switch (what) {
    case Problem::What::duplicate_model:
      return "duplicate_model";
    case Problem::What::duplicate_field:
      return "duplicate_field";
    case Problem::What::no_key:
      return "no_key";
    case Problem::What::unknown_model:
      return "unknown_model";
    case Problem::What::unknown_field:
      return "unknown_field";
    case Problem::What::no_reference:
      return "no_reference";
    case Problem::What::ambiguous_reference:
      return "ambiguous_reference";
    case Problem::What::association_missing_side:
      return "association_missing_side";
    case Problem::What::association_ambiguous_side:
      return "association_ambiguous_side";
    case Problem::What::partial_reference:
      return "partial_reference";
    case Problem::What::nullable_reference:
      return "nullable_reference";
  }
  return "unknown_model";
}

std::string Relation::name() const { return owner->name() + "." + info.name; }

std::optional<std::size_t> Model::find_field(std::string_view name) const noexcept {
  const auto& all = info.fields;
  const auto number = [&](auto&& matches) -> std::optional<std::size_t> {
    const auto found = std::find_if(all.begin(), all.end(), matches);
    if (found == all.end()) return std::nullopt;
    return static_cast<std::size_t>(found - all.begin());
  };
  if (const auto exact = number([&](const FieldInfo& field) { return field.name == name; }))
    return exact;
  if (const auto column = number([&](const FieldInfo& field) { return field.column() == name; }))
    return column;
  return number([&](const FieldInfo& field) {
    return names::equal_ignoring_case(field.name, name) ||
           names::equal_ignoring_case(field.column(), name);
  });
}

const Relation* Model::find_relation(std::string_view name) const noexcept {
  for (const Relation& relation : relations) {
    if (relation.info.name == name) return &relation;
  }
  for (const Relation& relation : relations) {
    if (names::equal_ignoring_case(relation.info.name, name)) return &relation;
  }
  return nullptr;
}

std::vector<Comparison> Model::comparisons(const std::vector<std::size_t>& fields) const {
  std::vector<Comparison> rules;
  rules.reserve(fields.size());
  for (const std::size_t field : fields) rules.push_back(info.fields[field].comparison);
  return rules;
}

bool Model::unique(const std::vector<std::size_t>& fields) const {
  const auto covers = [&](const std::vector<std::size_t>& set) {
    return !set.empty() && std::all_of(set.begin(), set.end(), [&](std::size_t field) {
      return std::find(fields.begin(), fields.end(), field) != fields.end();
    });
  };
  if (covers(key)) return true;
  return std::any_of(info.unique_sets.begin(), info.unique_sets.end(),
                     [&](const std::vector<std::string>& set) {
                       std::vector<std::size_t> numbers;
                       for (const std::string& name : set) {
                         const auto field = find_field(name);
                         if (!field) return false;
                         numbers.push_back(*field);
                       }
                       return covers(numbers);
                     });
}

}  // namespace ommi
