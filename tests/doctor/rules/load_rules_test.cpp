#include <catch2/catch.hpp>

#include "support/blog.hpp"

namespace doctor {
namespace {

using testing::Blog;
using testing::found_by;
using testing::messages_of;
using testing::row;

TEST_CASE("LZY009 traversal-oracle-failed", "[rule]") {
  Blog blog;
  CHECK(messages_of("LZY009", blog.evidence).empty());

  SECTION("rows that two rules resolve differently are one finding of the reference") {
    blog.reference("Post", "user_id").join_differs = 3;
    blog.reference("Post", "user_id").join_samples = {row(1, "user_id", "01")};
    blog.observation("Post", "author").oracle.differing = 2;
    const auto found = found_by("LZY009", blog.evidence);
    REQUIRE(found.size() == 1);
    CHECK(found[0].message ==
          "3 rows of Post lead to different rows of User by look-up and by JOIN");
  }
  SECTION("so are owners whose load disagrees with the JOIN") {
    blog.observation("User", "tags").oracle.differing = 1;
    CHECK(messages_of("LZY009", blog.evidence) ==
          "the lazy load of User.tags and the JOIN give different rows for 1 owner\n");
  }
}

TEST_CASE("PRF001 n-plus-one", "[rule]") {
  Blog blog;
  const auto [loads, reported] =
      GENERATE(table<std::uint64_t, bool>({{0, false}, {1, false}, {2, false}, {3, true}}));
  blog.observation("User", "posts").single_owner_loads = loads;
  CHECK(messages_of("PRF001", blog.evidence).empty() != reported);
}

TEST_CASE("a symptom is attached to its cause") {
  Blog blog;
  blog.reference("Post", "user_id").dangling = 8;
  RelationshipObservation& author = blog.observation("Post", "author");
  author.outcomes[static_cast<std::size_t>(Outcome::dangling)] = 4;

  SECTION("once, whether it is told as an outcome or as an error too") {
    author.errors["dangling_reference"] = 4;
  }
  SECTION("or as an outcome alone") {}
  const auto found = diagnose(blog.evidence, "blog.db");
  REQUIRE(found.size() == 2);
  CHECK(found[1].code == "SCH010");
  CHECK_FALSE(found[1].root_cause);
  REQUIRE(found[0].explains.size() == 2);
  CHECK(found[0].explains[0].rfind("SCH010 Post.author: ", 0) == 0);
  CHECK(found[0].explains[1].rfind("Post.author: 4 of 20 loads", 0) == 0);
}

TEST_CASE("what a missing table explains is no root cause, and comes last") {
  Blog blog;
  std::erase_if(blog.schema.tables, [](const ommi::Table& table) { return table.name == "Tag"; });
  blog.observation("User", "tags").oracle.differing = 1;
  blog.evidence.one_to_ones[0].repeated = 1;
  const auto found = diagnose(blog.evidence, "blog.db");
  REQUIRE(found.size() == 3);
  CHECK(found[0].code == "DAT004");
  CHECK(found[1].code == "SCH001");
  CHECK(found[1].root_cause);
  CHECK(found[2].code == "LZY009");
  CHECK_FALSE(found[2].root_cause);
  REQUIRE(!found[1].explains.empty());
  CHECK(found[1].explains[0].rfind("LZY009 User.tags: ", 0) == 0);
}

TEST_CASE("a fingerprint stays when counts and keys change, and differs between databases") {
  Blog blog;
  ReferenceSweep& posts = blog.reference("Post", "user_id");
  posts.dangling = 8;
  posts.dangling_samples = {row(10, "user_id", 9999)};
  const std::string first = diagnose(blog.evidence, "blog.db").at(0).fingerprint;
  posts.dangling = 3;
  posts.dangling_samples = {row(11, "user_id", 7)};
  CHECK(diagnose(blog.evidence, "blog.db").at(0).fingerprint == first);
  CHECK(diagnose(blog.evidence, "shop.db").at(0).fingerprint != first);
  CHECK(first.size() == 64);
}

}  // namespace
}  // namespace doctor
