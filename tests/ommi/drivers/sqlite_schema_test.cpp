#include <algorithm>

#include <catch2/catch.hpp>

#include "ommi/drivers/sqlite_files.hpp"

namespace ommi {
namespace {

using testing::Application;
using testing::error_from;
using testing::Folder;
using testing::make_database;

const Table& table(const Schema& schema, std::string_view name) {
  const Table* const found = schema.find_table(name);
  if (found == nullptr) throw std::logic_error("no such table in the schema");
  return *found;
}

const Column& column(const Schema& schema, std::string_view in, std::string_view name) {
  const Column* const found = table(schema, in).find_column(name);
  if (found == nullptr) throw std::logic_error("no such column in the schema");
  return *found;
}

TEST_CASE("schema: tables and columns are found exactly, else in any ASCII case") {
  Schema schema;
  Column id;
  id.name = "Id";
  schema.tables.push_back({.name = "Post", .columns = {id}});
  schema.tables.push_back({.name = "post"});
  schema.tables.push_back({.name = "Ä"});
  CHECK(schema.find_table("post") == &schema.tables[1]);
  CHECK(schema.find_table("POST") == &schema.tables[0]);
  CHECK(schema.find_table("ä") == nullptr);
  CHECK(schema.tables[0].find_column("iD") == &schema.tables[0].columns[0]);
  CHECK(schema.tables[0].find_column("Idd") == nullptr);
}

TEST_CASE("sqlite: describe tells columns, types, keys and collations") {
  const Schema schema = sqlite::open_memory(R"(
      CREATE TABLE a(id INTEGER PRIMARY KEY, name VARCHAR(20) COLLATE nocase NOT NULL, x REAL,
                     y AS (x + 1), z AS (x + 2) STORED, w);
      CREATE TABLE b(p TEXT, q INT, r, PRIMARY KEY (q, p)) WITHOUT ROWID;
      CREATE TABLE c(k ANY PRIMARY KEY, n INT) STRICT;
      CREATE TABLE d(k ANY PRIMARY KEY, m INT);
  )")
                            ->describe();
  REQUIRE(schema.tables.size() == 4);
  const Table& a = table(schema, "a");
  CHECK(a.kind == TableKind::table);
  REQUIRE(a.columns.size() == 6);
  CHECK(a.columns[0].key_part == 1);
  CHECK(a.columns[0].not_null);
  CHECK(a.columns[0].comparison == Comparison{.affinity = Affinity::integer});
  CHECK(a.columns[1].declared_type == "VARCHAR(20)");
  CHECK(a.columns[1].not_null);
  CHECK(a.columns[1].collation == "nocase");
  CHECK(a.columns[1].comparison ==
        Comparison{.affinity = Affinity::text, .collation = Collation::nocase});
  CHECK(a.columns[3].generated);
  CHECK(a.columns[4].generated);
  CHECK_FALSE(a.columns[5].generated);
  CHECK(a.columns[5].comparison.affinity == Affinity::none);
  CHECK(a.sql.starts_with("CREATE TABLE a"));
  CHECK(table(schema, "b").without_rowid);
  CHECK(column(schema, "b", "p").key_part == 2);
  CHECK(column(schema, "b", "q").key_part == 1);
  CHECK(column(schema, "b", "p").not_null);
  CHECK(table(schema, "c").strict);
  CHECK(column(schema, "c", "k").comparison.affinity == Affinity::none);
  CHECK(column(schema, "c", "k").not_null);
  CHECK(column(schema, "d", "k").comparison.affinity == Affinity::numeric);
}

TEST_CASE("sqlite: describe tells indexes of every origin") {
  const Schema schema = sqlite::open_memory(R"(
      CREATE TABLE t(id INTEGER PRIMARY KEY, a TEXT UNIQUE, b TEXT COLLATE rtrim, c);
      CREATE UNIQUE INDEX both ON t(b COLLATE nocase, a);
      CREATE INDEX some ON t(c) WHERE c > 0;
      CREATE INDEX computed ON t(lower(a), c);
  )")
                            ->describe();
  const auto& indexes = table(schema, "t").indexes;
  REQUIRE(indexes.size() == 4);
  const auto index = [&](std::string_view name) {
    for (const Index& found : indexes) {
      if (found.name == name) return found;
    }
    throw std::logic_error("no such index");
  };
  CHECK(index("both").columns == std::vector<std::string>{"b", "a"});
  CHECK(index("both").collations == std::vector<std::string>{"nocase", "BINARY"});
  CHECK(index("both").unique);
  CHECK(index("some").partial);
  CHECK_FALSE(index("some").unique);
  CHECK(index("computed").columns == std::vector<std::string>{"", "c"});
  CHECK(index("sqlite_autoindex_t_1").unique);
  CHECK(index("sqlite_autoindex_t_1").columns == std::vector<std::string>{"a"});
}

TEST_CASE("sqlite: describe tells foreign keys, with their targets filled in") {
  const Schema schema = sqlite::open_memory(R"(
      CREATE TABLE p(a, b, PRIMARY KEY (b, a));
      CREATE TABLE n(a);
      CREATE TABLE c(x, y, z REFERENCES gone, w REFERENCES P(a), v REFERENCES n,
                     FOREIGN KEY (x, y) REFERENCES p);
  )")
                            ->describe();
  const auto& keys = table(schema, "c").foreign_keys;
  REQUIRE(keys.size() == 4);
  const auto key = [&](std::string_view first) {
    for (const ForeignKey& found : keys) {
      if (found.columns.front() == first) return found;
    }
    throw std::logic_error("no such foreign key");
  };
  CHECK(key("x").columns == std::vector<std::string>{"x", "y"});
  CHECK(key("x").target_columns == std::vector<std::string>{"b", "a"});
  CHECK(key("z").table == "gone");
  CHECK(key("z").target_columns.empty());
  CHECK(key("w").table == "P");
  CHECK(key("w").target_columns == std::vector<std::string>{"a"});
  CHECK(key("v").target_columns.empty());
}

TEST_CASE("sqlite: describe tells views, virtual and shadow tables apart") {
  const Schema schema = sqlite::open_memory(R"(
      CREATE TABLE t(a INT); CREATE VIEW v AS SELECT a AS b FROM t;
      CREATE VIRTUAL TABLE words USING fts5(body);
  )")
                            ->describe();
  CHECK(table(schema, "v").kind == TableKind::view);
  CHECK(table(schema, "v").columns.size() == 1);
  CHECK(table(schema, "words").kind == TableKind::virtual_table);
  CHECK(column(schema, "words", "body").hidden == false);
  CHECK(column(schema, "words", "rank").hidden);
  CHECK(table(schema, "words_content").kind == TableKind::shadow);
}

TEST_CASE("sqlite: one table that cannot be read keeps no other from being described") {
  const Folder folder;
  {
    Application application(folder.file("a.db"));
    application.run(
        "CREATE TABLE t(a); CREATE TABLE u(b); CREATE VIEW good AS SELECT a FROM t;"
        "CREATE VIEW broken AS SELECT b FROM u; DROP TABLE u;"
        "PRAGMA writable_schema=ON;"
        "INSERT INTO sqlite_schema VALUES ('table', 'odd', 'odd', 0, "
        "'CREATE VIRTUAL TABLE odd USING no_such_module(x)')");
  }
  const auto before = folder.content();
  const auto driver = sqlite::open(folder.file("a.db"));
  const Schema schema = driver->describe();
  CHECK(schema.tables.size() == 4);
  CHECK(table(schema, "t").unreadable.empty());
  CHECK(table(schema, "good").unreadable.empty());
  CHECK(table(schema, "broken").unreadable.find("no such table") != std::string::npos);
  CHECK(table(schema, "odd").unreadable == "no such module: no_such_module");
  CHECK(driver->integrity(10).empty());
  CHECK(folder.content() == before);
}

TEST_CASE("sqlite: a collation that only the application has is named") {
  const Folder folder;
  {
    Application application(folder.file("a.db"));
    sqlite3_create_collation(application.handle(), "unicase", SQLITE_UTF8, nullptr,
                             [](void*, int, const void*, int, const void*) { return 0; });
    application.run("CREATE TABLE t(a TEXT COLLATE unicase)");
  }
  const Schema schema = sqlite::open(folder.file("a.db"))->describe();
  CHECK(column(schema, "t", "a").collation == "unicase");
  CHECK(column(schema, "t", "a").comparison.collation == Collation::other);
}

TEST_CASE("sqlite: names are what they are, however odd") {
  const auto name =
      GENERATE(as<std::string>(), "", "a\"b'c`d]e[", "new\nline", "x'); DROP TABLE t;--",
               "\xff\xfe", "main.t", "?1", std::string(5000, 'L'));
  const std::string quoted = sqlite::quoted(name);
  const auto driver = sqlite::open_memory("CREATE TABLE " + quoted + "(" + quoted +
                                          " INTEGER PRIMARY KEY, other REFERENCES " + quoted +
                                          "); INSERT INTO " + quoted + " VALUES (1, 1)");
  const Schema schema = driver->describe();
  REQUIRE(schema.tables.size() == 1);
  CHECK(schema.tables[0].name == name);
  CHECK(schema.tables[0].columns.at(0).name == name);
  CHECK(schema.tables[0].foreign_keys.at(0).target_columns == std::vector<std::string>{name});
  class Once final : public RowVisitor {
   public:
    bool row(std::span<const Cell> cells) override { return (seen = cells[0].integer) == 0; }
    std::int64_t seen = 0;
  } once;
  driver->scan({.table = name, .columns = {name}}, once);
  CHECK(once.seen == 1);
}

// What the catalog of a small blog looks like.
Catalog blog() {
  FieldInfo id;
  id.name = "id";
  id.key = true;
  FieldInfo author;
  author.name = "author_id";
  Catalog catalog;
  catalog.add({.name = "Post", .store_as = "all posts", .fields = {id, author}});
  (void)catalog.seal();
  return catalog;
}

constexpr auto blog_sql =
    R"(CREATE TABLE "all posts"(id INTEGER PRIMARY KEY, author_id INT);
       INSERT INTO "all posts" VALUES (1, 7), (2, 8), (3, 7))";

TEST_CASE("sqlite: fetch and count answer a query") {
  const Catalog catalog = blog();
  const Model& post = *catalog.find("Post");
  const auto driver = sqlite::open_memory(blog_sql);
  const Query query{.model = &post, .where = at(post, "author_id") == 7, .order = {{0, true}}};
  CHECK(driver->count(query) == 2);
  const auto cursor = driver->fetch(query);
  std::vector<Cell> row(2);
  REQUIRE(cursor->next(row));
  CHECK(row[0].integer == 3);
  CHECK(row[1].integer == 7);
  REQUIRE(cursor->next(row));
  CHECK_FALSE(cursor->next(row));
  const auto empty = sqlite::open_memory("");
  const DatabaseError error = error_from([&] { (void)empty->fetch(query); });
  CHECK(error.code() == ErrorCode::missing_table);
  CHECK(error.place().model == "Post");
  CHECK(error.place().operation == "fetch");
}

TEST_CASE("sqlite: a plan names the tables that are read whole") {
  const Catalog catalog = blog();
  const Model& post = *catalog.find("Post");
  const Query by_author{.model = &post, .where = at(post, "author_id") == 7};
  const Query by_key{.model = &post, .where = at(post, "id") == 7};
  const auto driver = sqlite::open_memory(blog_sql);
  const QueryPlan plan = driver->explain(by_author);
  CHECK(plan.scanned == std::vector<std::string>{"all posts"});
  CHECK(plan.steps.size() == 1);
  CHECK_FALSE(plan.automatic_index);
  CHECK(plan.statement == driver->fetch(by_author)->statement());
  CHECK(driver->explain(by_key).scanned.empty());
  const auto indexed =
      sqlite::open_memory(std::string(blog_sql) + R"(; CREATE INDEX i ON "all posts"(author_id))");
  CHECK(indexed->explain(by_author).scanned.empty());
  CHECK(indexed->explain({.model = &post}).scanned == std::vector<std::string>{"all posts"});
}

TEST_CASE("sqlite: a plan looks behind a view, and indents what belongs together") {
  const Catalog catalog = blog();
  const Model& post = *catalog.find("Post");
  const auto driver = sqlite::open_memory(
      R"(CREATE TABLE "SCAN t"(id INT, author_id INT); CREATE TABLE u(id INT, author_id INT);
         CREATE VIEW "all posts" AS SELECT * FROM "SCAN t" UNION SELECT * FROM u)");
  const QueryPlan plan = driver->explain({.model = &post});
  CHECK(std::ranges::find(plan.scanned, "SCAN t") != plan.scanned.end());
  CHECK(std::ranges::find(plan.scanned, "u") != plan.scanned.end());
  CHECK(std::ranges::any_of(plan.steps,
                            [](const std::string& step) { return step.starts_with("  "); }));
}

TEST_CASE("sqlite: damage is found and described line by line") {
  const Folder folder;
  const std::string path = folder.file("a.db");
  make_database(path, "CREATE TABLE t(a); CREATE TABLE u(a); INSERT INTO t VALUES (1)");
  {
    std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(4096);
    file << std::string(4096, '\xab');
  }
  const auto before = folder.content();
  const auto driver = sqlite::open(path);
  const auto lines = driver->integrity(10);
  REQUIRE_FALSE(lines.empty());
  for (const std::string& line : lines) CHECK(line.find('\n') == std::string::npos);
  CHECK(driver->integrity(1).size() == 1);
  CHECK(driver->describe().tables.size() == 2);
  CHECK(error_from([&] { (void)testing::number(*driver, "SELECT a FROM t"); }).code() ==
        ErrorCode::corrupt);
  CHECK(folder.content() == before);
}

TEST_CASE("sqlite: values that break a constraint are no damage") {
  const auto made = sqlite::open_memory(R"(
      CREATE TABLE t(a ANY PRIMARY KEY, b INT AS (a)) STRICT;
      INSERT INTO t(a) VALUES ('x'), ('y'), ('z');
      CREATE TABLE u(a, b); INSERT INTO u VALUES (NULL, 1);
      PRAGMA writable_schema = 1;
      UPDATE sqlite_schema SET sql = 'CREATE TABLE u(a NOT NULL, b CHECK(b > 1))' WHERE name = 'u';
      PRAGMA writable_schema = RESET;
  )");
  CHECK(testing::number(*made, R"(SELECT count(*) FROM pragma_quick_check
                                  WHERE quick_check GLOB 'non-INT value in *'
                                     OR quick_check GLOB 'NULL value in *'
                                     OR quick_check GLOB 'CHECK constraint failed in *')") == 5);
  CHECK(made->integrity(2).empty());
}

TEST_CASE("sqlite: damage is said without a heading") {
  const Folder folder;
  const std::string path = folder.file("a.db");
  make_database(path, "CREATE TABLE t(a); INSERT INTO t VALUES (1); CREATE TABLE u(a)");
  {
    std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(4096 + 7);
    file << '\x05';  // bytes said to be free
  }
  const auto lines = sqlite::open(path)->integrity(10);
  REQUIRE_FALSE(lines.empty());
  for (const std::string& line : lines) CHECK(line.find("***") == std::string::npos);
}

}  // namespace
}  // namespace ommi
