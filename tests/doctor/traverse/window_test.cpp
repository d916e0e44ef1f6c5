#include "doctor/traverse/window.hpp"

#include <catch2/catch.hpp>

#include "doctor/source.hpp"
#include "ommi/sqlite.hpp"

namespace doctor {
namespace {

/// Ten owners of ten files each, a file being 1 MiB.
struct Files {
  ommi::Database database{ommi::sqlite::open_memory(R"(
      CREATE TABLE Owner(id INTEGER PRIMARY KEY);
      CREATE TABLE File(id INTEGER PRIMARY KEY, owner_id INTEGER REFERENCES Owner, data BLOB);
      WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10)
      INSERT INTO Owner SELECT i FROM n;
      WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100)
      INSERT INTO File SELECT i, i % 10 + 1, zeroblob(1048576) FROM n;
  )")};
  std::shared_ptr<const ommi::Catalog> catalog;
  RelationshipObservation seen;
  const ommi::Model* owner = nullptr;

  Files() {
    catalog = read_catalog(database, {}).or_raise().catalog;
    database.use(catalog);
    owner = catalog->find("Owner");
    seen.relation = &owner->relations.front();
  }

  std::size_t window(std::uint64_t file_bytes, std::size_t most, bool scans) {
    WindowGuess guess(database, file_bytes);
    return guess.window(*owner, {&seen}, most, scans, [&](const ommi::Model& model) {
      return database.find(model.name()).count().or_raise();
    });
  }
};

TEST_CASE("fewer owners are loaded from at a time where their rows are huge") {
  Files files;
  REQUIRE(files.seen.relation->many());
  const std::uint64_t large = 1U << 30U;
  CHECK(files.window(large, 1000, false) == 6);  // of ten MiB each, in 64
  CHECK(files.window(large, 1000, true) == 25);  // in 256
  CHECK(files.window(large, 3, false) == 3);
}

TEST_CASE("a file that fits into memory is loaded as it comes") {
  Files files;
  CHECK(files.window(1U << 20U, 1000, false) == 1000);
  CHECK(files.window(0, 1000, false) == 1000);
}

TEST_CASE("a stream's groups end early where rows are huge") {
  Files files;
  std::vector<std::size_t> groups;
  const auto read = files.database.find("File").stream(1000, [&](const ommi::RecordList& rows) {
    groups.push_back(rows.size());
    return true;
  });
  CHECK(read.value() == 100);
  CHECK(groups == std::vector<std::size_t>{32, 32, 32, 4});
}

}  // namespace
}  // namespace doctor
