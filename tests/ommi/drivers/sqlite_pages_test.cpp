#include <array>
#include <cstring>
#include <random>

#include <sqlite3.h>

#include "drivers/sqlite/page_scan.hpp"
#include "ommi/drivers/sqlite_files.hpp"
#include "ommi/value.hpp"

using namespace ommi;

namespace {

using Rows = std::vector<std::vector<Value>>;

/// A file and, while it is being made, the connection that makes it.
class Made {
 public:
  explicit Made(const std::string& sql, const std::string& before = "")
      : file_(folder_.file("a.db")), application_(std::in_place, file_) {
    application_->run(before);
    application_->run(sql);
  }

  void run(const std::string& sql) { application_->run(sql); }
  void close() { application_.reset(); }
  [[nodiscard]] const std::string& file() const { return file_; }

 private:
  testing::Folder folder_;
  std::string file_;
  std::optional<testing::Application> application_;
};

class Collected final : public RowVisitor {
 public:
  explicit Collected(std::size_t most = 700) : most_(most) {}
  bool row(std::span<const Cell> cells) override {
    rows_.emplace_back(cells.begin(), cells.end());
    return rows_.size() < limit;
  }
  [[nodiscard]] std::size_t most_rows() const noexcept override { return most_; }
  [[nodiscard]] const Rows& seen() const { return rows_; }
  std::size_t limit = SIZE_MAX;

 private:
  std::size_t most_;
  Rows rows_;
};

sqlite::Handle opened(const std::string& file, int flags = SQLITE_OPEN_READONLY) {
  sqlite3* raw = nullptr;
  const int result = sqlite3_open_v2(file.c_str(), &raw, flags | SQLITE_OPEN_URI, nullptr);
  sqlite::Handle handle(raw);
  if (result != SQLITE_OK) throw std::runtime_error("cannot open " + file);
  return handle;
}

std::optional<Rows> read_pages(const std::string& file, const Scan& scan, std::size_t most = 700) {
  sqlite::Connection connection(opened(file), sqlite::Access::read_only);
  connection.harden();
  Collected collected(most);
  sqlite::Visit visit(collected, scan.columns.size());
  if (!sqlite::scan_pages(connection, scan, visit)) {
    CHECK(collected.seen().empty());
    return std::nullopt;
  }
  return collected.seen();
}

Rows asked(const std::string& file, const std::string& sql) {
  const sqlite::Handle handle = opened(file);
  sqlite3_stmt* raw = nullptr;
  INFO(sql);
  REQUIRE(sqlite3_prepare_v2(handle.get(), sql.c_str(), -1, &raw, nullptr) == SQLITE_OK);
  const sqlite::Statement statement(raw);
  Rows rows;
  while (sqlite3_step(raw) == SQLITE_ROW) {
    std::vector<Value>& row = rows.emplace_back();
    for (int i = 0; i < sqlite3_column_count(raw); ++i) {
      row.emplace_back(sqlite::column_cell(raw, i));
    }
  }
  return rows;
}

std::string listed(const std::vector<std::string>& columns) {
  std::string list;
  for (const std::string& column : columns) list += (list.empty() ? "" : ", ") + column;
  return list;
}

/// Whether the pages say what SQLite says, row by row.
void check_same(const Made& made, const std::vector<std::string>& columns,
                const std::string& table = "t") {
  const Rows expected =
      asked(made.file(), "SELECT " + listed(columns) + " FROM " + table + " NOT INDEXED");
  for (const std::size_t most : {std::size_t{1}, std::size_t{700}}) {
    const auto seen = read_pages(made.file(), {table, columns}, most);
    REQUIRE(seen);
    REQUIRE(seen->size() == expected.size());
    for (std::size_t row = 0; row < expected.size(); ++row) {
      if ((*seen)[row] == expected[row]) continue;
      FAIL("row " << row << " differs");
    }
  }
}

const std::string numbers =
    "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 4999) ";

}  // namespace

TEST_CASE("pages: values of every kind are what SQLite reads") {
  const Made made(
      "CREATE TABLE t (id INTEGER PRIMARY KEY, a, b INTEGER, c REAL, d TEXT, e BLOB, f FLOAT);"
      "INSERT INTO t VALUES (1, NULL, 0, 0, '', x'', 1.5), (2, 1, 1, 1, 'a', x'00', -1),"
      "(3, -1, 127, 2.5, 'NUL', x'0102', 3), (4, 128, -129, 1e300, '1', zeroblob(20), 9e18),"
      "(5, 32767, -32769, -0.0, 'ü', NULL, 'text'), (6, 8388607, -8388609, 7, NULL, 'x', x'07'),"
      "(7, 2147483647, -2147483649, '8', 5, 5, 12345678901234567),"
      "(8, 140737488355327, -140737488355329, 'x', 1.5, 1.5, NULL),"
      "(9, 9223372036854775807, -9223372036854775808, NULL, x'41', '', 0),"
      "(-5, 9e999, -9e999, 281474976710656, CAST(x'6100' AS TEXT), 0, 1e17),"
      "(9223372036854775807, 1, 1, 1, 1, 1, 1), (-9223372036854775808, 1, 1, 1, 1, 1, 1);");
  check_same(made, {"id", "a", "b", "c", "d", "e", "f"});
  check_same(made, {"f", "id", "c"});
  check_same(made, {"d"});
  check_same(made, {"ID", "B"});
}

TEST_CASE("pages: trees of several levels, at every page size") {
  for (const char* const size : {"512", "1024", "4096", "65536"}) {
    CAPTURE(size);
    Made made("CREATE TABLE t (id INTEGER PRIMARY KEY, n INTEGER, word TEXT);" +
                  std::string("INSERT INTO t ") + numbers +
                  "SELECT i * 3 - 4000, i % 7, printf('%.*c', i % 90, 'x') FROM n;",
              "PRAGMA page_size = " + std::string(size));
    check_same(made, {"id", "n", "word"});
    made.run(
        "DELETE FROM t WHERE n IN (2, 3) OR id BETWEEN 0 AND 900; UPDATE t SET word = word || word "
        "WHERE n = 5");
    check_same(made, {"id", "n", "word"});
    made.run("DELETE FROM t");
    check_same(made, {"id", "n"});
  }
}

TEST_CASE("pages: only the rows of a range") {
  const Made made("CREATE TABLE t (id INTEGER PRIMARY KEY, n INTEGER); INSERT INTO t " + numbers +
                      "SELECT i * 2, i FROM n;",
                  "PRAGMA page_size = 512");
  constexpr std::array<std::int64_t, 9> ends = {INT64_MIN, -1,   0,    1,        777,
                                                5000,      9997, 9998, INT64_MAX};
  for (const std::int64_t first : ends) {
    for (const std::int64_t last : ends) {
      CAPTURE(first, last);
      const auto seen = read_pages(made.file(), {"t", {"id", "n"}, RowRange{first, last}});
      REQUIRE(seen);
      CHECK(*seen ==
            asked(made.file(), "SELECT id, n FROM t WHERE id BETWEEN " + std::to_string(first) +
                                   " AND " + std::to_string(last)));
    }
  }
}

TEST_CASE("pages: rows that go on in other pages") {
  for (const char* const size : {"512", "4096"}) {
    const Made made(
        "CREATE TABLE t (id INTEGER PRIMARY KEY, early INTEGER, long TEXT, late INTEGER, blob "
        "BLOB, last TEXT);"
        "INSERT INTO t " +
            numbers +
            "SELECT i, i * 5, printf('%.*c', (i * 37) % 9000, 'y'), i * 7, zeroblob((i * 91) % "
            "3000), 'end ' || i FROM n WHERE i < 700;",
        "PRAGMA page_size = " + std::string(size));
    check_same(made, {"early"});
    check_same(made, {"late"});
    check_same(made, {"last", "early", "id"});
    check_same(made, {"id", "early", "long", "late", "blob", "last"});
  }
}

TEST_CASE("pages: a header longer than its page") {
  std::string columns = "c0";
  std::string values = "i";
  std::vector<std::string> wanted = {"c0"};
  for (int column = 1; column < 900; ++column) {
    columns += ", c" + std::to_string(column);
    values += ", 'value " + std::to_string(column) + "'";
  }
  wanted.insert(wanted.end(), {"c1", "c450", "c899"});
  const Made made("CREATE TABLE t (" + columns + "); INSERT INTO t " + numbers + "SELECT " +
                      values + " FROM n WHERE i < 50;",
                  "PRAGMA page_size = 512");
  check_same(made, wanted);
  check_same(made, {"c0"});
}

TEST_CASE("pages: columns that were added later have their defaults") {
  Made made(
      "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT); INSERT INTO t VALUES (1, 'x'), (2, 'y');");
  made.run(
      "ALTER TABLE t ADD COLUMN b INTEGER DEFAULT 7; ALTER TABLE t ADD COLUMN c TEXT DEFAULT "
      "'it''s'");
  made.run("INSERT INTO t VALUES (3, 'z', 1, 'own')");
  made.run(
      "ALTER TABLE t ADD COLUMN d; ALTER TABLE t ADD COLUMN e REAL DEFAULT 3; ALTER TABLE t ADD "
      "COLUMN f TEXT DEFAULT 5");
  made.run("INSERT INTO t (id) VALUES (4)");
  check_same(made, {"id", "a", "b", "c", "d", "e", "f"});
  check_same(made, {"f", "e"});
  made.run("ALTER TABLE t DROP COLUMN b; ALTER TABLE t RENAME COLUMN c TO cc");
  check_same(made, {"id", "cc", "e"});
}

TEST_CASE("pages: what is the rowid and what only looks like it") {
  Made made(
      "CREATE TABLE t (id INTEGER PRIMARY KEY DESC, n INTEGER); INSERT INTO t VALUES (5, 1), "
      "(NULL, 2), (3, 3);"
      "CREATE TABLE int_key (id INT PRIMARY KEY, n); INSERT INTO int_key VALUES (9, 1), (NULL, 2);"
      "CREATE TABLE late (n, id integer, PRIMARY KEY (id)); INSERT INTO late VALUES ('a', 4), "
      "('b', NULL);"
      "CREATE TABLE pair (a INTEGER, b INTEGER, PRIMARY KEY (a, b)); INSERT INTO pair VALUES (1, "
      "NULL), (2, 2);"
      "CREATE TABLE rowid_taken (rowid TEXT, n); INSERT INTO rowid_taken VALUES ('r', 1);"
      "CREATE TABLE \"odd \"\"name\" (\"a b\" INTEGER); INSERT INTO \"odd \"\"name\" VALUES (1);");
  check_same(made, {"id", "n"});
  check_same(made, {"id", "n"}, "int_key");
  check_same(made, {"id", "n"}, "late");
  check_same(made, {"a", "b"}, "pair");
  check_same(made, {"rowid", "n"}, "rowid_taken");
  const auto odd = read_pages(made.file(), {"odd \"name", {"a b"}});
  REQUIRE(odd);
  CHECK(*odd == Rows{{Value(1)}});
}

TEST_CASE("pages: what only SQLite can read is left to it") {
  Made made(
      "CREATE TABLE t (id INTEGER PRIMARY KEY, n, twice AS (n * 2)); INSERT INTO t VALUES (1, 2);"
      "CREATE TABLE w (a PRIMARY KEY, b) WITHOUT ROWID; INSERT INTO w VALUES (1, 2);"
      "CREATE VIEW v AS SELECT 1 AS a; CREATE TABLE plain (a); INSERT INTO plain VALUES (1);"
      "CREATE TABLE none (a); ");
  CHECK_FALSE(read_pages(made.file(), {"t", {"id"}}));
  CHECK_FALSE(read_pages(made.file(), {"w", {"a"}}));
  CHECK_FALSE(read_pages(made.file(), {"v", {"a"}}));
  CHECK_FALSE(read_pages(made.file(), {"missing", {"a"}}));
  CHECK_FALSE(read_pages(made.file(), {"plain", {"rowid"}}));
  CHECK_FALSE(read_pages(made.file(), {"plain", {"b"}}));
  CHECK_FALSE(read_pages(made.file(), {"plain", {}}));
  CHECK_FALSE(read_pages(made.file(), {"sqlite_schema", {"name"}}));
  CHECK(read_pages(made.file(), {"plain", {"a"}}));
  CHECK(read_pages(made.file(), {"none", {"a"}})->empty());
  {
    INFO("a connection that can write may have pages of its own");
    sqlite::Connection connection(opened(made.file(), SQLITE_OPEN_READWRITE),
                                  sqlite::Access::read_write);
    Collected collected;
    sqlite::Visit visit(collected, 1);
    CHECK_FALSE(sqlite::scan_pages(connection, {"plain", {"a"}}, visit));
  }
  const Made wide("CREATE TABLE t (a TEXT); INSERT INTO t VALUES ('x')",
                  "PRAGMA encoding = 'UTF-16'");
  CHECK_FALSE(read_pages(wide.file(), {"t", {"a"}}));
}

TEST_CASE("pages: a write-ahead log is heeded") {
  Made made("CREATE TABLE t (a); INSERT INTO t VALUES (1); PRAGMA wal_checkpoint(TRUNCATE);",
            "PRAGMA journal_mode = WAL");
  made.run("INSERT INTO t VALUES (2)");
  CHECK_FALSE(read_pages(made.file(), {"t", {"a"}}));
  Collected collected;
  sqlite::open(made.file())->scan({"t", {"a"}}, collected);
  CHECK(collected.seen().size() == 2);
  made.run("PRAGMA wal_checkpoint(TRUNCATE)");
  made.close();
  const auto seen = read_pages("file:" + made.file() + "?immutable=1", {"t", {"a"}});
  REQUIRE(seen);
  CHECK(seen->size() == 2);
}

TEST_CASE("pages: the file does not change while it is read") {
  class Writing final : public RowVisitor {
   public:
    explicit Writing(const std::string& file) : other_(opened(file, SQLITE_OPEN_READWRITE)) {}
    bool row(std::span<const Cell>) override {
      result = sqlite3_exec(other_.get(), "DELETE FROM t", nullptr, nullptr, nullptr);
      return true;
    }
    int result = SQLITE_OK;

   private:
    sqlite::Handle other_;
  };
  const Made made("CREATE TABLE t (a); INSERT INTO t VALUES (1)");
  sqlite::Connection connection(opened(made.file()), sqlite::Access::read_only);
  Writing visitor(made.file());
  sqlite::Visit visit(visitor, 1);
  CHECK(sqlite::scan_pages(connection, {"t", {"a"}}, visit));
  CHECK(visitor.result == SQLITE_BUSY);
}

TEST_CASE("pages: a visitor ends the scan") {
  const Made made("CREATE TABLE t (a TEXT); INSERT INTO t " + numbers +
                  "SELECT 'text ' || i FROM n");
  for (const std::size_t most : {std::size_t{1}, std::size_t{100}}) {
    sqlite::Connection connection(opened(made.file()), sqlite::Access::read_only);
    Collected collected(most);
    collected.limit = 250;
    sqlite::Visit visit(collected, 1);
    CHECK(sqlite::scan_pages(connection, {"t", {"a"}}, visit));
    CHECK(visit.stopped);
    CHECK(collected.seen().size() == 250);
  }
}

TEST_CASE("pages: damage is an error, never a crash") {
  Made made("CREATE TABLE t (id INTEGER PRIMARY KEY, n INTEGER, long TEXT); INSERT INTO t " +
                numbers +
                "SELECT i, i * 5, printf('%.*c', (i * 37) % 900, 'y') FROM n WHERE i < 1500;",
            "PRAGMA page_size = 512");
  made.close();
  std::ifstream in(made.file(), std::ios::binary);
  const std::string whole((std::istreambuf_iterator<char>(in)), {});
  std::mt19937 random(7);
  std::size_t refused = 0;
  for (int round = 0; round < 400; ++round) {
    std::string damaged = whole;
    const std::size_t changes = 1 + (random() % 40);
    // Not in the first two pages: without a schema and a root there is nothing to scan.
    for (std::size_t change = 0; change < changes; ++change) {
      damaged[1024 + (random() % (damaged.size() - 1024))] = static_cast<char>(random());
    }
    if (round % 8 == 0) damaged.resize(1024 + (random() % (damaged.size() - 1024)));
    std::ofstream(made.file(), std::ios::binary | std::ios::trunc) << damaged;
    try {
      (void)read_pages(made.file(), {"t", {"id", "n", "long"}});
    } catch (const DatabaseError& error) {
      ++refused;
      CHECK(error.code() == ErrorCode::corrupt);
    }
  }
  CHECK(refused > 50);
}
