// Conformance, 66 to 80: what is loaded is kept, shared, refreshed and batched.

#include <algorithm>

#include "conformance/people.hpp"

namespace conformance {
namespace {

using Ids = std::vector<std::int64_t>;

Opened filled_blog(const Fixture& fixture) {
  Opened blog = fixture.open(blog_models());
  fill_blog(blog.database);
  return blog;
}

RecordList all(const Database& database, std::string_view model) {
  return database.find(model).order_by("id").all().or_raise();
}

const Relation& relation(const Database& database, std::string_view model, std::string_view name) {
  return *database.catalog().find(model)->find_relation(name);
}

/// `owners` users with one post each, whose authors are the users 1 … `targets` in turn.
Opened crowd(const Fixture& fixture, int owners, int targets) {
  Opened blog = fixture.open(blog_models());
  std::vector<NewRow> users;
  std::vector<NewRow> posts;
  for (int id = 1; id <= targets; ++id) users.push_back({{"id", id}, {"name", "n"}});
  for (int id = 1; id <= owners; ++id) {
    posts.push_back({{"id", id}, {"title", "t"}, {"author_id", id % targets + 1}});
  }
  must(blog.database.add("User", users));
  must(blog.database.add("Post", posts));
  return blog;
}

/// The keys asked for by the statements of lazy loads.
class KeysAsked final : public Tracer {
 public:
  void on(const Event& event) override {
    if (event.kind == EventKind::query && event.load != 0) asked += event.values.size();
  }
  std::size_t asked = 0;
};

TEST_CASE("conformance 66: the second access sends nothing") {
  on_every_driver([](const Fixture& fixture) {
    const Opened blog = filled_blog(fixture);
    const Record user = all(blog.database, "User")[0];
    const RecordList first = user.many("posts").or_raise();
    CHECK(calls_of(blog.database, [&] { CHECK(user.many("posts").or_raise() == first); }) == 0);
  });
}

TEST_CASE("conformance 67: copies share the cache, and sorting breaks nothing") {
  on_every_driver([](const Fixture& fixture) {
    const Opened blog = filled_blog(fixture);
    std::vector<Record> users;
    for (const Record& user : all(blog.database, "User")) users.push_back(user);
    const Record copy = users[0];
    CHECK(copy.many("posts").ok());
    std::reverse(users.begin(), users.end());
    CHECK(calls_of(blog.database, [&] {
            CHECK(numbers(users[2].many("posts").or_raise()) == Ids{1, 2});
            CHECK(numbers(users[1].many("posts").or_raise()) == Ids{3});
          }) == 0);
  });
}

TEST_CASE("conformance 67: objects that are copied, moved and sorted share what is loaded") {
  on_every_driver([](const Fixture& fixture) {
    const Opened opened = fixture.open(people::models());
    const Database& database = opened.database;
    std::vector<people::User> users = {{.name = "Ann"}, {.name = "Bob"}, {.name = "Cyd"}};
    must(database.add(users));
    std::vector<people::Post> posts = {{.title = "of Ann", .user_id = users[0].id},
                                       {.title = "of Cyd", .user_id = users[2].id}};
    must(database.add(posts));
    users = database.find<people::User>().order_by(at<&people::User::id>()).all().or_raise();
    const people::User copy = users[0];
    const people::Post* const loaded = &copy.posts.get()[0];
    CHECK(calls_of(database, [&] {
            CHECK(&users[0].posts.get()[0] == loaded);
            people::User moved = std::move(users[0]);
            CHECK(&moved.posts.get()[0] == loaded);
            users[0] = std::move(moved);
            std::ranges::sort(users, std::greater(), &people::User::name);
            CHECK(users[0].posts.get()[0].title == "of Cyd");
            CHECK(users[1].posts.get().empty());
            CHECK(&users[2].posts.get()[0] == loaded);
            users.erase(users.begin());
            users.shrink_to_fit();
            CHECK(&users[1].posts.get()[0] == loaded);
          }) == 0);
  });
}

TEST_CASE("conformance 68: two owners of one target get the same object") {
  on_every_driver([](const Fixture& fixture) {
    const Opened blog = filled_blog(fixture);
    const RecordList posts = all(blog.database, "Post");
    CHECK(posts[0].one("author").or_raise() == posts[1].one("author").or_raise());
    CHECK_FALSE(posts[0].one("author").or_raise() == posts[2].one("author").or_raise());
  });
}

TEST_CASE("conformance 69: refresh sees a change, refresh_if_needed does not, expire forgets") {
  on_every_driver([](const Fixture& fixture) {
    const Opened blog = filled_blog(fixture);
    const Record user = all(blog.database, "User")[0];
    const Relation& posts = relation(blog.database, "User", "posts");
    CHECK(user.many(posts).or_raise().size() == 2);
    must(blog.database.add("Post", NewRow{{"id", 9}, {"title", "new"}, {"author_id", 1}}));
    CHECK(user.refresh_if_needed(posts).or_raise().size() == 2);
    CHECK(user.refresh(posts).or_raise().size() == 3);
    must(blog.database.add("Post", NewRow{{"id", 10}, {"title", "newer"}, {"author_id", 1}}));
    user.expire(posts);
    CHECK(user.state(posts) == LazyState::not_loaded);
    CHECK(user.many(posts).or_raise().size() == 4);
  });
}

TEST_CASE("conformance 70: a failed load is cached; refresh tries again") {
  on_every_driver([](const Fixture& fixture) {
    ModelInfo target;
    target.name = "Target";
    target.fields = {key("id")};
    ModelInfo owner;
    owner.name = "Owner";
    owner.fields = {key("id"), field("target_id", Type::integer)};
    owner.relations = {to_one("target", "Target", {{"target_id", "id"}})};
    const Opened opened = fixture.open(sealed({target, owner}));
    must(opened.database.add("Owner", NewRow{{"id", 1}, {"target_id", 5}}));
    const Record row = all(opened.database, "Owner")[0];
    CHECK(error_of(row.one("target")).code() == ErrorCode::dangling_reference);
    must(opened.database.add("Target", NewRow{{"id", 5}}));
    CHECK(calls_of(opened.database, [&] { CHECK_FALSE(row.one("target").ok()); }) == 0);
    const Relation& to_target = relation(opened.database, "Owner", "target");
    CHECK(row.state(to_target) == LazyState::failed);
    CHECK(row.refresh(to_target).or_raise().size() == 1);
    CHECK(row.one("target").or_raise().value()["id"].integer == 5);
  });
}

TEST_CASE("conformance 71: what refresh gives is rows, never a result in a result") {
  on_every_driver([](const Fixture& fixture) {
    const Opened blog = filled_blog(fixture);
    const Record user = all(blog.database, "User")[0];
    const auto refreshed = user.refresh(relation(blog.database, "User", "posts"));
    STATIC_REQUIRE(std::is_same_v<decltype(refreshed), const DBResult<RecordList>>);
    CHECK(numbers(refreshed.or_raise()) == Ids{1, 2});
  });
}

TEST_CASE("conformance 72: 1,200 owners are loaded by peers in few statements, by one in 1 + n") {
  on_every_driver([](const Fixture& fixture) {
    Opened blog = crowd(fixture, 1200, 3);
    const auto touch_all = [&] {
      for (const Record& post : all(blog.database, "Post")) CHECK(post.one("author").ok());
    };
    CHECK(calls_of(blog.database, touch_all) == 2);
    blog.database.set_fetch(Fetch::one);
    CHECK(calls_of(blog.database, touch_all) == 1201);
  });
}

TEST_CASE("conformance 73: Raise blocks before any statement") {
  on_every_driver([](const Fixture& fixture) {
    Opened blog = filled_blog(fixture);
    blog.database.set_fetch(Fetch::raise);
    const RecordList users = all(blog.database, "User");
    CHECK(calls_of(blog.database, [&] {
            for (const char* name : {"posts", "boss", "reports"}) {
              const DatabaseError blocked =
                  error_of(users[1].related(relation(blog.database, "User", name)));
              CHECK(blocked.code() == ErrorCode::lazy_load_blocked);
              CHECK(blocked.place().relation == name);
            }
          }) == 0);
  });
}

TEST_CASE("conformance 73: what was loaded from a row that raises raises, too") {
  on_every_driver([](const Fixture& fixture) {
    Opened blog = filled_blog(fixture);
    blog.database.set_fetch(Fetch::raise);
    const RecordList users =
        blog.database.find("User").order_by("id").with({"posts"}).all().or_raise();
    const RecordList posts = users[0].many("posts").or_raise();
    must(posts.load(relation(blog.database, "Post", "tags")));
    const RecordList tags = posts[0].many("tags").or_raise();
    REQUIRE_FALSE(tags.empty());
    // What is allowed later is so for rows that are read later.
    blog.database.set_fetch(Fetch::peers);
    CHECK(calls_of(blog.database, [&] {
            CHECK(error_of(posts[0].one("author")).code() == ErrorCode::lazy_load_blocked);
            const DatabaseError blocked = error_of(tags[0].many("posts"));
            CHECK(blocked.code() == ErrorCode::lazy_load_blocked);
            CHECK(blocked.place().model == "Tag");
            CHECK(blocked.place().relation == "posts");
          }) == 0);
    CHECK(all(blog.database, "Post")[0].one("author").ok());
  });
}

TEST_CASE("conformance 74: with two relationships three statements are sent, and none later") {
  on_every_driver([](const Fixture& fixture) {
    const Opened blog = filled_blog(fixture);
    std::optional<RecordList> posts;
    CHECK(calls_of(blog.database, [&] {
            posts =
                blog.database.find("Post").order_by("id").with({"author", "tags"}).all().or_raise();
          }) == 3);
    CHECK(calls_of(blog.database, [&] {
            for (const Record& post : *posts) CHECK(post.many("tags").ok());
            CHECK((*posts)[2].one("author").or_raise().value()["name"].view() == "Bob");
            CHECK((*posts)[1].many("tags").or_raise().empty());
          }) == 0);
  });
}

TEST_CASE("conformance 75: with an unknown relationship fails before any statement") {
  on_every_driver([](const Fixture& fixture) {
    const Opened blog = filled_blog(fixture);
    CHECK(calls_of(blog.database, [&] {
            const DatabaseError error =
                error_of(blog.database.find("Post").with({"author", "tag"}).all());
            CHECK(error.code() == ErrorCode::model);
            CHECK(error.place().model == "Post");
            CHECK(error.message().find("'tag'; did you mean 'tags'?") != std::string::npos);
          }) == 0);
  });
}

TEST_CASE("conformance 76: a thousand owners of three targets ask for three") {
  on_every_driver([](const Fixture& fixture) {
    const Opened blog = crowd(fixture, 1000, 3);
    const RecordList posts = all(blog.database, "Post");
    KeysAsked tracer;
    blog.database.set_tracer(&tracer);
    CHECK(posts[0].one("author").ok());
    blog.database.set_tracer(nullptr);
    CHECK(tracer.asked == 3);
  });
}

TEST_CASE("conformance 77: no key is lost at the border of a chunk") {
  on_every_driver([](const Fixture& fixture) {
    for (const int count : {1, 2, 8, 9, 64, 65, 499, 500, 501, 1000, 1001}) {
      INFO(count);
      const Opened blog = crowd(fixture, count, count);
      int right = 0;
      for (const Record& post : all(blog.database, "Post")) {
        if (post.one("author").or_raise().value()["id"] == post["author_id"]) ++right;
      }
      CHECK(right == count);
    }
  });
}

TEST_CASE("conformance 78: a row of a set outlives the set and its database handle") {
  on_every_driver([](const Fixture& fixture) {
    const Opened blog = filled_blog(fixture);
    std::optional<Record> kept;
    {
      const RecordList users = all(blog.database, "User");
      kept = users[0];
      CHECK(kept->many("posts").ok());
    }
    CHECK(numbers(kept->many("posts").or_raise()) == Ids{1, 2});
    CHECK((*kept)["name"].view() == "Ann");
  });
}

TEST_CASE("conformance 79: of a closed database the loaded is readable, the rest is detached") {
  on_every_driver([](const Fixture& fixture) {
    Opened blog = filled_blog(fixture);
    const Record user = all(blog.database, "User")[0];
    CHECK(user.many("posts").ok());
    const Relation& reports = relation(blog.database, "User", "reports");
    blog.database.close();
    CHECK(numbers(user.many("posts").or_raise()) == Ids{1, 2});
    CHECK(user.state(reports) == LazyState::not_loaded);
    const DatabaseError error = error_of(user.many("reports"));
    CHECK(error.code() == ErrorCode::detached);
    CHECK(error.place().relation == "reports");
    CHECK(error_of(blog.database.find("User").all()).code() == ErrorCode::detached);
  });
}

}  // namespace
}  // namespace conformance
