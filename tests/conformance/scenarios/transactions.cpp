// Conformance, 89 to 98: transactions and schemas.

#include <stdexcept>

#include "conformance/fixture.hpp"
#include "ommi/evolution.hpp"

namespace conformance {
namespace {

NewRow user(int id) { return {{"id", id}, {"name", "user " + std::to_string(id)}}; }

std::uint64_t users(const Database& database) { return database.find("User").count().or_raise(); }

/// Note(id, text) with more fields, as it may come to be.
std::shared_ptr<const Catalog> note(const std::vector<FieldInfo>& more, Type text = Type::text) {
  ModelInfo model;
  model.name = "Note";
  model.fields = {automatic_key(), field("text", text)};
  model.fields.insert(model.fields.end(), more.begin(), more.end());
  return sealed({model});
}

TEST_CASE("conformance 89: commit persists, rollback and an exception discard") {
  on_every_driver([](const Fixture& fixture) {
    const Opened opened = fixture.open(blog_models());
    const Database& database = opened.database;
    Transaction kept = database.begin().or_raise();
    must(database.add("User", user(1)));
    must(kept.commit());
    CHECK(users(database) == 1);

    Transaction dropped = database.begin().or_raise();
    must(database.add("User", user(2)));
    CHECK(users(database) == 2);
    must(dropped.rollback());
    CHECK(users(database) == 1);

    {
      const Transaction left = database.begin().or_raise();
      must(database.add("User", user(3)));
    }
    CHECK(users(database) == 1);

    const auto throwing = [&]() -> DBResult<Record> {
      must(database.add("User", user(4)));
      throw std::runtime_error("the one that is seen");
    };
    CHECK_THROWS_WITH(database.transaction(throwing), "the one that is seen");
    CHECK(users(database) == 1);

    const auto failed = database.transaction([&]() -> DBResult<Record> {
      must(database.add("User", user(5)));
      return database.find("User").where(term(database, "User", "id") == 99).one();
    });
    CHECK(error_of(failed).code() == ErrorCode::not_found);
    CHECK(users(database) == 1);
  });
}

TEST_CASE("conformance 90: an inner rollback leaves the outer's rows") {
  on_every_driver([](const Fixture& fixture) {
    const Opened opened = fixture.open(blog_models());
    const Database& database = opened.database;
    Transaction outer = database.begin().or_raise();
    must(database.add("User", user(1)));
    Transaction inner = database.begin().or_raise();
    must(database.add("User", user(2)));
    must(inner.rollback());
    must(database.add("User", user(3)));
    must(outer.commit());
    CHECK(numbers(database.find("User").order_by("id").all().or_raise()) ==
          std::vector<std::int64_t>{1, 3});
  });
}

TEST_CASE("conformance 91: inner committed and outer rolled back leaves nothing") {
  on_every_driver([](const Fixture& fixture) {
    const Opened opened = fixture.open(blog_models());
    const Database& database = opened.database;
    Transaction outer = database.begin().or_raise();
    Transaction inner = database.begin().or_raise();
    must(database.add("User", user(1)));
    must(inner.commit());
    CHECK(users(database) == 1);
    must(outer.rollback());
    CHECK(users(database) == 0);
  });
}

TEST_CASE("conformance 92: another connection does not see what is not committed") {
  on_every_driver([](const Fixture& fixture) {
    const Opened opened = fixture.open(blog_models());
    const std::optional<Database> other = another(opened);
    if (!other) return;
    const auto sees_nothing = [&] {
      const auto seen = other->find("User").count();
      // A driver may let the reader wait instead; it must not show the row.
      CHECK((seen.ok() ? seen.value() == 0 : seen.failure()->code() == ErrorCode::locked));
    };
    Transaction dropped = opened.database.begin().or_raise();
    must(opened.database.add("User", user(1)));
    sees_nothing();
    must(dropped.rollback());
    sees_nothing();
    Transaction kept = opened.database.begin().or_raise();
    must(opened.database.add("User", user(2)));
    sees_nothing();
    must(kept.commit());
    CHECK(numbers(other->find("User").all().or_raise()) == std::vector<std::int64_t>{2});
  });
}

TEST_CASE("conformance 93: what was loaded inside a rolled-back span is stale") {
  on_every_driver([](const Fixture& fixture) {
    const Opened opened = fixture.open(blog_models());
    const Database& database = opened.database;
    must(database.add("User", user(1)));
    const Record owner = database.find("User").one().or_raise();
    Transaction open = database.begin().or_raise();
    must(database.add("Post", NewRow{{"id", 1}, {"title", "t"}, {"author_id", 1}}));
    CHECK(owner.many("posts").or_raise().size() == 1);
    must(open.rollback());
    CHECK(owner.state(*owner.model().find_relation("posts")) == LazyState::not_loaded);
    CHECK(owner.many("posts").or_raise().empty());
  });
}

// A team has a captain, who has a team: neither can be first, so both references are deferred.
std::shared_ptr<const Catalog> circle() {
  ModelInfo team;
  team.name = "Team";
  team.fields = {key("id"), required("captain_id", Type::integer)};
  team.references = {reference({"captain_id"}, "Player", {"id"})};
  ModelInfo player;
  player.name = "Player";
  player.fields = {key("id"), required("team_id", Type::integer)};
  player.references = {reference({"team_id"}, "Team", {"id"})};
  return sealed({team, player});
}

TEST_CASE("conformance 94: a commit that fails has rolled back, and says what it failed of") {
  on_every_driver([](const Fixture& fixture) {
    const Opened opened = fixture.open(circle());
    const Database& database = opened.database;
    if (!database.capabilities().foreign_keys) {
      return state_incapable(database, "foreign keys, so no commit fails of one");
    }
    const auto check = [&](const DatabaseError& error) {
      CHECK(error.code() == ErrorCode::transaction);
      CHECK(error.place().driver == database.capabilities().name);
      CHECK(error.place().operation == "commit");
      REQUIRE(error.cause() != nullptr);
      CHECK(error.cause()->code() == ErrorCode::foreign_key_violation);
      CHECK_THAT(error.message(), Catch::Contains(error.cause()->message()));
      CHECK(database.find("Team").count().or_raise() == 0);
    };
    const auto add_team = [&] {
      return database.add("Team", NewRow{{"id", 1}, {"captain_id", 7}});
    };
    Transaction open = database.begin().or_raise();
    must(add_team());
    check(error_of(open.commit()));
    CHECK_FALSE(open.open());
    check(error_of(database.transaction(add_team)));
    // Nothing is left open, and what holds together is taken.
    CHECK(database.transaction([&] {
      must(add_team());
      return database.add("Player", NewRow{{"id", 7}, {"team_id", 1}});
    }));
    CHECK(database.find("Team").count().or_raise() == 1);
  });
}

TEST_CASE("conformance 95: apply makes the tables, applying again changes and loses nothing") {
  on_every_driver([](const Fixture& fixture) {
    const Opened opened = fixture.open(blog_models());
    fill_blog(opened.database);
    CHECK(apply_schema(opened.database).or_raise() == 0);
    CHECK(users(opened.database) == 3);
    if (!opened.database.capabilities().foreign_keys) {
      return state_incapable(opened.database, "foreign keys");
    }
    CHECK(error_of(
              opened.database.add("Post", NewRow{{"id", 99}, {"title", "t"}, {"author_id", 4711}}))
              .is(ErrorCode::constraint));
  });
}

TEST_CASE("conformance 96: a nullable field is added, the old rows read NULL") {
  on_every_driver([](const Fixture& fixture) {
    Opened opened = fixture.open(note({}));
    must(opened.database.add("Note", NewRow{{"id", 1}, {"text", "old"}}));
    opened.database.use(note({field("rank", Type::integer)}));
    CHECK(apply_schema(opened.database).or_raise() == 1);
    must(opened.database.add("Note", NewRow{{"id", 2}, {"text", "new"}, {"rank", 7}}));
    const RecordList found = opened.database.find("Note").order_by("id").all().or_raise();
    CHECK(found[0]["rank"].is_null());
    CHECK(found[1]["rank"].integer == 7);
  });
}

TEST_CASE("conformance 97: a retyped field is refused by name, and nothing is changed") {
  on_every_driver([](const Fixture& fixture) {
    Opened opened = fixture.open(note({}));
    must(opened.database.add("Note", NewRow{{"id", 1}, {"text", "old"}}));
    opened.database.use(note({field("rank", Type::integer)}, Type::integer));
    const DatabaseError error = error_of(apply_schema(opened.database));
    CHECK(error.code() == ErrorCode::incompatible_schema_evolution);
    CHECK(error.message().find("text") != std::string::npos);
    opened.database.use(note({}));
    CHECK(apply_schema(opened.database).or_raise() == 0);
    CHECK(opened.database.find("Note").one().or_raise()["text"].view() == "old");
  });
}

TEST_CASE("conformance 97: a removed field is refused by name, and nothing is changed") {
  on_every_driver([](const Fixture& fixture) {
    for (const bool nullable : {true, false}) {
      INFO("nullable: " << nullable);
      FieldInfo rank = field("rank", Type::integer);
      rank.nullable = nullable;
      Opened opened = fixture.open(note({rank}));
      must(opened.database.add("Note", NewRow{{"id", 1}, {"text", "old"}, {"rank", 5}}));
      opened.database.use(note({field("more", Type::text)}));
      const DatabaseError error = error_of(apply_schema(opened.database));
      CHECK(error.code() == ErrorCode::incompatible_schema_evolution);
      CHECK(error.place().model == "Note");
      CHECK_THAT(error.message(), Catch::Contains("rank"));
      const Schema schema = opened.database.describe().or_raise();
      CHECK(schema.find_table("Note")->find_column("more") == nullptr);
      opened.database.use(note({rank}));
      CHECK(apply_schema(opened.database).or_raise() == 0);
      CHECK(opened.database.find("Note").one().or_raise()["rank"].integer == 5);
    }
  });
}

TEST_CASE("conformance 98: drop removes the models' tables only, describe equals the models") {
  on_every_driver([](const Fixture& fixture) {
    Opened opened = fixture.open(note({}));
    must(opened.database.add("Note", NewRow{{"text", "stays"}}));
    opened.database.use(blog_models());
    must(apply_schema(opened.database));
    fill_blog(opened.database);
    const Schema schema = opened.database.describe().or_raise();
    CHECK(compare_schema(opened.database.catalog(), schema).empty());
    CHECK(drop_schema(opened.database).or_raise() == 4);
    CHECK(opened.database.describe().or_raise().find_table("User") == nullptr);
    opened.database.use(note({}));
    CHECK(opened.database.find("Note").one().or_raise()["text"].view() == "stays");
  });
}

}  // namespace
}  // namespace conformance
