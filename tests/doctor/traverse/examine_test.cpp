#include <algorithm>

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include "doctor/diagnosis.hpp"
#include "ommi/sqlite.hpp"

namespace doctor {
namespace {

ommi::DBResult<Diagnosis> run(const std::string& sql, const TraversalOptions& options,
                              const std::string& path = "",
                              ommi::Fetch fetch = ommi::Fetch::peers) {
  ommi::Database database(ommi::sqlite::open_memory(sql));
  database.set_fetch(fetch);
  SourceOptions sources;
  sources.views = true;
  auto catalog = read_catalog(database, sources);
  if (const ommi::Failure* failed = catalog.failure()) return *failed;
  database.use(catalog.value().catalog);
  std::optional<Path> parsed;
  if (!path.empty()) parsed = parse_path(path, database.catalog()).or_raise();
  return examine(database, std::move(catalog).value(), {"sqlite", "test", "", ""}, options, parsed);
}

// 1,000 posts of 100 users; the posts 500 and 777 dangle.
std::string large_blog() {
  std::string sql =
      "CREATE TABLE user(id INTEGER PRIMARY KEY, name TEXT);"
      "CREATE TABLE post(id INTEGER PRIMARY KEY, user_id INTEGER REFERENCES user(id));"
      "CREATE TABLE lonely(id INTEGER PRIMARY KEY);"
      "CREATE INDEX by_user ON post(user_id);";
  for (int i = 1; i <= 100; ++i) sql += fmt::format("INSERT INTO user VALUES ({}, 'u');", i);
  for (int i = 1; i <= 1000; ++i) {
    sql += fmt::format("INSERT INTO post VALUES ({}, {});", i,
                       i == 500 || i == 777 ? 9999 : i % 100 + 1);
  }
  return "PRAGMA foreign_keys=OFF;" + sql;
}

const RelationshipObservation& seen(const Diagnosis& diagnosis, const std::string& name) {
  const auto& all = diagnosis.evidence.relationships;
  const auto found = std::find_if(all.begin(), all.end(),
                                  [&](const auto& one) { return one.relation->name() == name; });
  REQUIRE(found != all.end());
  return *found;
}

std::uint64_t outcome(const RelationshipObservation& seen, Outcome outcome) {
  return seen.outcomes[static_cast<std::size_t>(outcome)];
}

}  // namespace

TEST_CASE("a sample holds the rows that matter: the ends of the key and what dangles") {
  TraversalOptions options;
  options.sample = 10;
  const Diagnosis diagnosis = run(large_blog(), options).or_raise();
  const RelationshipObservation& users = seen(diagnosis, "post.user");
  CHECK(users.loads >= 13);
  CHECK(users.loads <= 14);  // a random row may be one of the others
  CHECK(outcome(users, Outcome::dangling) == 2);
  CHECK_FALSE(diagnosis.exhaustive);
  CHECK(seen(diagnosis, "user.posts").largest == 10);
  SECTION("the same seed chooses the same rows, and the sweep is exact whatever the sample") {
    const Diagnosis again = run(large_blog(), options).or_raise();
    CHECK(seen(again, "post.user").rows == users.rows);
    REQUIRE(again.findings.size() == diagnosis.findings.size());
    CHECK(again.findings[0].count == 2);
  }
}

TEST_CASE("all rows means every row, in as few queries as keys and chunks allow") {
  TraversalOptions options;
  options.all = true;
  const Diagnosis diagnosis = run(large_blog(), options).or_raise();
  CHECK(diagnosis.exhaustive);
  CHECK(seen(diagnosis, "post.user").loads == 1000);
  CHECK(seen(diagnosis, "post.user").rows == 998);
  CHECK(seen(diagnosis, "post.user").driver_calls == 1);
  CHECK(seen(diagnosis, "user.posts").rows == 998);
  CHECK(seen(diagnosis, "user.posts").oracle.differing == 0);
  CHECK(seen(diagnosis, "user.posts").oracle.owners == 100);
}

TEST_CASE("one owner at a time is counted as what it is") {
  TraversalOptions options;
  const Diagnosis diagnosis = run(large_blog(), options, "", ommi::Fetch::one).or_raise();
  CHECK(seen(diagnosis, "user.posts").single_owner_loads == 100);
  CHECK(seen(diagnosis, "user.posts").largest_group == 100);
}

TEST_CASE("a path looks at what it touches and at nothing else") {
  TraversalOptions options;
  SECTION("a hop") {
    const Diagnosis diagnosis = run(large_blog(), options, "post[500].user").or_raise();
    REQUIRE(diagnosis.path);
    REQUIRE(diagnosis.path->children.size() == 1);
    CHECK(diagnosis.path->statement.find("FROM \"post\"") != std::string::npos);
    CHECK(diagnosis.path->children[0].outcome == Outcome::dangling);
    CHECK(diagnosis.path->children[0].returned == "Cursor<user>");
    CHECK(diagnosis.evidence.relationships.size() == 1);
  }
  SECTION("a model without relationships") {
    const Diagnosis diagnosis = run(large_blog(), options, "lonely").or_raise();
    CHECK(diagnosis.evidence.relationships.empty());
    CHECK(diagnosis.findings.empty());
  }
  SECTION("a key that is not there is refused with the nearest") {
    const auto missing = run(large_blog(), options, "user[500]");
    REQUIRE(missing.failure() != nullptr);
    CHECK(missing.failure()->message() ==
          "path 'user[500]': no user has id = 500; the nearest key is 100");
  }
}

TEST_CASE("a view that never ends is cut, and the run says that it is incomplete") {
  ommi::Database database(ommi::sqlite::open_memory(
      "CREATE TABLE artist(id INTEGER PRIMARY KEY);"
      "CREATE TABLE album(id INTEGER PRIMARY KEY, artist_id INTEGER REFERENCES artist(id));"
      "CREATE VIEW endless AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT 1 FROM n) SELECT i "
      "AS id FROM n WHERE i = 0;"
      "INSERT INTO artist VALUES (1); INSERT INTO album VALUES (1, 1);"));
  SourceOptions sources;
  sources.views = true;
  sources.infer = false;
  auto catalog = read_catalog(database, sources).or_raise();
  database.use(catalog.catalog);
  const Path path = parse_path("endless", database.catalog()).or_raise();
  database.set_deadline(std::chrono::steady_clock::now() + std::chrono::milliseconds(50));
  const Diagnosis diagnosis =
      examine(database, catalog, {"sqlite", "test", "", ""}, {}, path).or_raise();
  CHECK_FALSE(diagnosis.complete());
}

}  // namespace doctor
