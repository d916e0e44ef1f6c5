#include <catch2/catch.hpp>

#include "ommi/drivers/sqlite_files.hpp"

namespace ommi {
namespace {

using testing::Application;
using testing::error_from;
using testing::Folder;
using testing::make_database;
using testing::number;

// Counts rows and stops, or throws, where it is told to.
class Counter final : public RowVisitor {
 public:
  explicit Counter(std::size_t stop_after = SIZE_MAX) : stop_after_(stop_after) {}
  bool row(std::span<const Cell> cells) override {
    ++rows;
    if (!cells.empty() && cells[0].kind == Kind::integer) sum += cells[0].integer;
    return rows < stop_after_;
  }
  std::size_t rows = 0;
  std::int64_t sum = 0;

 private:
  std::size_t stop_after_;
};

constexpr auto thousand_rows =
    "CREATE TABLE t(id INTEGER PRIMARY KEY, a, b);"
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000) "
    "INSERT INTO t SELECT i, 2 * i, 'text ' || i FROM n";

TEST_CASE("sqlite: cells hold what is stored, whatever its kind") {
  const auto driver = sqlite::open_memory("");
  const auto cursor = driver->select(
      "SELECT NULL, 9223372036854775807, 0.1, 'a' || char(0) || 'b', x'00ff', '', x''", {}, 7);
  std::vector<Cell> row(7);
  REQUIRE(cursor->next(row));
  CHECK(row[0].is_null());
  CHECK(row[1] == Cell::of(INT64_MAX));
  CHECK(row[2] == Cell::of(0.1));
  CHECK(row[3] == Cell::text({"a\0b", 3}));
  CHECK(row[4] == Cell::blob({"\0\xff", 2}));
  CHECK(row[5] == Cell::text(""));
  CHECK(row[6] == Cell::blob(""));
  CHECK_FALSE(cursor->next(row));
  CHECK_FALSE(cursor->next(row));
  CHECK(driver->statistics().rows == 1);
}

TEST_CASE("sqlite: values are bound as what they are") {
  const auto driver = sqlite::open_memory("");
  const std::vector<Cell> values = {Cell{},          Cell::of(std::int64_t{-7}),
                                    Cell::of(1.5),   Cell::text({"x\0y", 3}),
                                    Cell::blob("b"), Cell::text("")};
  const auto cursor = driver->select("SELECT ?, ?, ?, ?, ?, ?", values, 6);
  std::vector<Cell> row(6);
  REQUIRE(cursor->next(row));
  CHECK(row == values);
}

TEST_CASE("sqlite: two cursors of one text run side by side on statements that are kept") {
  const auto driver = sqlite::open_memory(thousand_rows);
  const auto text = "SELECT id FROM t WHERE id > ? ORDER BY id";
  const Cell zero = Cell::of(std::int64_t{0});
  const Cell ten = Cell::of(std::int64_t{10});
  for (int round = 0; round < 3; ++round) {
    const auto first = driver->select(text, {&zero, 1}, 1);
    const auto second = driver->select(text, {&ten, 1}, 1);
    Cell left;
    Cell right;
    for (std::int64_t i = 1; i <= 5; ++i) {
      REQUIRE(first->next({&left, 1}));
      REQUIRE(second->next({&right, 1}));
      CHECK(left.integer == i);
      CHECK(right.integer == 10 + i);
    }
    CHECK(first->statement() == text);
  }
  CHECK(driver->statistics().prepared == 2);
  CHECK(driver->statistics().executed == 6);
  CHECK(driver->statistics().rows == 30);
}

TEST_CASE("sqlite: more texts than are kept still work, also while a cursor is out") {
  const auto driver = sqlite::open_memory(thousand_rows);
  const auto cursor = driver->select("SELECT id FROM t ORDER BY id", {}, 1);
  Cell cell;
  REQUIRE(cursor->next({&cell, 1}));
  for (int i = 0; i < 300; ++i) CHECK(number(*driver, "SELECT " + std::to_string(i)) == i);
  REQUIRE(cursor->next({&cell, 1}));
  CHECK(cell.integer == 2);
}

TEST_CASE("sqlite: a cursor may outlive its driver") {
  auto driver = sqlite::open_memory(thousand_rows);
  const auto cursor = driver->select("SELECT id FROM t ORDER BY id", {}, 1);
  driver.reset();
  Cell cell;
  REQUIRE(cursor->next({&cell, 1}));
  CHECK(cell.integer == 1);
}

TEST_CASE("sqlite: what fails says what kind of failure it is") {
  struct Case {
    std::string sql;
    ErrorCode code;
  };
  const auto given = GENERATE(values<Case>({
      {"SELECT * FROM nowhere", ErrorCode::missing_table},
      {"SELECT absent FROM t", ErrorCode::missing_column},
      {R"(SELECT "absent" FROM t)", ErrorCode::missing_column},
      {"SELECT a FROM t ORDER BY a COLLATE unicase", ErrorCode::missing_collation},
      {"SELECT app_norm(a) FROM t", ErrorCode::missing_function},
      {"SELEKT", ErrorCode::query},
      {"SELECT 1; SELECT 2", ErrorCode::query},
      {"", ErrorCode::query},
      {std::string("SELECT 'a\0'", 11), ErrorCode::query},
      {"SELECT 1, 2", ErrorCode::query},
      {"SELECT ?", ErrorCode::query},
      {"SELECT ommi_visit(a) FROM t", ErrorCode::query},
      {"DELETE FROM t", ErrorCode::read_only},
      {"CREATE TEMP TABLE x(a)", ErrorCode::read_only},
      {"ATTACH ':memory:' AS other", ErrorCode::read_only},
      {"COMMIT", ErrorCode::read_only},
      {"ROLLBACK", ErrorCode::read_only},
      {"SAVEPOINT x", ErrorCode::read_only},
      {"PRAGMA query_only=OFF", ErrorCode::read_only},
      {"PRAGMA writable_schema=ON", ErrorCode::read_only},
      {"SELECT load_extension('x')", ErrorCode::read_only},
  }));
  const Folder folder;
  make_database(folder.file("a.db"), thousand_rows);
  const auto before = folder.content();
  const auto driver = sqlite::open(folder.file("a.db"));
  INFO(given.sql);
  const DatabaseError error = error_from([&] {
    const auto cursor = driver->select(given.sql, {}, 1);
    Cell cell;
    (void)cursor->next({&cell, 1});
  });
  INFO(error.message());
  CHECK(error.code() == given.code);
  CHECK(error.place().driver == "sqlite");
  CHECK(error.place().operation == "select");
  CHECK(error.statement() == given.sql);
  CHECK(number(*driver, "SELECT count(*) FROM t") == 1000);
  CHECK(folder.content() == before);
}

TEST_CASE("sqlite: a view that an old database wrote with texts in double quotes is read") {
  const auto driver = sqlite::open_memory(R"(CREATE TABLE t(a); INSERT INTO t VALUES (1);
      CREATE VIEW v AS SELECT a, "word" AS b FROM t)");
  const auto cursor = driver->select(R"(SELECT "b" FROM "v")", {}, 1);
  Cell cell;
  REQUIRE(cursor->next({&cell, 1}));
  CHECK(cell.view() == "word");
}

TEST_CASE("sqlite: names in double quotes are checked whatever surrounds them") {
  const auto driver =
      sqlite::open_memory(R"(CREATE TABLE "a""b`c"(" ' "); INSERT INTO "a""b`c" VALUES (5))");
  CHECK(number(*driver, R"(SELECT " ' " /* " */ FROM "a""b`c" WHERE '"' <> [ ' ] -- ")") == 5);
}

TEST_CASE("sqlite: a scan visits every row in storage order") {
  const auto driver = sqlite::open_memory(std::string(thousand_rows) + "; CREATE INDEX i ON t(b)");
  Counter counter;
  driver->scan({.table = "t", .columns = {"a", "b"}}, counter);
  CHECK(counter.rows == 1000);
  CHECK(counter.sum == 1001000);
  CHECK(driver->statistics().rows == 1000);
  Counter bare;
  driver->scan({.table = "t", .columns = {}}, bare);
  CHECK(bare.rows == 1000);
  class Ascending final : public RowVisitor {
   public:
    bool row(std::span<const Cell> cells) override {
      ordered = ordered && std::string(cells[0].view()) == "text " + std::to_string(++rows);
      return true;
    }
    int rows = 0;
    bool ordered = true;
  } ascending;
  driver->scan({.table = "t", .columns = {"b"}}, ascending);
  CHECK(ascending.ordered);
}

TEST_CASE("sqlite: a scan ends where the visitor wants, and can be started again") {
  const auto driver = sqlite::open_memory(thousand_rows);
  for (int round = 0; round < 2; ++round) {
    Counter counter(10);
    driver->scan({.table = "t", .columns = {"id"}}, counter);
    CHECK(counter.rows == 10);
  }
  Counter all;
  driver->scan({.table = "t", .columns = {"id"}}, all);
  CHECK(all.rows == 1000);
}

TEST_CASE("sqlite: what a visitor throws arrives as it was thrown") {
  class Thrower final : public RowVisitor {
   public:
    bool row(std::span<const Cell>) override { throw std::out_of_range("mine"); }
  } thrower;
  const auto driver = sqlite::open_memory(thousand_rows);
  CHECK_THROWS_AS(driver->scan({.table = "t", .columns = {"id"}}, thrower), std::out_of_range);
  CHECK(number(*driver, "SELECT count(*) FROM t") == 1000);
}

TEST_CASE("sqlite: a visitor may scan and select itself") {
  class Nested final : public RowVisitor {
   public:
    explicit Nested(Driver& driver) : driver_(driver) {}
    bool row(std::span<const Cell>) override {
      Counter counter;
      driver_.scan({.table = "t", .columns = {"id"}}, counter);
      inner += counter.rows + static_cast<std::size_t>(number(driver_, "SELECT 1"));
      return ++outer < 3;
    }
    std::size_t inner = 0;
    std::size_t outer = 0;

   private:
    Driver& driver_;
  };
  const auto driver = sqlite::open_memory(thousand_rows);
  Nested nested(*driver);
  driver->scan({.table = "t", .columns = {"id"}}, nested);
  CHECK(nested.outer == 3);
  CHECK(nested.inner == 3003);
}

TEST_CASE("sqlite: a table with more columns than a function takes is scanned too") {
  std::string names;
  std::string values;
  Scan scan{.table = "wide", .columns = {}};
  for (int i = 0; i < 500; ++i) {
    scan.columns.push_back("c" + std::to_string(i));
    names += (i ? ", " : "") + scan.columns.back();
    values += (i ? ", " : "") + std::to_string(i);
  }
  const auto driver =
      sqlite::open_memory("CREATE TABLE wide(" + names + "); INSERT INTO wide VALUES (" + values +
                          "), (" + values + "); UPDATE wide SET c0 = 3");
  Counter counter;
  driver->scan(scan, counter);
  CHECK(counter.rows == 2);
  CHECK(counter.sum == 6);
  Counter first(1);
  driver->scan(scan, first);
  CHECK(first.rows == 1);
}

TEST_CASE("sqlite: a scan of what is not there says so") {
  const auto driver = sqlite::open_memory(thousand_rows);
  Counter counter;
  CHECK(error_from([&] { driver->scan({.table = "u", .columns = {"a"}}, counter); }).code() ==
        ErrorCode::missing_table);
  CHECK(error_from([&] { driver->scan({.table = "t", .columns = {"x"}}, counter); }).code() ==
        ErrorCode::missing_column);
}

TEST_CASE("sqlite: a generated column is computed only when it is asked for") {
  const Folder folder;
  {
    Application application(folder.file("a.db"));
    sqlite3_create_function(
        application.handle(), "app_norm", 1, SQLITE_UTF8 | SQLITE_DETERMINISTIC, nullptr,
        [](sqlite3_context* context, int, sqlite3_value**) { sqlite3_result_int(context, 1); },
        nullptr, nullptr);
    application.run("CREATE TABLE t(a, b AS (app_norm(a))); INSERT INTO t(a) VALUES (4)");
  }
  const auto driver = sqlite::open(folder.file("a.db"));
  Counter counter;
  driver->scan({.table = "t", .columns = {"a"}}, counter);
  CHECK(counter.sum == 4);
  CHECK(error_from([&] { driver->scan({.table = "t", .columns = {"b"}}, counter); }).code() ==
        ErrorCode::missing_function);
}

TEST_CASE("sqlite: a name becomes an identifier that means itself") {
  CHECK(sqlite::quoted("plain") == R"("plain")");
  CHECK(sqlite::quoted(R"(a"b)") == R"("a""b")");
  CHECK(sqlite::quoted("") == R"("")");
}

}  // namespace
}  // namespace ommi
