#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstring>

#include <fmt/format.h>

#include "doctor/ommi_behaviour.hpp"

namespace doctor {
namespace {

/// What Ommi calls with a stored value.
enum class Conversion : std::uint8_t { none, to_int, to_float, to_str, to_date };

std::string_view without_module(std::string_view resolved) {
  constexpr std::string_view builtins = "builtins.";
  return resolved.starts_with(builtins) ? resolved.substr(builtins.size()) : resolved;
}

/// Values are converted since 0.2.2. `X | None` is not recognised, and neither is what stays text.
Conversion conversion_of(const python::Field& field, OmmiRelease release) {
  if (release < OmmiRelease::v0_2_2) return Conversion::none;
  const std::optional<python::Type>& type = field.field_type ? field.field_type : field.type;
  if (!type || type->exact == "stringified" || type->optional == "pipe") return Conversion::none;
  const std::string_view name = without_module(type->inner.empty() ? type->resolved : type->inner);
  if (name == "int" || name == "bool" || type->int_subclass) return Conversion::to_int;
  if (name == "float") return Conversion::to_float;
  if (name == "str") return Conversion::to_str;
  return name == "datetime.date" ? Conversion::to_date : Conversion::none;
}

bool is_blank(char letter) { return letter == ' ' || (letter >= '\t' && letter <= '\r'); }

std::string_view stripped(std::string_view text) {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

bool is_digit(char letter) { return letter >= '0' && letter <= '9'; }

/// Digits at the start, with single underscores between them, as Python takes them; how many
/// characters those are.
std::size_t digits(std::string_view text) {
  std::size_t at = 0;
  while (at < text.size()) {
    const bool joins = text[at] == '_' && at > 0 && text[at - 1] != '_' && at + 1 < text.size() &&
                       is_digit(text[at + 1]);
    if (!is_digit(text[at]) && !joins) break;
    ++at;
  }
  return at;
}

std::string_view without_sign(std::string_view text) {
  if (!text.empty() && (text.front() == '+' || text.front() == '-')) text.remove_prefix(1);
  return text;
}

bool has_other_digits(std::string_view text) {
  return std::any_of(text.begin(), text.end(),
                     [](char letter) { return static_cast<unsigned char>(letter) >= 0x80; });
}

/// Digits of other scripts are digits to Python too; whether they are is left open, as a yes.
bool is_int(std::string_view text) {
  if (has_other_digits(text)) return true;
  text = without_sign(stripped(text));
  return !text.empty() && digits(text) == text.size();
}

bool is_float(std::string_view text) {
  if (has_other_digits(text)) return true;
  text = without_sign(stripped(text));
  std::string lower(text);
  std::transform(lower.begin(), lower.end(), lower.begin(), [](char letter) {
    return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
  });
  if (lower == "inf" || lower == "infinity" || lower == "nan") return true;
  const std::size_t whole = digits(text);
  text.remove_prefix(whole);
  std::size_t fraction = 0;
  if (!text.empty() && text.front() == '.') {
    text.remove_prefix(1);
    fraction = digits(text);
    text.remove_prefix(fraction);
  }
  if (whole + fraction == 0) return false;
  if (text.empty()) return true;
  if (text.front() != 'e' && text.front() != 'E') return false;
  text = without_sign(text.substr(1));
  return !text.empty() && digits(text) == text.size();
}

std::string error_of_int(const ommi::Cell& cell) {
  if (cell.kind == ommi::Kind::real && std::isinf(cell.real))
    return "OverflowError: cannot convert float infinity to integer";
  const bool is_text = cell.kind == ommi::Kind::text || cell.kind == ommi::Kind::blob;
  if (is_text && !is_int(cell.view())) return "ValueError: invalid literal for int() with base 10";
  return {};
}

std::string error_of_float(const ommi::Cell& cell) {
  const bool is_text = cell.kind == ommi::Kind::text || cell.kind == ommi::Kind::blob;
  return is_text && !is_float(cell.view()) ? "ValueError: could not convert string to float" : "";
}

std::string error_of_date(const ommi::Cell& cell) {
  const auto has_no_split = [](std::string_view type) {
    return fmt::format("AttributeError: '{}' object has no attribute 'split'", type);
  };
  if (cell.is_null()) return has_no_split("NoneType");
  if (cell.kind == ommi::Kind::integer) return has_no_split("int");
  if (cell.kind == ommi::Kind::real) return has_no_split("float");
  return stripped(cell.view()).empty() ? "IndexError: list index out of range" : "";
}

std::string error_of(Conversion conversion, const ommi::Cell& cell) {
  if (conversion == Conversion::to_date) return error_of_date(cell);
  if (cell.is_null()) return {};
  if (conversion == Conversion::to_int) return error_of_int(cell);
  return conversion == Conversion::to_float ? error_of_float(cell) : "";
}

/// The number of an int's text where 64 bits hold it, else the text.
ommi::Value int_of(std::string_view text) {
  std::string digits_only;
  for (const char letter : stripped(text)) {
    if (letter != '_' && letter != '+') digits_only += letter;
  }
  std::int64_t number = 0;
  const char* const end = digits_only.data() + digits_only.size();
  const auto read = std::from_chars(digits_only.data(), end, number);
  const bool whole = read.ec == std::errc() && read.ptr == end;
  return whole ? ommi::Value(number) : ommi::Value(text);
}

ommi::Value as_int(const ommi::Cell& cell) {
  if (cell.kind == ommi::Kind::real) {
    const double whole = std::trunc(cell.real);
    constexpr double beyond = 9223372036854775808.0;
    return whole >= -beyond && whole < beyond ? ommi::Value(static_cast<std::int64_t>(whole))
                                              : ommi::Value(cell);
  }
  return cell.kind == ommi::Kind::text ? int_of(cell.view()) : ommi::Value(cell);
}

ommi::Value as_float(const ommi::Cell& cell) {
  if (cell.kind == ommi::Kind::integer) return static_cast<double>(cell.integer);
  if (cell.kind != ommi::Kind::text) return ommi::Value(cell);
  const std::string text(without_sign(stripped(cell.view())));
  double number = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  if (read.ec != std::errc() || read.ptr != text.data() + text.size()) return ommi::Value(cell);
  return stripped(cell.view()).starts_with('-') ? -number : number;
}

ommi::Value as_str(const ommi::Cell& cell) {
  if (cell.kind == ommi::Kind::integer) return std::to_string(cell.integer);
  if (cell.kind != ommi::Kind::real) return ommi::Value(cell);
  std::string text = fmt::format("{}", cell.real);
  if (text.find_first_not_of("-0123456789") == std::string::npos) text += ".0";
  return text;
}

ommi::Value as_date(std::string_view text) {
  text = stripped(text);
  return text.substr(
      0, static_cast<std::size_t>(std::find_if(text.begin(), text.end(), is_blank) - text.begin()));
}

/// A field without a value whose constructor wants one.
std::string missing_argument(const python::Model& model, const python::Field& field) {
  const std::string name = ommi::escaped(field.name);
  if (model.library == "pydantic")
    return fmt::format("ValidationError: {} has no value for {}", ommi::escaped(model.name), name);
  return fmt::format("TypeError: {}.__init__() missing 1 required positional argument: '{}'",
                     ommi::escaped(model.name), name);
}

}  // namespace

std::vector<const python::Field*> ommi_columns(const python::Model& model) {
  std::vector<const python::Field*> columns;
  for (const python::Field& field : model.fields) {
    if (field.is_column()) columns.push_back(&field);
  }
  return columns;
}

std::string row_error(const python::Model& model, std::span<const ommi::Cell> cells,
                      OmmiRelease release) {
  if (std::string error = instance_error(model); !error.empty()) return error;
  const std::vector<const python::Field*> columns = ommi_columns(model);
  for (std::size_t at = 0; at < columns.size(); ++at) {
    const python::Field& field = *columns[at];
    if (at >= cells.size()) {
      if (!field.has_default) return missing_argument(model, field);
      continue;
    }
    if (std::string error = error_of(conversion_of(field, release), cells[at]); !error.empty())
      return error;
  }
  return {};
}

ommi::Value value_as_read(const python::Field& field, const ommi::Cell& stored,
                          OmmiRelease release) {
  const Conversion conversion = conversion_of(field, release);
  if (stored.is_null() || !error_of(conversion, stored).empty()) return ommi::Value(stored);
  switch (conversion) {
    case Conversion::to_int:
      return as_int(stored);
    case Conversion::to_float:
      return as_float(stored);
    case Conversion::to_str:
      return as_str(stored);
    case Conversion::to_date:
      return as_date(stored.view());
    case Conversion::none:
      break;
  }
  return ommi::Value(stored);
}

}  // namespace doctor
