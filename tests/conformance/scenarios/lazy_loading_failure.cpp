// The failure that all this is about, as tests: a relationship that is asked for is loaded, and a
// driver that returns an empty result is found out.

#include <map>

#include "conformance/people.hpp"

namespace conformance {
namespace {

Opened open_filled(const Fixture& fixture) {
  Opened opened = fixture.open(people::models());
  people::fill(opened.database);
  return opened;
}

Record alice(const Database& database) {
  return database.find("User").where(term(database, "User", "name") == "Alice").one().or_raise();
}

/// What every relationship of every row gives, as text.
std::string everything(const Database& database) {
  std::string text;
  for (const Model& model : database.catalog().models()) {
    for (const Record& row : database.find(model.name()).all().or_raise()) {
      for (const Relation& relation : model.relations) {
        text += model.name() + "." + relation.name() + ":";
        const auto found = row.related(relation);
        if (const Failure* failed = found.failure()) {
          text += " " + std::string(to_string(failed->code()));
          continue;
        }
        for (const Record& target : found.value()) {
          for (std::size_t field = 0; field < target.model().fields().size(); ++field) {
            text += " " + to_display(target.cell(field));
          }
        }
        text += "\n";
      }
    }
  }
  return text;
}

TEST_CASE("scenario 1: basic one-to-many relationship") {
  on_every_driver([](const Fixture& fixture) {
    const Opened opened = open_filled(fixture);
    CHECK(texts(alice(opened.database).many("posts").or_raise(), "title") ==
          std::vector<std::string>{"Hello"});
    const people::User user = people::alice(opened.database);
    const RelatedList<people::Post> posts = user.posts.get();
    REQUIRE(posts.size() == 1);
    CHECK(posts[0].title == "Hello");
  });
}

TEST_CASE("scenario 2: one-to-one relationship") {
  on_every_driver([](const Fixture& fixture) {
    const Opened opened = open_filled(fixture);
    const Record post = opened.database.find("Post").one().or_raise();
    CHECK(post.one("author").or_raise().value()["name"].view() == "Alice");
    const people::Post typed = opened.database.find<people::Post>().one().or_raise();
    CHECK(typed.author.get().name == "Alice");
    const people::User user = people::alice(opened.database);
    CHECK(user.profile.get().user_id == user.id);
  });
}

TEST_CASE("scenario 3: association table relationships") {
  on_every_driver([](const Fixture& fixture) {
    const Opened opened = open_filled(fixture);
    CHECK(texts(alice(opened.database).many("permissions").or_raise(), "name") ==
          std::vector<std::string>{"read"});
    const people::User user = people::alice(opened.database);
    REQUIRE(user.permissions.get().size() == 1);
    CHECK(user.permissions.get()[0].name == "read");
  });
}

TEST_CASE("success criteria: no lazy load gives a result that wraps nothing") {
  on_every_driver([](const Fixture& fixture) {
    const Opened opened = open_filled(fixture);
    people::User empty_handed{.name = "Bob"};
    must(opened.database.add(empty_handed));
    std::size_t loaded = 0;
    for (const char* name : {"User", "Post"}) {
      for (const Record& row : opened.database.find(name).all().or_raise()) {
        for (const Relation& relation : row.model().relations) {
          INFO(name << "." << relation.name());
          CHECK(row.related(relation).ok());
          CHECK(row.state(relation) == LazyState::loaded);
          ++loaded;
        }
      }
    }
    CHECK(loaded == 2 * 3 + 1);
  });
}

TEST_CASE("success criteria: all relationship types work, and caching works") {
  on_every_driver([](const Fixture& fixture) {
    const Opened opened = open_filled(fixture);
    const Record user = alice(opened.database);
    const RecordList posts = user.many("posts").or_raise();
    CHECK(posts.size() == 1);
    CHECK(user.one("profile").or_raise().value().model().name() == "Profile");
    CHECK(user.many("permissions").or_raise().size() == 1);
    CHECK(calls_of(opened.database, [&] { CHECK(user.many("posts").or_raise() == posts); }) == 0);
    const people::User typed = people::alice(opened.database);
    const people::Post* const post = &typed.posts.get()[0];
    CHECK(calls_of(opened.database, [&] { CHECK(&typed.posts.get()[0] == post); }) == 0);
  });
}

TEST_CASE("success criteria: behaviour is the same across drivers") {
  std::map<std::string, std::string> seen;
  for (const Fixture& fixture : fixtures()) {
    Opened opened = open_filled(fixture);
    std::string text = everything(opened.database);
    opened = fixture.open(blog_models());
    fill_blog(opened.database);
    seen[text + everything(opened.database)] = fixture.name;
  }
  INFO(seen.begin()->first);
  CHECK(seen.size() == 1);
  CHECK_THAT(seen.begin()->first, Catch::Contains("User.posts: 1 'Hello' 1\n"));
}

TEST_CASE("success criteria: what is added with the key that was made is loaded") {
  on_every_driver([](const Fixture& fixture) {
    const Opened opened = fixture.open(people::models());
    people::User user{.name = "Alice"};
    must(opened.database.add(user));
    people::Post post{.title = "Hello", .user_id = user.id};
    must(opened.database.add(post));
    CHECK(post.author.get().name == "Alice");
    const people::Post loaded = opened.database.find<people::Post>()
                                    .where(at<&people::Post::id>() == post.id)
                                    .one()
                                    .or_raise();
    CHECK(loaded.author.get().name == "Alice");
  });
}

TEST_CASE("correct pattern: a driver gives rows or throws, and the interface wraps") {
  on_every_driver([](const Fixture& fixture) {
    Driver* driver = nullptr;
    const auto catalog = people::models();
    const Opened opened = fixture.opened(catalog,
                                         [&](std::unique_ptr<Driver> made) {
                                           driver = made.get();
                                           return made;
                                         },
                                         {});
    people::fill(opened.database);
    Query query;
    query.model = catalog->find("User");
    STATIC_REQUIRE(std::is_same_v<decltype(driver->fetch(query)), std::unique_ptr<Cursor>>);
    std::vector<Cell> row(query.width());
    const auto cursor = driver->fetch(query);
    CHECK(cursor->next(row));
    CHECK(row[1].view() == "Alice");
    STATIC_REQUIRE(std::is_same_v<decltype(opened.database.fetch(query)), DBResult<RecordList>>);
    CHECK(opened.database.fetch(query).or_raise().size() == 1);

    ModelInfo missing;
    missing.name = "Missing";
    missing.fields = {key("id")};
    const auto unknown = sealed({missing});
    query.model = unknown->find("Missing");
    CHECK_THROWS_AS(driver->fetch(query), DatabaseError);
    CHECK(error_of(opened.database.fetch(query)).code() == ErrorCode::missing_table);
  });
}

TEST_CASE("root cause: a result that wraps nothing is named at every kind of relationship") {
  on_every_driver([](const Fixture& fixture) {
    const auto script = std::make_shared<faulty::Script>();
    const Opened opened = fixture.open_faulty(people::models(), script);
    people::fill(opened.database);
    for (const Malformed lie : {Malformed::empty_wrapper, Malformed::uninitialised_wrapper}) {
      for (const char* name : {"posts", "profile", "permissions"}) {
        INFO(name);
        const Record user = alice(opened.database);
        const Relation& relation = *user.model().find_relation(name);
        script->orders = {{.operation = "fetch", .act = faulty::Lie{lie}}};
        const DatabaseError error = error_of(user.related(relation));
        CHECK(error.code() == ErrorCode::malformed_result);
        REQUIRE(error.malformation() != nullptr);
        CHECK(error.malformation()->what == lie);
        CHECK(error.place().relation == name);
        script->orders.clear();
        CHECK(user.refresh(relation).or_raise().size() == 1);
      }
    }
  });
}

}  // namespace
}  // namespace conformance
