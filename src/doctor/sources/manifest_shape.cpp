#include "doctor/sources/manifest_shape.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "doctor/sources/manifest_syntax.hpp"
#include "doctor/sources/manifest_text.hpp"
#include "ommi/error.hpp"
#include "ommi/model.hpp"
#include "ommi/value.hpp"

namespace doctor::sources {

void Shape::fail(std::string_view why) const {
  const std::string place = pointer_.empty() ? "" : ommi::escaped(pointer_) + ": ";
  throw ommi::DatabaseError(ommi::ErrorCode::model,
                            fmt::format("{}: {}{}", ommi::escaped(*file_), place, why));
}

std::string Shape::what() const {
  if (value_->is_object()) return "an object";
  if (value_->is_array()) return "a list";
  if (value_->is_string()) {
    return "the text " + ommi::to_display(ommi::Cell::text(value_->get_ref<const std::string&>()));
  }
  return value_->dump();  // null, true, false or a number
}

void Shape::allow(std::initializer_list<std::string_view> keys) const {
  if (!value_->is_object()) fail("expected an object, not " + what());
  for (const auto& [key, inner] : value_->items()) {
    if (std::find(keys.begin(), keys.end(), key) != keys.end()) continue;
    const std::string near = ommi::nearest(key, {keys.begin(), keys.end()});
    fail(fmt::format("unknown key '{}'{}", ommi::escaped(key),
                     near.empty() ? "" : fmt::format("; did you mean '{}'?", near)));
  }
}

bool Shape::has(std::string_view key) const { return value_->contains(key); }

Shape Shape::at(std::string_view key) const {
  const auto found = value_->find(key);
  if (found == value_->end()) fail(fmt::format("the key '{}' is missing", key));
  return {*found, *file_, pointer_ + "/" + pointer_part(key)};
}

void Shape::items(const std::function<void(const Shape&)>& visit) const {
  if (!value_->is_array()) fail("expected a list, not " + what());
  std::size_t index = 0;
  for (const nlohmann::json& item : *value_) {
    visit(Shape(item, *file_, fmt::format("{}/{}", pointer_, index++)));
  }
}

void Shape::each(std::string_view key, const std::function<void(const Shape&)>& visit) const {
  if (has(key)) at(key).items(visit);
}

std::string Shape::text() const {
  if (!value_->is_string()) fail("expected a text, not " + what());
  return from_json_text(value_->get_ref<const std::string&>());
}

std::vector<std::string> Shape::names() const {
  std::vector<std::string> result;
  items([&](const Shape& item) { result.push_back(item.text()); });
  return result;
}

bool Shape::flag(std::string_view key, bool otherwise) const {
  if (!has(key)) return otherwise;
  const Shape found = at(key);
  if (!found.value_->is_boolean()) found.fail("expected true or false, not " + found.what());
  return found.value_->get<bool>();
}

double Shape::fraction(std::string_view key, double otherwise) const {
  if (!has(key)) return otherwise;
  const Shape found = at(key);
  const double number = found.value_->is_number() ? found.value_->get<double>() : -1;
  if (!(number >= 0 && number <= 1)) {
    found.fail("expected a number from 0 to 1, not " + found.what());
  }
  return number;
}

std::uint64_t Shape::number(std::string_view key) const {
  if (!has(key)) return 0;
  const Shape found = at(key);
  if (found.value_->is_number_unsigned()) return found.value_->get<std::uint64_t>();
  const double number = found.value_->is_number() ? found.value_->get<double>() : -1;
  // 3.0 is a whole number, too.
  if (!(number >= 0 && number < 9e15 && std::floor(number) == number)) {
    found.fail("expected a whole number, not " + found.what());
  }
  return static_cast<std::uint64_t>(number);
}

}  // namespace doctor::sources
