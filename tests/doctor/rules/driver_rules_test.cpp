// What drivers do, read through one that misbehaves on order.

#include <algorithm>

#include <catch2/catch.hpp>

#include "doctor/diagnosis.hpp"
#include "ommi/faulty.hpp"
#include "ommi/sqlite.hpp"
#include "support/examined.hpp"

namespace doctor {
namespace {

using testing::of_rule;

constexpr std::string_view posts = R"(
  CREATE TABLE User (id INTEGER PRIMARY KEY);
  CREATE TABLE Post (id INTEGER PRIMARY KEY, user_id INTEGER REFERENCES User(id));
  INSERT INTO User VALUES (1), (2);
  INSERT INTO Post VALUES (1, 1), (2, 1), (3, 2);
)";

Diagnosis read_through(ommi::faulty::Order order, std::string_view sql = posts) {
  const auto script = std::make_shared<ommi::faulty::Script>();
  ommi::Database database(ommi::faulty::wrap(ommi::sqlite::open_memory(sql), script));
  SourcedCatalog sources = read_catalog(database, {}).or_raise();
  database.use(sources.catalog);
  order.operation = "fetch";
  order.first = script->calls["fetch"] + 2;  // the owners are still read
  script->orders = {std::move(order)};
  return examine(database, std::move(sources), {"sqlite", "test.db", "", ""}, {}, std::nullopt)
      .or_raise();
}

bool is_about(const std::vector<const Finding*>& found, std::string_view relationship) {
  return std::any_of(found.begin(), found.end(), [&](const Finding* finding) {
    return finding->subject.relationship == relationship;
  });
}

TEST_CASE("RES007: a driver that gives several rows for a to-one is found", "[rule]") {
  const Diagnosis seen = read_through({.act = ommi::faulty::Doubled{}});
  const auto found = of_rule(seen, "RES007");
  REQUIRE(found.size() == 1);
  CHECK(found[0]->subject.relationship == "Post.user");
  CHECK(found[0]->message == "3 loads of Post.user found several rows, where one is due");
  // A list takes what it is given; that it is too long is seen by counting.
  CHECK(is_about(of_rule(seen, "LZY009"), "User.posts"));
}

TEST_CASE("a driver that gives no list for a to-many is found, once", "[rule]") {
  const Diagnosis seen = read_through({.act = ommi::faulty::Lie{ommi::Malformed::not_rows}});
  CHECK(is_about(of_rule(seen, "DRV002"), "User.posts"));
  CHECK(of_rule(seen, "RES007").empty());
}

TEST_CASE("PRF003: a page behind the last row is told beside DRV007", "[rule]") {
  const Diagnosis seen = read_through({.act = ommi::faulty::Pages{.rows = 3}});
  REQUIRE(is_about(of_rule(seen, "PRF003"), "User.posts"));
  CHECK(is_about(of_rule(seen, "DRV007"), "User.posts"));
  CHECK_FALSE(is_about(of_rule(seen, "PRF003"), "Post.user"));
}

TEST_CASE("LZY007: loads that ran after the end of the database are found", "[rule]") {
  const Diagnosis seen = read_through({.act = ommi::faulty::Raise{ommi::DatabaseError(
                                           ommi::ErrorCode::detached, "the database is closed")}});
  const auto found = of_rule(seen, "LZY007");
  REQUIRE(!found.empty());
  CHECK(found[0]->message.find("ran after the end of the database") != std::string::npos);
  CHECK(!found[0]->explains.empty());
}

}  // namespace
}  // namespace doctor
