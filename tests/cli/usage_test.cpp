#include <catch2/catch.hpp>

#include "cli/captured.hpp"

namespace {

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("the version is one line on stdout") {
  for (const char* option : {"--version", "-V"}) {
    const auto seen = testing::run({option});
    CHECK(seen.code == 0);
    CHECK(seen.out.rfind("ommi-doctor ", 0) == 0);
    CHECK(seen.out.find('\n') == seen.out.size() - 1);
    CHECK(seen.err.empty());
  }
}

TEST_CASE("help goes to stdout, with examples and exit codes") {
  const auto seen = testing::run({"--help"});
  CHECK(seen.code == 0);
  CHECK(seen.err.empty());
  for (const char* part : {"Examples:", "Exit codes:", "trace", "models", "rule"}) {
    CHECK(has(seen.out, part));
  }
  for (const char* command : {"trace", "models", "rule"}) {
    const auto of_command = testing::run({command, "--help"});
    CHECK(of_command.code == 0);
    CHECK(has(of_command.out, "Examples:"));
  }
}

TEST_CASE("without arguments help goes to stderr and nothing was checked") {
  const auto seen = testing::run({});
  CHECK(seen.code == 2);
  CHECK(seen.out.empty());
  CHECK(has(seen.err, "trace"));
}

TEST_CASE("a usage error is one line and a hint, exit code 2") {
  const auto [arguments, message, hint] =
      GENERATE(table<std::vector<std::string>, std::string, std::string>({
          {{"trac", "x"}, "ommi-doctor: trac: no command and no file has this name", "'trace'"},
          {{"zzzzzz"}, "ommi-doctor: zzzzzz: no command and no file has this name", "trace"},
          {{"trace", "a.db", "--al"}, "--al: no option has this name", "'--all'"},
          {{"trace", "a.db", "--formt=json"}, "--formt: no option has this name", "'--format'"},
          {{"trace", "a.db", "--format", "jsn"}, "no format is named 'jsn'", "'json'"},
          {{"trace", "a.db", "--fetch", "pears"}, "no way to fetch is named 'pears'", "'peers'"},
          {{"trace", "a.db", "--color", "alway"}, "no colour mode is named 'alway'", "'always'"},
          {{"trace", "a.db", "--log-level", "debg"}, "no log level is named 'debg'", "'debug'"},
          {{"trace", "a.db", "--sample", "minus"}, "'minus' is not a whole number", "--help"},
          {{"trace", "a.db", "--sample", "-1"}, "'-1' is not a whole number", "--help"},
          {{"trace", "a.db", "--depth", "33"}, "'33' is not a whole number from 0 to 32", "--help"},
          {{"trace", "a.db", "--timeout", "1h"}, "'1h' is not a number of seconds", "--help"},
          {{"trace", "a.db", "--timeout", "nan"}, "'nan' is not a number of seconds", "--help"},
          {{"trace", "a.db", "--quiet", "--verbose"}, "--verbose", "--help"},
          {{"trace", "a.db", "User", "Post"}, "Post: one argument too many", "--help"},
          {{"trace"}, "no database is named", "--help"},
          {{"models"}, "no database is named", "--help"},
          {{"models", "a.db", "--format", "ndjson"}, "no format is named 'ndjson'", "'json'"},
          {{"rule", "DAT01"}, "DAT01: no rule has this code or name", "DAT0"},
          {{"rule", "dangling-referense"}, "no rule has this", "'dangling-reference'"},
          {{"rule", "DAT001", "--all"}, "--all", "--help"},
      }));
  CAPTURE(arguments);
  const auto seen = testing::run(arguments);
  CHECK(seen.code == 2);
  CHECK(seen.out.empty());
  CHECK(has(seen.err, message));
  const std::size_t line = seen.err.find('\n');
  REQUIRE(line != std::string::npos);
  CHECK(seen.err.rfind("hint: ", line + 1) == line + 1);
  CHECK(has(seen.err.substr(line), hint));
  CHECK(seen.err.find('\n', line + 1) == seen.err.size() - 1);
}

TEST_CASE("what the user typed is escaped in messages") {
  const auto seen = testing::run({"trace", "a.db", "--format", "\x1b[31m\xff"});
  CHECK(seen.code == 2);
  CHECK_FALSE(has(seen.err, "\x1b"));
  CHECK_FALSE(has(seen.err, "\xff"));
}

TEST_CASE("a rule explains itself in three formats") {
  const auto text = testing::run({"rule", "dat001"});
  CHECK(text.code == 0);
  CHECK(text.out.rfind("DAT001 dangling-reference", 0) == 0);
  CHECK_FALSE(has(text.out, "```"));
  const auto markdown = testing::run({"rule", "dangling-reference", "--format", "markdown"});
  CHECK(markdown.out.rfind("# DAT001 dangling-reference", 0) == 0);
  CHECK(has(markdown.out, "```sql"));
  const auto json = testing::run({"rule", "--all", "--format", "json"});
  CHECK(has(json.out, "\"code\": \"DAT001\""));
  CHECK(has(testing::run({"rule"}).out, "SCH001"));
}
