// Conformance, 99 and 100: threads, locks, and each error by its own code.

#include <atomic>
#include <chrono>
#include <thread>

#include "conformance/fixture.hpp"
#include "ommi/drivers/sqlite_files.hpp"
#include "ommi/evolution.hpp"
#include "ommi/faulty.hpp"

namespace conformance {
namespace {

NewRow user(int id) { return {{"id", id}, {"name", "n"}}; }

/// 1,000 mixed operations; gives how many rows are left, or a negative number on a failure.
std::int64_t work_on(const Database& database) {
  std::int64_t rows = 0;
  for (int turn = 0; turn < 250; ++turn) {
    const FieldTerm id = term(database, "User", "id");
    if (!database.add("User", user(turn))) return -1;
    ++rows;
    if (!database.find("User").where(id == turn).update({{"name", "changed"}})) return -2;
    if (database.find("User").count().or_raise() != static_cast<std::uint64_t>(rows)) return -3;
    if (turn % 5 == 0) {
      if (database.find("User").where(id == turn).remove().or_raise() != 1) return -4;
      --rows;
    } else if (!database.find("User").where(id == turn).one()) {
      return -5;
    }
  }
  return rows;
}

TEST_CASE("conformance 99: eight threads with a database each, the counts add up") {
  on_every_driver([](const Fixture& fixture) {
    std::vector<Opened> opened;
    for (int i = 0; i < 8; ++i) opened.push_back(fixture.open(blog_models()));
    std::atomic<std::int64_t> total = 0;
    std::vector<std::thread> threads;
    for (const Opened& own : opened) {
      threads.emplace_back([&own, &total] { total += work_on(own.database); });
    }
    for (std::thread& thread : threads) thread.join();
    CHECK(total.load() == 8 * 200);
  });
}

TEST_CASE("conformance 99: a write against another's lock is locked, and may be tried again") {
  on_every_driver([](const Fixture& fixture) {
    const Opened opened = fixture.open(blog_models());
    const std::optional<Database> other = another(opened);
    if (!other) return;
    Transaction open = opened.database.begin().or_raise();
    must(opened.database.add("User", user(1)));
    const DatabaseError error = error_of(other->add("User", user(2)));
    CHECK(error.code() == ErrorCode::locked);
    CHECK(error.retryable());
    must(open.commit());
    CHECK(other->add("User", user(2)).ok());
  });
}

TEST_CASE("conformance 99: a locked write is given up after its time-out, and not before") {
  const testing::Folder folder;
  const auto open = [&] {
    Database opened(sqlite::open_writable(folder.file("a.db"),
                                          {.lock_timeout = std::chrono::milliseconds(30)}));
    opened.use(blog_models());
    return opened;
  };
  const Database database = open();
  must(apply_schema(database));
  const Database other = open();
  Transaction holder = database.begin().or_raise();
  must(database.add("User", user(1)));
  const auto started = std::chrono::steady_clock::now();
  CHECK(error_of(other.add("User", user(2))).code() == ErrorCode::locked);
  // A lower bound, which holds on the slowest machine.
  CHECK(std::chrono::steady_clock::now() - started >= std::chrono::milliseconds(30));
  must(holder.commit());
  CHECK(other.add("User", user(2)).ok());
}

TEST_CASE("conformance 100: unique, foreign key, not null: each its own code, place and text") {
  on_every_driver([](const Fixture& fixture) {
    const Opened opened = fixture.open(blog_models());
    const Database& database = opened.database;
    must(database.add("User", user(1)));
    const auto check = [&](const auto& result, ErrorCode code, const char* operation,
                           const char* model) {
      const DatabaseError error = error_of(result);
      CHECK(to_string(error.code()) == to_string(code));
      CHECK(error.place().driver == database.capabilities().name);
      CHECK(error.place().operation == operation);
      CHECK(error.place().model == model);
      CHECK_FALSE(error.message().empty());
    };
    check(database.add("User", user(1)), ErrorCode::unique_violation, "add", "User");
    check(database.add("User", NewRow{{"id", 2}, {"name", Value()}}), ErrorCode::not_null_violation,
          "add", "User");
    if (database.capabilities().foreign_keys) {
      check(database.add("Post", NewRow{{"id", 1}, {"title", "t"}, {"author_id", 9}}),
            ErrorCode::foreign_key_violation, "add", "Post");
    } else {
      state_incapable(database, "foreign keys");
    }
    CHECK(drop_schema(database).ok());
    check(database.find("User").all(), ErrorCode::missing_table, "fetch", "User");
  });
}

TEST_CASE("conformance 100: what fails in a lazy load is said of the owner's relationship") {
  on_every_driver([](const Fixture& fixture) {
    const Opened blog = fixture.open(blog_models());
    fill_blog(blog.database);
    const RecordList users = blog.database.find("User").all().or_raise();
    CHECK(drop_schema(blog.database).ok());
    const DatabaseError error = error_of(users[0].many("posts"));
    CHECK(error.code() == ErrorCode::missing_table);
    CHECK(error.place().driver == blog.database.capabilities().name);
    CHECK(error.place().model + "." + error.place().relation == "User.posts");
  });
}

TEST_CASE("conformance 100: a broken reference found by the commit names the driver") {
  on_every_driver([](const Fixture& fixture) {
    const Opened blog = fixture.open(blog_models());
    if (!blog.database.capabilities().foreign_keys) return;
    const DatabaseError error = error_of(blog.database.transaction([&] {
      return blog.database.add("PostTag", NewRow{{"post_id", 1}, {"tag_id", 1}});
    }));
    CHECK(error.is(ErrorCode::foreign_key_violation));
    CHECK(error.place().driver == blog.database.capabilities().name);
  });
}

TEST_CASE("conformance 100: a check that fails is its own code") {
  on_every_driver([](const Fixture& fixture) {
    ModelInfo note;
    note.name = "Note";
    note.fields = {automatic_key(), field("text", Type::text)};
    const auto models = sealed({note});
    if (!fixture.open(models).database.capabilities().checks) {
      return state_incapable(fixture.open(models).database, "CHECK constraints");
    }
    const Opened opened = fixture.open_prepared(
        models, "CREATE TABLE Note(id INTEGER PRIMARY KEY, text TEXT, CHECK (length(text) > 3))");
    CHECK(opened.database.add("Note", NewRow{{"text", "long"}}));
    const DatabaseError error = error_of(opened.database.add("Note", NewRow{{"text", "ab"}}));
    CHECK(error.code() == ErrorCode::check_violation);
    CHECK(error.place().driver == opened.database.capabilities().name);
    CHECK(error.place().operation == "add");
    CHECK(error.place().model == "Note");
    CHECK_THAT(error.message(), Catch::Contains("length(text) > 3"));
    CHECK(opened.database.find("Note").count().or_raise() == 1);
  });
}

TEST_CASE("conformance 100: lost connection, time-out, malformed answer: each its own code") {
  using namespace faulty;
  on_every_driver([](const Fixture& fixture) {
    const auto script = std::make_shared<Script>();
    Opened opened = fixture.open_faulty(blog_models(), script);
    Database& database = opened.database;
    must(database.add("User", user(1)));
    const auto failed = [&](const decltype(faulty::Order::act)& act) {
      script->orders = {{.operation = "fetch", .act = act}};
      const DatabaseError error = error_of(database.find("User").all());
      CHECK(error.place().driver == database.capabilities().name);
      CHECK(error.place().operation == "fetch");
      CHECK(error.place().model == "User");
      return error;
    };
    CHECK(failed(Lie{Malformed::empty_wrapper}).code() == ErrorCode::malformed_result);
    const DatabaseError check = failed(Raise{{ErrorCode::check_violation, "CHECK failed: a > 3"}});
    CHECK(check.code() == ErrorCode::check_violation);
    CHECK(check.message() == "CHECK failed: a > 3");
    const DatabaseError stray = failed(Stray{"vector::at"});
    CHECK(stray.code() == ErrorCode::foreign);
    CHECK_THAT(stray.message(), Catch::Contains("vector::at"));
    database.set_deadline(std::chrono::steady_clock::now());
    const DatabaseError late = failed(Delay{std::chrono::hours(1)});
    CHECK(late.code() == ErrorCode::timeout);
    CHECK(late.retryable());
    database.set_deadline(std::chrono::steady_clock::time_point::max());
    const DatabaseError lost = failed(CutOff{});
    CHECK(lost.code() == ErrorCode::connection);
    CHECK(lost.retryable());
    script->orders.clear();
    CHECK(error_of(database.find("User").count()).code() == ErrorCode::connection);
  });
}

}  // namespace
}  // namespace conformance
