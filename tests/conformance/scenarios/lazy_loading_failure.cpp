// The failure that all this is about, as tests: a relationship that is asked for is loaded, and a
// driver that returns an empty result is found out.

#include "conformance/fixture.hpp"
#include "ommi/evolution.hpp"
#include "ommi/faulty.hpp"
#include "ommi/sqlite.hpp"

namespace conformance {
namespace {

/// User with posts, a profile and permissions through UserPermission; Post with its author.
std::shared_ptr<const Catalog> models() {
  ModelInfo user;
  user.name = "User";
  user.fields = {automatic_key(), required("name", Type::text)};
  user.relations = {to_many("posts", "Post"), to_one("profile", "Profile"),
                    through("permissions", "Permission", "UserPermission")};
  ModelInfo post;
  post.name = "Post";
  post.fields = {automatic_key(), required("title", Type::text),
                 required("user_id", Type::integer)};
  post.references = {reference({"user_id"}, "User", {"id"})};
  post.relations = {to_one("author", "User")};
  ModelInfo profile;
  profile.name = "Profile";
  profile.fields = {automatic_key(), required("user_id", Type::integer)};
  profile.references = {reference({"user_id"}, "User", {"id"})};
  profile.unique_sets = {{"user_id"}};
  ModelInfo permission;
  permission.name = "Permission";
  permission.fields = {automatic_key(), required("name", Type::text)};
  ModelInfo link;
  link.name = "UserPermission";
  link.fields = {key("user_id"), key("permission_id")};
  link.references = {reference({"user_id"}, "User", {"id"}),
                     reference({"permission_id"}, "Permission", {"id"})};
  return sealed({user, post, profile, permission, link});
}

void fill(const Database& database) {
  must(database.add("User", NewRow{{"id", 1}, {"name", "Alice"}}));
  must(database.add("Post", NewRow{{"id", 1}, {"title", "Hello"}, {"user_id", 1}}));
  must(database.add("Profile", NewRow{{"id", 1}, {"user_id", 1}}));
  must(database.add("Permission", NewRow{{"id", 1}, {"name", "read"}}));
  must(database.add("UserPermission", NewRow{{"user_id", 1}, {"permission_id", 1}}));
}

Record alice(const Database& database) {
  return database.find("User").where(term(database, "User", "id") == 1).one().or_raise();
}

TEST_CASE("scenario 1: basic one-to-many relationship") {
  on_every_driver([](const Fixture& fixture) {
    const Opened opened = fixture.open(models());
    fill(opened.database);
    CHECK(texts(alice(opened.database).many("posts").or_raise(), "title") ==
          std::vector<std::string>{"Hello"});
  });
}

TEST_CASE("scenario 2: one-to-one relationship") {
  on_every_driver([](const Fixture& fixture) {
    const Opened opened = fixture.open(models());
    fill(opened.database);
    const Record post = opened.database.find("Post").one().or_raise();
    CHECK(post.one("author").or_raise().value()["name"].view() == "Alice");
  });
}

TEST_CASE("scenario 3: association table relationships") {
  on_every_driver([](const Fixture& fixture) {
    const Opened opened = fixture.open(models());
    fill(opened.database);
    CHECK(texts(alice(opened.database).many("permissions").or_raise(), "name") ==
          std::vector<std::string>{"read"});
  });
}

TEST_CASE("success criteria: all relationship types work, and caching works") {
  on_every_driver([](const Fixture& fixture) {
    const Opened opened = fixture.open(models());
    fill(opened.database);
    const Record user = alice(opened.database);
    const RecordList posts = user.many("posts").or_raise();
    CHECK(posts.size() == 1);
    CHECK(user.one("profile").or_raise().value().model().name() == "Profile");
    CHECK(user.many("permissions").or_raise().size() == 1);
    CHECK(calls_of(opened.database, [&] { CHECK(user.many("posts").or_raise() == posts); }) == 0);
  });
}

TEST_CASE("success criteria: what is added with the key that was made is loaded") {
  on_every_driver([](const Fixture& fixture) {
    const Opened opened = fixture.open(models());
    const Record user = opened.database.add("User", NewRow{{"name", "Alice"}}).or_raise();
    const Record post =
        opened.database.add("Post", NewRow{{"title", "Hello"}, {"user_id", Value(user["id"])}})
            .or_raise();
    const Record loaded = opened.database.find("Post")
                              .where(term(opened.database, "Post", "id") == Value(post["id"]))
                              .one()
                              .or_raise();
    CHECK(loaded.one("author").or_raise().value()["name"].view() == "Alice");
  });
}

TEST_CASE("root cause: a result that wraps nothing is named at every kind of relationship") {
  const auto script = std::make_shared<faulty::Script>();
  Database database(faulty::wrap(sqlite::open_memory(""), script));
  database.use(models());
  must(apply_schema(database));
  fill(database);
  for (const Malformed lie : {Malformed::empty_wrapper, Malformed::uninitialised_wrapper}) {
    for (const char* name : {"posts", "profile", "permissions"}) {
      INFO(name);
      script->orders.clear();
      const Record user = alice(database);
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
}

}  // namespace
}  // namespace conformance
