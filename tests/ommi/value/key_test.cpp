#include "ommi/key.hpp"

#include <map>
#include <memory>
#include <string>
#include <vector>

#include <catch2/catch.hpp>
#include <sqlite3.h>

namespace ommi {
namespace {

struct CloseDatabase {
  void operator()(sqlite3* database) const { sqlite3_close(database); }
};
struct FinalizeStatement {
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using Statement = std::unique_ptr<sqlite3_stmt, FinalizeStatement>;

Statement prepared(sqlite3* database, const std::string& sql) {
  sqlite3_stmt* statement = nullptr;
  REQUIRE(sqlite3_prepare_v2(database, sql.c_str(), -1, &statement, nullptr) == SQLITE_OK);
  return Statement(statement);
}

void bind(sqlite3_stmt* statement, int place, const Value& value) {
  const Cell cell = value.cell();
  switch (cell.kind) {
    case Kind::null:
      sqlite3_bind_null(statement, place);
      break;
    case Kind::integer:
      sqlite3_bind_int64(statement, place, cell.integer);
      break;
    case Kind::real:
      sqlite3_bind_double(statement, place, cell.real);
      break;
    case Kind::text:
      sqlite3_bind_text64(statement, place, cell.data, cell.size, SQLITE_TRANSIENT, SQLITE_UTF8);
      break;
    case Kind::blob:
      sqlite3_bind_blob64(statement, place, cell.data, cell.size, SQLITE_TRANSIENT);
      break;
  }
}

// The stored value, after the column's affinity has had its way with it.
Value stored(sqlite3_stmt* statement) {
  sqlite3_value* value = sqlite3_column_value(statement, 0);
  switch (sqlite3_value_type(value)) {
    case SQLITE_INTEGER:
      return std::int64_t{sqlite3_value_int64(value)};
    case SQLITE_FLOAT:
      return sqlite3_value_double(value);
    case SQLITE_TEXT: {
      const auto* text = reinterpret_cast<const char*>(sqlite3_value_text(value));
      return std::string(text, static_cast<std::size_t>(sqlite3_value_bytes(value)));
    }
    case SQLITE_BLOB: {
      const auto* bytes = static_cast<const char*>(sqlite3_value_blob(value));
      return Blob{std::string(bytes == nullptr ? "" : bytes,
                              static_cast<std::size_t>(sqlite3_value_bytes(value)))};
    }
    default:
      return {};
  }
}

const std::vector<Value>& difficult_values() {
  static const std::vector<Value> values = {0,
                                            1,
                                            -1,
                                            2,
                                            10,
                                            100,
                                            INT64_MAX,
                                            INT64_MIN,
                                            std::int64_t{9007199254740993},
                                            0.0,
                                            -0.0,
                                            1.0,
                                            0.5,
                                            2.5,
                                            100.0,
                                            1e300,
                                            9007199254740992.0,
                                            9.2233720368547758e18,
                                            1e-7,
                                            0.1,
                                            123456.789,
                                            "",
                                            "0",
                                            "1",
                                            "01",
                                            " 1",
                                            "1 ",
                                            "1.0",
                                            "+1",
                                            "1e2",
                                            "100",
                                            ".5",
                                            "0.5",
                                            "5.",
                                            "2.5",
                                            "abc",
                                            "ABC",
                                            "Abc ",
                                            "abc ",
                                            "abc  ",
                                            "ABC\t",
                                            "0x1",
                                            "inf",
                                            "nan",
                                            "-1",
                                            "--1",
                                            "1a",
                                            "9223372036854775807",
                                            "9223372036854775808",
                                            "1e300",
                                            "1.0e+300",
                                            "1e-07",
                                            "-0",
                                            "-0.0",
                                            "0.0",
                                            std::string("a\0b", 3),
                                            std::string("a\0c", 3),
                                            std::string("a"),
                                            "é",
                                            "É",
                                            "e\xcc\x81",
                                            "\xff\x41",
                                            Blob{""},
                                            Blob{"1"},
                                            Blob{"abc"},
                                            Blob{"ABC"}};
  return values;
}

std::string canonical(const Value& value, const Comparison& rule) {
  std::string key;
  append_key(key, value.cell(), rule);
  return key;
}

}  // namespace

TEST_CASE("a key equals what SQLite says it equals, for every affinity and collation") {
  sqlite3* raw = nullptr;
  REQUIRE(sqlite3_open(":memory:", &raw) == SQLITE_OK);
  const std::unique_ptr<sqlite3, CloseDatabase> database(raw);
  const std::string type = GENERATE("", "BLOB", "TEXT", "INTEGER", "REAL", "NUMERIC");
  const std::string collation = GENERATE("BINARY", "NOCASE", "RTRIM");
  const Comparison rule{affinity_of(type), collation_of(collation)};
  REQUIRE(sqlite3_exec(raw, ("CREATE TABLE t(k " + type + " COLLATE " + collation + ")").c_str(),
                       nullptr, nullptr, nullptr) == SQLITE_OK);
  const Statement insert = prepared(raw, "INSERT INTO t VALUES (?)");
  const Statement read = prepared(raw, "SELECT k FROM t");
  const Statement look_up = prepared(raw, "SELECT count(*) FROM t WHERE k = ?");
  for (const Value& key : difficult_values()) {
    REQUIRE(sqlite3_exec(raw, "DELETE FROM t", nullptr, nullptr, nullptr) == SQLITE_OK);
    bind(insert.get(), 1, key);
    REQUIRE(sqlite3_step(insert.get()) == SQLITE_DONE);
    sqlite3_reset(insert.get());
    REQUIRE(sqlite3_step(read.get()) == SQLITE_ROW);
    const Value in_table = stored(read.get());
    sqlite3_reset(read.get());
    for (const Value& asked : difficult_values()) {
      bind(look_up.get(), 1, asked);
      REQUIRE(sqlite3_step(look_up.get()) == SQLITE_ROW);
      const bool found = sqlite3_column_int(look_up.get(), 0) == 1;
      sqlite3_reset(look_up.get());
      INFO("column " << type << " COLLATE " << collation << " holds " << to_display(in_table.cell())
                     << ", asked for " << to_display(asked.cell()));
      REQUIRE(found == (canonical(in_table, rule) == canonical(asked, rule)));
    }
  }
}

TEST_CASE("a declared type has the affinity that SQLite gives it") {
  CHECK(affinity_of("BIGINT") == Affinity::integer);
  CHECK(affinity_of("CHARINT") == Affinity::integer);
  CHECK(affinity_of("varchar(20)") == Affinity::text);
  CHECK(affinity_of("") == Affinity::none);
  CHECK(affinity_of("blob") == Affinity::none);
  CHECK(affinity_of("DOUBLE PRECISION") == Affinity::real);
  CHECK(affinity_of("DECIMAL(10,2)") == Affinity::numeric);
  CHECK(affinity_of("FLOATING POINT") == Affinity::integer);  // "POINT" has INT in it
}

TEST_CASE("a key index numbers distinct keys in the order they come") {
  KeyIndex index({Comparison{Affinity::integer, Collation::binary}});
  const Value one = 1;
  const Value text_one = "1";
  const Value two = 2;
  const auto single = [](const Value& value) { return std::vector<Cell>{value.cell()}; };
  CHECK(index.add(single(one)) == 0);
  CHECK(index.add(single(text_one)) == 0);
  CHECK(index.add(single(two)) == 1);
  CHECK(index.size() == 2);
  CHECK(index.find(single(Value("2.0"))) == 1);
  CHECK(index.find(single(Value(3))) == KeyIndex::missing);
  CHECK(index.add(single(Value())) == KeyIndex::missing);
}

TEST_CASE("a key index finds integers however they lie") {
  constexpr std::int64_t least = INT64_MIN;
  constexpr std::int64_t greatest = INT64_MAX;
  using Make = std::int64_t (*)(std::int64_t);
  const Make makes[] = {
      [](std::int64_t at) { return at; },
      [](std::int64_t at) { return -at; },
      [](std::int64_t at) { return at % 2 == 0 ? at : -at; },
      [](std::int64_t at) { return at * 3; },
      [](std::int64_t at) { return at * 1000; },
      [](std::int64_t at) { return at * 7919 % 30000; },
      [](std::int64_t at) { return least + at; },
      [](std::int64_t at) { return greatest - at; },
      [](std::int64_t at) { return at % 2 == 0 ? least + at : greatest - at; },
      // Close together, then far apart, then between them.
      [](std::int64_t at) { return at < 6000    ? at
                                   : at < 12000 ? at * 100'000
                                                : at - 3000; },
      [](std::int64_t at) { return at < 6000 ? 1'000'000 + at : 1'000'000 - at; },
      [](std::int64_t at) {
        const std::uint64_t mixed = static_cast<std::uint64_t>(at) * 0x9E3779B97F4A7C15U;
        return static_cast<std::int64_t>(mixed ^ (mixed >> 29U));
      },
  };
  for (const Make make : makes) {
    KeyIndex index({Comparison{Affinity::integer, Collation::binary}});
    std::map<std::int64_t, std::uint32_t> expected;
    bool right = true;
    for (std::int64_t at = 0; at < 20'000; ++at) {
      const std::int64_t key = make(at);
      const Cell cell = Cell::of(key);
      const auto next = static_cast<std::uint32_t>(expected.size());
      right = right && index.add({&cell, 1}) == expected.emplace(key, next).first->second;
    }
    CHECK(right);
    CHECK(index.size() == expected.size());
    for (const auto& [key, number] : expected) {
      const Cell cell = Cell::of(key);
      right = right && index.find({&cell, 1}) == number;
      for (const std::int64_t beside : {key / 2 + 1, key ^ 1, key == least ? greatest : -key}) {
        const Cell other = Cell::of(beside);
        const auto known = expected.find(beside);
        right = right && index.find({&other, 1}) ==
                             (known == expected.end() ? KeyIndex::missing : known->second);
      }
    }
    CHECK(right);
  }
}

TEST_CASE("parts of a composite key do not run into each other") {
  KeyIndex index({Comparison{Affinity::text, Collation::binary},
                  Comparison{Affinity::text, Collation::binary}});
  const Value a = "a", bc = "bc", ab = "ab", c = "c";
  CHECK(index.add(std::vector<Cell>{a.cell(), bc.cell()}) == 0);
  CHECK(index.add(std::vector<Cell>{ab.cell(), c.cell()}) == 1);
  CHECK(index.add(std::vector<Cell>{a.cell(), Value().cell()}) == KeyIndex::missing);
}

}  // namespace ommi
