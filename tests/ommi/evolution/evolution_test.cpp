// A database is made to fit its models, and then it does.

#include "ommi/evolution.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include "ommi/drivers/sqlite_files.hpp"
#include "ommi/small_models.hpp"
#include "ommi/sqlite.hpp"

namespace ommi {
namespace {

using testing::field;
using testing::Mark;
using testing::reference;
using What = SchemaDifference::What;

Database memory(std::shared_ptr<const Catalog> catalog, std::string_view sql = "") {
  Database database(sqlite::open_memory(sql));
  database.use(std::move(catalog));
  return database;
}

ModelInfo user() {
  ModelInfo model;
  model.name = "User";
  model.fields = {field("id", Type::integer, Mark::made_key),
                  field("name", Type::text, Mark::required), field("email", Type::text)};
  model.unique_sets = {{"email"}};
  return model;
}

ModelInfo post() {
  ModelInfo model;
  model.name = "Post";
  model.fields = {field("id", Type::integer, Mark::made_key), field("title", Type::text),
                  field("author", Type::integer, Mark::required)};
  model.references = {reference({"author"}, "User", {"id"})};
  return model;
}

// Names of every sort, every type, keys of several parts, references of every shape.
std::vector<ModelInfo> varied() {
  ModelInfo odd;
  odd.name = "Odd";
  odd.store_as = "odd \"table' 'näme\"";
  odd.fields = {testing::stored_as(field("first", Type::text, Mark::key), "a \"b\""),
                field("select", Type::integer, Mark::key)};
  FieldInfo caseless = field("caseless", Type::text);
  caseless.comparison.collation = Collation::nocase;
  odd.fields.push_back(caseless);
  ModelInfo all;
  all.name = "All types";
  all.fields = {field("number", Type::integer, Mark::key)};
  for (const Type type : {Type::any, Type::boolean, Type::integer, Type::real, Type::numeric,
                          Type::text, Type::blob, Type::date, Type::datetime}) {
    all.fields.push_back(field(std::string(to_string(type)), type));
    all.fields.push_back(field("due " + std::string(to_string(type)), type, Mark::required));
  }
  all.fields.push_back(field("odd first", Type::text));
  all.fields.push_back(field("odd second", Type::integer));
  all.references = {reference({"odd first"}, "Odd", {"first"}),
                    reference({"odd second"}, "Odd", {"select"})};
  ModelInfo link;
  link.name = "Link";
  link.fields = {field("left", Type::integer, Mark::key), field("right", Type::integer, Mark::key),
                 field("parent", Type::integer)};
  link.references = {reference({"left"}, "User", {"id"}), reference({"right"}, "Post", {"id"})};
  ModelInfo keyless;
  keyless.name = "Log";
  keyless.fields = {field("at", Type::datetime), field("email", Type::text)};
  keyless.references = {reference({"email"}, "User", {"email"})};
  ModelInfo tree;
  tree.name = "Tree";
  tree.fields = {field("code", Type::text, Mark::key), field("parent", Type::text)};
  tree.references = {reference({"parent"}, "Tree", {"code"})};
  return {all, link, keyless, tree, odd, post(), user()};
}

std::vector<ModelInfo> circle() {
  ModelInfo team;
  team.name = "Team";
  team.fields = {field("id", Type::integer, Mark::made_key),
                 field("captain", Type::integer, Mark::required)};
  team.references = {reference({"captain"}, "Player", {"id"})};
  ModelInfo player;
  player.name = "Player";
  player.fields = {field("id", Type::integer, Mark::made_key),
                   field("team", Type::integer, Mark::required)};
  player.references = {reference({"team"}, "Team", {"id"})};
  return {team, player};
}

const ForeignKey* foreign_key(const Schema& schema, const char* table, const char* target) {
  for (const ForeignKey& key : schema.find_table(table)->foreign_keys) {
    if (key.table == target) return &key;
  }
  return nullptr;
}

std::string indexes(const Schema& schema, const char* table) {
  std::string text;
  for (const Index& index : schema.find_table(table)->indexes) {
    if (!index.unique) text += fmt::format("({})", fmt::join(index.columns, ","));
  }
  return text;
}

}  // namespace

TEST_CASE("evolution: an applied schema is the models', and applying again does nothing") {
  const Database database = memory(testing::sealed(varied()));
  CHECK(compare_schema(database.catalog(), database.describe().or_raise()).size() == 7);
  CHECK(apply_schema(database).or_raise() >= 7);
  const Schema schema = database.describe().or_raise();
  for (const SchemaDifference& difference : compare_schema(database.catalog(), schema)) {
    FAIL_CHECK(difference.message);
  }
  (void)database.add("User", {{"name", "Ann"}}).or_raise();
  CHECK(apply_schema(database).or_raise() == 0);
  CHECK(database.find("User").count().or_raise() == 1);
}

TEST_CASE(
    "evolution: references become foreign keys, with an index where no key begins with them") {
  const Database database = memory(testing::sealed(varied()));
  (void)apply_schema(database).or_raise();
  const Schema schema = database.describe().or_raise();
  const ForeignKey* composite = foreign_key(schema, "All types", "odd \"table' 'näme\"");
  REQUIRE(composite != nullptr);
  CHECK(composite->columns == std::vector<std::string>{"odd first", "odd second"});
  CHECK(composite->target_columns == std::vector<std::string>{"a \"b\"", "select"});
  CHECK(foreign_key(schema, "Log", "User")->target_columns == std::vector<std::string>{"email"});
  CHECK(foreign_key(schema, "Tree", "Tree") != nullptr);
  CHECK(indexes(schema, "All types") == "(odd first,odd second)");
  CHECK(indexes(schema, "Link") == "(right)");
  CHECK(indexes(schema, "Post") == "(author)");
  CHECK(indexes(schema, "Tree") == "(parent)");
  CHECK(indexes(schema, "User").empty());
}

TEST_CASE("evolution: keys that the database makes are made, others must be given") {
  const Database database = memory(testing::sealed(varied()));
  (void)apply_schema(database).or_raise();
  CHECK(database.add("User", {{"name", "Ann"}}).or_raise()["id"].integer == 1);
  CHECK(database.add("Tree", {{"parent", Value()}}).failure()->code() ==
        ErrorCode::not_null_violation);
  CHECK(database.add("Link", {{"left", 1}}).failure()->code() == ErrorCode::not_null_violation);
  CHECK(database.add("Post", {{"author", 7}}).failure()->code() ==
        ErrorCode::foreign_key_violation);
  (void)database.add("User", {{"name", "Bob"}, {"email", "b"}}).or_raise();
  CHECK(database.add("User", {{"name", "Bob"}, {"email", "b"}}).failure()->code() ==
        ErrorCode::unique_violation);
  CHECK(database.add("Tree", {{"code", "own parent"}, {"parent", "own parent"}}));
}

TEST_CASE("evolution: an integer key that is not made by the database must be given") {
  ModelInfo year;
  year.name = "Year";
  year.fields = {field("number", Type::integer, Mark::key), field("name", Type::text)};
  const Database database = memory(testing::sealed({year}));
  CHECK(apply_schema(database).or_raise() == 1);
  CHECK(database.add("Year", {{"name", "x"}}).failure()->code() == ErrorCode::not_null_violation);
  CHECK(database.add("Year", {{"number", 1984}}));
  CHECK(apply_schema(database).or_raise() == 0);
}

TEST_CASE("evolution: tables that refer to each other are made, filled in one go and dropped") {
  const Database database = memory(testing::sealed(circle()), "CREATE TABLE other(a)");
  CHECK(apply_schema(database).or_raise() == 4);
  CHECK(database.add("Team", {{"captain", 1}}).failure()->code() ==
        ErrorCode::foreign_key_violation);
  const DBResult<Record> both = database.transaction([&]() -> DBResult<Record> {
    (void)database.add("Team", {{"id", 1}, {"captain", 1}}).or_raise();
    return database.add("Player", {{"id", 1}, {"team", 1}});
  });
  CHECK(both.ok());
  CHECK(drop_schema(database).or_raise() == 2);
  const Schema schema = database.describe().or_raise();
  REQUIRE(schema.tables.size() == 1);
  CHECK(schema.tables[0].name == "other");
  CHECK(drop_schema(database).or_raise() == 0);
}

TEST_CASE("evolution: drop is refused whole while a foreign table's rows refer to ours") {
  const Database database = memory(testing::sealed({user(), post()}));
  (void)apply_schema(database).or_raise();
  (void)database.add("User", {{"name", "Ann"}}).or_raise();
  (void)database.add("Post", {{"author", 1}}).or_raise();
  const Database narrow = memory(testing::sealed({user()}),
                                 "CREATE TABLE User(id INTEGER PRIMARY KEY, name, email);"
                                 "CREATE TABLE theirs(u REFERENCES User(id));"
                                 "INSERT INTO User VALUES (1, 'Ann', NULL);"
                                 "INSERT INTO theirs VALUES (1)");
  const auto refused = drop_schema(narrow);
  REQUIRE_FALSE(refused);
  CHECK(refused.failure()->code() == ErrorCode::transaction);
  CHECK(refused.failure()->error().cause()->code() == ErrorCode::foreign_key_violation);
  CHECK(narrow.find("User").count().or_raise() == 1);
  CHECK(drop_schema(database).or_raise() == 2);
  CHECK(database.describe().or_raise().tables.empty());
}

TEST_CASE("evolution: a nullable field is added, and the old rows read NULL") {
  Database database = memory(testing::sealed({user()}));
  (void)apply_schema(database).or_raise();
  (void)database.add("User", {{"name", "Ann"}}).or_raise();
  ModelInfo wider = user();
  wider.fields.push_back(field("boss", Type::integer));
  wider.fields.push_back(field("nick", Type::text));
  wider.references = {reference({"boss"}, "User", {"id"})};
  wider.unique_sets.push_back({"nick"});
  database.use(testing::sealed({wider}));
  CHECK(apply_schema(database).or_raise() == 4);
  CHECK(database.find("User").one().or_raise()["boss"].is_null());
  const Schema schema = database.describe().or_raise();
  CHECK(compare_schema(database.catalog(), schema).empty());
  CHECK(foreign_key(schema, "User", "User") != nullptr);
  CHECK(database.add("User", {{"name", "x"}, {"boss", 9}}).failure()->code() ==
        ErrorCode::foreign_key_violation);
}

TEST_CASE("evolution: what only a loss could mend is refused, named, and nothing is changed") {
  struct Case {
    const char* table;
    What what;
    const char* field;
    const char* words;
  };
  const std::vector<Case> cases = {
      {"CREATE TABLE User(id INTEGER PRIMARY KEY, email TEXT UNIQUE)", What::missing_column, "name",
       "User.name has no column name"},
      {"CREATE TABLE User(id INTEGER PRIMARY KEY, name BLOB NOT NULL, email TEXT UNIQUE)",
       What::retyped_column, "name", "User.name is declared text, and its column is BLOB"},
      {"CREATE TABLE User(id INTEGER PRIMARY KEY, name TEXT, email TEXT UNIQUE)",
       What::retyped_column, "name", "User.name may not be null, and its column allows NULL"},
      {"CREATE TABLE User(id INTEGER PRIMARY KEY, name TEXT NOT NULL, email TEXT NOT NULL UNIQUE)",
       What::retyped_column, "email", "User.email may be null, and its column is NOT NULL"},
      {"CREATE TABLE User(id INTEGER PRIMARY KEY, name TEXT NOT NULL, email TEXT UNIQUE, old TEXT "
       "NOT NULL)",
       What::surplus_column, "old", "User has no field for the column old"},
      {"CREATE TABLE User(id INTEGER PRIMARY KEY, name TEXT NOT NULL, email TEXT UNIQUE, old TEXT)",
       What::surplus_column, "old", "User has no field for the column old"},
      {"CREATE TABLE User(id INTEGER, name TEXT NOT NULL PRIMARY KEY, email TEXT UNIQUE)",
       What::key_differs, "id", "the key of User is (id), and the table's is (name)"},
  };
  for (const Case& expected : cases) {
    INFO(expected.table);
    const Database database = memory(testing::sealed({post(), user()}), expected.table);
    const auto refused = apply_schema(database);
    REQUIRE_FALSE(refused);
    CHECK(refused.failure()->code() == ErrorCode::incompatible_schema_evolution);
    CHECK(refused.failure()->error().place().model == "User");
    CHECK(refused.failure()->message().find(expected.words) == 0);
    const Schema schema = database.describe().or_raise();
    CHECK(schema.tables.size() == 1);
    bool found = false;
    for (const SchemaDifference& difference : compare_schema(database.catalog(), schema)) {
      found = found || (difference.what == expected.what && difference.field == expected.field &&
                        !difference.additive);
    }
    CHECK(found);
  }
}

TEST_CASE("evolution: what the models do not mind is no difference") {
  const Database database =
      memory(testing::sealed({user()}),
             "CREATE TABLE \"USER\"(Name VARCHAR(20) NOT NULL, more AS (length(name)), "
             "ID INTEGER PRIMARY KEY, EMAIL); CREATE UNIQUE INDEX theirs ON user(email)");
  CHECK(compare_schema(database.catalog(), database.describe().or_raise()).empty());
  CHECK(apply_schema(database).or_raise() == 0);
}

TEST_CASE("evolution: indexes take a name that is free; a partial one does not count") {
  const Database database =
      memory(testing::sealed({user(), post()}),
             "CREATE TABLE Post(id INTEGER PRIMARY KEY, title TEXT, author INTEGER NOT NULL);"
             "CREATE INDEX post_author_index ON Post(author) WHERE title IS NULL");
  CHECK(apply_schema(database).or_raise() == 2);
  CHECK(database.describe().or_raise().find_table("Post")->indexes.size() == 2);
}

TEST_CASE("evolution: a step that fails takes the ones before it along") {
  const Database database =
      memory(testing::sealed({post(), user()}),
             "CREATE TABLE User(id INTEGER PRIMARY KEY, name TEXT NOT NULL, email TEXT);"
             "INSERT INTO User VALUES (1, 'a', 'same'), (2, 'b', 'same')");
  const auto failed = apply_schema(database);
  REQUIRE_FALSE(failed);
  CHECK(failed.failure()->code() == ErrorCode::schema);
  CHECK(failed.failure()->error().cause()->code() == ErrorCode::unique_violation);
  const Schema schema = database.describe().or_raise();
  CHECK(schema.find_table("Post") == nullptr);
  CHECK(schema.find_table("User")->indexes.empty());
}

TEST_CASE("evolution: what SQLite cannot make is refused, not left out") {
  ModelInfo model = user();
  model.fields[2].automatic = true;
  const Database database = memory(testing::sealed({model}));
  const auto refused = apply_schema(database);
  REQUIRE_FALSE(refused);
  CHECK(refused.failure()->code() == ErrorCode::schema);
  CHECK(refused.failure()->message() ==
        "User.email is to be made by the database, and SQLite makes only a single integer key");
  CHECK(database.describe().or_raise().tables.empty());
}

TEST_CASE("evolution: a database for reading only is neither changed nor dropped") {
  const testing::Folder folder;
  const std::string path = folder.file("read.db");
  testing::make_database(path, "CREATE TABLE User(id INTEGER PRIMARY KEY)");
  const auto before = folder.content();
  {
    Database database(sqlite::open(path));
    database.use(testing::sealed({user()}));
    CHECK(apply_schema(database).failure()->code() == ErrorCode::read_only);
    CHECK(drop_schema(database).failure()->code() == ErrorCode::read_only);
  }
  CHECK(folder.content() == before);
}

}  // namespace ommi
