#include "doctor/probe/danglings.hpp"

#include <catch2/catch.hpp>

#include "doctor/source.hpp"
#include "doctor/sweep.hpp"
#include "ommi/sqlite.hpp"
#include "support/examined.hpp"

namespace doctor {
namespace {

using testing::examined;
using testing::of_rule;

TEST_CASE("every dangling row is counted by one rule") {
  const Diagnosis seen = examined(R"(
    CREATE TABLE Country (code TEXT PRIMARY KEY NOT NULL);
    CREATE TABLE City (id INTEGER PRIMARY KEY, country TEXT REFERENCES Country(code));
    INSERT INTO Country VALUES ('de'), ('fr'), ('07');
    INSERT INTO City VALUES (1, 'de'), (2, 'DE'), (3, 'DE'), (4, ' fr'), (5, ''), (6, '-1'),
      (7, 'xx'), (8, 'yy'), (9, 'xx'), (10, NULL), (11, '7');
  )");
  REQUIRE(of_rule(seen, "DAT001").size() == 1);
  REQUIRE(of_rule(seen, "DAT007").size() == 1);
  REQUIRE(of_rule(seen, "DAT008").size() == 1);
  CHECK(of_rule(seen, "DAT001")[0]->count == 3);
  CHECK(of_rule(seen, "DAT001")[0]->evidence.notes[0] == "2 distinct missing keys in all");
  CHECK(of_rule(seen, "DAT007")[0]->count == 4);
  CHECK(of_rule(seen, "DAT008")[0]->count == 2);
  CHECK(of_rule(seen, "DAT007")[0]->evidence.notes ==
        std::vector<std::string>{"'DE' in 2 rows mean 'de' (letter case)",
                                 "' fr' in 1 row means 'fr' (blanks)",
                                 "'7' in 1 row means '07' (leading zeros)"});
  CHECK(of_rule(seen, "DAT007")[0]->remedies[0].sql.size() == 3);
}

TEST_CASE("what shows a kind of dangling rows yields those and no others") {
  const std::string sql = R"(
    CREATE TABLE Country (code TEXT PRIMARY KEY NOT NULL);
    CREATE TABLE City (id INTEGER PRIMARY KEY, country TEXT COLLATE NOCASE);
    INSERT INTO Country VALUES ('de'), ('fr'), ('o''x');
    INSERT INTO City VALUES (1, 'de'), (2, 'DE'), (3, 'O''x'), (4, '0'), (5, 'xx'), (6, NULL);
  )";
  const Diagnosis seen = examined(sql, R"({"schema_version": 1, "source": "test", "models": [
    {"name": "Country", "store_as": "Country", "fields": [
      {"name": "code", "store_as": "code", "type": "text", "nullable": false, "key": true}]},
    {"name": "City", "store_as": "City", "fields": [
      {"name": "id", "store_as": "id", "type": "integer", "nullable": false, "key": true},
      {"name": "country", "store_as": "country", "type": "text", "nullable": true,
       "reference": {"model": "Country", "field": "code"}}]}]})");
  const ommi::Database again(ommi::sqlite::open_memory(sql));
  for (const char* code : {"DAT001", "DAT007", "DAT008"}) {
    INFO(code);
    REQUIRE(of_rule(seen, code).size() == 1);
    const Finding& finding = *of_rule(seen, code)[0];
    std::uint64_t rows = 0;
    class Count final : public ommi::RowVisitor {
     public:
      explicit Count(std::uint64_t& rows) : rows_(rows) {}
      bool row(std::span<const ommi::Cell>) override { return ++rows_ > 0; }

     private:
      std::uint64_t& rows_;
    } count(rows);
    std::string statement = finding.evidence.sql;
    statement.pop_back();
    CHECK(again.select(statement, {}, 2, count).ok());
    CHECK(rows == finding.count);
  }
}

TEST_CASE("a value that several keys resemble is not rewritten") {
  const Diagnosis seen = examined(R"(
    CREATE TABLE Country (code TEXT PRIMARY KEY NOT NULL);
    CREATE TABLE City (id INTEGER PRIMARY KEY, country TEXT REFERENCES Country(code));
    INSERT INTO Country VALUES ('de'), ('De');
    INSERT INTO City VALUES (1, 'DE');
  )");
  REQUIRE(of_rule(seen, "DAT007").size() == 1);
  REQUIRE(of_rule(seen, "DAT007")[0]->remedies.size() == 1);
  CHECK(of_rule(seen, "DAT007")[0]->remedies[0].safety == Safety::manual);
}

TEST_CASE("a composite reference is near if all its parts are") {
  const Diagnosis seen = examined(R"(
    CREATE TABLE Region (country TEXT NOT NULL, code TEXT NOT NULL, PRIMARY KEY (country, code));
    CREATE TABLE City (id INTEGER PRIMARY KEY, country TEXT, region TEXT,
      FOREIGN KEY (country, region) REFERENCES Region (country, code));
    INSERT INTO Region VALUES ('de', 'by'), ('fr', 'by');
    INSERT INTO City VALUES (1, 'de', 'by'), (2, 'DE', 'by '), (3, 'de', 'xx'), (4, 'de', NULL);
  )");
  REQUIRE(of_rule(seen, "DAT007").size() == 1);
  CHECK(of_rule(seen, "DAT007")[0]->count == 1);
  REQUIRE(of_rule(seen, "DAT001").size() == 1);
  CHECK(of_rule(seen, "DAT001")[0]->count == 1);
}

TEST_CASE("a stand-in whose row is there is an ordinary reference") {
  const Diagnosis seen = examined(R"(
    CREATE TABLE User (id INTEGER PRIMARY KEY);
    CREATE TABLE Post (id INTEGER PRIMARY KEY, user_id INTEGER REFERENCES User(id));
    INSERT INTO User VALUES (0), (1);
    INSERT INTO Post VALUES (1, 0), (2, -1), (3, 9);
  )");
  REQUIRE(of_rule(seen, "DAT008").size() == 1);
  CHECK(of_rule(seen, "DAT008")[0]->count == 1);
  REQUIRE(of_rule(seen, "DAT001").size() == 1);
  CHECK(of_rule(seen, "DAT001")[0]->count == 1);
  CHECK(of_rule(seen, "DAT001")[0]->samples.size() == 1);
}

TEST_CASE("the links of an association are told apart, too") {
  const Diagnosis seen = examined(R"(
    CREATE TABLE User (id INTEGER PRIMARY KEY);
    CREATE TABLE Tag (name TEXT PRIMARY KEY NOT NULL);
    CREATE TABLE UserTag (user_id INTEGER REFERENCES User(id), tag TEXT REFERENCES Tag(name),
      PRIMARY KEY (user_id, tag));
    INSERT INTO User VALUES (1);
    INSERT INTO Tag VALUES ('red');
    INSERT INTO UserTag VALUES (1, 'red'), (1, 'Red'), (0, 'red'), (1, 'blue');
  )");
  REQUIRE(of_rule(seen, "DAT002").size() == 1);
  CHECK(of_rule(seen, "DAT002")[0]->count == 1);
  REQUIRE(of_rule(seen, "DAT007").size() == 1);
  CHECK(of_rule(seen, "DAT007")[0]->count == 1);
  REQUIRE(of_rule(seen, "DAT008").size() == 1);
  CHECK(of_rule(seen, "DAT008")[0]->count == 1);
}

TEST_CASE("stand-ins for none") {
  const auto [value, stands] = GENERATE(table<ommi::Value, bool>({
      {0, true},
      {-1, true},
      {0.0, true},
      {"", true},
      {"0", true},
      {"00000000-0000-0000-0000-000000000000", true},
      {"00000000000000000000000000000000", true},
      {ommi::Blob{std::string(16, '\0')}, true},
      {nullptr, false},
      {1, false},
      {-2, false},
      {"00", false},
      {" ", false},
      {"00000000-0000-0000-0000-000000000001", false},
      {ommi::Blob{std::string(15, '\0')}, false},
  }));
  CHECK(is_sentinel(value.cell()) == stands);
}

TEST_CASE("dangling rows are told apart in little memory, too") {
  const std::string sql = R"(
    CREATE TABLE Country (code TEXT PRIMARY KEY NOT NULL);
    CREATE TABLE City (id INTEGER PRIMARY KEY, country TEXT REFERENCES Country(code));
    CREATE TABLE Number (id INTEGER PRIMARY KEY);
    CREATE TABLE Line (id INTEGER PRIMARY KEY, number_id TEXT REFERENCES Number(id));
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 30000)
    INSERT INTO Country SELECT 'a country that has the number ' || i FROM n;
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 30000)
    INSERT INTO City SELECT i, CASE i % 1000 WHEN 1 THEN 'A COUNTRY that has the number ' || i
      WHEN 2 THEN 'no country ' || i WHEN 3 THEN '' ELSE 'a country that has the number ' || i END
      FROM n;
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 30000)
    INSERT INTO Number SELECT i * 1000003 FROM n;
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 30000)
    INSERT INTO Line SELECT i, CASE i % 1000 WHEN 1 THEN ' ' ELSE '' END || (i * 1000003)
      || CASE i % 1000 WHEN 2 THEN 'x' ELSE '' END FROM n;
  )";
  ommi::Database database(ommi::sqlite::open_memory(sql));
  const SourcedCatalog sources = read_catalog(database, {}).or_raise();
  database.use(sources.catalog);
  Evidence evidence;
  evidence.catalog = sources.catalog.get();
  evidence.schema = sources.schema.get();
  SweepResult swept = sweep(database, {});
  evidence.references = std::move(swept.references);
  evidence.fields = std::move(swept.fields);
  REQUIRE(evidence.references.size() == 2);
  for (ReferenceSweep& reference : evidence.references) {
    REQUIRE(reference.dangling > 0);
    REQUIRE(tell_danglings_apart(database, evidence, reference, 5, 256U << 20U).empty());
    const DanglingKinds whole = reference.kinds;
    CHECK(whole.near_miss + whole.sentinel + whole.distinct_missing > 0);
    for (const std::uint64_t memory : {1U << 20U, 300U << 10U}) {
      INFO(reference.model->name() << " in " << memory << " bytes");
      reference.kinds = {};
      REQUIRE(tell_danglings_apart(database, evidence, reference, 5, memory).empty());
      CHECK(reference.kinds.sentinel == whole.sentinel);
      CHECK(reference.kinds.near_miss == whole.near_miss);
      CHECK(reference.kinds.distinct_missing == whole.distinct_missing);
      CHECK(reference.kinds.distinct_near_miss == whole.distinct_near_miss);
      CHECK(reference.kinds.missing_samples.size() == whole.missing_samples.size());
    }
  }
}

}  // namespace
}  // namespace doctor
