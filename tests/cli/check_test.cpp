#include <filesystem>
#include <fstream>
#include <iterator>

#include <catch2/catch.hpp>
#include <sqlite3.h>

#include "cli/captured.hpp"
#include "doctor/report.hpp"

namespace {

namespace fs = std::filesystem;

constexpr const char* sound =
    "CREATE TABLE User (id INTEGER PRIMARY KEY, name TEXT NOT NULL);"
    "CREATE TABLE Post (id INTEGER PRIMARY KEY, user_id INTEGER REFERENCES User(id));"
    "CREATE INDEX Post_user_id ON Post (user_id);"
    "INSERT INTO User VALUES (1, 'Ada'), (2, 'Ben');"
    "INSERT INTO Post VALUES (1, 1), (2, 2), (3, NULL);";
constexpr const char* dangling = "INSERT INTO Post VALUES (4, 99), (5, 99), (6, 77);";

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

/// A folder of its own with a database in it, removed at the end.
class Place {
 public:
  Place() {
    std::string pattern = (fs::temp_directory_path() / "ommi-check-XXXXXX").string();
    REQUIRE(mkdtemp(pattern.data()) != nullptr);
    folder_ = pattern;
    fs::create_directories(folder_ / ".git");  // no configuration from above
  }
  ~Place() {
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
  }
  Place(const Place&) = delete;
  Place& operator=(const Place&) = delete;

  [[nodiscard]] std::string file(const std::string& name) const {
    return (folder_ / name).string();
  }
  std::string database(const std::string& name, const std::string& sql) const {
    sqlite3* raw = nullptr;
    REQUIRE(sqlite3_open(file(name).c_str(), &raw) == SQLITE_OK);
    CHECK(sqlite3_exec(raw, sql.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK);
    sqlite3_close(raw);
    return file(name);
  }
  std::string text(const std::string& name, const std::string& content) const {
    std::ofstream(file(name)) << content;
    return file(name);
  }
  [[nodiscard]] std::string read(const std::string& name) const {
    std::ifstream in(file(name));
    return std::string(std::istreambuf_iterator<char>(in), {});
  }

 private:
  fs::path folder_;
};

testing::Captured check(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), "check");
  arguments.emplace_back("--isolated");
  return testing::run(std::move(arguments));
}

}  // namespace

TEST_CASE("every format ends with the same exit code") {
  const Place place;
  const std::string good = place.database("good.db", sound);
  const std::string bad = place.database("bad.db", std::string(sound) + dangling);
  for (const doctor::ReportFormat* format : doctor::all_report_formats()) {
    INFO(format->name);
    const std::string name(format->name);
    CHECK(check({good, "--format", name}).code == 0);
    CHECK(check({bad, "--format", name}).code == 1);
    CHECK(check({bad, "--format", name, "--fail-on", "never"}).code == 0);
    CHECK(check({bad, "--format", name, "--ignore", "DAT,LZY,SCH"}).code == 0);
    CHECK(!check({bad, "--format", name}).out.empty());
    CHECK(check({place.file("missing.db"), "--format", name}).code == 2);
    CHECK(check({place.text("no.db", "no database at all, not even nearly"), "--format", name})
              .code == 2);
    const testing::Captured file =
        check({bad, "--output", name + "=" + place.file("report"), "--quiet"});
    CHECK(file.code == 1);
    CHECK(!place.read("report").empty());
  }
}

TEST_CASE("what does not fail the run fails in no report") {
  const Place place;
  // One warning and no error: a 0 that stands for none.
  const std::string warned =
      place.database("warned.db", std::string(sound) + "INSERT INTO Post VALUES (4, 0);");
  const auto junit = [&](const char* most) {
    return check({warned, "--format", "junit", "--max-warnings", most});
  };
  CHECK(junit("0").code == 1);
  CHECK(has(junit("0").out, "<failure"));
  CHECK(junit("9").code == 0);
  CHECK(!has(junit("9").out, "<failure"));
}

TEST_CASE("the report on the terminal says the same for any number of jobs") {
  const Place place;
  const std::string bad = place.database("bad.db", std::string(sound) + dangling);
  const auto findings = [&](const char* jobs) {
    return check({bad, "--jobs", jobs, "--quiet"}).out;
  };
  CHECK(findings("1") == findings("2"));
  CHECK(has(findings("1"), "3 rows of Post refer to rows of User that do not exist"));
}

TEST_CASE("a baseline lets through what was known, and nothing that came since") {
  const Place place;
  const std::string bad = place.database("bad.db", std::string(sound) + dangling);
  const std::string known = place.file("known.json");
  CHECK(check({bad, "--baseline", known}).code == 2);
  CHECK(check({bad, "--update-baseline"}).code == 2);
  CHECK(check({bad, "--baseline", known, "--update-baseline"}).code == 0);
  const testing::Captured again = check({bad, "--baseline", known});
  CHECK(again.code == 0);
  CHECK(has(again.out, "DAT001"));
  place.database("bad.db", "INSERT INTO Post VALUES (7, 55);");
  CHECK(check({bad, "--baseline", known}).code == 1);
  CHECK(check({bad, "--baseline", known, "--update-baseline"}).code == 1);
  CHECK(check({bad, "--baseline", known}).code == 1);
  place.database("other.db", std::string(sound) + dangling);
  const testing::Captured other = check({place.file("other.db"), "--baseline", known});
  CHECK(other.code == 2);
  CHECK(has(other.err, "is the baseline of bad.db, and not of other.db"));
}

TEST_CASE("what a configuration says is done, and the command line wins over it") {
  const Place place;
  const std::string bad = place.database("bad.db", std::string(sound) + dangling);
  const std::string config = place.text(
      "ommi-doctor.toml",
      "ignore = [\"LZY\", \"SCH\"]\n[[suppress]]\nrule = \"DAT001\"\nobject = \"Post.user\"\n"
      "reason = \"kept\"\n[[rule]]\ncode = \"SHOP001\"\nname = \"no-name\"\nlevel = \"info\"\n"
      "message = \"user {id}\"\nsql = \"SELECT id FROM User\"\n"
      "[[scenario]]\nname = \"posts\"\npath = \"User[1].posts\"\nrows = 1\n");
  const auto run = [&](std::vector<std::string> more) {
    more.insert(more.begin(), {"check", bad, "--config", config});
    return testing::run(std::move(more));
  };
  CHECK(run({}).code == 0);
  CHECK(has(run({}).out, "user 2"));
  CHECK(run({"--fail-on", "info"}).code == 1);
  CHECK(run({"--select", "SHOP", "--fail-on", "info"}).code == 1);
  const testing::Captured json = run({"--format", "json"});
  CHECK(has(json.out, "\"suppressed\": 1"));
  place.text("ommi-doctor.toml",
             "[[scenario]]\nname = \"posts\"\npath = \"User[1].posts\"\nrows = 5\n");
  CHECK(has(run({"--select", "PRF006"}).out, "1 row at its end, and 5 are due"));
  CHECK(run({"--select", "PRF006"}).code == 1);
}

TEST_CASE("what is asked for wrongly is refused before anything runs") {
  const Place place;
  const std::string good = place.database("good.db", sound);
  const auto [arguments, message] = GENERATE(table<std::vector<std::string>, std::string>({
      {{"--select", "DTA001"}, "did you mean 'DAT001'?"},
      {{"--ignore", "danglin-reference"}, "did you mean 'dangling-reference'?"},
      {{"--format", "jsn"}, "did you mean 'json'?"},
      {{"--output", "jsn=x"}, "did you mean 'json'?"},
      {{"--output", "json"}, "is not FORMAT=FILE"},
      {{"--output", "json=/no/such/folder/x"}, "its folder is not there"},
      {{"--fail-on", "fatal"}, "no level is named 'fatal'"},
      {{"--jobs", "0"}, "at least one"},
      {{"--memory", "5"}, "256MiB"},
      {{"--snapshot", "/no/such/file"}, "cannot be read"},
      {{"--update-baseline"}, "--baseline FILE"},
  }));
  std::vector<std::string> all = {good};
  all.insert(all.end(), arguments.begin(), arguments.end());
  const testing::Captured seen = check(all);
  INFO(seen.err);
  CHECK(seen.code == 2);
  CHECK(seen.out.empty());
  CHECK(has(seen.err, message));
}

TEST_CASE("no report is written over the database") {
  const Place place;
  const std::string good = place.database("good.db", sound);
  const testing::Captured seen = check({good, "--output", "json=" + good});
  CHECK(seen.code == 2);
  CHECK(has(seen.err, "is the database itself"));
  CHECK(check({good}).code == 0);
}

TEST_CASE("two reports are not written to one file") {
  const Place place;
  const std::string good = place.database("good.db", sound);
  const std::string file = place.file("report");
  const testing::Captured seen =
      check({good, "--output", "json=" + file, "--output", "html=" + file});
  CHECK(seen.code == 2);
  CHECK(has(seen.err, "is to be written twice"));
}
