#include "doctor/custom.hpp"

#include <catch2/catch.hpp>

#include "doctor/source.hpp"
#include "ommi/sqlite.hpp"

namespace doctor {
namespace {

constexpr std::string_view blog =
    "CREATE TABLE User (id INTEGER PRIMARY KEY, name TEXT);"
    "CREATE TABLE Post (id INTEGER PRIMARY KEY, user_id INTEGER REFERENCES User(id));"
    "INSERT INTO User VALUES (1, 'Ada'), (2, 'Ben'), (3, NULL);"
    "INSERT INTO Post VALUES (1, 1), (2, 1), (3, 2);";

ommi::Database open_blog() {
  ommi::Database database(ommi::sqlite::open_memory(blog));
  database.use(read_catalog(database, {}).or_raise().catalog);
  return database;
}

CustomRule rule_of(std::string sql, std::string message = "user {id} is {name}, not {nobody}") {
  return {"SHOP001", "a-rule", Level::error, std::move(message), std::move(sql), "User", {"x", 3}};
}

TEST_CASE("each row of a rule's statement is a finding") {
  const ommi::Database database = open_blog();
  std::vector<Skipped> skipped;
  const auto found =
      apply_custom_rule(database, rule_of("SELECT id, name FROM User ORDER BY id"), 100, skipped);
  REQUIRE(found.size() == 3);
  CHECK(skipped.empty());
  CHECK(found[0].message == "user 1 is 'Ada', not {nobody}");
  CHECK(found[2].message == "user 3 is NULL, not {nobody}");
  CHECK(found[0].discriminator != found[1].discriminator);
  CHECK(found[0].level == Level::error);
  CHECK(found[0].place.line == 3);
  CHECK(found[0].subject.table == "User");
  REQUIRE(found[0].samples.size() == 1);
  CHECK(found[0].samples[0].key[1].name == "name");
}

TEST_CASE("a statement that fails, writes or gives more than is kept is said to be so") {
  const ommi::Database database = open_blog();
  for (const char* sql : {"SELECT nothing FROM User", "SELEC 1", "DELETE FROM User", "",
                          "PRAGMA journal_mode = WAL", "ATTACH 'x.db' AS x"}) {
    INFO(sql);
    std::vector<Skipped> skipped;
    CHECK(apply_custom_rule(database, rule_of(sql), 100, skipped).empty());
    REQUIRE(skipped.size() == 1);
    CHECK(skipped[0].what == "rule SHOP001");
    CHECK(!skipped[0].why.empty());
  }
  std::vector<Skipped> skipped;
  const auto found = apply_custom_rule(database, rule_of("SELECT id FROM Post"), 2, skipped);
  REQUIRE(found.size() == 2);
  CHECK(found[1].count == 2);
  CHECK(found[1].evidence.notes.at(0).find("1 more row") != std::string::npos);
}

TEST_CASE("a scenario is walked with lazy loads, and counted by hop") {
  const ommi::Database database = open_blog();
  const ScenarioRun run =
      run_scenario(database, {"all posts", "User.posts", {}, {"ommi-doctor.toml", 9}});
  REQUIRE(run.error.empty());
  REQUIRE(run.hops.size() == 2);
  CHECK(run.hops[0].rows == 3);
  CHECK(run.hops[0].queries == 1);
  CHECK(run.hops[1].name == "User.posts");
  CHECK(run.hops[1].rows == 3);
  CHECK(run.hops[1].queries == 1);
  const ScenarioRun one = run_scenario(database, {"hers", "User[1].posts.user", {}, {}});
  REQUIRE(one.hops.size() == 3);
  CHECK(one.hops[2].rows == 2);
  CHECK(run_scenario(database, {"x", "User.postz", {}, {}}).error.find("posts") !=
        std::string::npos);
}

}  // namespace
}  // namespace doctor
