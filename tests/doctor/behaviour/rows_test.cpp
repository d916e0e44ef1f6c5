// What Ommi makes of the rows that it reads.

#include <limits>

#include <catch2/catch.hpp>

#include "doctor/ommi_behaviour.hpp"

namespace doctor {
namespace {

python::Field field_of(const std::string& type, const std::string& optional = "") {
  python::Field field;
  field.name = "x";
  python::Type& made = field.type.emplace();
  made.exact = type == "int" || type == "str" || type == "float" || type == "bool" ? type : "other";
  made.resolved = made.exact == "other" ? type : "builtins." + type;
  if (!optional.empty()) {
    made.inner = made.resolved;
    made.resolved = "typing.Optional[" + made.inner + "]";
    made.exact = "other";
    made.optional = optional;
  }
  return field;
}

std::string error_of(const python::Field& field, const ommi::Value& value,
                     OmmiRelease release = newest_ommi) {
  python::Model model;
  model.name = "M";
  model.library = "dataclass";
  model.fields = {field};
  const ommi::Cell cell = value.cell();
  return row_error(model, {&cell, 1}, release);
}

ommi::Value read(const python::Field& field, const ommi::Value& value,
                 OmmiRelease release = newest_ommi) {
  return value_as_read(field, value.cell(), release);
}

constexpr const char* no_int = "ValueError: invalid literal for int() with base 10";
constexpr const char* no_float = "ValueError: could not convert string to float";

}  // namespace

TEST_CASE("an int is what Python's int() takes", "[behaviour]") {
  const python::Field field = field_of("int");
  for (const char* const text : {"7", " 7\n", "+7", "-7", "1_000", "007", "123456789012345678901"})
    CHECK(error_of(field, text).empty());
  for (const char* const text : {"", " ", "seven", "7.0", "1__0", "_1", "1_", "0x10", "+", "7 8"}) {
    INFO(text);
    CHECK(error_of(field, text) == no_int);
  }
  CHECK(read(field, " +1_000 ") == ommi::Value(1000));
  CHECK(read(field, "123456789012345678901") == ommi::Value("123456789012345678901"));
  CHECK(read(field, 2.9) == ommi::Value(2));
  CHECK(read(field, -2.9) == ommi::Value(-2));
  CHECK(error_of(field, std::numeric_limits<double>::infinity()) ==
        "OverflowError: cannot convert float infinity to integer");
  CHECK(error_of(field, nullptr).empty());
  CHECK(read(field, nullptr).is_null());
  CHECK(error_of(field_of("bool"), "yes") == no_int);
}

TEST_CASE("a float is what Python's float() takes", "[behaviour]") {
  const python::Field field = field_of("float");
  for (const char* const text :
       {"1", "1.", ".5", "1.5e3", "1e-3", " 1.5 ", "-inf", "Infinity", "NaN", "1_0.0_1"}) {
    INFO(text);
    CHECK(error_of(field, text).empty());
  }
  for (const char* const text : {"", ".", "e3", "1e", "1,5", "1.5.2", "infinit", "--1"}) {
    INFO(text);
    CHECK(error_of(field, text) == no_float);
  }
  CHECK(read(field, 3) == ommi::Value(3.0));
  CHECK(read(field, "-1.5") == ommi::Value(-1.5));
}

TEST_CASE("other types are left, split or written out", "[behaviour]") {
  CHECK(read(field_of("str"), 42) == ommi::Value("42"));
  CHECK(read(field_of("str"), 1.0) == ommi::Value("1.0"));
  CHECK(read(field_of("datetime.datetime"), "2024-01-02 03:04") == ommi::Value("2024-01-02 03:04"));
  const python::Field date = field_of("datetime.date");
  CHECK(read(date, "2024-01-02 00:00:00") == ommi::Value("2024-01-02"));
  CHECK(error_of(date, nullptr) == "AttributeError: 'NoneType' object has no attribute 'split'");
  CHECK(error_of(date, 20240102) == "AttributeError: 'int' object has no attribute 'split'");
  CHECK(error_of(date, " ") == "IndexError: list index out of range");
  CHECK(error_of(field_of("decimal.Decimal"), "anything").empty());
}

TEST_CASE("Optional is seen through, X | None is not", "[behaviour]") {
  CHECK(error_of(field_of("int", "Optional"), "seven") == no_int);
  CHECK(error_of(field_of("int", "Union"), "seven") == no_int);
  CHECK(error_of(field_of("int", "pipe"), "seven").empty());
  CHECK(read(field_of("int", "pipe"), "7") == ommi::Value("7"));
}

TEST_CASE("values are converted since 0.2.2", "[behaviour]") {
  CHECK(error_of(field_of("int"), "seven", OmmiRelease::v0_2_1).empty());
  CHECK(read(field_of("int"), "7", OmmiRelease::v0_2_1) == ommi::Value("7"));
}

TEST_CASE("a row with too few columns has no value for a field", "[behaviour]") {
  python::Model model;
  model.name = "M";
  model.library = "dataclass";
  model.fields = {field_of("int"), field_of("str")};
  model.fields[1].name = "y";
  const ommi::Cell cell = ommi::Cell::of(std::int64_t{1});
  CHECK(row_error(model, {&cell, 1}, newest_ommi) ==
        "TypeError: M.__init__() missing 1 required positional argument: 'y'");
  model.fields[1].has_default = true;
  CHECK(row_error(model, {&cell, 1}, newest_ommi).empty());
}

}  // namespace doctor
