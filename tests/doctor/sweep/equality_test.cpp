#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <random>
#include <thread>

#include <catch2/catch.hpp>
#include <fmt/format.h>
#include <sqlite3.h>

#include "doctor/source.hpp"
#include "doctor/sweep.hpp"
#include "ommi/drivers/sqlite_files.hpp"
#include "ommi/sqlite.hpp"

namespace doctor {
namespace {

/// A file with every kind of key, and faults of every kind among several thousand rows.
constexpr std::string_view tables = R"(
  CREATE TABLE Number (id INTEGER PRIMARY KEY, parent_id INTEGER REFERENCES Number(id));
  CREATE TABLE Sparse (id INTEGER PRIMARY KEY);
  CREATE TABLE Word (id TEXT PRIMARY KEY, sparse_id INTEGER REFERENCES Sparse(id));
  CREATE TABLE Folded (id TEXT COLLATE NOCASE PRIMARY KEY);
  CREATE TABLE Pair (a INTEGER, b TEXT, PRIMARY KEY (a, b));
  CREATE TABLE Mixed (id REAL PRIMARY KEY);
  CREATE TABLE East (id INTEGER PRIMARY KEY, west_id INTEGER REFERENCES West(id));
  CREATE TABLE West (id INTEGER PRIMARY KEY, east_id INTEGER REFERENCES East(id));
  CREATE TABLE Row (id INTEGER PRIMARY KEY, number_id INTEGER REFERENCES Number(id),
    sparse_id INTEGER REFERENCES Sparse(id), word_id TEXT REFERENCES Word(id), folded_id TEXT REFERENCES Folded(id),
    pair_a INTEGER, pair_b TEXT, mixed_id TEXT REFERENCES Mixed(id), FOREIGN KEY (pair_a, pair_b) REFERENCES Pair(a, b));
  CREATE TABLE Only (id INTEGER PRIMARY KEY, number_id INTEGER UNIQUE REFERENCES Number(id));
  CREATE TABLE Linked (number_id INTEGER REFERENCES Number(id), word_id TEXT REFERENCES Word(id),
    PRIMARY KEY (number_id, word_id));
  CREATE TABLE Word_Word (id INTEGER PRIMARY KEY, number_id INTEGER NOT NULL REFERENCES Number(id),
    word_id TEXT NOT NULL REFERENCES Word(id), UNIQUE (number_id, word_id));
)";

constexpr std::string_view rows = R"(
  WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {0})
  INSERT INTO Number SELECT i, CASE WHEN i % 1000 = 7 THEN i + {1} WHEN i % 11 = 0 THEN NULL ELSE 1 + (i * 7919) % {0} END FROM n;
  INSERT INTO Sparse SELECT id * 7919 * 1048576 + id % 97 FROM Number;
  INSERT INTO Word SELECT printf('word %05x of many', id * 2654435761 % 1048576 * 16384 + id),
    CASE WHEN id % 500 = 3 THEN -id ELSE (SELECT max(rowid) FROM Sparse) END FROM Number;
  INSERT OR IGNORE INTO Folded SELECT printf('Name %d', id) FROM Number;
  INSERT INTO Pair SELECT id / 50, 'part ' || (id % 50) FROM Number;
  INSERT INTO Mixed SELECT id / 4.0 FROM Number;
  INSERT INTO East SELECT id, id + CASE WHEN id % 700 = 5 THEN {1} ELSE 0 END FROM Number;
  INSERT INTO West SELECT id, {0} + 1 - id FROM Number;
  INSERT INTO Row SELECT id,
    CASE WHEN id % 300 = 1 THEN 'x' || id WHEN id % 300 = 2 THEN id + {1} ELSE 1 + (id * 31) % {0} END,
    CASE WHEN id % 300 = 3 THEN id ELSE (1 + (id * 17) % {0}) * 7919 * 1048576 + (1 + (id * 17) % {0}) % 97 END,
    CASE WHEN id % 300 = 4 THEN 'no word ' || (id % 7) WHEN id % 300 = 5 THEN NULL
      ELSE (SELECT w.id FROM Word AS w WHERE w.rowid = 1 + (n.id * 13) % {0}) END,
    CASE WHEN id % 300 = 6 THEN 'nobody' ELSE printf('nAME %d', 1 + (id * 19) % {0}) END,
    CASE WHEN id % 300 = 8 THEN NULL ELSE (1 + (id * 23) % {0}) / 50 END,
    CASE WHEN id % 300 = 9 THEN 'part' ELSE 'part ' || ((1 + (id * 23) % {0}) % 50) END,
    CASE WHEN id % 300 = 10 THEN 'none' ELSE (1 + (id * 29) % {0}) / 4.0 END FROM Number AS n;
  INSERT INTO Only SELECT id, CASE WHEN id % 100 = 1 THEN NULL WHEN id % 100 = 2 THEN id + {1} ELSE id END FROM Number;
  INSERT INTO Linked SELECT CASE WHEN id % 100 = 3 THEN id + {1} ELSE id END,
    (SELECT w.id FROM Word AS w WHERE w.rowid = 1 + (n.id * 41) % {0}) FROM Number AS n;
  INSERT INTO Linked SELECT NULL, id FROM Word WHERE rowid % 200 = 1;
)";

class SampleFile {
 public:
  explicit SampleFile(int count)
      : folder_(std::filesystem::temp_directory_path() /
                fmt::format("ommi-sweep-{}-{}",
                            std::hash<std::thread::id>{}(std::this_thread::get_id()), count)),
        path_((folder_ / "rows.db").string()) {
    std::filesystem::create_directories(folder_);
    std::filesystem::remove(path_);
    sqlite3* raw = nullptr;
    REQUIRE(sqlite3_open(path_.c_str(), &raw) == SQLITE_OK);
    const std::string sql = "PRAGMA foreign_keys = OFF; BEGIN;" + std::string(tables) +
                            fmt::format(fmt::runtime(rows), count, 10 * count) + "COMMIT;";
    char* error = nullptr;
    const int result = sqlite3_exec(raw, sql.c_str(), nullptr, nullptr, &error);
    INFO((error == nullptr ? "" : error));
    sqlite3_close(raw);
    REQUIRE(result == SQLITE_OK);
  }
  ~SampleFile() {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }
  SampleFile(const SampleFile&) = delete;
  SampleFile& operator=(const SampleFile&) = delete;
  [[nodiscard]] const std::string& path() const noexcept { return path_; }

 private:
  std::filesystem::path folder_;
  std::string path_;
};

std::string text_of(const std::vector<RowSample>& samples) {
  std::string text;
  for (const RowSample& sample : samples) {
    for (const auto* part : {&sample.key, &sample.value}) {
      for (const NamedValue& named : *part) {
        text += fmt::format(" {}={}", named.name, ommi::to_display(named.value.cell()));
      }
      text += ";";
    }
  }
  return text;
}

/// All of a sweep's evidence as text, a line for each piece.
std::string evidence_of(const SweepResult& result) {
  std::string text;
  for (const ReferenceSweep& seen : result.references) {
    text += fmt::format(
        "{}.{} -> {}: rows {} nulls {} dangling {} distinct {} differs {} '{}'{} |{} |{}\n",
        seen.model->name(), seen.model->fields()[seen.fields[0]].name, seen.target->name(),
        seen.rows, seen.nulls, seen.dangling, seen.distinct_dangling, seen.join_differs,
        seen.unchecked, text_of(seen.null_samples), text_of(seen.dangling_samples),
        text_of(seen.join_samples));
  }
  for (const OneToOneSweep& seen : result.one_to_ones) {
    text +=
        fmt::format("{}: rows {} repeated {} surplus {} '{}'{}\n", seen.relation->name(), seen.rows,
                    seen.repeated, seen.surplus, seen.unchecked, text_of(seen.samples));
  }
  for (const AssociationSweep& seen : result.associations) {
    text += fmt::format(
        "{}: rows {} null {} owner {} target {} pairs {} surplus {} '{}'{} |{} |{} |{}\n",
        seen.relation->name(), seen.rows, seen.null_part, seen.missing_owner, seen.missing_target,
        seen.repeated_pairs, seen.surplus, seen.unchecked, text_of(seen.null_samples),
        text_of(seen.missing_owner_samples), text_of(seen.missing_target_samples),
        text_of(seen.repeated_samples));
  }
  for (const FieldSweep& seen : result.fields) {
    text += fmt::format("{}.{}: rows {} kinds {} unacceptable {}{}\n", seen.model->name(),
                        seen.model->fields()[seen.field].name, seen.rows,
                        fmt::join(std::begin(seen.by_kind), std::end(seen.by_kind), "/"),
                        seen.unacceptable, text_of(seen.samples));
  }
  for (const Skipped& skipped : result.skipped) text += skipped.what + ": " + skipped.why + "\n";
  return text + fmt::format("rows {}\n", result.rows_swept);
}

std::string evidence_of(const std::string& path, const SweepOptions& options) {
  ommi::Database database(ommi::sqlite::open(path));
  SourceOptions source;
  source.infer = false;
  auto sources = read_catalog(database, source).or_raise();
  database.use(sources.catalog);
  return evidence_of(sweep(database, options));
}

TEST_CASE("a sweep with hardly any memory finds what one with plenty does", "[sweep]") {
  const SampleFile file(3000);
  const std::string expected = evidence_of(file.path(), {});
  INFO(expected);
  CHECK(expected.find("Number.parent_id -> Number: rows 3000 nulls 272 dangling 3 distinct 3") !=
        std::string::npos);
  CHECK(expected.find("memory") == std::string::npos);
  for (const std::uint64_t memory : {12'000U, 40'000U, 200'000U}) {
    SweepOptions options;
    options.memory_bytes = memory;
    INFO(memory);
    CHECK(evidence_of(file.path(), options) == expected);
  }
}

TEST_CASE("repeated pairs are counted exactly, however little memory there is", "[sweep]") {
  const ommi::testing::Folder folder;
  const std::string path = folder.file("pairs.db");
  std::string sql = R"(
    CREATE TABLE User (id INTEGER PRIMARY KEY);
    CREATE TABLE Tag (id INTEGER PRIMARY KEY);
    CREATE TABLE UserTag (id INTEGER PRIMARY KEY, user_id INTEGER REFERENCES User (id),
                          tag_id INTEGER REFERENCES Tag (id));
    BEGIN;)";
  std::mt19937 random(7);
  std::map<std::pair<std::uint64_t, std::uint64_t>, std::uint64_t> pairs;
  for (int row = 0; row < 8000; ++row) {
    const std::uint64_t user = random() % 1000;
    const std::uint64_t tag = random() % 40;
    ++pairs[{user, tag}];
    sql += fmt::format("INSERT INTO UserTag (user_id, tag_id) VALUES ({}, {});", user, tag);
  }
  ommi::testing::make_database(path, sql + "COMMIT;");
  std::uint64_t surplus = 0;
  std::uint64_t repeated = 0;
  for (const auto& [pair, times] : pairs) {
    surplus += times - 1;
    if (times > 1) ++repeated;
  }
  const std::string expected = evidence_of(path, {});
  for (const std::uint64_t memory : {std::uint64_t{256} << 20U, std::uint64_t{20'000},
                                     std::uint64_t{60'000}, std::uint64_t{150'000}}) {
    CAPTURE(memory);
    SweepOptions options;
    options.memory_bytes = memory;
    const std::string found = evidence_of(path, options);
    CHECK(found.find(fmt::format("pairs {} surplus {} ", repeated, surplus)) != std::string::npos);
    CHECK(found == expected);
  }
}

TEST_CASE("a sweep with several connections finds what one with one does", "[sweep]") {
  const SampleFile file(20'000);
  const std::string expected = evidence_of(file.path(), {});
  SweepOptions options;
  for (const unsigned jobs : {2U, 3U}) {
    options.jobs = jobs;
    CHECK(evidence_of(file.path(), options) == expected);
  }
  options.memory_bytes = 4'000'000;
  CHECK(evidence_of(file.path(), options) == expected);
}

TEST_CASE("a sweep says how far it is, and can be ended", "[sweep]") {
  const SampleFile file(20'000);
  SweepOptions options;
  std::uint64_t done = 0;
  std::uint64_t total = 0;
  std::size_t told = 0;
  options.progress = [&](const SweepProgress& seen) {
    CHECK(seen.rows_done >= done);
    CHECK(seen.rows_done <= seen.rows_total);
    CHECK_FALSE(seen.what.empty());
    done = seen.rows_done;
    total = seen.rows_total;
    ++told;
    return true;
  };
  const std::string expected = evidence_of(file.path(), options);
  CHECK(expected == evidence_of(file.path(), {}));
  CHECK(told > 10);
  CHECK(done == total);

  done = 0;
  options.progress = [&](const SweepProgress& seen) { return seen.rows_done == 0; };
  const std::string ended = evidence_of(file.path(), options);
  CHECK(ended.find("the sweep was ended") != std::string::npos);
  CHECK(ended.find("rows 20000 nulls") == std::string::npos);
}

}  // namespace
}  // namespace doctor
