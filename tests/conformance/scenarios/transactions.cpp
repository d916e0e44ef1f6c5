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
    if (!opened.again) return;  // a database of one connection
    const Database other = opened.again();
    Transaction open = opened.database.begin().or_raise();
    must(opened.database.add("User", user(1)));
    const auto seen = other.find("User").count();
    // A driver may let the reader wait instead; it must not show the row.
    CHECK((seen.ok() ? seen.value() == 0 : seen.failure()->code() == ErrorCode::locked));
    must(open.commit());
    CHECK(users(other) == 1);
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

TEST_CASE("conformance 95: apply makes the tables; applying again changes and loses nothing") {
  on_every_driver([](const Fixture& fixture) {
    const Opened opened = fixture.open(blog_models());
    fill_blog(opened.database);
    CHECK(apply_schema(opened.database).or_raise() == 0);
    CHECK(users(opened.database) == 3);
    if (!opened.database.capabilities().foreign_keys) return;
    CHECK(error_of(
              opened.database.add("Post", NewRow{{"id", 99}, {"title", "t"}, {"author_id", 4711}}))
              .is(ErrorCode::constraint));
  });
}

TEST_CASE("conformance 96: a nullable field is added; the old rows read NULL") {
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

TEST_CASE("conformance 98: drop removes the models' tables only; describe equals the models") {
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
