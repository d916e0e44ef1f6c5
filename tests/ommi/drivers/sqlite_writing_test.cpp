// What the SQLite driver writes, through the boundary and by itself.

#include <thread>

#include <catch2/catch.hpp>

#include "ommi/database.hpp"
#include "ommi/drivers/sqlite_files.hpp"
#include "ommi/small_models.hpp"

namespace ommi {
namespace {

using testing::error_from;
using testing::field;
using testing::Folder;
using testing::Mark;
using testing::number;

constexpr auto tables = R"(
  CREATE TABLE User(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, age INTEGER CHECK(age >= 0),
    role TEXT DEFAULT 'reader');
  CREATE TABLE Post(id INTEGER PRIMARY KEY, headline TEXT, user_id INTEGER REFERENCES User(id));
  CREATE TABLE Seat("row" TEXT NOT NULL, number INTEGER NOT NULL, taken BOOLEAN,
    PRIMARY KEY("row", number)))";

std::shared_ptr<const Catalog> models() {
  ModelInfo user;
  user.name = "User";
  user.fields = {field("id", Type::integer, Mark::made_key),
                 field("name", Type::text, Mark::required), field("age", Type::integer),
                 field("role", Type::text)};
  ModelInfo post;
  post.name = "Post";
  post.fields = {field("id", Type::integer, Mark::made_key),
                 testing::stored_as(field("title", Type::text), "headline"),
                 field("user_id", Type::integer)};
  post.references = {testing::reference({"user_id"}, "User", {"id"})};
  post.relations = {testing::to_one("author", "User")};
  ModelInfo seat;
  seat.name = "Seat";
  seat.fields = {field("row", Type::text, Mark::key), field("number", Type::integer, Mark::key),
                 field("taken", Type::boolean)};
  return testing::sealed({user, post, seat});
}

Database memory() {
  Database database(sqlite::open_memory(tables));
  database.use(models());
  return database;
}

const Model& model(const Database& database, const char* name) {
  return *database.catalog().find(name);
}

std::vector<NewRow> users(int count) {
  std::vector<NewRow> rows;
  for (int i = 0; i < count; ++i) rows.push_back({{"name", "user " + std::to_string(i)}});
  return rows;
}

template <class T>
ErrorCode code_of(const DBResult<T>& result) {
  REQUIRE_FALSE(result);
  return result.failure()->code();
}

}  // namespace

TEST_CASE("sqlite: one row is added and read back equal, its key made or kept") {
  const Database database = memory();
  const Record made =
      database.add("User", {{"name", "Ann"}, {"age", 40}, {"role", "editor"}}).or_raise();
  CHECK(made["id"] == Cell::of(std::int64_t{1}));
  const Record kept =
      database.add("User", {{"age", Value()}, {"name", "Bob"}, {"id", 70}}).or_raise();
  CHECK(kept["id"] == Cell::of(std::int64_t{70}));
  const RecordList all = database.find("User").order_by("id").all().or_raise();
  REQUIRE(all.size() == 2);
  for (std::size_t i = 0; i < 4; ++i) {
    CHECK(all[0].cell(i) == made.cell(i));
    CHECK(all[1].cell(i) == kept.cell(i));
  }
}

TEST_CASE("sqlite: fields left out have the database's default, in the record too") {
  const Database database = memory();
  CHECK(database.add("User", {{"name", "Ann"}}).or_raise()["role"].view() == "reader");
  const RecordList many =
      database.add("User", {{{"name", "x"}, {"id", 9}}, {{"name", "y"}, {"id", 8}}}).or_raise();
  CHECK(many[0]["name"].view() == "x");
  CHECK(many[0]["role"].view() == "reader");
  CHECK(many[1]["name"].view() == "y");
}

TEST_CASE("sqlite: many rows are added in order, with one text and one transaction") {
  const Database database = memory();
  const RecordList ten = database.add("User", users(10)).or_raise();
  for (std::size_t i = 0; i < 10; ++i) {
    CHECK(ten[i]["id"].integer == static_cast<std::int64_t>(i) + 1);
    CHECK(ten[i]["name"].view() == "user " + std::to_string(i));
  }
  const std::uint64_t prepared = database.statistics().prepared;
  std::vector<NewRow> rows;
  for (int i = 0; i < 5000; ++i) {
    rows.push_back({{"id", i + 100}, {"name", "n" + std::to_string(i)}, {"age", i}, {"role", "r"}});
  }
  CHECK(database.add("User", rows).or_raise().size() == 5000);
  CHECK(database.statistics().prepared == prepared + 1);
  CHECK(database.find("User").count().or_raise() == 5010);
}

TEST_CASE("sqlite: adding nothing sends nothing") {
  const Database database = memory();
  const std::uint64_t executed = database.statistics().executed;
  CHECK(database.add("User", std::vector<NewRow>{}).or_raise().empty());
  CHECK(database.statistics().executed == executed);
  CHECK(code_of(database.add("Usr", std::vector<NewRow>{})) == ErrorCode::model);
}

TEST_CASE("sqlite: only automatic fields are written back") {
  const Database database = memory();
  const Record seat =
      database.add("Seat", {{"row", "A"}, {"number", 7}, {"taken", true}}).or_raise();
  CHECK(seat["row"].view() == "A");
  CHECK(seat["number"].integer == 7);
  const Record post =
      database.add("Post", {{"title", "stored elsewhere"}, {"user_id", Value()}}).or_raise();
  CHECK(post["title"].view() == "stored elsewhere");
  CHECK(post["id"].integer == 1);
}

TEST_CASE("sqlite: a row that violates a constraint takes all of its call along, and no more") {
  const Database database = memory();
  const std::vector<NewRow> rows = {{{"name", "a"}}, {{"name", "b"}}, {{"name", "a"}}};
  CHECK(code_of(database.add("User", rows)) == ErrorCode::unique_violation);
  CHECK(database.find("User").count().or_raise() == 0);
  Transaction transaction = database.begin().or_raise();
  (void)database.add("User", {{"name", "before"}}).or_raise();
  CHECK(code_of(database.add("User", rows)) == ErrorCode::unique_violation);
  CHECK(transaction.commit());
  CHECK(database.find("User").count().or_raise() == 1);
}

TEST_CASE("sqlite: each constraint has its code, with the place and SQLite's words") {
  const Database database = memory();
  (void)database.add("User", {{"name", "Ann"}}).or_raise();
  const auto user = [&](const char* name, Value value) {
    return database.add("User", {{"name", "x"}, {name, std::move(value)}});
  };
  CHECK(code_of(database.add("User", {{"name", "Ann"}})) == ErrorCode::unique_violation);
  CHECK(code_of(user("id", 1)) == ErrorCode::unique_violation);
  CHECK(code_of(user("age", -1)) == ErrorCode::check_violation);
  CHECK(code_of(database.add("User", {{"name", Value()}})) == ErrorCode::not_null_violation);
  const auto orphan = database.add("Post", {{"user_id", 99}});
  CHECK(code_of(orphan) == ErrorCode::foreign_key_violation);
  CHECK(orphan.failure()->error().place().driver == "sqlite");
  CHECK(orphan.failure()->error().place().operation == "add");
  CHECK(orphan.failure()->error().place().model == "Post");
  CHECK(orphan.failure()->message() == "FOREIGN KEY constraint failed");
  CHECK_FALSE(orphan.failure()->error().retryable());
  (void)database.add("Post", {{"user_id", 1}}).or_raise();
  CHECK(code_of(database.find("User").all_rows().remove()) == ErrorCode::foreign_key_violation);
}

TEST_CASE("sqlite: a deferred constraint of a call by itself fails that call by its own code") {
  Database database(sqlite::open_memory(
      "CREATE TABLE User(id INTEGER PRIMARY KEY, name TEXT, age INTEGER, role TEXT);"
      "CREATE TABLE Post(id INTEGER PRIMARY KEY, headline TEXT, user_id INTEGER REFERENCES User(id)"
      " DEFERRABLE INITIALLY DEFERRED)"));
  database.use(models());
  CHECK(code_of(database.add("Post", {{"user_id", 99}})) == ErrorCode::foreign_key_violation);
  CHECK(database.find("Post").count().or_raise() == 0);
  CHECK(database.begin().or_raise().commit());
}

TEST_CASE("sqlite: update changes exactly the matches and tells how many") {
  const Database database = memory();
  (void)database.add("User", users(5)).or_raise();
  const Model& user = model(database, "User");
  CHECK(database.find("User")
            .where(at(user, "id") > 3 || at(user, "name") == "user 0")
            .update({{"age", 7}, {"role", Value()}})
            .or_raise() == 3);
  CHECK(database.find("User").where(at(user, "age") == 7).count().or_raise() == 3);
  CHECK(database.find("User").where(at(user, "role") == Value()).count().or_raise() == 3);
  CHECK(database.find("User").where(at(user, "role") == "reader").count().or_raise() == 2);
  CHECK(database.find("User").where(at(user, "id") == 77).update({{"age", 1}}).or_raise() == 0);
}

TEST_CASE("sqlite: what is about all rows must say so, and a limit is no condition") {
  const Database database = memory();
  (void)database.add("User", users(3)).or_raise();
  const Model& user = model(database, "User");
  CHECK(code_of(database.find("User").update({{"age", 1}})) == ErrorCode::query);
  const auto removed = database.find("User").remove();
  CHECK(code_of(removed) == ErrorCode::query);
  CHECK(removed.failure()->message() ==
        "remove without a condition is about every User; say all_rows() if that is meant");
  CHECK(code_of(database.find("User").all_rows().limit(1).remove()) == ErrorCode::query);
  CHECK(code_of(database.find("User").where(at(user, "id") == 1).limit(1).update({{"age", 1}})) ==
        ErrorCode::query);
  CHECK(database.find("User").count().or_raise() == 3);
  CHECK(database.find("User").all_rows().update({{"age", 1}}).or_raise() == 3);
  CHECK(database.find("User").all_rows().remove().or_raise() == 3);
}

TEST_CASE("sqlite: rows are removed by condition and by keys of two parts") {
  const Database database = memory();
  const Model& seat = model(database, "Seat");
  std::vector<NewRow> seats;
  for (const char* row : {"a", "ab"}) {
    for (int i = 0; i < 3; ++i) seats.push_back({{"row", row}, {"number", i}});
  }
  (void)database.add("Seat", seats).or_raise();
  CHECK(database.find("Seat")
            .where(at(seat, "row") == "a" && at(seat, "number") == 2)
            .remove()
            .or_raise() == 1);
  CHECK(database.find("Seat").where(at(seat, "row") == "ab").count().or_raise() == 3);
}

TEST_CASE("sqlite: rows are changed and removed by a condition on what they are related to") {
  const Database database = memory();
  (void)database.add("User", {{{"name", "Ann"}, {"age", 40}}, {{"name", "Bob"}, {"age", 20}}})
      .or_raise();
  const std::vector<NewRow> posts = {{{"title", "a"}, {"user_id", 1}},
                                     {{"title", "b"}, {"user_id", 2}},
                                     {{"title", "c"}, {"user_id", Value()}},
                                     {{"title", "d"}, {"user_id", 1}}};
  (void)database.add("Post", posts).or_raise();
  const Model& post = model(database, "Post");
  CHECK(database.find("Post")
            .where(path(post, "author.name") == "Ann")
            .update({{"title", "hers"}})
            .or_raise() == 2);
  CHECK(database.find("Post").where(at(post, "title") == "hers").count().or_raise() == 2);
  CHECK(database.find("Post").where(path(post, "author.age") < 30).remove().or_raise() == 1);
  CHECK(database.find("Post").where(at(post, "title") == "b").count().or_raise() == 0);
  CHECK(database.find("Post").count().or_raise() == 3);
}

TEST_CASE("sqlite: what a removal decides on is the table as it was before it") {
  Database database(
      sqlite::open_memory("CREATE TABLE Tree(id INTEGER PRIMARY KEY, parent INTEGER);"
                          "INSERT INTO Tree VALUES (1, 2), (2, NULL), (3, 1), (4, 2)"));
  ModelInfo tree;
  tree.name = "Tree";
  tree.fields = {field("id", Type::integer, Mark::made_key), field("parent", Type::integer)};
  tree.references = {testing::reference({"parent"}, "Tree", {"id"})};
  tree.relations = {testing::to_many("children", "Tree")};
  database.use(testing::sealed({tree}));
  const Model& model = *database.catalog().find("Tree");
  CHECK(database.find("Tree")
            .where(path(model, "children.id") > 0)
            .update({{"parent", 3}})
            .or_raise() == 2);
  CHECK(database.find("Tree").where(path(model, "children.id") > 0).remove().or_raise() == 3);
  CHECK(database.find("Tree").count().or_raise() == 1);
}

TEST_CASE("sqlite: the driver writes by key batches, many composite keys in one statement") {
  const std::unique_ptr<Driver> driver = sqlite::open_memory(
      "CREATE TABLE Seat(\"row\" TEXT, number INTEGER, taken BOOLEAN, PRIMARY KEY(\"row\", "
      "number));"
      "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000)"
      " INSERT INTO Seat SELECT 'r' || (i % 7), i, 0 FROM n");
  const auto catalog = models();
  std::vector<Value> values;
  std::vector<Cell> cells;
  for (int i = 1; i <= 1200; ++i) {
    values.emplace_back("r" + std::to_string(i % 7));
    values.emplace_back(i);
  }
  for (const Value& value : values) cells.push_back(value.cell());
  Query query;
  query.model = catalog->find("Seat");
  query.keys = KeyBatch{{0, 1}, cells};
  const std::vector<Assignment> taken = {{2, true}};
  CHECK(driver->update(query, taken) == 1200);
  CHECK(number(*driver, "SELECT count(*) FROM Seat WHERE taken AND number <= 1200") == 1200);
  query.where = at(*query.model, "number") > 1000;
  CHECK(driver->remove(query) == 200);
  const std::vector<Cell> numbers = {Cell::of(std::int64_t{2000}), Cell::of(std::int64_t{5})};
  query.where = {};
  query.keys = KeyBatch{{1}, numbers};
  CHECK(driver->remove(query) == 2);
  query.keys = KeyBatch{{1}, {}};
  CHECK(driver->remove(query) == 0);
  CHECK(number(*driver, "SELECT count(*) FROM Seat") == 3000 - 202);
}

TEST_CASE("sqlite: rows that do not fit their model are refused before anything is sent") {
  const Database database = memory();
  const std::uint64_t executed = database.statistics().executed;
  CHECK(code_of(database.add("User", {{"nmae", "x"}})) == ErrorCode::model);
  CHECK(code_of(database.add("User", {{"name", "x"}, {"name", "y"}})) == ErrorCode::query);
  CHECK(code_of(database.add("User", {{{"name", "x"}}, {{"age", 1}}})) == ErrorCode::query);
  CHECK(code_of(database.add("User", {{{"name", "x"}, {"age", 1}}, {{"age", 1}}})) ==
        ErrorCode::query);
  const auto wrong = database.add("User", {{"age", "old"}});
  CHECK(code_of(wrong) == ErrorCode::query);
  CHECK(wrong.failure()->message() ==
        "User.age is declared integer and cannot hold the text 'old'");
  CHECK(code_of(database.find("User").all_rows().update({{"age", "old"}})) == ErrorCode::query);
  CHECK(code_of(database.find("User").all_rows().update({})) == ErrorCode::query);
  CHECK(code_of(database.find("User").all_rows().update({{"age", 1}, {"age", 2}})) ==
        ErrorCode::query);
  CHECK(database.statistics().executed == executed);
}

TEST_CASE("sqlite: a value that would become NULL is refused") {
  Database database(
      sqlite::open_memory("CREATE TABLE Reading(id INTEGER PRIMARY KEY, value REAL)"));
  ModelInfo reading;
  reading.name = "Reading";
  reading.fields = {field("id", Type::integer, Mark::made_key), field("value", Type::real)};
  database.use(testing::sealed({reading}));
  const double none = std::numeric_limits<double>::quiet_NaN();
  CHECK(code_of(database.add("Reading", {{"value", none}})) == ErrorCode::unsupported);
  (void)database.add("Reading", {{"value", -0.0}}).or_raise();
  CHECK(code_of(database.find("Reading").all_rows().update({{"value", none}})) ==
        ErrorCode::unsupported);
}

TEST_CASE("sqlite: values are only values, names only names") {
  Database database(sqlite::open_memory(
      "CREATE TABLE \"odd \"\"table'\"(id INTEGER PRIMARY KEY, \"a b\"\"?\" TEXT)"));
  ModelInfo odd;
  odd.name = "Odd";
  odd.store_as = "odd \"table'";
  odd.fields = {field("id", Type::integer, Mark::made_key),
                testing::stored_as(field("text", Type::text), "a b\"?")};
  database.use(testing::sealed({odd}));
  const Model& model = *database.catalog().find("Odd");
  for (const char* text : {"NULL", "'; DROP TABLE x", "%s", "$1", "?", ":a", "\\"}) {
    const Record added = database.add("Odd", {{"text", text}}).or_raise();
    CHECK(database.find("Odd").where(at(model, "text") == text).one().or_raise()["id"] ==
          added["id"]);
    CHECK(database.find("Odd").where(at(model, "text") == text).update({{"text", ""}}).or_raise() ==
          1);
  }
  CHECK(database.find("Odd").where(at(model, "text") == "").remove().or_raise() == 7);
}

TEST_CASE("sqlite: a locked file is an error after the time-out, and worth another try") {
  const Folder folder;
  const std::string path = folder.file("shared.db");
  testing::make_database(path, tables);
  sqlite::Options options;
  options.lock_timeout = std::chrono::milliseconds(20);
  Database database(sqlite::open_writable(path, options));
  database.use(models());
  testing::Application other(path);
  other.run("BEGIN IMMEDIATE");
  const auto locked = database.add("User", {{"name", "Ann"}});
  CHECK(code_of(locked) == ErrorCode::locked);
  CHECK(locked.failure()->error().retryable());
  CHECK(code_of(database.begin()) == ErrorCode::locked);
  CHECK(database.begin({.read_only = true}).ok());
  other.run("COMMIT");
  CHECK(database.add("User", {{"name", "Ann"}}));
}

TEST_CASE("sqlite: open_writable makes the file, enforces foreign keys and leaves nothing beside") {
  const Folder folder;
  {
    const std::unique_ptr<Driver> driver = sqlite::open_writable(folder.file("new and odd?.db"));
    CHECK(driver->capabilities().writes);
    CHECK(number(*driver, "PRAGMA foreign_keys") == 1);
    SchemaStep step;
    const auto catalog = models();
    step.model = catalog->find("User");
    driver->apply(step);
  }
  CHECK(folder.content().size() == 1);
  CHECK(folder.content().count("new and odd?.db") == 1);
}

TEST_CASE("sqlite: open_writable refuses what is not a database, and a private copy") {
  const Folder folder;
  testing::write_file(folder.file("text"), std::string(2000, 'x'));
  CHECK(error_from([&] { (void)sqlite::open_writable(folder.file("text")); }).code() ==
        ErrorCode::not_a_database);
  CHECK(error_from([&] { (void)sqlite::open_writable(folder.path()); }).code() ==
        ErrorCode::connection);
  CHECK(error_from([&] { (void)sqlite::open_writable(folder.file("no/such/folder.db")); }).code() ==
        ErrorCode::connection);
  sqlite::Options copy;
  copy.copy = true;
  CHECK(error_from([&] { (void)sqlite::open_writable(folder.file("new.db"), copy); }).code() ==
        ErrorCode::unsupported);
  CHECK(folder.content().size() == 1);
}

TEST_CASE("sqlite: what was opened for reading refuses every write before it is sent") {
  const Folder folder;
  const std::string path = folder.file("read.db");
  testing::make_database(path, tables);
  const auto before = folder.content();
  {
    Database database(sqlite::open(path));
    database.use(models());
    CHECK(code_of(database.add("User", {{"name", "x"}})) == ErrorCode::read_only);
    CHECK(code_of(database.find("User").all_rows().update({{"age", 1}})) == ErrorCode::read_only);
    CHECK(code_of(database.find("User").all_rows().remove()) == ErrorCode::read_only);
    SchemaStep step;
    step.what = SchemaStep::What::drop_table;
    step.table = "User";
    CHECK(code_of(database.apply(step)) == ErrorCode::read_only);
  }
  CHECK(folder.content() == before);
}

TEST_CASE("sqlite: a query in SQL cannot write, not even where writing is allowed") {
  const std::unique_ptr<Driver> driver = sqlite::open_memory(tables);
  for (const char* text : {"INSERT INTO User(name) VALUES ('x') RETURNING id",
                           "DELETE FROM User RETURNING id", "PRAGMA user_version = 3"}) {
    CHECK(error_from([&] { (void)driver->select(text, {}, 1); }).code() == ErrorCode::read_only);
  }
  CHECK(number(*driver, "SELECT count(*) FROM User") == 0);
}

TEST_CASE("sqlite: after an error that ended the transaction, nothing is kept by itself") {
  const std::unique_ptr<Driver> driver = sqlite::open_memory(
      "CREATE TABLE Seat(\"row\" TEXT, number INTEGER, taken BOOLEAN);"
      "CREATE TRIGGER t BEFORE DELETE ON Seat BEGIN SELECT RAISE(ROLLBACK, 'over'); END;"
      "INSERT INTO Seat VALUES ('a', 1, 0)");
  const auto catalog = models();
  Query all;
  all.model = catalog->find("Seat");
  driver->begin({});
  CHECK(error_from([&] { (void)driver->remove(all); }).code() == ErrorCode::constraint);
  const std::vector<Assignment> taken = {{2, true}};
  CHECK(error_from([&] { (void)driver->update(all, taken); }).code() == ErrorCode::transaction);
  CHECK(error_from([&] { driver->commit(); }).code() == ErrorCode::transaction);
  CHECK(number(*driver, "SELECT count(*) FROM Seat WHERE taken") == 0);
  driver->begin({});
  CHECK(driver->update(all, taken) == 1);
  driver->commit();
}

TEST_CASE("sqlite: eight threads with a database each lose no write") {
  const Folder folder;
  std::vector<std::thread> threads;
  std::vector<std::uint64_t> counts(8);
  for (std::size_t i = 0; i < counts.size(); ++i) {
    threads.emplace_back([&, i] {
      const std::string path = folder.file(std::to_string(i));
      Database database(sqlite::open_writable(path));
      SchemaStep step;
      const auto catalog = models();
      step.model = catalog->find("User");
      if (!database.apply(step)) return;
      database.use(catalog);
      const Transaction ended = database.begin().or_raise();
      for (int n = 0; n < 100; ++n) (void)database.add("User", {{"name", std::to_string(n)}});
      counts[i] = database.find("User").count().or_raise();
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(counts == std::vector<std::uint64_t>(8, 100));
}

TEST_CASE("sqlite: pages need an order, do not overlap and cover all") {
  const Database database = memory();
  std::vector<NewRow> rows = users(25);
  for (NewRow& row : rows) row.emplace_back("age", 1);
  (void)database.add("User", rows).or_raise();
  CHECK(code_of(database.find("User").page(10, 1).all()) == ErrorCode::query);
  CHECK(code_of(database.find("User").order_by("age").page(10, 0).all()) == ErrorCode::query);
  CHECK(code_of(database.find("User").order_by("age").page(0, 1).all()) == ErrorCode::query);
  CHECK(code_of(database.find("User").order_by("age").page(UINT64_MAX, 3).all()) ==
        ErrorCode::query);
  std::int64_t last = 0;
  for (std::uint64_t page = 1; page <= 4; ++page) {
    for (const Record& user :
         database.find("User").order_by("age").page(10, page).all().or_raise()) {
      CHECK(user["id"].integer == last + 1);
      last = user["id"].integer;
    }
  }
  CHECK(last == 25);
}

}  // namespace ommi
