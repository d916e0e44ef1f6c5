#include "doctor/sweep.hpp"

#include <chrono>
#include <memory>
#include <thread>

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include "doctor/proof.hpp"
#include "doctor/source.hpp"
#include "ommi/sqlite.hpp"
#include "support/blog.hpp"

namespace doctor {
namespace {

/// A database in memory with the models that its schema declares.
class Swept {
 public:
  explicit Swept(std::string_view sql) : database_(ommi::sqlite::open_memory(sql)) {
    SourceOptions options;
    options.infer = false;
    auto read = read_catalog(database_, options);
    INFO((read ? "" : read.failure()->message()));
    REQUIRE(read.ok());
    sources_ = std::move(read).value();
    database_.use(sources_.catalog);
    result = sweep(database_, {});
  }

  [[nodiscard]] const ReferenceSweep& reference(std::string_view model,
                                                std::string_view field) const {
    for (const ReferenceSweep& seen : result.references) {
      if (seen.model->name() == model && seen.fields.size() == 1 &&
          seen.model->fields()[seen.fields[0]].name == field) {
        return seen;
      }
    }
    FAIL("no reference " << model << "." << field);
    throw std::logic_error("unreachable");
  }
  [[nodiscard]] const FieldSweep& field(std::string_view model, std::string_view name) const {
    for (const FieldSweep& seen : result.fields) {
      if (seen.model->name() == model && seen.model->fields()[seen.field].name == name) return seen;
    }
    FAIL("no field " << model << "." << name);
    throw std::logic_error("unreachable");
  }
  /// How many rows a query gives.
  [[nodiscard]] std::uint64_t rows_of(std::string query) const {
    if (query.back() == ';') query.pop_back();
    struct Reader final : ommi::RowVisitor {
      std::int64_t count = -1;
      bool row(std::span<const ommi::Cell> cells) override {
        count = cells[0].integer;
        return true;
      }
    } reader;
    const auto read = database_.select("SELECT count(*) FROM (" + query + ")", {}, 1, reader);
    INFO(query << (read ? "" : read.failure()->message()));
    REQUIRE(read.ok());
    return static_cast<std::uint64_t>(reader.count);
  }
  [[nodiscard]] std::uint64_t dangling_by_sql(const ReferenceSweep& seen) const {
    return rows_of(select_rows(*seen.model, seen.fields, dangling_condition(columns_of(seen))));
  }
  [[nodiscard]] std::uint64_t differing_by_sql(const ReferenceSweep& seen) const {
    return rows_of(
        select_rows(*seen.model, seen.fields, differing_condition(columns_of(seen), true)));
  }

  SweepResult result;

 private:
  ommi::Database database_;
  SourcedCatalog sources_;
};

TEST_CASE("a sweep counts what dangles and what is NULL, and shows the first few and the last") {
  const Swept swept(R"(
    CREATE TABLE User (id INTEGER PRIMARY KEY);
    CREATE TABLE Post (id INTEGER PRIMARY KEY, user_id INTEGER REFERENCES User(id));
    INSERT INTO User VALUES (1), (2);
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100)
    INSERT INTO Post SELECT i, CASE WHEN i % 10 = 0 THEN 90 + i % 3 WHEN i % 10 = 1 THEN NULL ELSE 1 + i % 2 END
      FROM n;)");
  const ReferenceSweep& posts = swept.reference("Post", "user_id");
  CHECK(posts.rows == 100);
  CHECK(posts.nulls == 10);
  CHECK(posts.dangling == 10);
  CHECK(posts.distinct_dangling == 3);
  CHECK(posts.join_differs == 0);
  CHECK(posts.unchecked.empty());
  CHECK(posts.relations.size() == 2);
  REQUIRE(posts.dangling_samples.size() == 5);
  CHECK(posts.dangling_samples.front().key[0].value == ommi::Value(10));
  CHECK(posts.dangling_samples.back().key[0].value == ommi::Value(100));
  CHECK(posts.dangling_samples.back().value[0].value == ommi::Value(91));
  CHECK(posts.null_samples.back().key[0].value == ommi::Value(91));
  CHECK(swept.dangling_by_sql(posts) == posts.dangling);
  CHECK(swept.result.rows_swept == 102);
  CHECK(swept.result.skipped.empty());
}

TEST_CASE("self references and cycles are swept like any other") {
  const Swept swept(R"(
    CREATE TABLE Person (id INTEGER PRIMARY KEY, boss_id INTEGER REFERENCES Person(id),
                         team_id INTEGER REFERENCES Team(id));
    CREATE TABLE Team (id INTEGER PRIMARY KEY, lead_id INTEGER REFERENCES Person(id));
    INSERT INTO Person VALUES (1, NULL, 1), (2, 3, 1), (3, 9, 2), (4, 1, 8);
    INSERT INTO Team VALUES (1, 1), (2, 7);)");
  CHECK(swept.reference("Person", "boss_id").dangling == 1);
  CHECK(swept.reference("Person", "team_id").dangling == 1);
  CHECK(swept.reference("Team", "lead_id").dangling == 1);
  CHECK(swept.dangling_by_sql(swept.reference("Person", "boss_id")) == 1);
}

TEST_CASE("a composite reference with a NULL part names nothing") {
  const Swept swept(R"(
    CREATE TABLE Line (a INTEGER, b TEXT, PRIMARY KEY (a, b));
    CREATE TABLE Note (id INTEGER PRIMARY KEY, a INTEGER, b TEXT, FOREIGN KEY (a, b) REFERENCES Line(a, b));
    INSERT INTO Line VALUES (1, 'x'), (1, 'y');
    INSERT INTO Note VALUES (1, 1, 'x'), (2, 1, 'z'), (3, NULL, 'x'), (4, 7, NULL), (5, 2, 'x');)");
  REQUIRE(swept.result.references.size() == 1);
  const ReferenceSweep& notes = swept.result.references[0];
  CHECK(notes.nulls == 2);
  CHECK(notes.dangling == 2);
  CHECK(swept.dangling_by_sql(notes) == 2);
}

/// The blog's models over tables that a test makes, as an application's own models would be.
SweepResult sweep_blog(std::string_view sql,
                       void (*change)(std::vector<ommi::ModelInfo>& models) = nullptr) {
  ommi::Database database(ommi::sqlite::open_memory(sql));
  auto catalog = std::make_shared<ommi::Catalog>();
  std::vector<ommi::ModelInfo> models = testing::blog_models();
  if (change != nullptr) change(models);
  for (ommi::ModelInfo& model : models) catalog->add(std::move(model));
  REQUIRE(catalog->seal().empty());
  static std::vector<std::shared_ptr<ommi::Catalog>> kept;  // results borrow from it
  kept.push_back(catalog);
  database.use(catalog);
  return sweep(database, {});
}

constexpr std::string_view blog_tables = R"(
  CREATE TABLE User (id INTEGER PRIMARY KEY);
  CREATE TABLE Post (id INTEGER PRIMARY KEY, user_id INTEGER);
  CREATE TABLE Profile (id INTEGER PRIMARY KEY, user_id INTEGER);
  CREATE TABLE Tag (id INTEGER PRIMARY KEY);
  CREATE TABLE UserTag (user_id INTEGER, tag_id INTEGER);
  INSERT INTO User VALUES (1), (2); INSERT INTO Tag VALUES (1), (2);
)";

TEST_CASE("an association is looked at from both sides, and pair by pair") {
  const SweepResult result = sweep_blog(std::string(blog_tables) + R"(
    INSERT INTO UserTag VALUES (1, 1), (1, 1), (1, 1), (2, 1), (2, 9), (8, 2), (NULL, 1), (NULL, 1), (7, NULL);)");
  REQUIRE(result.associations.size() == 1);
  const AssociationSweep& links = result.associations[0];
  CHECK(links.rows == 9);
  CHECK(links.null_part == 3);
  CHECK(links.missing_owner == 2);
  CHECK(links.missing_target == 1);
  CHECK(links.repeated_pairs == 1);
  CHECK(links.surplus == 2);
  REQUIRE(links.repeated_samples.size() == 2);
  CHECK(links.repeated_samples[0].key.size() == 2);
}

TEST_CASE("owners of a one-to-one are counted when several rows name them") {
  const SweepResult result = sweep_blog(std::string(blog_tables) + R"(
    INSERT INTO Profile VALUES (1, 1), (2, 2), (3, 1), (4, 1), (5, NULL), (6, NULL);)");
  REQUIRE(result.one_to_ones.size() == 1);
  CHECK(result.one_to_ones[0].rows == 6);
  CHECK(result.one_to_ones[0].repeated == 1);
  CHECK(result.one_to_ones[0].surplus == 2);
  CHECK(result.one_to_ones[0].samples.back().key[0].value == ommi::Value(4));
}

TEST_CASE("a missing table costs what needs it, and is not a part left undone") {
  const SweepResult result = sweep_blog(std::string(blog_tables) + "DROP TABLE Tag;");
  CHECK(result.skipped.empty());
  for (const ReferenceSweep& seen : result.references) {
    CHECK(seen.unchecked.empty() == (seen.target->name() != "Tag"));
  }
  CHECK_FALSE(result.associations.at(0).unchecked.empty());
  CHECK(result.one_to_ones.at(0).unchecked.empty());
}

TEST_CASE("a missing column costs only what reads it") {
  const SweepResult result = sweep_blog(std::string(blog_tables) + R"(
    ALTER TABLE UserTag RENAME COLUMN tag_id TO label_id;
    INSERT INTO UserTag VALUES (1, 1), (9, 1);)");
  CHECK(result.skipped.empty());
  bool seen_owner_side = false;
  for (const ReferenceSweep& seen : result.references) {
    if (seen.model->name() != "UserTag") continue;
    CHECK(seen.unchecked.empty() == (seen.target->name() == "User"));
    if (seen.target->name() != "User") continue;
    seen_owner_side = true;
    CHECK(seen.dangling == 1);
    REQUIRE(seen.dangling_samples.size() == 1);
    CHECK(seen.dangling_samples[0].key.size() == 1);
  }
  CHECK(seen_owner_side);
  CHECK_FALSE(result.associations.at(0).unchecked.empty());
}

TEST_CASE("a time-out is a part left undone") {
  ommi::Database database(ommi::sqlite::open_memory(blog_tables));
  auto catalog = std::make_shared<ommi::Catalog>();
  for (ommi::ModelInfo& model : testing::blog_models()) catalog->add(std::move(model));
  REQUIRE(catalog->seal().empty());
  database.use(catalog);
  database.set_deadline(std::chrono::steady_clock::now() - std::chrono::seconds(1));
  const SweepResult result = sweep(database, {});
  CHECK_FALSE(result.skipped.empty());
  CHECK(result.fields.empty());
  for (const ReferenceSweep& seen : result.references) CHECK_FALSE(seen.unchecked.empty());
}

TEST_CASE("a collation that only the application has is left undone, not guessed") {
  const SweepResult result =
      sweep_blog(std::string(blog_tables) + "INSERT INTO UserTag VALUES (1, 9);",
                 [](std::vector<ommi::ModelInfo>& models) {
                   models[0].fields[0].comparison.collation = ommi::Collation::other;
                 });
  for (const ReferenceSweep& seen : result.references) {
    CHECK(seen.unchecked.empty() == (seen.target->name() == "Tag"));
    CHECK(seen.dangling == (seen.target->name() == "Tag" ? 1 : 0));
  }
  CHECK_FALSE(result.associations.at(0).unchecked.empty());
  CHECK_FALSE(result.skipped.empty());
}

TEST_CASE("values are counted by how they are stored") {
  const Swept swept(R"(
    CREATE TABLE Thing (id INTEGER PRIMARY KEY, size INTEGER, weight REAL, name TEXT);
    INSERT INTO Thing VALUES (1, 1, 1.5, 'a'), (2, 'abc', 2, 'b'), (3, 2.5, NULL, 'c'), (4, x'00', 1, 'd'),
                             (5, '7', 1, 'e');)");
  const FieldSweep& size = swept.field("Thing", "size");
  CHECK(size.rows == 5);
  CHECK(size.by_kind[static_cast<std::size_t>(ommi::Kind::integer)] == 2);
  CHECK(size.by_kind[static_cast<std::size_t>(ommi::Kind::text)] == 1);
  CHECK(size.unacceptable == 3);
  REQUIRE(size.samples.size() == 3);
  CHECK(size.samples[0].value[0].value == ommi::Value("abc"));
  CHECK(swept.field("Thing", "weight").unacceptable == 0);
}

TEST_CASE("equality is SQLite's for every pair of declared types and collations") {
  const auto types = {"INTEGER", "REAL", "NUMERIC", "TEXT", "BLOB"};
  const auto collations = {"BINARY", "NOCASE", "RTRIM"};
  for (const std::string_view target : types) {
    for (const std::string_view referring : types) {
      for (const std::string_view own : collations) {
        for (const std::string_view other : collations) {
          const Swept swept(fmt::format(R"(
            CREATE TABLE P (k {} COLLATE {}, u INTEGER, UNIQUE (k));
            CREATE TABLE C (id INTEGER PRIMARY KEY, r {} COLLATE {} REFERENCES P(k));
            CREATE TABLE V (v);
            INSERT INTO V VALUES (1), ('1'), ('01'), (1.0), ('1.0'), (' 1'), ('1 '), (1.5), ('1.5'), ('a'), ('A'),
              ('a '), ('é'), ('É'), (x'61'), (x'31'), (''), (' '), (9007199254740993), (9007199254740992.0),
              ('9007199254740993'), ('1e0'), ('0x1'), (-0.0), (0), (NULL);
            INSERT OR IGNORE INTO P SELECT v, 1 FROM V WHERE rowid % 2 = 0;
            INSERT INTO C (r) SELECT v FROM V;)",
                                        target, own, referring, other));
          const ReferenceSweep& seen = swept.reference("C", "r");
          INFO(target << " " << own << " named by " << referring << " " << other);
          CHECK(seen.nulls == 1);
          CHECK(seen.dangling == swept.dangling_by_sql(seen));
          CHECK(seen.join_differs == swept.differing_by_sql(seen));
        }
      }
    }
  }
}

TEST_CASE("a table that takes too long is skipped, and the next has its turn") {
  using namespace std::chrono_literals;
  ommi::Database database(ommi::sqlite::open_memory(
      "CREATE TABLE A (id INTEGER PRIMARY KEY); CREATE TABLE B (id INTEGER PRIMARY KEY, a_id "
      "INTEGER "
      "REFERENCES A(id)); CREATE TABLE C (id INTEGER PRIMARY KEY, a_id INTEGER REFERENCES A(id));"
      "INSERT INTO B VALUES (1, 9); INSERT INTO C VALUES (1, 9), (2, 9);"));
  database.use(read_catalog(database, {}).or_raise().catalog);
  SweepOptions options;
  options.table_timeout = 300ms;
  bool begun = false;
  options.progress = [&begun](const SweepProgress& seen) {
    if (seen.what == "B" && !std::exchange(begun, true)) std::this_thread::sleep_for(350ms);
    return true;
  };
  const SweepResult result = sweep(database, options);
  REQUIRE(result.skipped.size() == 1);
  CHECK(result.skipped[0].what == "table B");
  CHECK(result.skipped[0].why == "its rows took longer than the 0.3 s that a table may take");
  for (const ReferenceSweep& seen : result.references) {
    CHECK(seen.unchecked.empty() == (seen.model->name() == "C"));
    CHECK(seen.dangling == (seen.model->name() == "C" ? 2 : 0));
  }
}

}  // namespace
}  // namespace doctor
