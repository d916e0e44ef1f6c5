// What must stay silent: each case is a complaint that somebody made about another tool, or a thing
// that healthy databases do.

#include <catch2/catch.hpp>

#include "ommi/sqlite.hpp"
#include "support/examined.hpp"

namespace doctor {
namespace {

using testing::examined;
using testing::faults_of;
using testing::of_rule;

constexpr std::string_view user_and_profile = R"({"schema_version": 1, "source": "test", "models": [
  {"name": "User", "store_as": "User", "fields": [
    {"name": "id", "store_as": "id", "type": "integer", "nullable": false, "key": true}],
   "relationships": [{"name": "profile", "kind": "to-one", "target": "Profile",
                      "join": [["id", "user_id"]]}]},
  {"name": "Profile", "store_as": "Profile", "fields": [
    {"name": "user_id", "store_as": "user_id", "type": "integer", "nullable": true,
     "reference": {"model": "User", "field": "id"}},
    {"name": "id", "store_as": "id", "type": "integer", "nullable": true, "key": true}],
   "relationships": [{"name": "user", "kind": "to-one", "target": "User",
                      "join": [["user_id", "id"]]}]}]})";

std::string many_rows(std::string_view columns, std::string_view constraint,
                      std::string_view index) {
  std::string sql = "CREATE TABLE User (id INTEGER PRIMARY KEY); CREATE TABLE Post (";
  sql.append(columns).append(constraint).append("); ").append(index);
  sql += R"(;
    INSERT INTO User VALUES (0), (1), (2);
    WITH RECURSIVE number(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < 300)
    INSERT INTO Post SELECT n % 3, n FROM number;)";
  return sql;
}

TEST_CASE("a reference that begins a key or a longer index is indexed", "[healthy]") {
  constexpr std::string_view columns = "user_id INTEGER NOT NULL REFERENCES User(id), n INTEGER";
  CHECK(faults_of(examined(many_rows(columns, ", PRIMARY KEY (user_id, n)", ""))).empty());
  CHECK(faults_of(examined(many_rows("user_id INTEGER REFERENCES User(id), n INTEGER PRIMARY KEY",
                                     "", "CREATE INDEX both ON Post (user_id, n)")))
            .empty());
  CHECK(of_rule(examined(many_rows("user_id INTEGER REFERENCES User(id), n INTEGER PRIMARY KEY", "",
                                   "CREATE INDEX both ON Post (n, user_id)")),
                "SCH004")
            .size() == 1);
}

TEST_CASE("a one-to-one over the key itself is unique", "[healthy]") {
  const std::string_view profiles[] = {
      "CREATE TABLE Profile (id INTEGER, user_id INTEGER PRIMARY KEY)",
      "CREATE TABLE Profile (id INTEGER PRIMARY KEY, user_id INTEGER UNIQUE)",
      "CREATE TABLE Profile (id INTEGER PRIMARY KEY, user_id INTEGER);"
      "CREATE UNIQUE INDEX one ON Profile (user_id) WHERE user_id IS NOT NULL",
  };
  for (const std::string_view profile : profiles) {
    INFO(profile);
    const Diagnosis seen =
        examined(std::string("CREATE TABLE User (id INTEGER PRIMARY KEY);").append(profile) + R"(;
        INSERT INTO User VALUES (1), (2), (3);
        INSERT INTO Profile (id, user_id) VALUES (1, 1), (2, 2);)",
                 user_and_profile);
    CHECK(of_rule(seen, "SCH005").empty());
    CHECK(of_rule(seen, "DAT004").empty());
  }
}

TEST_CASE("a reference that may be NULL and is NULL names nothing", "[healthy]") {
  CHECK(faults_of(examined(R"(
    CREATE TABLE User (id INTEGER PRIMARY KEY);
    CREATE TABLE Post (id INTEGER PRIMARY KEY, user_id INTEGER REFERENCES User(id));
    INSERT INTO User VALUES (1);
    INSERT INTO Post VALUES (1, NULL), (2, NULL);
  )"))
            .empty());
}

TEST_CASE("a to-many without rows is an answer", "[healthy]") {
  const Diagnosis seen = examined(R"(
    CREATE TABLE User (id INTEGER PRIMARY KEY);
    CREATE TABLE Post (id INTEGER PRIMARY KEY, user_id INTEGER REFERENCES User(id));
    INSERT INTO User VALUES (1), (2), (3);
  )");
  CHECK(faults_of(seen).empty());
  CHECK(seen.complete());
}

TEST_CASE("a view is nobody's table and needs no index and no key", "[healthy]") {
  CHECK(faults_of(examined(R"(
    CREATE TABLE User (id INTEGER PRIMARY KEY);
    CREATE TABLE Post (id INTEGER PRIMARY KEY, user_id INTEGER REFERENCES User(id));
    CREATE VIEW UserPost AS SELECT user_id, id AS post_id FROM Post;
    INSERT INTO User VALUES (1), (2);
    INSERT INTO Post VALUES (1, 1), (2, 2);
  )"))
            .empty());
}

TEST_CASE("a composite key is paired by position and not crosswise", "[healthy]") {
  CHECK(faults_of(examined(R"(
    CREATE TABLE "Order" (year INTEGER NOT NULL, number INTEGER NOT NULL,
      PRIMARY KEY (year, number)) WITHOUT ROWID;
    CREATE TABLE Line (id INTEGER PRIMARY KEY, of_number INTEGER, of_year INTEGER,
      FOREIGN KEY (of_year, of_number) REFERENCES "Order" (year, number));
    INSERT INTO "Order" VALUES (2023, 1), (2023, 2), (2024, 1);
    INSERT INTO Line VALUES (1, 1, 2023), (2, 2, 2023), (3, 1, 2024), (4, NULL, 2024);
  )"))
            .empty());
}

TEST_CASE("loading the field of a single owner is no N+1", "[healthy]") {
  ommi::Database database(ommi::sqlite::open_memory(R"(
    CREATE TABLE User (id INTEGER PRIMARY KEY);
    CREATE TABLE Post (id INTEGER PRIMARY KEY, user_id INTEGER REFERENCES User(id));
    INSERT INTO User VALUES (1);
    INSERT INTO Post VALUES (1, 1);
  )"));
  database.set_fetch(ommi::Fetch::one);
  SourcedCatalog sources = read_catalog(database, {}).or_raise();
  database.use(sources.catalog);
  const Diagnosis seen =
      examine(database, std::move(sources), {"sqlite", "test.db", "", ""}, {}, std::nullopt)
          .or_raise();
  CHECK(of_rule(seen, "PRF001").empty());
}

TEST_CASE("an association whose key covers both sides is sound", "[healthy]") {
  CHECK(faults_of(examined(R"(
    CREATE TABLE User (id INTEGER PRIMARY KEY);
    CREATE TABLE Tag (id INTEGER PRIMARY KEY);
    CREATE TABLE UserTag (user_id INTEGER REFERENCES User(id), tag_id INTEGER REFERENCES Tag(id),
      PRIMARY KEY (user_id, tag_id));
    INSERT INTO User VALUES (1), (2);
    INSERT INTO Tag VALUES (1), (2);
    INSERT INTO UserTag VALUES (1, 1), (1, 2), (2, 1);
  )"))
            .empty());
}

TEST_CASE("a key that is a reference, and names that are stored as others, are sound",
          "[healthy]") {
  CHECK(faults_of(examined(R"(
    CREATE TABLE people (person_no INTEGER PRIMARY KEY);
    CREATE TABLE staff (person_no INTEGER PRIMARY KEY REFERENCES people(person_no));
    INSERT INTO people VALUES (1), (2);
    INSERT INTO staff VALUES (1);
  )",
                           R"({"schema_version": 1, "source": "test", "models": [
    {"name": "Person", "store_as": "people", "fields": [
      {"name": "id", "store_as": "person_no", "type": "integer", "nullable": false, "key": true}]},
    {"name": "Employee", "store_as": "staff", "fields": [
      {"name": "id", "store_as": "person_no", "type": "integer", "nullable": false, "key": true,
       "reference": {"model": "Person", "field": "id"}}],
     "relationships": [{"name": "person", "kind": "to-one", "target": "Person",
                        "join": [["id", "id"]]}]}]})"))
            .empty());
}

TEST_CASE(
    "a tree, a pair of tables that name each other, and a number type of another name are sound",
    "[healthy]") {
  CHECK(faults_of(examined(R"(
    CREATE TABLE Node (id INTEGER PRIMARY KEY, parent_id BIGINT REFERENCES Node(id));
    INSERT INTO Node VALUES (1, NULL), (2, 1), (3, 1), (4, 3);
    CREATE TABLE Department (id INTEGER PRIMARY KEY, head_id INT REFERENCES Person(id));
    CREATE TABLE Person (id INTEGER PRIMARY KEY, department_id NUMERIC REFERENCES Department(id));
    INSERT INTO Department VALUES (1, 1), (2, 3);
    INSERT INTO Person VALUES (1, 1), (2, 1), (3, 2);
  )"))
            .empty());
}

TEST_CASE("0 and the empty text are fine where a row has such a key", "[healthy]") {
  CHECK(faults_of(examined(R"(
    CREATE TABLE Zone (id INTEGER PRIMARY KEY);
    CREATE TABLE Post (id INTEGER PRIMARY KEY, zone_id INTEGER REFERENCES Zone(id));
    INSERT INTO Zone VALUES (-1), (0), (1);
    INSERT INTO Post VALUES (1, 0), (2, -1), (3, 1);
    CREATE TABLE Prefix (text TEXT PRIMARY KEY NOT NULL);
    CREATE TABLE Word (id INTEGER PRIMARY KEY, prefix TEXT REFERENCES Prefix(text));
    INSERT INTO Prefix VALUES (''), ('un');
    INSERT INTO Word VALUES (1, ''), (2, 'un');
  )"))
            .empty());
}

TEST_CASE("keys that are words of SQL are keys like others", "[healthy]") {
  const Diagnosis seen = examined(R"(
    CREATE TABLE Country (code TEXT PRIMARY KEY NOT NULL);
    CREATE TABLE City (id INTEGER PRIMARY KEY, country TEXT REFERENCES Country(code));
    INSERT INTO Country VALUES ('NULL'), ('IS'), ('IS NOT'), ('null');
    INSERT INTO City VALUES (1, 'NULL'), (2, 'IS'), (3, 'IS NOT'), (4, 'null'), (5, NULL);
  )");
  CHECK(faults_of(seen).empty());
  CHECK(of_rule(seen, "PRF003").empty());
}

TEST_CASE("owners of one list that share a row are no repetition", "[healthy]") {
  const Diagnosis seen = examined(R"(
    CREATE TABLE User (id INTEGER PRIMARY KEY);
    CREATE TABLE Post (id INTEGER PRIMARY KEY, user_id INTEGER REFERENCES User(id),
      editor_id INTEGER REFERENCES User(id));
    INSERT INTO User VALUES (1);
    INSERT INTO Post VALUES (1, 1, 1), (2, 1, 1), (3, 1, NULL), (4, NULL, 1);
  )");
  CHECK(of_rule(seen, "PRF002").empty());
  CHECK(of_rule(seen, "PRF003").empty());
}

TEST_CASE("numbers with and without a fraction are one class", "[healthy]") {
  CHECK(faults_of(examined(R"(
    CREATE TABLE Size (value PRIMARY KEY NOT NULL);
    CREATE TABLE Shoe (id INTEGER PRIMARY KEY, size REFERENCES Size(value));
    INSERT INTO Size VALUES (8), (8.5), (9);
    INSERT INTO Shoe VALUES (1, 8), (2, 8.5), (3, 9.0);
  )"))
            .empty());
}

}  // namespace
}  // namespace doctor
