// Conformance, 31 to 46 and 62 to 65: relationships to one and to many, and of a table to itself.

#include "conformance/fixture.hpp"

namespace conformance {
namespace {

using Ids = std::vector<std::int64_t>;

/// Blog(id), its models added in the order given, and what User and Post hold.
Opened filled_blog(const Fixture& fixture) {
  Opened blog = fixture.open(blog_models());
  fill_blog(blog.database);
  return blog;
}

RecordList all(const Database& database, std::string_view model) {
  return database.find(model).order_by("id").all().or_raise();
}

/// Owner(id, code, target_id) to Target(id, code): to one, by key and by a unique text, without
/// foreign keys in the database.
std::shared_ptr<const Catalog> loose_models(bool promised = false) {
  ModelInfo target;
  target.name = "Target";
  target.fields = {key("id"), field("code", Type::text)};
  target.unique_sets = {{"code"}};
  ModelInfo owner;
  owner.name = "Owner";
  owner.fields = {key("id"), field("code", Type::text), field("target_id", Type::integer)};
  owner.relations = {to_one("target", "Target", {{"target_id", "id"}}),
                     to_one("coded", "Target", {{"code", "code"}})};
  owner.relations[0].required = promised;
  return sealed({owner, target});
}

TEST_CASE("conformance 31: to-one loads the row the key names") {
  on_every_driver([](const Fixture& fixture) {
    const Opened blog = filled_blog(fixture);
    for (const Record& post : all(blog.database, "Post")) {
      CHECK(post.one("author").or_raise().value()["id"] == post["author_id"]);
    }
  });
}

TEST_CASE("conformance 32: to-many loads exactly its rows, none is an empty success") {
  on_every_driver([](const Fixture& fixture) {
    const Opened blog = filled_blog(fixture);
    const RecordList users = all(blog.database, "User");
    CHECK(numbers(users[0].many("posts").or_raise()) == Ids{1, 2});
    CHECK(numbers(users[1].many("posts").or_raise()) == Ids{3});
    CHECK(users[2].many("posts").or_raise().empty());
  });
}

TEST_CASE("conformance 33: to-one by a key that is unique and not primary") {
  on_every_driver([](const Fixture& fixture) {
    const Opened opened = fixture.open(loose_models());
    must(opened.database.add(
        "Target", std::vector<NewRow>{{{"id", 1}, {"code", "x"}}, {{"id", 2}, {"code", "y"}}}));
    must(opened.database.add("Owner", NewRow{{"id", 1}, {"code", "y"}}));
    CHECK(all(opened.database, "Owner")[0].one("coded").or_raise().value()["id"].integer == 2);
  });
}

TEST_CASE("conformance 34: one-to-one from both sides, the missing other side is null") {
  on_every_driver([](const Fixture& fixture) {
    ModelInfo user;
    user.name = "User";
    user.fields = {key("id")};
    user.relations = {to_one("profile", "Profile", {{"id", "user_id"}})};
    ModelInfo profile;
    profile.name = "Profile";
    profile.fields = {key("id"), field("user_id", Type::integer)};
    profile.references = {reference({"user_id"}, "User", {"id"})};
    profile.unique_sets = {{"user_id"}};
    profile.relations = {to_one("user", "User")};
    const Opened opened = fixture.open(sealed({user, profile}));
    must(opened.database.add("User", std::vector<NewRow>{{{"id", 1}}, {{"id", 2}}}));
    must(opened.database.add("Profile", NewRow{{"id", 7}, {"user_id", 1}}));
    const RecordList users = all(opened.database, "User");
    CHECK(users[0].one("profile").or_raise().value()["id"].integer == 7);
    CHECK_FALSE(users[1].one("profile").or_raise().has_value());
    CHECK(all(opened.database, "Profile")[0].one("user").or_raise().value()["id"].integer == 1);
  });
}

TEST_CASE("conformance 35: a NULL reference is null, and no statement is sent for it") {
  on_every_driver([](const Fixture& fixture) {
    const Opened opened = fixture.open(loose_models());
    must(opened.database.add("Owner", NewRow{{"id", 1}, {"target_id", Value()}}));
    const RecordList owners = all(opened.database, "Owner");
    CHECK(calls_of(opened.database,
                   [&] { CHECK_FALSE(owners[0].one("target").or_raise().has_value()); }) == 0);
  });
}

TEST_CASE("conformance 36: a NULL in a reference that promises a row is dangling, and says NULL") {
  on_every_driver([](const Fixture& fixture) {
    const Opened opened = fixture.open(loose_models(true));
    must(opened.database.add("Owner", NewRow{{"id", 1}, {"target_id", Value()}}));
    const DatabaseError error = error_of(all(opened.database, "Owner")[0].one("target"));
    CHECK(error.code() == ErrorCode::dangling_reference);
    CHECK(error.message().find("NULL") != std::string::npos);
  });
}

TEST_CASE("conformance 37: a dangling key says model, relationship and key") {
  on_every_driver([](const Fixture& fixture) {
    const Opened opened = fixture.open(loose_models());
    must(opened.database.add("Owner", NewRow{{"id", 1}, {"target_id", 4711}}));
    const DatabaseError error = error_of(all(opened.database, "Owner")[0].one("target"));
    CHECK(error.code() == ErrorCode::dangling_reference);
    CHECK(error.place().model == "Owner");
    CHECK(error.place().relation == "target");
    CHECK(error.message().find("4711") != std::string::npos);
  });
}

TEST_CASE("conformance 38: key 0, key '' and a negative key are keys") {
  on_every_driver([](const Fixture& fixture) {
    const Opened opened = fixture.open(loose_models());
    must(opened.database.add(
        "Target", std::vector<NewRow>{{{"id", 0}, {"code", ""}}, {{"id", -3}, {"code", "minus"}}}));
    must(opened.database.add(
        "Owner", std::vector<NewRow>{{{"id", 1}, {"target_id", 0}, {"code", ""}},
                                     {{"id", 2}, {"target_id", -3}, {"code", "minus"}}}));
    const RecordList owners = all(opened.database, "Owner");
    CHECK(owners[0].one("target").or_raise().value()["id"].integer == 0);
    CHECK(owners[1].one("target").or_raise().value()["id"].integer == -3);
    CHECK(owners[0].one("coded").or_raise().value()["id"].integer == 0);
  });
}

TEST_CASE("conformance 39: text keys differ by a trailing blank, by case and by a NUL byte") {
  on_every_driver([](const Fixture& fixture) {
    const Opened opened = fixture.open(loose_models());
    const std::vector<std::string> codes = {"a", "a ", "A", std::string("a\0", 2),
                                            std::string("a\0b", 3)};
    for (std::size_t i = 0; i < codes.size(); ++i) {
      const auto id = static_cast<std::int64_t>(i);
      must(opened.database.add("Target", NewRow{{"id", id}, {"code", codes[i]}}));
      must(opened.database.add("Owner", NewRow{{"id", id}, {"code", codes[i]}}));
    }
    for (const Record& owner : all(opened.database, "Owner")) {
      CHECK(owner.one("coded").or_raise().value()["id"] == owner["id"]);
    }
  });
}

TEST_CASE("conformance 40: models name each other in any order of adding") {
  on_every_driver([](const Fixture& fixture) {
    ModelInfo left;
    left.name = "Left";
    left.fields = {key("id"), field("right_id", Type::integer)};
    left.references = {reference({"right_id"}, "Right", {"id"})};
    left.relations = {to_one("right", "Right")};
    ModelInfo right;
    right.name = "Right";
    right.fields = {key("id")};
    right.relations = {to_many("lefts", "Left")};
    for (const bool swapped : {false, true}) {
      const Opened opened = fixture.open(swapped ? sealed({right, left}) : sealed({left, right}));
      must(opened.database.add("Right", NewRow{{"id", 5}}));
      must(opened.database.add("Left", NewRow{{"id", 1}, {"right_id", 5}}));
      CHECK(all(opened.database, "Left")[0].one("right").or_raise().value()["id"].integer == 5);
      CHECK(numbers(all(opened.database, "Right")[0].many("lefts").or_raise()) == Ids{1});
    }
  });
}

TEST_CASE("conformance 41: a circle of references is loaded around") {
  on_every_driver([](const Fixture& fixture) {
    ModelInfo hen;
    hen.name = "Hen";
    hen.fields = {key("id"), field("egg_id", Type::integer)};
    hen.relations = {to_one("egg", "Egg", {{"egg_id", "id"}})};
    ModelInfo egg;
    egg.name = "Egg";
    egg.fields = {key("id"), field("hen_id", Type::integer)};
    egg.relations = {to_one("hen", "Hen", {{"hen_id", "id"}})};
    const Opened opened = fixture.open(sealed({hen, egg}));
    must(opened.database.add("Hen", NewRow{{"id", 1}, {"egg_id", 2}}));
    must(opened.database.add("Egg", NewRow{{"id", 2}, {"hen_id", 1}}));
    const Record start = all(opened.database, "Hen")[0];
    const Record there = start.one("egg").or_raise().value();
    CHECK(there.one("hen").or_raise().value()["id"] == start["id"]);
  });
}

TEST_CASE("conformance 42: two relations to one model are told apart, unnamed they are a Problem") {
  ModelInfo user;
  user.name = "User";
  user.fields = {key("id")};
  ModelInfo message;
  message.name = "Message";
  message.fields = {key("id"), field("from_id", Type::integer), field("to_id", Type::integer)};
  message.references = {reference({"from_id"}, "User", {"id"}),
                        reference({"to_id"}, "User", {"id"})};
  message.relations = {to_one("from", "User", {{"from_id", "id"}}),
                       to_one("to", "User", {{"to_id", "id"}})};
  on_every_driver([&](const Fixture& fixture) {
    const Opened opened = fixture.open(sealed({user, message}));
    must(opened.database.add("User", std::vector<NewRow>{{{"id", 1}}, {{"id", 2}}}));
    must(opened.database.add("Message", NewRow{{"id", 1}, {"from_id", 1}, {"to_id", 2}}));
    const Record sent = all(opened.database, "Message")[0];
    CHECK(sent.one("from").or_raise().value()["id"].integer == 1);
    CHECK(sent.one("to").or_raise().value()["id"].integer == 2);
  });
  message.relations = {to_one("who", "User")};
  Catalog catalog;
  catalog.add(user).add(message);
  const std::vector<Problem> problems = catalog.seal();
  REQUIRE(problems.size() == 1);
  CHECK(problems[0].what == Problem::What::ambiguous_reference);
}

TEST_CASE("conformance 43: a chain of four through nullable links") {
  on_every_driver([](const Fixture& fixture) {
    const Opened blog = filled_blog(fixture);
    must(blog.database.add("Post", NewRow{{"id", 4}, {"title", "Cyd's"}, {"author_id", 3}}));
    const Record post = all(blog.database, "Post")[3];
    const Record cyd = post.one("author").or_raise().value();
    const Record bob = cyd.one("boss").or_raise().value();
    const Record ann = bob.one("boss").or_raise().value();
    CHECK(ann["name"].view() == "Ann");
    CHECK_FALSE(ann.one("boss").or_raise().has_value());
  });
}

TEST_CASE("conformance 46: a filtered query does not become the relationship") {
  on_every_driver([](const Fixture& fixture) {
    const Opened blog = filled_blog(fixture);
    const Record ann = all(blog.database, "User")[0];
    CHECK(blog.database.find("Post")
              .where(term(blog.database, "Post", "author_id") == 1 &&
                     term(blog.database, "Post", "title") == "first")
              .all()
              .or_raise()
              .size() == 1);
    CHECK(numbers(ann.many("posts").or_raise()) == Ids{1, 2});
  });
}

TEST_CASE("conformance 62: parent and children of one table, in both directions") {
  on_every_driver([](const Fixture& fixture) {
    const Opened blog = filled_blog(fixture);
    const RecordList users = all(blog.database, "User");
    CHECK(users[1].one("boss").or_raise().value()["id"].integer == 1);
    CHECK(numbers(users[0].many("reports").or_raise()) == Ids{2});
    CHECK(users[2].many("reports").or_raise().empty());
  });
}

TEST_CASE("conformance 63: a row may be its own parent") {
  on_every_driver([](const Fixture& fixture) {
    const Opened opened = fixture.open(blog_models());
    must(opened.database.add("User", NewRow{{"id", 1}, {"name", "Self"}, {"boss_id", 1}}));
    const Record self = all(opened.database, "User")[0];
    CHECK(self.one("boss").or_raise().value()["id"].integer == 1);
    CHECK(numbers(self.many("reports").or_raise()) == Ids{1});
  });
}

TEST_CASE("conformance 64: a tree of 200 levels, one statement for each") {
  on_every_driver([](const Fixture& fixture) {
    const Opened opened = fixture.open(blog_models());
    std::vector<NewRow> rows;
    for (int id = 1; id <= 200; ++id) {
      rows.push_back({{"id", id}, {"name", "n"}, {"boss_id", id == 1 ? Value() : Value(id - 1)}});
    }
    must(opened.database.add("User", rows));
    Record at = all(opened.database, "User")[199];
    const std::uint64_t calls = calls_of(opened.database, [&] {
      const Database& database = opened.database;
      at = database.find("User").where(term(database, "User", "id") == 200).one().or_raise();
      for (auto boss = at.one("boss").or_raise(); boss; boss = at.one("boss").or_raise())
        at = *boss;
    });
    CHECK(at["id"].integer == 1);
    CHECK(calls == 200);
  });
}

TEST_CASE("conformance 65: a cycle of three rows is followed as far as is asked") {
  on_every_driver([](const Fixture& fixture) {
    const Opened blog = filled_blog(fixture);
    CHECK(blog.database.find("User")
              .where(term(blog.database, "User", "id") == 1)
              .update({{"boss_id", 3}})
              .or_raise() == 1);
    Record at = all(blog.database, "User")[0];
    Ids seen;
    for (int step = 0; step < 7; ++step) {
      seen.push_back(at["id"].integer);
      at = at.one("boss").or_raise().value();
    }
    CHECK(seen == Ids{1, 3, 2, 1, 3, 2, 1});
  });
}

}  // namespace
}  // namespace conformance
