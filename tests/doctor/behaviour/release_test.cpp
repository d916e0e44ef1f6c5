// Which release of Ommi an application runs.

#include <catch2/catch.hpp>

#include "doctor/ommi_release.hpp"

namespace doctor {
namespace {

std::optional<OmmiRelease> recognised(const std::vector<std::string>& statements) {
  ommi::Schema schema;
  python::Facts facts;
  for (std::size_t at = 0; at < statements.size(); ++at) {
    ommi::Table table;
    table.name = "Table" + std::to_string(at);
    table.sql = statements[at];
    schema.tables.push_back(table);
    facts.models.emplace_back().table.name = table.name;
  }
  return recognise_ommi(schema, facts);
}

}  // namespace

TEST_CASE("a release has one name", "[behaviour]") {
  for (const std::string_view name : ommi_release_names()) {
    const auto release = parse_ommi_release(name);
    REQUIRE(release);
    CHECK(to_string(*release) == name);
  }
  CHECK(parse_ommi_release("v0.2.1") == OmmiRelease::v0_2_1);
  CHECK(ommi_release_names().back() == to_string(newest_ommi));
  for (const std::string_view other : {"", "v", "0.2", "0.2.3", "0.2.2 ", "latest"})
    CHECK_FALSE(parse_ommi_release(other));
}

TEST_CASE("a release is told from the tables that it made", "[behaviour]") {
  CHECK(recognised({R"(CREATE TABLE "Post"("id" INTEGER, "title" TEXT, PRIMARY KEY ("id")))"}) ==
        OmmiRelease::v0_2_2);
  CHECK(recognised({R"(CREATE TABLE "A b"("p" INTEGER, "x y" REAL, PRIMARY KEY ("p", "x y")))"}) ==
        OmmiRelease::v0_2_2);
  // A column that was added later stands before the key, too.
  CHECK(recognised({R"(CREATE TABLE "P"("id" INTEGER, "a" TEXT, "b" TEXT, PRIMARY KEY ("id")))"}) ==
        OmmiRelease::v0_2_2);
  CHECK(recognised({"CREATE TABLE Post(id INTEGER, title TEXT, PRIMARY KEY (id))"}) ==
        OmmiRelease::v0_2_1);
  CHECK(recognised({"CREATE TABLE Tag(id INTEGER, PRIMARY KEY (id))",
                    R"(CREATE TABLE "Post"("id" INTEGER, PRIMARY KEY ("id")))"}) ==
        OmmiRelease::v0_2_2);
}

TEST_CASE("tables that Ommi did not make say nothing", "[behaviour]") {
  for (const char* const other :
       {"CREATE TABLE Post (id INTEGER, title TEXT, PRIMARY KEY (id))",
        "CREATE TABLE Post(id INTEGER PRIMARY KEY, title TEXT)",
        "CREATE TABLE Post(id BIGINT, PRIMARY KEY (id))",
        "CREATE TABLE Post(id INTEGER NOT NULL, PRIMARY KEY (id))",
        "CREATE TABLE Post(id INTEGER, PRIMARY KEY (id)) STRICT",
        "CREATE TABLE Post(id INTEGER, PRIMARY KEY ())", "CREATE TABLE Post(PRIMARY KEY (id))",
        R"(CREATE TABLE "Post"("id" INTEGER, PRIMARY KEY ("id"), UNIQUE ("id")))",
        R"(CREATE TABLE "Post(id INTEGER, PRIMARY KEY (id)))", "CREATE TABLE Post(", "", "x"}) {
    INFO(other);
    CHECK_FALSE(recognised({other}));
  }
  CHECK_FALSE(recognised({}));
}

}  // namespace doctor
