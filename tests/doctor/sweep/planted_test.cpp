// Databases of a million rows with faults that were counted when they were planted; under a
// sanitizer a tenth of that, which takes as long.

#include <string>

#include <catch2/catch.hpp>

#include "doctor/sweep.hpp"
#include "ommi/drivers/sqlite_files.hpp"
#include "ommi/sqlite.hpp"
#include "sweep_data.hpp"

namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr std::uint64_t rows = 100'000;
constexpr std::uint64_t little_memory = std::uint64_t{3} << 20U;
#else
constexpr std::uint64_t rows = 1'000'000;
constexpr std::uint64_t little_memory = std::uint64_t{24} << 20U;
#endif

bench::Faults found_in(const std::string& file, bench::Keys keys, unsigned jobs,
                       std::uint64_t memory) {
  ommi::Database database(ommi::sqlite::open(file));
  database.use(bench::sweep_models(keys, bench::Relations::all));
  doctor::SweepOptions options;
  options.jobs = jobs;
  options.memory_bytes = memory;
  const doctor::SweepResult result = doctor::sweep(database, options);
  CHECK(result.skipped.empty());
  bench::Faults faults;
  for (const doctor::ReferenceSweep& seen : result.references) {
    CHECK(seen.unchecked.empty());
    faults.dangling += seen.dangling;
    faults.nulls += seen.nulls;
  }
  return faults;
}

void check_all_found(bench::Keys keys) {
  const ommi::testing::Folder folder;
  const std::string file = folder.file("planted.db");
  bench::make_sweep_data(file, rows, keys);
  const bench::Faults planted = bench::planted(rows);
  REQUIRE(planted.dangling > 0);
  REQUIRE(planted.nulls > 0);
  for (const unsigned jobs : {1U, 2U}) {
    for (const std::uint64_t memory : {std::uint64_t{256} << 20U, little_memory}) {
      CAPTURE(jobs, memory);
      const bench::Faults found = found_in(file, keys, jobs, memory);
      CHECK(found.dangling == planted.dangling);
      CHECK(found.nulls == planted.nulls);
    }
  }
}

}  // namespace

TEST_CASE("planted faults among a million rows: dense integer keys") {
  check_all_found(bench::Keys::dense);
}
TEST_CASE("planted faults among a million rows: sparse integer keys") {
  check_all_found(bench::Keys::sparse);
}
TEST_CASE("planted faults among a million rows: text keys") { check_all_found(bench::Keys::text); }
TEST_CASE("planted faults among a million rows: keys of two parts") {
  check_all_found(bench::Keys::composite);
}
