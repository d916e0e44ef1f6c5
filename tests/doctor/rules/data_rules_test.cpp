#include <catch2/catch.hpp>

#include "support/blog.hpp"

namespace doctor {
namespace {

using testing::Blog;
using testing::found_by;
using testing::messages_of;
using testing::row;

TEST_CASE("DAT001 dangling-reference", "[rule]") {
  Blog blog;
  ReferenceSweep& posts = blog.reference("Post", "user_id");

  SECTION("references that resolve, or are NULL, are fine") {
    posts.nulls = 30;
    posts.null_samples = {row(1, "user_id", nullptr)};
    CHECK(messages_of("DAT001", blog.evidence).empty());
  }
  SECTION("rows without their target are one finding for both directions") {
    posts.dangling = 8;
    posts.distinct_dangling = 2;
    posts.dangling_samples = {row(10, "user_id", 9999), row(185, "user_id", 18)};
    const auto found = found_by("DAT001", blog.evidence);
    REQUIRE(found.size() == 1);
    CHECK(found[0].message == "8 rows of Post refer to rows of User that do not exist");
    CHECK(found[0].subject.relationship == "Post.author");
    CHECK(found[0].count == 8);
    CHECK(found[0].scope == "400 of 400 rows");
    CHECK(found[0].samples.size() == 2);
    CHECK(found[0].relations.size() == 2);
    CHECK(found[0].evidence.sql ==
          "SELECT \"id\", \"user_id\" FROM \"Post\" WHERE \"Post\".\"user_id\" IS NOT NULL AND NOT "
          "EXISTS (SELECT 1 FROM \"User\" AS target WHERE target.\"id\" = \"Post\".\"user_id\");");
    REQUIRE(found[0].remedies.size() == 3);
    CHECK(found[0].remedies[0].safety == Safety::safe);
    CHECK(found[0].remedies[1].safety == Safety::unsafe);
  }
  SECTION("what is told apart is not counted again") {
    posts.dangling = 8;
    posts.distinct_dangling = 4;
    posts.kinds.sentinel = 3;
    posts.kinds.sentinels = {0};
    posts.kinds.near_miss = 1;
    posts.kinds.distinct_near_miss = 1;
    posts.kinds.distinct_missing = 2;
    posts.kinds.pairs = {{{"01"}, {1}, "leading zeros", 1, false}};
    posts.kinds.missing_samples = {row(10, "user_id", 9999)};
    const auto found = found_by("DAT001", blog.evidence);
    REQUIRE(found.size() == 1);
    CHECK(found[0].count == 4);
    CHECK(found[0].evidence.notes[0] == "2 distinct missing keys in all");
    CHECK(found[0].samples.size() == 1);
    CHECK(found[0].evidence.sql.find("AND NOT (+\"Post\".\"user_id\" IN (0)") != std::string::npos);
    CHECK(found_by("DAT008", blog.evidence).at(0).count == 3);
    CHECK(found_by("DAT007", blog.evidence).at(0).count == 1);
    posts.dangling = 4;
    CHECK(messages_of("DAT001", blog.evidence).empty());
  }
  SECTION("a column that may not be NULL is not set to NULL") {
    posts.dangling = 1;
    for (ommi::Table& table : blog.schema.tables) {
      for (ommi::Column& column : table.columns) column.not_null = true;
    }
    const auto found = found_by("DAT001", blog.evidence);
    for (const Remedy& remedy : found[0].remedies) {
      CHECK(remedy.safety != Safety::safe);
    }
  }
  SECTION("the links of an association are DAT002's") {
    blog.reference("UserTag", "tag_id").dangling = 3;
    CHECK(messages_of("DAT001", blog.evidence).empty());
  }
}

TEST_CASE("DAT002 dangling-association-row", "[rule]") {
  Blog blog;
  REQUIRE(blog.evidence.associations.size() == 1);
  AssociationSweep& links = blog.evidence.associations[0];

  SECTION("links with both rows are fine") { CHECK(messages_of("DAT002", blog.evidence).empty()); }
  SECTION("each side is a finding of its own, and so is NULL") {
    links.missing_owner = 1;
    links.missing_target = 2;
    links.null_part = 1;
    CHECK(messages_of("DAT002", blog.evidence) ==
          "1 row of UserTag links to a row of User that does not exist\n"
          "2 rows of UserTag link to rows of Tag that do not exist\n"
          "1 row of UserTag leaves one side empty (NULL)\n");
    const auto found = diagnose(blog.evidence, "blog.db");
    REQUIRE(found.size() == 3);
    CHECK(found[0].fingerprint != found[1].fingerprint);
    CHECK(found[2].level == Level::warning);
    CHECK(found[1].subject.relationship == "User.tags");
    CHECK(found[1].relations == std::vector{&blog.relation("User", "tags")});
  }
}

TEST_CASE("DAT003 null-in-required-reference", "[rule]") {
  SECTION("a reference that may be NULL is fine when it is") {
    Blog blog;
    blog.reference("Post", "user_id").nulls = 2;
    CHECK(messages_of("DAT003", blog.evidence).empty());
  }
  SECTION("a required relationship promises a row") {
    Blog blog([](std::vector<ommi::ModelInfo>& models) { models[1].relations[0].required = true; });
    CHECK(messages_of("DAT003", blog.evidence).empty());
    blog.reference("Post", "user_id").nulls = 2;
    CHECK(messages_of("DAT003", blog.evidence) ==
          "2 rows of Post name no User although the models promise one\n");
  }
  SECTION("so does a field that is never NULL") {
    Blog blog([](std::vector<ommi::ModelInfo>& models) { models[1].fields[1].nullable = false; });
    blog.reference("Post", "user_id").nulls = 1;
    CHECK(messages_of("DAT003", blog.evidence) ==
          "1 row of Post names no User although the models promise one\n");
  }
}

TEST_CASE("DAT004 duplicate-one-to-one", "[rule]") {
  Blog blog;
  REQUIRE(blog.evidence.one_to_ones.size() == 1);
  CHECK(messages_of("DAT004", blog.evidence).empty());

  blog.evidence.one_to_ones[0].repeated = 2;
  blog.evidence.one_to_ones[0].surplus = 3;
  const auto found = found_by("DAT004", blog.evidence);
  REQUIRE(found.size() == 1);
  CHECK(found[0].message == "2 keys of User are named by more than one Profile");
  CHECK(found[0].subject.relationship == "User.profile");
  CHECK(found[0].subject.table == "Profile");
}

TEST_CASE("DAT005 duplicate-association-row", "[rule]") {
  Blog blog;
  AssociationSweep& links = blog.evidence.associations[0];
  CHECK(messages_of("DAT005", blog.evidence).empty());

  links.repeated_pairs = 1;
  links.surplus = 2;
  const auto found = found_by("DAT005", blog.evidence);
  REQUIRE(found.size() == 1);
  CHECK(found[0].message == "1 pair of User and Tag is linked more than once in UserTag");
  CHECK(found[0].count == 2);
  REQUIRE(found[0].remedies.size() == 1);
  CHECK(found[0].remedies[0].safety == Safety::safe);

  blog.schema.tables[4].columns.push_back({"since", "TEXT"});
  CHECK(found_by("DAT005", blog.evidence)[0].remedies[0].safety == Safety::unsafe);
}

TEST_CASE("DRV004 value-conversion-failed", "[rule]") {
  Blog blog;
  CHECK(messages_of("DRV004", blog.evidence).empty());

  FieldSweep& user_id = blog.field("Post", "user_id");
  user_id.by_kind[static_cast<std::size_t>(ommi::Kind::integer)] = 398;
  user_id.by_kind[static_cast<std::size_t>(ommi::Kind::text)] = 2;
  user_id.unacceptable = 2;
  user_id.samples = {row(17, "user_id", "bob")};
  const auto found = found_by("DRV004", blog.evidence);
  REQUIRE(found.size() == 1);
  CHECK(found[0].message == "2 values of Post.user_id are not of type integer");
  CHECK(found[0].evidence.notes[0] == "stored as: 398 integer, 2 text");
  CHECK(found[0].evidence.notes[1] == "read by User.posts, Post.author");

  SECTION("what no relationship reads breaks no load") {
    Blog unrelated([](std::vector<ommi::ModelInfo>& models) {
      models[0].relations.erase(models[0].relations.begin());
      models[1].relations.clear();
    });
    unrelated.field("Post", "id").unacceptable = 2;
    CHECK(messages_of("DRV004", unrelated.evidence).empty());
  }
}

}  // namespace
}  // namespace doctor
