#include "doctor/statements.hpp"

#include <catch2/catch.hpp>

namespace doctor {
namespace {

using Columns = std::vector<std::string>;

TEST_CASE("a page is a statement with a limit and an offset") {
  const auto pages = pages_of(
      R"(SELECT "t"."id" FROM "Post" AS "t" ORDER BY "t"."at" DESC, "t"."id" LIMIT 10 OFFSET 20)");
  REQUIRE(pages.size() == 1);
  CHECK(pages[0].limit == 10U);
  CHECK(pages[0].offset == 20U);
  CHECK(pages[0].is_later());
  CHECK(pages[0].order == Columns{"at", "id"});
}

TEST_CASE("a page may be written in other ways") {
  CHECK(pages_of("select * from a limit 20, 10")[0].offset == 20U);
  CHECK(pages_of("SELECT * FROM a LIMIT ? OFFSET ?")[0].offset == std::nullopt);
  CHECK(pages_of("SELECT * FROM a LIMIT ? OFFSET ?")[0].is_later());
  CHECK_FALSE(pages_of("SELECT * FROM a LIMIT 5 OFFSET 0")[0].is_later());
}

TEST_CASE("what only looks like a page is none") {
  CHECK(pages_of("SELECT * FROM a LIMIT 10").empty());
  CHECK(pages_of("SELECT 'LIMIT 1 OFFSET 2' FROM a").empty());
  CHECK(pages_of("SELECT \"limit\", \"offset\" FROM a -- LIMIT 1 OFFSET 2").empty());
  CHECK(pages_of("SELECT * FROM (SELECT * FROM a LIMIT 1 OFFSET 2) AS b").empty());
  CHECK(pages_of("").empty());
  CHECK(pages_of("LIMIT").empty());
  CHECK(pages_of("';\"").empty());
}

TEST_CASE("several statements are several pages, of one question where only the place differs") {
  const auto pages =
      pages_of("SELECT * FROM a LIMIT 2 OFFSET 0;\nSELECT * FROM a LIMIT 2 OFFSET 2; SELECT 1");
  REQUIRE(pages.size() == 2);
  CHECK(pages[0].question == pages[1].question);
}

TEST_CASE("an order by more than columns names none") {
  CHECK(pages_of("SELECT * FROM a ORDER BY lower(name), id COLLATE NOCASE ASC NULLS LAST, a + b"
                 " LIMIT 1 OFFSET 1")[0]
            .order == Columns{"ID"});
}

TEST_CASE("a keyword stands for a value where one is due") {
  const auto [word, text, found] = GENERATE(table<std::string_view, std::string_view, bool>({
      {"NULL", R"(SELECT * FROM "a" WHERE "code" = NULL)", true},
      {"null", R"(SELECT * FROM "a" WHERE "code" = null)", true},
      {"NULL", R"(SELECT * FROM "a" WHERE "code" IN (?, NULL, ?))", true},
      {"IS NOT", R"(SELECT * FROM "a" WHERE "code" = IS NOT)", true},
      {"IS", R"(SELECT * FROM "a" WHERE "code" == IS)", true},
      {"NULL", R"(SELECT * FROM "a" WHERE "code" IS NULL)", false},
      {"NULL", R"(SELECT * FROM "a" WHERE "code" = 'NULL')", false},
      {"NULL", R"(SELECT * FROM "a" WHERE "code" = ? ORDER BY "id" NULLS LAST)", false},
      {"IS", R"(SELECT "IS" FROM "a" WHERE ("IS" IS ?))", false},
      {"", "SELECT (1)", false},
  }));
  INFO(text);
  CHECK(stands_for_value(word, text) == found);
}

}  // namespace
}  // namespace doctor
