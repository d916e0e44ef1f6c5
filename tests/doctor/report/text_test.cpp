#include <sstream>

#include <catch2/catch.hpp>

#include "doctor/report/sample_diagnosis.hpp"
#include "doctor/report_parts/layout.hpp"
#include "doctor/report_parts/phrases.hpp"

namespace {

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

std::string line_with(const std::string& text, std::string_view part) {
  for (const std::string& line : lines_of(text)) {
    if (line.find(part) != std::string::npos) return line;
  }
  return {};
}

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a relationship is one line with its counts and verdict") {
  const std::string text = testing::written(testing::sample_diagnosis(), "text");
  const std::string line = line_with(text, "Post.author");
  CHECK(has(line, "to-one"));
  CHECK(has(line, "Post.user_id = User.id"));
  CHECK(has(line, "412"));
  CHECK(has(line, "409"));
  CHECK(has(line, "failing"));
  CHECK(has(line_with(text, "User.posts"), "to-many"));
}

TEST_CASE("the root cause comes before its symptoms, with evidence and what to do next") {
  const std::string text = testing::written(testing::sample_diagnosis(), "text");
  const std::size_t cause = text.find("error DAT001 dangling-reference");
  const std::size_t symptom = text.find("warning PRF001");
  REQUIRE(cause != std::string::npos);
  REQUIRE(symptom != std::string::npos);
  CHECK(cause < symptom);
  for (const std::string_view part :
       {"Post[9007199254740993]: user_id = 99", "SELECT * FROM \"Post\"",
        "Cursor<User> by 2 driver calls",
        "Post[9007199254740993].author is dangling: no User has id 99", "delete the posts (unsafe)",
        "3 of 412 rows"}) {
    INFO(part);
    CHECK(has(text, part));
  }
}

TEST_CASE("what a lazy field could not show is said to who wants all") {
  doctor::Diagnosis diagnosis = testing::sample_diagnosis();
  doctor::LazyObservation lazy;
  lazy.relation = diagnosis.evidence.relationships.front().relation;
  lazy.unobserved = {"a changed reference: no owner has rows"};
  diagnosis.evidence.lazy_fields = {lazy};
  const std::string line = lazy.relation->name() + ": a changed reference: no owner has rows";
  CHECK(has(testing::written(diagnosis, "text", {.verbose = true}), line));
  CHECK(!has(testing::written(diagnosis, "text"), line));
}

TEST_CASE("table lines are no wider than the terminal") {
  for (const unsigned width : {80U, 100U, 140U}) {
    const std::string text =
        testing::written(testing::sample_diagnosis(), "text", {.width = width});
    for (const std::string_view name : {"Post.author", "User.posts", "verdict"}) {
      CHECK(doctor::report_parts::columns(line_with(text, name)) <= width);
    }
  }
}

TEST_CASE("columns stand under their titles") {
  const std::string text = testing::written(testing::sample_diagnosis(), "text");
  const std::string title = line_with(text, "verdict");
  const std::string line = line_with(text, "Post.author");
  CHECK(title.find("kind") == line.find("to-one"));
  CHECK(title.find("join") == line.find("Post.user_id"));
  CHECK(title.find("loads") + 5 == line.find("412") + 3);
}

TEST_CASE("colours appear only when they are asked for") {
  const doctor::Diagnosis diagnosis = testing::sample_diagnosis();
  CHECK_FALSE(has(testing::written(diagnosis, "text"), "\x1b["));
  CHECK(has(testing::written(diagnosis, "text", {.color = true}), "\x1b[31m"));
}

TEST_CASE("quiet leaves the findings only") {
  const std::string text = testing::written(testing::sample_diagnosis(), "text", {.quiet = true});
  CHECK(has(text, "DAT001"));
  CHECK_FALSE(has(text, "User.posts"));
  CHECK_FALSE(has(text, "swept"));
}

TEST_CASE("a path is told from query to value") {
  doctor::Diagnosis diagnosis = testing::sample_diagnosis();
  const ommi::Catalog& catalog = *diagnosis.sources.catalog;
  doctor::PathStep root;
  root.path = "User";
  root.rows = 1;
  root.value = "User[1]";
  root.boundary = "DBResult holds 1 row";
  doctor::PathStep posts;
  posts.path = "User[1].posts";
  posts.relation = catalog.find("User")->find_relation("posts");
  posts.statement = "SELECT 1";
  posts.values = {1};
  posts.returned = "Cursor<Post>";
  posts.call = 7;
  posts.owners = 1;
  posts.rows = 1;
  posts.boundary = "DBResult holds 1 row";
  posts.value = "1 × Post";
  posts.shown = {{{{"id", 5}}, {{"id", 5}, {"user_id", 1}, {"title", "secret text"}}}};
  root.children = {posts};
  diagnosis.path = root;

  const std::string text = testing::written(diagnosis, "text");
  std::size_t at = 0;
  for (const std::string_view part :
       {"User[1].posts  to-many", "SELECT 1", "call 7 for 1 owner", "Cursor<Post>",
        "DBResult holds 1 row", "1 × Post", "id = 5, user_id = 1, title: text(11)"}) {
    INFO(part);
    at = text.find(part, at);
    REQUIRE(at != std::string::npos);
  }
  const std::string child = line_with(text, "User[1].posts");
  CHECK(child.find_first_not_of(' ') > 0);
}

TEST_CASE("placeholders of a batch are folded") {
  using doctor::report_parts::query_text;
  CHECK(query_text("IN (?, ?, ?)") == "IN (?, ?, ?)");
  CHECK(query_text("IN (?, ?, ?, ?, ?, ?) AND 1") == "IN (?, …) AND 1");
  CHECK(query_text("(VALUES (?, ?), (?, ?), (?, ?), (?, ?), (?, ?), (?, ?))") ==
        "(VALUES (?, ?), …)");
  CHECK(query_text("SELECT\n  1") == "SELECT 1");
  CHECK(query_text("SELECT \"a\n  b\"") == "SELECT \"a\\n  b\"");
}

TEST_CASE("text is cut and wrapped by code points") {
  using doctor::report_parts::cut;
  using doctor::report_parts::wrapped;
  CHECK(cut("größer", 6) == "größer");
  CHECK(cut("größer", 4) == "grö…");
  CHECK(cut("abc", 0).empty());
  CHECK(wrapped("one two three", 8) == std::vector<std::string>{"one two", "three"});
  CHECK(wrapped("one two three four five", 13, 3) ==
        std::vector<std::string>{"one two", "three four", "five"});
  CHECK(wrapped("ääääääääää", 8) == std::vector<std::string>{"ääääääää", "ää"});
  CHECK(wrapped("", 8) == std::vector<std::string>{""});
}
