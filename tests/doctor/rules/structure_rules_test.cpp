#include <catch2/catch.hpp>

#include "support/blog.hpp"

namespace doctor {
namespace {

using testing::Blog;
using testing::found_by;
using testing::messages_of;

void drop_table(Blog& blog, std::string_view name) {
  std::erase_if(blog.schema.tables, [&](const ommi::Table& table) { return table.name == name; });
}

TEST_CASE("SCH001 missing-table", "[rule]") {
  SECTION("models with tables are fine") {
    Blog blog;
    CHECK(messages_of("SCH001", blog.evidence).empty());
  }
  SECTION("a missing table is one finding, and the nearest name is proposed") {
    Blog blog;
    drop_table(blog, "Post");
    blog.schema.tables[0].name = "User";
    ommi::Table renamed;
    renamed.name = "posts";
    blog.schema.tables.push_back(renamed);
    const auto found = found_by("SCH001", blog.evidence);
    REQUIRE(found.size() == 1);
    CHECK(found[0].message == "the table Post of Post is not in the database");
    CHECK(found[0].evidence.notes ==
          std::vector<std::string>{"the nearest name in the database is posts"});
    CHECK(found[0].remedies.back().safety == Safety::unsafe);
  }
  SECTION("what it breaks is listed under it, not beside it") {
    Blog blog;
    drop_table(blog, "Post");
    blog.observation("User", "posts").loads = 20;
    blog.observation("User", "posts").errors["missing_table"] = 20;
    blog.observation("Post", "author").error =
        ommi::DatabaseError(ommi::ErrorCode::missing_table, "no such table: Post");
    const auto found = diagnose(blog.evidence, "blog.db");
    REQUIRE(found.size() == 1);
    CHECK(found[0].explains ==
          std::vector<std::string>{"User.posts: 20 of 20 loads fail (missing_table)",
                                   "Post.author: cannot be loaded: no such table: Post"});
  }
  SECTION("a reference to what is no model and no table is one finding however many name it") {
    Blog blog([](std::vector<ommi::ModelInfo>& models) {
      models[1].references[0].model = "Person";
      models[2].references[0].model = "Person";
      models[1].relations[0].target = "Person";
    });
    const auto found = found_by("SCH001", blog.evidence);
    REQUIRE(found.size() == 1);
    CHECK(found[0].subject.table == "Person");
    CHECK(found[0].count == 3);
  }
}

TEST_CASE("SCH002 missing-column", "[rule]") {
  Blog blog;
  CHECK(messages_of("SCH002", blog.evidence).empty());

  blog.schema.tables[1].columns[1].name = "userid";
  const auto found = found_by("SCH002", blog.evidence);
  REQUIRE(found.size() == 1);
  CHECK(found[0].message == "table Post has no column user_id");
  CHECK(found[0].remedies[0].safety == Safety::manual);
  CHECK(found[0].remedies[1].sql ==
        std::vector<std::string>{"ALTER TABLE \"Post\" ADD COLUMN \"user_id\" INTEGER;"});

  SECTION("a table whose columns could not be read says nothing about them") {
    blog.schema.tables[1].unreadable = "no such module: fts9";
    CHECK(messages_of("SCH002", blog.evidence).empty());
  }
  SECTION("the row's own number is a column though no table declares it") {
    Blog rowid([](std::vector<ommi::ModelInfo>& models) { models[1].fields[0].name = "rowid"; });
    rowid.schema.tables[1].columns.erase(rowid.schema.tables[1].columns.begin());
    CHECK(messages_of("SCH002", rowid.evidence).empty());
  }
}

TEST_CASE("SCH004 reference-not-indexed", "[rule]") {
  Blog blog;
  RelationshipObservation& posts = blog.observation("User", "posts");
  posts.plan = ommi::QueryPlan{"SELECT …", {"SCAN Post"}, {"Post"}, false};

  SECTION("a scan of a table with many rows is reported, with the index to make") {
    const auto found = found_by("SCH004", blog.evidence);
    REQUIRE(found.size() == 1);
    CHECK(found[0].message ==
          "each load of User.posts reads all 400 rows of Post: no index starts with user_id");
    CHECK(found[0].remedies[0].sql ==
          std::vector<std::string>{"CREATE INDEX \"Post_user_id\" ON \"Post\" (\"user_id\");"});
  }
  SECTION("a small table is not worth an index") {
    posts.looked_up_rows = 99;
    CHECK(messages_of("SCH004", blog.evidence).empty());
  }
  SECTION("a search is fine") {
    posts.plan->scanned.clear();
    CHECK(messages_of("SCH004", blog.evidence).empty());
  }
  SECTION("the leading column of a longer index is indexed") {
    blog.schema.tables[1].indexes = {{"both", {"USER_ID", "id"}, false, false}};
    CHECK(messages_of("SCH004", blog.evidence).empty());
    blog.schema.tables[1].indexes[0].columns = {"id", "user_id"};
    CHECK(found_by("SCH004", blog.evidence).size() == 1);
    blog.schema.tables[1].indexes = {{"Post_user_id", {"user_id"}, false, true}};
    const auto partial = found_by("SCH004", blog.evidence);
    REQUIRE(partial.size() == 1);
    CHECK(partial[0].remedies[0].sql[0].find("\"Post_user_id_2\"") != std::string::npos);
  }
}

TEST_CASE("REL001 no-reference", "[rule]") {
  Blog blog([](std::vector<ommi::ModelInfo>& models) {
    models[1].references.clear();
    models[1].relations.clear();
  });
  const auto found = found_by("REL001", blog.evidence);
  REQUIRE(found.size() == 1);
  CHECK(found[0].subject.relationship == "User.posts");
  CHECK(found[0].remedies[0].title == "declare that Post.user_id refers to User.id");

  const Blog healthy;
  CHECK(messages_of("REL001", healthy.evidence).empty());
}

TEST_CASE("REL002 ambiguous-reference", "[rule]") {
  Blog blog([](std::vector<ommi::ModelInfo>& models) {
    ommi::FieldInfo editor = models[1].fields[1];
    editor.name = "editor_id";
    models[1].fields.push_back(editor);
    ommi::Reference reference = models[1].references[0];
    reference.fields = {"editor_id"};
    models[1].references.push_back(reference);
  });
  const auto found = found_by("REL002", blog.evidence);
  REQUIRE(found.size() == 2);
  CHECK(found[0].subject.relationship == "User.posts");
  CHECK(found[1].subject.relationship == "Post.author");
  CHECK(found[0].evidence.notes.size() == 2);

  const Blog healthy;
  CHECK(messages_of("REL002", healthy.evidence).empty());
}

}  // namespace
}  // namespace doctor
