#include "schema/declared.hpp"

#include <fmt/format.h>

#include "ommi/error.hpp"

namespace ommi::schema {

std::string_view declared_type(Type type) noexcept {
  switch (type) {
    case Type::any:
      return "";
    case Type::boolean:
      return "BOOLEAN";
    case Type::integer:
      return "INTEGER";
    case Type::real:
      return "REAL";
    case Type::numeric:
      return "NUMERIC";
    case Type::text:
      return "TEXT";
    case Type::blob:
      return "BLOB";
    case Type::date:
      return "DATE";
    case Type::datetime:
      return "DATETIME";
  }
  return "";
}

std::string_view collation_name(Collation collation) noexcept {
  switch (collation) {
    case Collation::binary:
      return "BINARY";
    case Collation::nocase:
      return "NOCASE";
    case Collation::rtrim:
      return "RTRIM";
    case Collation::other:
      break;
  }
  return "";
}

bool numbered(const Model& model, std::size_t field) {
  return model.fields()[field].automatic && model.key.size() == 1 && model.key.front() == field &&
         model.fields()[field].type == Type::integer;
}

std::vector<std::size_t> unique_fields(const Model& model, const std::vector<std::string>& names) {
  std::vector<std::size_t> fields;
  for (const std::string& name : names) {
    const auto found = model.find_field(name);
    if (!found) {
      throw DatabaseError(ErrorCode::schema,
                          fmt::format("{}: a unique set names '{}', which is not a field",
                                      escaped(model.name()), escaped(name)),
                          {.operation = "apply", .model = model.name()});
    }
    fields.push_back(*found);
  }
  return fields;
}

}  // namespace ommi::schema
