#include <catch2/catch.hpp>

#include "support/blog.hpp"

namespace doctor {
namespace {

using testing::Blog;
using testing::found_by;
using testing::messages_of;

LazyLook look(Gave gave, std::uint64_t rows, std::uint64_t calls) {
  LazyLook seen;
  seen.gave = gave;
  seen.rows = rows;
  seen.calls = calls;
  return seen;
}

LazyObservation& lazy_field(Blog& blog) {
  LazyObservation& seen = blog.evidence.lazy_fields.emplace_back();
  seen.relation = &blog.relation("User", "posts");
  seen.owner = "User[1].posts";
  seen.first = look(Gave::rows, 2, 1);
  return seen;
}

TEST_CASE("LZY001 counts the calls of a second look only where the first gave rows", "[rule]") {
  Blog blog;
  LazyObservation& seen = lazy_field(blog);
  seen.again = look(Gave::rows, 2, 1);
  CHECK(messages_of("LZY001", blog.evidence) ==
        "User.posts was loaded, and looking at it again made 1 driver call\n");
  seen.first.gave = Gave::failure;
  CHECK(messages_of("LZY001", blog.evidence).empty());
}

TEST_CASE("LZY002 is about what is inside a result, after a refresh", "[rule]") {
  Blog blog;
  LazyObservation& seen = lazy_field(blog);
  seen.refreshed = look(Gave::rows, 2, 1);
  seen.after_refresh = look(Gave::wrapped_rows, 2, 0);
  CHECK(messages_of("LZY002", blog.evidence) ==
        "after a refresh User.posts gives a result object around 2 rows\n");
  seen.after_refresh = look(Gave::failure, 0, 0);
  CHECK(messages_of("LZY002", blog.evidence).empty());
}

TEST_CASE("LZY003 takes an error again, or a new load, for sound", "[rule]") {
  Blog blog;
  LazyObservation& seen = lazy_field(blog);
  const auto [gave, calls, found] = GENERATE(table<Gave, std::uint64_t, bool>({
      {Gave::failure, 0, false},
      {Gave::failure, 1, false},
      {Gave::rows, 1, false},
      {Gave::rows, 0, true},  // nothing was asked: what it holds is nobody's answer
      {Gave::wrapped_failure, 0, true},
  }));
  seen.failed = look(Gave::failure, 0, 1);
  seen.after_failure = look(gave, 0, calls);
  CHECK(messages_of("LZY003", blog.evidence).empty() != found);
}

TEST_CASE("LZY004 needs a default that nobody was told of", "[rule]") {
  Blog blog;
  LazyObservation& seen = lazy_field(blog);
  seen.fallback = look(Gave::fallback, 0, 1);
  CHECK(found_by("LZY004", blog.evidence).size() == 1);
  seen.fallback.told = true;
  CHECK(found_by("LZY004", blog.evidence).empty());
}

TEST_CASE("LZY005 shows the keys before and after", "[rule]") {
  Blog blog;
  LazyObservation& seen = lazy_field(blog);
  seen.changed = look(Gave::rows, 2, 0);
  seen.key_before = {1};
  seen.key_after = {2};
  CHECK(found_by("LZY005", blog.evidence).empty());
  seen.changed.same_rows = true;
  const auto found = found_by("LZY005", blog.evidence);
  REQUIRE(found.size() == 1);
  CHECK(found[0].evidence.notes.back() == "loaded for 1, then changed to 2");
}

TEST_CASE("a query for an owner without a key is LZY006's with rows and PRF003's without",
          "[rule]") {
  Blog blog;
  LazyObservation& seen = lazy_field(blog);
  seen.keyless = look(Gave::rows, 3, 1);
  CHECK(messages_of("LZY006", blog.evidence) ==
        "User.posts of an owner whose key is NULL gives 3 rows of others\n");
  CHECK(messages_of("PRF003", blog.evidence).empty());
  seen.keyless = look(Gave::rows, 0, 1);
  CHECK(messages_of("LZY006", blog.evidence).empty());
  CHECK(!messages_of("PRF003", blog.evidence).empty());
  seen.keyless = look(Gave::rows, 0, 0);
  CHECK(messages_of("PRF003", blog.evidence).empty());
}

TEST_CASE("LZY007 wants an error that says what is over", "[rule]") {
  Blog blog;
  LazyObservation& seen = lazy_field(blog);
  CHECK(messages_of("LZY007", blog.evidence).empty());
  seen.closed = look(Gave::failure, 0, 0);
  seen.closed.code = ommi::ErrorCode::detached;
  CHECK(messages_of("LZY007", blog.evidence).empty());
  seen.closed.code = ommi::ErrorCode::foreign;
  CHECK(messages_of("LZY007", blog.evidence) ==
        "User.posts was looked at after the database was closed, and gives an error (foreign)\n");
}

TEST_CASE("PRF003 does not take an empty list for a needless query", "[rule]") {
  Blog blog;
  RelationshipObservation& seen = blog.observation("User", "posts");
  seen.calls = {{.statement = "SELECT * FROM Post WHERE user_id IN (?, ?)", .values = {1, 2}},
                {.statement = "SELECT * FROM Post LIMIT 5 OFFSET 0", .values = {1}},
                {.statement = "SELECT * FROM Post LIMIT 5 OFFSET 5", .values = {1}, .rows = 1}};
  CHECK(messages_of("PRF003", blog.evidence).empty());
  seen.calls.push_back({.statement = "SELECT * FROM Post LIMIT 5 OFFSET 10", .values = {1}});
  CHECK(messages_of("PRF003", blog.evidence) ==
        "loading User.posts, 1 driver call asked for a page behind the last row\n");
}

TEST_CASE("DRV007 takes pages with the key in their order for sound", "[rule]") {
  Blog blog;
  RelationshipObservation& seen = blog.observation("User", "posts");
  const auto [order, found] = GENERATE(table<std::string, bool>({
      {"", true},
      {" ORDER BY \"t\".\"user_id\"", true},
      {" ORDER BY \"t\".\"user_id\", \"t\".\"id\" DESC", false},
      {" ORDER BY id", false},
  }));
  for (const char* offset : {"0", "2"}) {
    seen.calls.push_back(
        {.statement = "SELECT * FROM Post AS t" + order + " LIMIT 2 OFFSET " + offset,
         .values = {1}});
  }
  INFO(order);
  CHECK(messages_of("DRV007", blog.evidence).empty() != found);
}

TEST_CASE("DRV006 needs the key's own text as a word of the statement", "[rule]") {
  Blog blog;
  RelationshipObservation& seen = blog.observation("User", "posts");
  seen.calls = {{.statement = "SELECT * FROM Post WHERE a = NULL", .values = {"DE"}}};
  CHECK(messages_of("DRV006", blog.evidence).empty());
  seen.calls = {
      {.statement = "SELECT * FROM Post WHERE a = ?", .values = {"NULL"}, .keywords = {"NULL"}}};
  CHECK(messages_of("DRV006", blog.evidence).empty());
  seen.calls[0].statement = "SELECT * FROM Post WHERE a = NULL";
  CHECK(messages_of("DRV006", blog.evidence) ==
        "loading User.posts, the key 'NULL' became a part of the statement\n");
}

}  // namespace
}  // namespace doctor
