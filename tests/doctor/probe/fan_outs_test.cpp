#include "doctor/probe/fan_outs.hpp"

#include <string>

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include "support/examined.hpp"

namespace doctor {
namespace {

/// Owners with one, two and `many` rows each; `{}` is how a reference is written.
std::string with_rows(const char* type, std::string_view reference, std::uint64_t many) {
  std::string sql = fmt::format(
      "CREATE TABLE Owner (id {0} PRIMARY KEY);"
      "CREATE TABLE Item (id INTEGER PRIMARY KEY, owner_id {0} REFERENCES Owner(id));"
      "CREATE INDEX Item_owner ON Item (owner_id);",
      type);
  const auto add = [&](int owner, std::uint64_t rows) {
    const std::string key = fmt::format(fmt::runtime(reference), owner);
    sql += fmt::format(
        "INSERT INTO Owner VALUES ({0});"
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {1}) "
        "INSERT INTO Item (owner_id) SELECT {0} FROM n;",
        key, rows);
  };
  add(1, 1);
  add(2, 2);
  add(3, many);
  return sql + "INSERT INTO Item (owner_id) VALUES (NULL);";
}

}  // namespace

TEST_CASE("rows of an owner are counted whatever its key is") {
  const auto [type, reference] = GENERATE(table<const char*, const char*>({
      {"INTEGER", "{}"},
      {"TEXT", "'key {}'"},
      {"TEXT COLLATE NOCASE", "'key {}'"},
      {"REAL", "{}.5"},
      {"BLOB", "x'0{}'"},
  }));
  CAPTURE(type);
  const Diagnosis diagnosis = testing::examined(with_rows(type, reference, fan_out_limit + 1));
  REQUIRE(diagnosis.evidence.fan_outs.size() == 1);
  const FanOut& seen = diagnosis.evidence.fan_outs.front();
  CHECK(seen.owners == 3);
  CHECK(seen.rows == fan_out_limit + 4);
  CHECK(seen.largest == fan_out_limit + 1);
  CHECK(seen.beyond == 1);
  REQUIRE(seen.samples.size() == 1);
}

TEST_CASE("no owner has more rows than the limit, and nothing is said") {
  CHECK(testing::examined(with_rows("INTEGER", "{}", fan_out_limit)).evidence.fan_outs.empty());
}

}  // namespace doctor
