// What an index would save is measured on a private copy; the file stays as it is.

#include <catch2/catch.hpp>

#include "ommi/drivers/sqlite_files.hpp"
#include "support/blog.hpp"

namespace doctor {
namespace {

using ommi::testing::Folder;

std::string posts() {
  return R"(
    CREATE TABLE Post (id INTEGER PRIMARY KEY, user_id INTEGER);
    WITH RECURSIVE number(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < 500)
    INSERT INTO Post SELECT n, n % 50 FROM number;)";
}

ommi::sqlite::IndexTest test_of_posts() {
  ommi::sqlite::IndexTest test;
  test.statement = "SELECT id FROM Post WHERE user_id = ?";
  test.values = {7};
  test.create_index = "CREATE INDEX Post_user_id ON Post (user_id);";
  return test;
}

TEST_CASE("an index is tried on a copy, and the file and its folder stay as they are") {
  const Folder folder;
  const std::string path = folder.file("blog.db");
  ommi::testing::make_database(path, posts());
  const auto before = folder.content();

  std::vector<ommi::sqlite::IndexTest> tests = {test_of_posts(), test_of_posts()};
  ommi::sqlite::try_indexes(path, tests, 1'000'000);
  CHECK(folder.content() == before);
  for (const ommi::sqlite::IndexTest& test : tests) {
    CHECK(test.unmeasured.empty());
    CHECK(test.rows == 10);
    CHECK(test.before.rows_scanned == 499);  // steps from a row to the next one
    CHECK(test.after.rows_scanned == 0);
    CHECK(test.after.steps < test.before.steps);
  }
}

TEST_CASE("what cannot be measured says why") {
  const Folder folder;
  const std::string path = folder.file("blog.db");
  ommi::testing::make_database(path, posts());
  std::vector<ommi::sqlite::IndexTest> tests = {test_of_posts(), test_of_posts()};
  SECTION("a large file") {
    ommi::sqlite::try_indexes(path, tests, 1000);
    CHECK(tests[0].unmeasured == "the database is larger than 0 MB");
  }
  SECTION("a file that is not there") {
    ommi::sqlite::try_indexes(folder.file("none.db"), tests, 1000);
    CHECK_FALSE(tests[1].unmeasured.empty());
  }
  SECTION("no time is left") {
    ommi::sqlite::try_indexes(path, tests, 1'000'000, [] { return true; });
    CHECK(tests[0].unmeasured == "there was no time left");
    CHECK(tests[1].unmeasured == "there was no time left");
  }
  SECTION("the time is over in the middle") {
    ommi::testing::make_database(path + "-2", R"(
      CREATE TABLE Post (id INTEGER PRIMARY KEY, user_id INTEGER);
      WITH RECURSIVE number(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < 50000)
      INSERT INTO Post SELECT n, n % 50 FROM number;)");
    int asked = 0;
    ommi::sqlite::try_indexes(path + "-2", tests, 10'000'000, [&] { return ++asked > 100; });
    CHECK(asked > 100);
    CHECK(tests[1].unmeasured == "there was no time left");
  }
  SECTION("a statement that does not run keeps nobody else from being measured") {
    tests[0].statement = "SELECT nothing FROM Post WHERE user_id = ?";
    ommi::sqlite::try_indexes(path, tests, 1'000'000);
    CHECK_FALSE(tests[0].unmeasured.empty());
    CHECK(tests[1].unmeasured.empty());
    CHECK(tests[1].rows == 10);
  }
}

TEST_CASE("what was measured is told with the finding") {
  testing::Blog blog;
  blog.observation("User", "posts").plan =
      ommi::QueryPlan{"SELECT …", {"SCAN Post"}, {"Post"}, false};
  IndexTrial& trial = blog.evidence.trials.emplace_back();
  trial.model = &blog.model("Post");
  trial.fields = {1};
  trial.rows = 4;
  trial.before = {399, 2000, 1'500'000};
  trial.after = {0, 30, 2000};
  CHECK(
      testing::found_by("SCH004", blog.evidence).at(0).evidence.notes ==
      std::vector<std::string>{"measured on a private copy, one load of 4 rows: 399 rows scanned, "
                               "2000 steps, 1.500 ms without the index; 0 rows scanned, 30 steps, "
                               "0.002 ms with it"});
}

}  // namespace
}  // namespace doctor
