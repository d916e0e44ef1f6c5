// Transactions on a file, so that another connection can look: what is kept, what is undone, and
// what becomes of lazy values that were loaded in between.

#include <catch2/catch.hpp>

#include "ommi/database.hpp"
#include "ommi/drivers/sqlite_files.hpp"
#include "ommi/small_models.hpp"

namespace ommi {
namespace {

using testing::field;
using testing::Mark;

constexpr auto tables = R"(
  CREATE TABLE User(id INTEGER PRIMARY KEY, name TEXT NOT NULL);
  CREATE TABLE Post(id INTEGER PRIMARY KEY, title TEXT,
    user_id INTEGER REFERENCES User(id) DEFERRABLE INITIALLY DEFERRED);
  INSERT INTO User VALUES (1, 'Ann');
  INSERT INTO Post VALUES (1, 'first', 1))";

std::shared_ptr<const Catalog> models() {
  ModelInfo user;
  user.name = "User";
  user.fields = {field("id", Type::integer, Mark::made_key),
                 field("name", Type::text, Mark::required)};
  user.relations = {testing::to_many("posts", "Post")};
  ModelInfo post;
  post.name = "Post";
  post.fields = {field("id", Type::integer, Mark::made_key), field("title", Type::text),
                 field("user_id", Type::integer)};
  post.references = {testing::reference({"user_id"}, "User", {"id"})};
  post.relations = {testing::to_one("author", "User")};
  return testing::sealed({user, post});
}

class Fixture {
 public:
  Fixture() : path(folder.file("blog.db")) {
    testing::make_database(path, tables);
    database.emplace(sqlite::open_writable(path));
    database->use(models());
  }
  void add_post(const char* title) const {
    (void)database->add("Post", {{"title", title}, {"user_id", 1}}).or_raise();
  }
  // As another connection sees it.
  [[nodiscard]] std::uint64_t posts_elsewhere() const {
    Database other(sqlite::open_writable(path));
    other.use(models());
    return other.find("Post").count().or_raise();
  }
  [[nodiscard]] Record ann() const { return database->find("User").one().or_raise(); }
  [[nodiscard]] const Relation& posts() const {
    return *database->catalog().find("User")->find_relation("posts");
  }

  testing::Folder folder;
  std::string path;
  std::optional<Database> database;
};

class Kinds final : public Tracer {
 public:
  void on(const Event& event) override {
    seen += std::string(to_string(event.kind)) + " " + std::string(event.returned) + "\n";
  }
  std::string seen;
};

// A driver that passes everything on but savepoints, which it has not, and whose commits can be
// made to fail as a lost connection would.
class Plain final : public Driver {
 public:
  explicit Plain(std::unique_ptr<Driver> inner)
      : inner_(std::move(inner)), capabilities_(inner_->capabilities()) {
    capabilities_.savepoints = false;
  }
  const Capabilities& capabilities() const noexcept override { return capabilities_; }
  const DriverStatistics& statistics() const noexcept override { return inner_->statistics(); }
  std::unique_ptr<Cursor> fetch(const Query& query) override { return inner_->fetch(query); }
  std::uint64_t count(const Query& query) override { return inner_->count(query); }
  std::unique_ptr<Cursor> select(std::string_view statement, std::span<const Cell> values,
                                 std::size_t width) override {
    return inner_->select(statement, values, width);
  }
  std::vector<std::string> columns(std::string_view statement) override {
    return inner_->columns(statement);
  }
  void scan(const Scan& scan, RowVisitor& visitor) override { inner_->scan(scan, visitor); }
  std::uint64_t add(const Model& model, std::span<const std::size_t> fields, RowSource& rows,
                    KeySink& keys) override {
    return inner_->add(model, fields, rows, keys);
  }
  std::uint64_t update(const Query& query, std::span<const Assignment> values) override {
    return inner_->update(query, values);
  }
  std::uint64_t remove(const Query& query) override { return inner_->remove(query); }
  void begin(const TransactionOptions& options) override { inner_->begin(options); }
  void commit() override {
    inner_->commit();
    if (answer_is_lost) throw DatabaseError(ErrorCode::connection, "the connection was reset");
  }
  void rollback() override { inner_->rollback(); }
  void savepoint(unsigned) override { FAIL("it has no savepoints"); }
  void release(unsigned) override { FAIL("it has no savepoints"); }
  void rollback_to(unsigned) override { FAIL("it has no savepoints"); }
  void apply(const SchemaStep& step) override { inner_->apply(step); }
  QueryPlan explain(const Query& query) override { return inner_->explain(query); }
  Schema describe() override { return inner_->describe(); }
  std::vector<std::string> integrity(std::size_t limit) override {
    return inner_->integrity(limit);
  }
  void set_deadline(std::chrono::steady_clock::time_point deadline) noexcept override {
    inner_->set_deadline(deadline);
  }
  std::string changed_since_open() override { return inner_->changed_since_open(); }

  bool answer_is_lost = false;

 private:
  std::unique_ptr<Driver> inner_;
  Capabilities capabilities_;
};

}  // namespace

TEST_CASE("transaction: a commit persists, a rollback and a forgotten end discard") {
  const Fixture blog;
  {
    Transaction kept = blog.database->begin().or_raise();
    blog.add_post("kept");
    CHECK(blog.posts_elsewhere() == 1);
    CHECK(kept.open());
    CHECK(kept.commit());
    CHECK_FALSE(kept.open());
  }
  CHECK(blog.posts_elsewhere() == 2);
  Transaction undone = blog.database->begin().or_raise();
  blog.add_post("undone");
  CHECK(undone.rollback());
  {
    const Transaction forgotten = blog.database->begin().or_raise();
    blog.add_post("forgotten");
  }
  CHECK(blog.posts_elsewhere() == 2);
  CHECK(blog.database->find("Post").count().or_raise() == 2);
}

TEST_CASE("transaction: an exception rolls back and is the one that is seen") {
  const Fixture blog;
  const auto work = [&]() -> DBResult<Record> {
    blog.add_post("lost");
    throw std::out_of_range("mine");
  };
  CHECK_THROWS_WITH((void)blog.database->transaction(work), "mine");
  CHECK(blog.posts_elsewhere() == 1);
  const DBResult<Record> failed = blog.database->transaction([&]() -> DBResult<Record> {
    blog.add_post("lost, too");
    return blog.database->find("Post").one();
  });
  REQUIRE_FALSE(failed);
  CHECK(failed.failure()->code() == ErrorCode::multiple_rows);
  CHECK(blog.posts_elsewhere() == 1);
  CHECK(blog.database->transaction([&] {
    return blog.database->add("Post", {{"title", "kept"}});
  }));
  CHECK(blog.posts_elsewhere() == 2);
}

TEST_CASE("transaction: an inner one is a savepoint") {
  const Fixture blog;
  Transaction outer = blog.database->begin().or_raise();
  blog.add_post("outer");
  Transaction inner = blog.database->begin().or_raise();
  blog.add_post("inner");
  CHECK(outer.commit().failure()->code() == ErrorCode::transaction);
  SECTION("rolled back, it takes only its own rows along") {
    CHECK(inner.rollback());
    CHECK(outer.commit());
    CHECK(blog.posts_elsewhere() == 2);
  }
  SECTION("committed, it goes with the outer one") {
    CHECK(inner.commit());
    CHECK(outer.rollback());
    CHECK(blog.posts_elsewhere() == 1);
  }
  SECTION("the outer one's rollback ends it") {
    CHECK(outer.rollback());
    CHECK_FALSE(inner.open());
    CHECK(inner.commit().failure()->code() == ErrorCode::transaction);
    CHECK(blog.posts_elsewhere() == 1);
  }
}

TEST_CASE("transaction: a joined part that is rolled back leaves the whole only a rollback") {
  Fixture blog;
  TransactionOptions join;
  join.nested = Nested::join;
  SECTION("when asked for") {}
  SECTION("where the driver has no savepoints") {
    blog.database.emplace(std::make_unique<Plain>(sqlite::open_writable(blog.path)));
    blog.database->use(models());
    join.nested = Nested::savepoint;
  }
  Transaction outer = blog.database->begin().or_raise();
  blog.add_post("outer");
  Transaction inner = blog.database->begin(join).or_raise();
  blog.add_post("inner");
  CHECK(inner.rollback());
  const DBResult<Done> ended = outer.commit();
  REQUIRE_FALSE(ended);
  CHECK(ended.failure()->code() == ErrorCode::transaction);
  CHECK_FALSE(outer.open());
  CHECK(blog.posts_elsewhere() == 1);
  Transaction whole = blog.database->begin().or_raise();
  Transaction part = blog.database->begin(join).or_raise();
  blog.add_post("part");
  CHECK(part.commit());
  CHECK(whole.commit());
  CHECK(blog.posts_elsewhere() == 2);
}

TEST_CASE("transaction: one that is for reading refuses to write, an inner one too") {
  const Fixture blog;
  Transaction outer = blog.database->begin({.read_only = true}).or_raise();
  const Transaction inner = blog.database->begin().or_raise();
  const Model& post = *blog.database->catalog().find("Post");
  CHECK(blog.database->add("Post", {{"title", "no"}}).failure()->code() == ErrorCode::read_only);
  CHECK(blog.database->find("Post").all_rows().remove().failure()->code() == ErrorCode::read_only);
  CHECK(blog.database->find("Post")
            .where(at(post, "id") == 1)
            .update({{"title", "no"}})
            .failure()
            ->code() == ErrorCode::read_only);
  CHECK(blog.database->find("Post").count().or_raise() == 1);
  CHECK(outer.rollback());
  blog.add_post("yes");
  CHECK(blog.posts_elsewhere() == 2);
}

TEST_CASE("transaction: a commit that fails has rolled back and says why") {
  const Fixture blog;
  const Record ann = blog.ann();
  Transaction transaction = blog.database->begin().or_raise();
  (void)blog.database->add("Post", {{"title", "nobody's"}, {"user_id", 99}}).or_raise();
  CHECK(ann.many("posts").or_raise().size() == 1);
  const DBResult<Done> ended = transaction.commit();
  REQUIRE_FALSE(ended);
  CHECK(ended.failure()->code() == ErrorCode::transaction);
  REQUIRE(ended.failure()->error().cause() != nullptr);
  CHECK(ended.failure()->error().cause()->code() == ErrorCode::foreign_key_violation);
  CHECK(blog.posts_elsewhere() == 1);
  CHECK(ann.state(blog.posts()) == LazyState::not_loaded);
  blog.add_post("next");
  CHECK(blog.posts_elsewhere() == 2);
}

TEST_CASE("transaction: a commit whose answer is lost is in doubt") {
  Fixture blog;
  auto driver = std::make_unique<Plain>(sqlite::open_writable(blog.path));
  Plain& plain = *driver;
  blog.database.emplace(std::move(driver));
  blog.database->use(models());
  Transaction transaction = blog.database->begin().or_raise();
  blog.add_post("perhaps");
  plain.answer_is_lost = true;
  const DBResult<Done> ended = transaction.commit();
  REQUIRE_FALSE(ended);
  CHECK(ended.failure()->code() == ErrorCode::in_doubt);
  CHECK(ended.failure()->error().cause()->code() == ErrorCode::connection);
  CHECK_FALSE(transaction.open());
}

TEST_CASE("transaction: lazy values loaded in a rolled-back span are stale, others are not") {
  const Fixture blog;
  const RecordList users = blog.database->find("User").all().or_raise();
  const Record before = blog.ann();
  CHECK(before.many("posts").or_raise().size() == 1);
  Transaction outer = blog.database->begin().or_raise();
  blog.add_post("outer");
  const Record outside = blog.ann();
  CHECK(outside.many("posts").or_raise().size() == 2);
  Transaction inner = blog.database->begin().or_raise();
  blog.add_post("inner");
  CHECK(users[0].many("posts").or_raise().size() == 3);
  CHECK(inner.rollback());
  CHECK(users[0].state(blog.posts()) == LazyState::not_loaded);
  CHECK(users[0].many("posts").or_raise().size() == 2);
  CHECK(outside.state(blog.posts()) == LazyState::loaded);
  CHECK(outer.rollback());
  CHECK(users[0].many("posts").or_raise().size() == 1);
  CHECK(outside.many("posts").or_raise().size() == 1);
  CHECK(before.state(blog.posts()) == LazyState::loaded);
  Transaction kept = blog.database->begin().or_raise();
  users[0].expire(blog.posts());
  CHECK(users[0].many("posts").or_raise().size() == 1);
  CHECK(kept.commit());
  CHECK(users[0].state(blog.posts()) == LazyState::loaded);
}

TEST_CASE("transaction: a cached error of a rolled-back span is stale, too") {
  const Fixture blog;
  Transaction transaction = blog.database->begin().or_raise();
  const Model& post = *blog.database->catalog().find("Post");
  const Record first = blog.database->find("Post").where(at(post, "id") == 1).one().or_raise();
  CHECK(blog.database->find("User").all_rows().remove().or_raise() == 1);
  CHECK(first.one("author").failure()->code() == ErrorCode::dangling_reference);
  CHECK(transaction.rollback());
  CHECK(first.one("author").or_raise()->cell(1).view() == "Ann");
}

TEST_CASE("transaction: closing the database rolls back") {
  Fixture blog;
  const Record ann = blog.ann();
  Transaction transaction = blog.database->begin().or_raise();
  blog.add_post("lost");
  CHECK(ann.many("posts").or_raise().size() == 2);
  SECTION("by close") { blog.database->close(); }
  SECTION("by its end") { blog.database.reset(); }
  CHECK_FALSE(transaction.open());
  CHECK(transaction.commit().failure()->code() == ErrorCode::detached);
  CHECK(blog.posts_elsewhere() == 1);
  CHECK(ann.many("posts").failure()->code() == ErrorCode::detached);
}

TEST_CASE("transaction: the tracer is told of each begin and end") {
  const Fixture blog;
  Kinds kinds;
  blog.database->set_tracer(&kinds);
  {
    Transaction outer = blog.database->begin().or_raise();
    Transaction inner = blog.database->begin().or_raise();
    CHECK(inner.commit());
    const Transaction forgotten = blog.database->begin({.nested = Nested::join}).or_raise();
  }
  blog.database->set_tracer(nullptr);
  CHECK(kinds.seen ==
        "begin transaction\nbegin savepoint\ncommit savepoint\nbegin joined\nrollback joined\n"
        "rollback transaction\n");
}

TEST_CASE("transaction: a database for reading only begins none") {
  const testing::Folder folder;
  const std::string path = folder.file("blog.db");
  testing::make_database(path, tables);
  const Database database(sqlite::open(path));
  CHECK_FALSE(database.capabilities().writes);
  CHECK(database.begin().failure()->code() == ErrorCode::read_only);
  CHECK(database.begin({.read_only = true}).failure()->code() == ErrorCode::read_only);
}

}  // namespace ommi
