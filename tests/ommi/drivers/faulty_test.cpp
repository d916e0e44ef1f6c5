#include "ommi/faulty.hpp"

#include <algorithm>

#include <catch2/catch.hpp>

#include "ommi/database.hpp"
#include "ommi/sqlite.hpp"
#include "ommi/tracers.hpp"

namespace ommi::faulty {
namespace {

FieldInfo field(std::string name, Type type, bool key = false) {
  FieldInfo info;
  info.name = std::move(name);
  info.type = type;
  info.key = key;
  return info;
}

/// Users with posts (to-many, to-one) and tags (association), behind a faulty driver.
struct Blog {
  std::shared_ptr<Script> script = std::make_shared<Script>();
  Database database;

  Blog()
      : database(
            wrap(sqlite::open_memory("CREATE TABLE User(id INTEGER PRIMARY KEY, name TEXT);"
                                     "CREATE TABLE Post(id INTEGER PRIMARY KEY, user_id INTEGER);"
                                     "CREATE TABLE Tag(id INTEGER PRIMARY KEY, word TEXT);"
                                     "CREATE TABLE PostTag(post_id INTEGER, tag_id INTEGER);"
                                     "INSERT INTO User VALUES (1,'Ann'),(2,'Bob');"
                                     "INSERT INTO Post VALUES (1,1),(2,1),(3,2);"
                                     "INSERT INTO Tag VALUES (1,'red'),(2,'blue');"
                                     "INSERT INTO PostTag VALUES (1,1),(1,2),(3,2);"),
                 script)) {
    auto catalog = std::make_shared<Catalog>();
    ModelInfo user{.name = "User"};
    user.fields = {field("id", Type::integer, true), field("name", Type::text)};
    user.relations = {{.name = "posts", .cardinality = Cardinality::many, .target = "Post"}};
    ModelInfo post{.name = "Post"};
    post.fields = {field("id", Type::integer, true), field("user_id", Type::integer)};
    post.references = {{{"user_id"}, "User", {"id"}}};
    post.relations = {
        {.name = "author", .target = "User"},
        {.name = "tags", .cardinality = Cardinality::many, .target = "Tag", .via = "PostTag"}};
    ModelInfo tag{.name = "Tag"};
    tag.fields = {field("id", Type::integer, true), field("word", Type::text)};
    ModelInfo link{.name = "PostTag"};
    link.fields = {field("post_id", Type::integer, true), field("tag_id", Type::integer, true)};
    link.references = {{{"post_id"}, "Post", {"id"}}, {{"tag_id"}, "Tag", {"id"}}};
    catalog->add(user).add(post).add(tag).add(link);
    REQUIRE(catalog->seal().empty());
    database.use(catalog);
  }

  void order(std::vector<Order> orders) {
    script->orders = std::move(orders);
    script->calls.clear();
    script->all_calls = 0;
  }
};

TEST_CASE("without orders a faulty driver behaves as the one it wraps") {
  Blog blog;
  const RecordList posts = blog.database.find("Post").order_by("id").all().or_raise();
  REQUIRE(posts.size() == 3);
  CHECK(posts[0].one("author").or_raise().value()["name"].view() == "Ann");
  CHECK(posts[0].many("tags").or_raise().size() == 2);
  CHECK(posts[1].many("tags").or_raise().empty());
  CHECK(blog.database.find("User").count().or_raise() == 2);
}

TEST_CASE("a malformed answer to a lazy load is a failure that names relation and class") {
  for (const char* relation : {"author", "tags"}) {
    for (std::size_t number = 1; number < malformed_count; ++number) {
      const auto what = static_cast<Malformed>(number);
      if (what == Malformed::wrong_count) continue;  // a lazy load asks for no number of rows
      INFO(relation << ": " << to_string(what));
      Blog blog;
      const RecordList posts = blog.database.find("Post").all().or_raise();
      blog.order({{.operation = "fetch", .act = Lie{what}}});
      const auto loaded = posts[0].related(*posts.model().find_relation(relation));
      REQUIRE(loaded.failure() != nullptr);
      const DatabaseError& error = loaded.failure()->error();
      CHECK(error.code() == ErrorCode::malformed_result);
      CHECK(error.place().model == "Post");
      CHECK(error.place().relation == relation);
      CHECK(error.place().driver == "faulty sqlite");
      REQUIRE(error.malformation() != nullptr);
      CHECK(to_string(error.malformation()->what) == to_string(what));
    }
  }
}

TEST_CASE("a malformed answer is told with its evidence, before the call ends as failed") {
  struct Heard final : Tracer {
    void on(const Event& event) override {
      kinds.push_back(event.kind);
      calls.push_back(event.call);
      if (event.kind != EventKind::malformed) return;
      REQUIRE(event.error != nullptr);
      REQUIRE(event.error->malformation() != nullptr);
      evidence = *event.error->malformation();
      place = std::string(event.operation) + " " + std::string(event.model);
    }
    std::vector<EventKind> kinds = {};
    std::vector<std::uint64_t> calls = {};
    Malformation evidence = {};
    std::string place = {};
  };
  for (std::size_t number = 1; number < malformed_count; ++number) {
    const auto what = static_cast<Malformed>(number);
    INFO(to_string(what));
    const bool counts = what == Malformed::wrong_count;
    const bool keyed = what == Malformed::foreign_rows;
    Blog blog;
    const RecordList posts = blog.database.find("Post").all().or_raise();
    Heard heard;
    blog.order({{.operation = counts ? "count" : "fetch", .act = Lie{what}}});
    blog.database.set_tracer(&heard);
    if (counts) {
      CHECK_FALSE(blog.database.find("User").count().ok());
    } else if (keyed) {  // a lie about keys needs rows that were asked for by keys
      CHECK_FALSE(posts[0].one("author").ok());
    } else {
      CHECK_FALSE(blog.database.find("User").all().ok());
    }
    const auto told = std::ranges::find(heard.kinds, EventKind::malformed);
    REQUIRE(told != heard.kinds.end());
    REQUIRE(told + 1 != heard.kinds.end());
    CHECK(*(told + 1) == EventKind::failed);
    CHECK(heard.calls[static_cast<std::size_t>(told - heard.kinds.begin())] ==
          heard.calls[static_cast<std::size_t>(told - heard.kinds.begin()) + 1]);
    CHECK(std::ranges::count(heard.kinds, EventKind::malformed) == 1);
    CHECK(to_string(heard.evidence.what) == to_string(what));
    CHECK_FALSE(heard.evidence.expected.empty());
    CHECK_FALSE(heard.evidence.got.empty());
    CHECK(heard.place == (counts ? "count User" : "fetch User"));
  }
}

TEST_CASE("an error that a driver raises as it should is not told as malformed") {
  Blog blog;
  Counter counter;
  struct Malformations final : Tracer {
    void on(const Event& event) override { found += event.kind == EventKind::malformed ? 1 : 0; }
    int found = 0;
  } malformations;
  Tee both({&counter, &malformations});
  blog.order({{.operation = "fetch", .act = Raise{{ErrorCode::query, "no"}}}});
  blog.database.set_tracer(&both);
  CHECK_FALSE(blog.database.find("User").all().ok());
  CHECK(counter.all().failed == 1);
  CHECK(malformations.found == 0);
}

TEST_CASE("after a malformed answer a refresh of an honest driver loads") {
  Blog blog;
  const RecordList posts = blog.database.find("Post").all().or_raise();
  const Relation& author = *posts.model().find_relation("author");
  blog.order({{.operation = "fetch", .calls = 1, .act = Lie{Malformed::empty_wrapper}}});
  CHECK(posts[0].one(author).failure() != nullptr);
  CHECK(posts[0].state(author) == LazyState::failed);
  CHECK(posts[0].refresh(author).or_raise().size() == 1);
}

TEST_CASE("a count may be negative, and is not believed") {
  Blog blog;
  blog.order({{.operation = "count", .act = Lie{Malformed::wrong_count}}});
  const auto counted = blog.database.find("User").count();
  REQUIRE(counted.failure() != nullptr);
  CHECK(counted.failure()->error().malformation()->what == Malformed::wrong_count);
}

TEST_CASE("more rows than the limit are not believed") {
  Blog blog;
  blog.order({{.operation = "fetch", .act = Lie{Malformed::wrong_count}}});
  const auto found = blog.database.find("User").limit(1).all();
  REQUIRE(found.failure() != nullptr);
  CHECK(found.failure()->error().malformation()->what == Malformed::wrong_count);
}

TEST_CASE("a tolerant script unwraps and reports") {
  Blog blog;
  blog.script->tolerant = true;
  blog.order({{.operation = "fetch", .act = Lie{Malformed::double_wrapped}}});
  CHECK(blog.database.find("User").all().or_raise().size() == 2);
  REQUIRE(blog.script->tolerated.size() == 2);
  CHECK(blog.script->tolerated[0].what == Malformed::double_wrapped);
  CHECK(blog.script->tolerated[1].what == Malformed::wrapped_success);
}

TEST_CASE("an order is for the calls it names, and for no other") {
  Blog blog;
  blog.order({{.operation = "fetch", .first = 2, .calls = 2, .act = Lie{Malformed::unawaited}}});
  const Finder users = blog.database.find("User");
  CHECK(users.all().ok());
  CHECK(blog.database.find("User").count().ok());
  CHECK_FALSE(users.all().ok());
  CHECK_FALSE(users.all().ok());
  CHECK(users.all().ok());
  CHECK(blog.script->calls["fetch"] == 4);
  CHECK(blog.script->all_calls == 5);
}

TEST_CASE("a connection that is lost in an answer stays lost") {
  Blog blog;
  blog.order({{.operation = "fetch", .calls = 1, .act = CutOff{1}}});
  const auto found = blog.database.find("User").all();
  REQUIRE(found.failure() != nullptr);
  CHECK(found.failure()->code() == ErrorCode::connection);
  CHECK(found.failure()->error().retryable());
  CHECK(blog.database.find("User").count().failure()->code() == ErrorCode::connection);
}

TEST_CASE("an answer that comes after the deadline is a time-out") {
  Blog blog;
  blog.order({{.act = Delay{std::chrono::hours(24)}}});
  blog.database.set_deadline(std::chrono::steady_clock::now());
  const auto found = blog.database.find("User").all();
  REQUIRE(found.failure() != nullptr);
  CHECK(found.failure()->code() == ErrorCode::timeout);
}

TEST_CASE("an error is passed on as it was raised, and anything else is foreign") {
  Blog blog;
  blog.order({{.operation = "fetch", .act = Raise{{ErrorCode::corrupt, "page 3"}}},
              {.operation = "count", .act = Stray{"bad index"}}});
  CHECK(blog.database.find("User").all().failure()->code() == ErrorCode::corrupt);
  const auto counted = blog.database.find("User").count();
  REQUIRE(counted.failure() != nullptr);
  CHECK(counted.failure()->code() == ErrorCode::foreign);
  CHECK(counted.failure()->message() == "bad index");
}

TEST_CASE("a stray exception in a lazy load leaves the field failed, not loading") {
  Blog blog;
  const RecordList posts = blog.database.find("Post").all().or_raise();
  const Relation& author = *posts.model().find_relation("author");
  blog.order({{.operation = "fetch", .calls = 1, .act = Stray{"bad index"}}});
  const auto stray = posts[0].one(author);
  CHECK(stray.failure()->code() == ErrorCode::foreign);
  CHECK(stray.failure()->error().place().driver == "faulty sqlite");
  CHECK(stray.failure()->error().place().model == "Post");
  CHECK(posts[0].state(author) == LazyState::failed);
  CHECK(posts[1].one(author).failure()->code() == ErrorCode::foreign);
  CHECK(posts[0].refresh(author).ok());
}

TEST_CASE("a lie that cannot be told is said to be unsupported") {
  Blog blog;
  blog.order({{.operation = "count", .act = Lie{Malformed::wrong_width}},
              {.operation = "describe", .act = Lie{Malformed::empty_wrapper}}});
  CHECK(blog.database.find("User").count().failure()->code() == ErrorCode::unsupported);
  CHECK(blog.database.describe().failure()->code() == ErrorCode::unsupported);
}

}  // namespace
}  // namespace ommi::faulty
