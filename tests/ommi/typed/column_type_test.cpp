#include "ommi/column_type.hpp"

#include <catch2/catch.hpp>

namespace ommi {
namespace {

using namespace std::chrono;
using Moment = sys_time<microseconds>;

template <class T>
std::optional<T> read(const Cell& cell) {
  T value{};
  if (!ColumnType<T>::from(cell, value)) return std::nullopt;
  return value;
}

template <class T>
std::string written(const T& value) {
  std::string text;
  return std::string(ColumnType<T>::to(value, text).view());
}

Cell integer(std::int64_t value) { return Cell::of(value); }

}  // namespace

TEST_CASE("integers that do not fit are errors, not other numbers") {
  CHECK(read<std::int8_t>(integer(-128)) == std::int8_t{-128});
  CHECK_FALSE(read<std::int8_t>(integer(128)).has_value());
  CHECK(read<std::uint8_t>(integer(255)) == std::uint8_t{255});
  CHECK_FALSE(read<std::uint8_t>(integer(-1)).has_value());
  CHECK_FALSE(read<std::uint64_t>(integer(-1)).has_value());
  CHECK(read<std::int64_t>(integer(INT64_MIN)) == INT64_MIN);
  CHECK_FALSE(read<int>(Cell::of(1.0)).has_value());
  CHECK_FALSE(read<int>(Cell::text("1")).has_value());
  CHECK_FALSE(read<int>(Cell()).has_value());
  std::string text;
  CHECK(ColumnType<std::uint64_t>::to(std::uint64_t{7}, text).integer == 7);
  CHECK_THROWS_AS(ColumnType<std::uint64_t>::to(UINT64_MAX, text), DatabaseError);
}

TEST_CASE("a truth value is 0 or 1") {
  CHECK(read<bool>(integer(0)) == false);
  CHECK(read<bool>(integer(1)) == true);
  CHECK_FALSE(read<bool>(integer(2)).has_value());
  CHECK_FALSE(read<bool>(Cell::text("true")).has_value());
}

TEST_CASE("a real takes the integers that it holds exactly") {
  CHECK(read<double>(Cell::of(1.5)) == 1.5);
  CHECK(read<double>(integer(3)) == 3.0);
  CHECK(read<double>(integer(std::int64_t{1} << 53)) == 9007199254740992.0);
  CHECK_FALSE(read<double>(integer((std::int64_t{1} << 53) + 1)).has_value());
  CHECK_FALSE(read<float>(integer((std::int64_t{1} << 24) + 1)).has_value());
  CHECK_FALSE(read<double>(Cell::text("1.5")).has_value());
}

TEST_CASE("text and blobs are not each other, and an optional may be NULL") {
  CHECK(read<std::string>(Cell::text(std::string_view("a\0b", 3))) == std::string("a\0b", 3));
  CHECK_FALSE(read<std::string>(Cell::blob("a")).has_value());
  CHECK(read<Blob>(Cell::blob("a"))->bytes == "a");
  CHECK_FALSE(read<Blob>(Cell::text("a")).has_value());
  CHECK_FALSE(read<std::string>(Cell()).has_value());
  CHECK(read<std::optional<int>>(Cell()).has_value());
  CHECK_FALSE(read<std::optional<int>>(Cell()).value().has_value());
  CHECK(read<std::optional<int>>(integer(4)).value() == 4);
  CHECK_FALSE(read<std::optional<int>>(Cell::text("x")).has_value());
  std::string text;
  CHECK(ColumnType<std::optional<int>>::to(std::nullopt, text).is_null());
}

TEST_CASE("dates are ISO text, and only days that exist") {
  const sys_days day = 2024y / February / 29;
  CHECK(written(day) == "2024-02-29");
  CHECK(read<sys_days>(Cell::text("2024-02-29")) == day);
  CHECK(read<sys_days>(Cell::text("0000-01-01")) == sys_days(0y / January / 1));
  for (const char* wrong : {"2023-02-29", "2024-2-29", "2024-02-29 ", "24-02-29", "", "2024-02",
                            "2024-13-01", "2024-00-10", "2024/02/29", "x024-02-29"}) {
    INFO(wrong);
    CHECK_FALSE(read<sys_days>(Cell::text(wrong)).has_value());
  }
  CHECK_FALSE(read<sys_days>(integer(20240229)).has_value());
  CHECK_THROWS_AS(written(sys_days(12345y / January / 1)), DatabaseError);
}

TEST_CASE("moments are ISO text in UTC, to the microsecond, before 1970, too") {
  const Moment plain = sys_days(2024y / March / 1) + 13h + 45min + 7s;
  CHECK(written(plain) == "2024-03-01 13:45:07");
  CHECK(written(plain + 1us) == "2024-03-01 13:45:07.000001");
  const Moment early = sys_days(1969y / December / 31) + 23h + 59min + 59s + 500ms;
  CHECK(written(early) == "1969-12-31 23:59:59.500000");
  CHECK(read<Moment>(Cell::text("1969-12-31 23:59:59.5")) == early);
  CHECK(read<Moment>(Cell::text("2024-03-01T13:45:07Z")) == plain);
  CHECK(read<Moment>(Cell::text("2024-03-01 13:45:07.000001")) == plain + 1us);
  for (const char* wrong :
       {"2024-03-01", "2024-03-01 24:00:00", "2024-03-01 13:60:00", "2024-03-01 13:45",
        "2024-03-01 13:45:07.", "2024-03-01 13:45:07.1234567", "2024-03-01 13:45:07+02:00",
        "2024-02-30 00:00:00"}) {
    INFO(wrong);
    CHECK_FALSE(read<Moment>(Cell::text(wrong)).has_value());
  }
}

}  // namespace ommi
