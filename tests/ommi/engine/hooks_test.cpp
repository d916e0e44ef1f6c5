// Tracers of a query, of a transaction and of the database, side by side.

#include <catch2/catch.hpp>

#include "ommi/database.hpp"
#include "ommi/evolution.hpp"
#include "ommi/small_models.hpp"
#include "ommi/sqlite.hpp"
#include "ommi/transaction.hpp"

namespace ommi {
namespace {

using testing::field;
using testing::Mark;

class Kinds final : public Tracer {
 public:
  void on(const Event& event) override { heard.emplace_back(to_string(event.kind)); }
  std::vector<std::string> heard;
};
using Heard = std::vector<std::string>;

Database open() {
  ModelInfo user;
  user.name = "User";
  user.fields = {field("id", Type::integer, Mark::made_key), field("name", Type::text)};
  user.relations = {testing::to_many("posts", "Post")};
  ModelInfo post;
  post.name = "Post";
  post.fields = {field("id", Type::integer, Mark::made_key), field("user_id", Type::integer)};
  post.references = {testing::reference({"user_id"}, "User", {"id"})};
  Database database(sqlite::open_memory(""));
  database.use(testing::sealed({user, post}));
  (void)apply_schema(database).or_raise();
  (void)database.add("User", {{"name", "Ann"}}).or_raise();
  (void)database.add("Post", {{"user_id", 1}}).or_raise();
  return database;
}

TEST_CASE("hooks: a query's tracer hears that query, and the database's everything") {
  const Database database = open();
  Kinds whole;
  database.set_tracer(&whole);
  Kinds one;
  Finder users = database.find("User").with({"posts"}).traced_by(one);
  CHECK(users.all());
  CHECK(one.heard == Heard{"query", "rows_done", "query", "rows_done", "lazy_load"});
  CHECK(database.find("Post").count());
  CHECK(one.heard.size() == 5);
  CHECK(users.count());
  CHECK(one.heard.size() == 6);
  CHECK(users.exists());
  CHECK(one.heard.size() > 6);
  CHECK(whole.heard.size() > one.heard.size());
  CHECK(database.tracer() == &whole);
}

TEST_CASE("hooks: a query is heard without a tracer of the database, also when it fails") {
  const Database database = open();
  CHECK(drop_schema(database).ok());
  Kinds one;
  CHECK_FALSE(database.find("User").traced_by(one).all().ok());
  CHECK(one.heard == Heard{"failed"});
  CHECK(database.tracer() == nullptr);
  CHECK_FALSE(database.find("User").all().ok());
  CHECK(one.heard.size() == 1);
}

TEST_CASE("hooks: a transaction's tracer hears from its begin to its end") {
  const Database database = open();
  Kinds outer;
  Kinds inner;
  {
    Transaction first = database.begin({.tracer = &outer}).or_raise();
    {
      Transaction second = database.begin({.tracer = &inner}).or_raise();
      CHECK(database.find("User").count());
      CHECK(second.rollback());
    }
    CHECK(database.find("User").count());
    CHECK(first.commit());
  }
  CHECK(inner.heard == Heard{"begin", "rows_done", "rollback"});
  CHECK(outer.heard == Heard{"begin", "begin", "rows_done", "rollback", "rows_done", "commit"});
  CHECK(database.find("User").count());
  CHECK(outer.heard.size() == 6);
}

TEST_CASE("hooks: the database's tracer may be changed inside a transaction") {
  const Database database = open();
  Kinds before;
  Kinds after;
  Kinds its_own;
  database.set_tracer(&before);
  Transaction transaction = database.begin({.tracer = &its_own}).or_raise();
  database.set_tracer(&after);
  CHECK(transaction.commit());
  CHECK(before.heard == Heard{"begin"});
  CHECK(after.heard == Heard{"commit"});
  CHECK(its_own.heard == Heard{"begin", "commit"});
}

TEST_CASE("hooks: a transaction that could not begin leaves no tracer behind") {
  const Database database = open();
  Kinds outer;
  Kinds inner;
  Transaction transaction = database.begin({.tracer = &outer}).or_raise();
  CHECK_FALSE(database.begin({.isolation = Isolation::serializable, .tracer = &inner}).ok());
  CHECK(database.find("User").count());
  CHECK(inner.heard.empty());
  CHECK(transaction.rollback());
  CHECK(outer.heard == Heard{"begin", "rows_done", "rollback"});
}

}  // namespace
}  // namespace ommi
