#include <catch2/catch.hpp>

#include "ommi/tracers.hpp"
#include "ommi/typed/typed_blog.hpp"
#include "support/allocations.hpp"

namespace typed_blog {
namespace {

using ommi::at;
using ommi::ErrorCode;

std::string titles(const ommi::TypedFinder<Post>& finder) {
  std::string text;
  for (const Post& post : finder.all().or_raise()) text += post.title;
  return text;
}

struct Sample {
  std::int64_t id{};
  double amount{};
  static void describe(Describe<Sample>& model) {
    model.field<&Sample::id>("id", Key).field<&Sample::amount>("amount");
  }
};

struct Unknown {
  std::int64_t id{};
  static void describe(Describe<Unknown>& model) { model.field<&Unknown::id>("id", Key); }
};

}  // namespace

TEST_CASE("conditions on members become conditions on their columns") {
  const ommi::Database database = open();
  const auto where = [&](const ommi::Condition<Post>& condition) {
    return titles(database.find<Post>().where(condition).order_by(at<&Post::id>()));
  };
  CHECK(where(at<&Post::title>() == "b") == "b");
  CHECK(where(at<&Post::title>() != std::string("b")) == "acef");
  CHECK(where(at<&Post::id>() < 3) == "ab");
  CHECK(where(at<&Post::id>() <= 3U) == "abc");
  CHECK(where(at<&Post::id>() > 5) == "f");
  CHECK(where(at<&Post::id>() >= 5.0) == "ef");
  CHECK(where(at<&Post::id>() == 1 || at<&Post::title>() == "c") == "ac");
  CHECK(where(at<&Post::author_id>() == 1 && !(at<&Post::id>() == 1)) == "b");
  CHECK(where(at<&Post::id>().in({1, 6, 100})) == "af");
  CHECK(where(at<&Post::id>().between(2, 5)) == "bce");
  CHECK(where(at<&Post::editor_id>().is_null()) == "be");
  CHECK(where(at<&Post::editor_id>() == std::nullopt) == "be");
  CHECK(where(at<&Post::editor_id>() != ommi::Value()) == "acf");
  CHECK(where(at<&Post::editor_id>() == 2) == "af");
  CHECK(where(at<&Post::title>().starts_with("e")) == "e");
}

TEST_CASE("a path of lazy fields is true of rows that lead to a matching one, each once") {
  const ommi::Database database = open();
  const auto by_ann = database.find<Post>()
                          .where(at<&Post::author, &User::name>() == "Ann")
                          .order_by(at<&Post::id>());
  CHECK(titles(by_ann) == "ab");
  CHECK(by_ann.count().or_raise() == 2);
  CHECK(titles(database.find<Post>()
                   .where(at<&Post::tags, &Tag::label>().in({"x", "y"}))
                   .order_by(at<&Post::id>())) == "abc");
  CHECK(titles(database.find<Post>().where(at<&Post::author, &User::boss, &User::name>() ==
                                           "zero")) == "ab");
}

TEST_CASE("one, first, count, exists, limit and order") {
  const ommi::Database database = open();
  CHECK(database.find<Post>().one().failure()->code() == ErrorCode::multiple_rows);
  const auto none = database.find<Post>().where(at<&Post::id>() == 77);
  CHECK(none.one().failure()->code() == ErrorCode::not_found);
  CHECK(none.one().failure()->message() == "no Post matches");
  CHECK_FALSE(none.first().or_raise().has_value());
  CHECK_FALSE(none.exists().or_raise());
  CHECK(none.all().or_raise().empty());
  CHECK(database.find<Post>().order_by(at<&Post::id>(), true).first().or_raise()->title == "f");
  CHECK(database.find<Post>().count().or_raise() == 5);
  CHECK(titles(database.find<Post>().order_by(at<&Post::id>()).limit(2, 1)) == "bc");
}

TEST_CASE("rows are changed and removed by members, never all of them by accident") {
  const ommi::Database database = open();
  const auto posts = [&] { return database.find<Post>(); };
  CHECK(posts()
            .where(at<&Post::author_id>() == 1)
            .update(ommi::set<&Post::title>("new"), ommi::set<&Post::editor_id>(std::nullopt))
            .or_raise() == 2);
  CHECK(posts()
            .where(at<&Post::title>() == "new" && at<&Post::editor_id>().is_null())
            .count()
            .or_raise() == 2);
  CHECK(posts().remove().failure()->code() == ErrorCode::query);
  CHECK(posts().where(at<&Post::id>() < 3).remove().or_raise() == 2);
  CHECK(posts().all_rows().update(ommi::set<&Post::title>("all")).or_raise() == 3);
  CHECK(posts().order_by(at<&Post::title>()).page(2, 2).all().or_raise().size() == 1);
}

TEST_CASE("an added object has the key that the database made, and its lazy fields work") {
  const ommi::Database database = open();
  Post post;
  post.title = "new";
  post.author_id = 2;
  REQUIRE(database.add(post));
  CHECK(post.id == 7);
  CHECK(post.author.get().name == "Bob");
  CHECK(database.find<Post>().where(at<&Post::id>() == 7).one().or_raise().title == "new");
  std::vector<Post> more(2);
  more[0].author_id = 1;
  more[1].author_id = 1;
  REQUIRE(database.add(more));
  CHECK(more[0].id == 8);
  CHECK(more[1].id == 9);
  CHECK(&more[0].author.get() == &more[1].author.get());
  Unknown stranger;
  CHECK(database.add(stranger).failure()->code() == ErrorCode::model);
}

TEST_CASE("what was loaded in a transaction is stale after its rollback, also in typed objects") {
  const ommi::Database database = open();
  const Post post = database.find<Post>().where(at<&Post::id>() == 1).one().or_raise();
  auto transaction = database.begin().or_raise();
  REQUIRE(database.find<User>().where(at<&User::id>() == 1).update(ommi::set<&User::name>("Anna")));
  CHECK(post.author.get().name == "Anna");
  REQUIRE(transaction.rollback());
  CHECK(post.author.state() == ommi::LazyState::not_loaded);
  CHECK(post.author.get().name == "Ann");
}

TEST_CASE("a stored value that does not fit its member fails the query and names the row") {
  const ommi::Database database = open(
      std::string(tables) + "INSERT INTO Post VALUES (1, 'a', 1, NULL), (2, 'b', NULL, NULL);");
  const auto posts = database.find<Post>().all();
  REQUIRE(posts.failure() != nullptr);
  CHECK(posts.failure()->code() == ErrorCode::decode);
  CHECK(posts.failure()->message() ==
        "Post[2].author_id is declared integer and holds the null NULL");
  const auto read = database.find<Post>().stream(10, [](std::span<const Post>) { return true; });
  CHECK(read.failure()->code() == ErrorCode::decode);
}

TEST_CASE("a related row that does not decode fails its own owner only") {
  const ommi::Database database =
      open(std::string(tables) +
           "INSERT INTO User VALUES (1, 'Ann', NULL), (2, x'00', NULL);"
           "INSERT INTO Post VALUES (1, 'a', 1, NULL), (2, 'b', 2, NULL);");
  const std::vector<Post> posts = database.find<Post>().order_by(at<&Post::id>()).all().or_raise();
  CHECK(posts[0].author.get().name == "Ann");
  const auto author = posts[1].author.get_result();
  CHECK(author.failure()->code() == ErrorCode::decode);
  CHECK(author.failure()->message() == "User[2].name is declared text and holds the blob x'00'");
}

TEST_CASE("a type that was not added is said when the query is run") {
  const ommi::Database database = open();
  const auto found = database.find<Unknown>().where(at<&Unknown::id>() == 1).all();
  REQUIRE(found.failure() != nullptr);
  CHECK(found.failure()->code() == ErrorCode::model);
  CHECK(found.failure()->message().find("Unknown was not added to the models in use") !=
        std::string::npos);
}

TEST_CASE("a stream hands over windows, each with its own lazy loads") {
  const ommi::Database database = open();
  Counter counter(database);
  std::vector<std::size_t> windows;
  std::vector<Post> kept;
  const auto read =
      database.find<Post>().order_by(at<&Post::id>()).stream(2, [&](std::span<const Post> posts) {
        windows.push_back(posts.size());
        for (const Post& post : posts) static_cast<void>(post.author.get_result());
        kept.insert(kept.end(), posts.begin(), posts.end());
        return true;
      });
  CHECK(read.or_raise() == 5);
  CHECK(windows == std::vector<std::size_t>{2, 2, 1});
  CHECK(counter.queries == 4);
  CHECK(kept[0].author.get().name == "Ann");
  CHECK(kept[4].author.get().name == "minus");
  CHECK(counter.queries == 4);
}

TEST_CASE("a stream ends where it is told to") {
  const ommi::Database database = open();
  int calls = 0;
  const auto read =
      database.find<Post>().stream(1, [&](std::span<const Post>) { return ++calls < 3; });
  CHECK(calls == 3);
  CHECK(read.or_raise() == 3);
}

TEST_CASE("streaming a model without text allocates nothing for a row") {
  if (!testing_support::allocations()) {
    WARN("skipped: the sanitizer's allocator is not counted");
    return;
  }
  ommi::Catalog catalog;
  catalog.add<Sample>();
  REQUIRE(catalog.seal().empty());
  ommi::Database database(ommi::sqlite::open_memory(
      "CREATE TABLE Sample(id INTEGER PRIMARY KEY, amount REAL);"
      "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000)"
      " INSERT INTO Sample SELECT i, i / 2.0 FROM n;"));
  database.use(std::make_shared<const ommi::Catalog>(std::move(catalog)));
  const auto allocated = [&](std::uint64_t count) {
    double sum = 0;
    const std::size_t before = *testing_support::allocations();
    const auto read =
        database.find<Sample>().limit(count).stream(100, [&](std::span<const Sample> window) {
          for (const Sample& sample : window) sum += sample.amount;
          return true;
        });
    CHECK(read.or_raise() == count);
    CHECK(sum > 0);
    return *testing_support::allocations() - before;
  };
  // What a statement costs when it is first prepared is not a row's.
  static_cast<void>(allocated(1000));
  static_cast<void>(allocated(5000));
  CHECK(allocated(5000) == allocated(1000));
}

TEST_CASE("a typed query may have a tracer of its own") {
  const ommi::Database database = open();
  ommi::Counter whole;
  database.set_tracer(&whole);
  ommi::Counter one;
  CHECK(database.find<User>().with<&User::posts>().traced_by(one).all());
  CHECK(one.all().calls == 2);
  CHECK(one.all().lazy_loads == 1);
  std::uint64_t users = 0;
  CHECK(database.find<User>().traced_by(one).stream(1, [&](std::span<const User> window) {
    users += window.size();
    return true;
  }));
  CHECK(users > 0);
  CHECK(one.all().calls == 3);
  CHECK(database.find<User>().count());
  CHECK(whole.all().calls == 4);
  CHECK(one.all().calls == 3);
}

TEST_CASE("typed and run-time queries see the same models of one catalog") {
  const ommi::Database database = open();
  const ommi::RecordList posts = database.find("Post").order_by("id").all().or_raise();
  CHECK(posts[0]["title"].view() == "a");
  CHECK(posts[0].one("author").or_raise()->cell(1).view() == "Ann");
  CHECK(posts[0].many("tags").or_raise().size() == 2);
}

TEST_CASE("run-time records load eagerly, too, by name") {
  ommi::Database database = open();
  Counter counter(database);
  const ommi::RecordList posts =
      database.find("Post").order_by("id").with({"author", "tags"}).all().or_raise();
  CHECK(counter.queries == 3);
  CHECK(posts[1].one("author").or_raise()->cell(1).view() == "Ann");
  CHECK(counter.queries == 3);
  CHECK(database.find("Post").with({"autor"}).all().failure()->message() ==
        "Post has no relationship 'autor'; did you mean 'author'?");
  database.set_fetch(ommi::Fetch::raise);
  const ommi::RecordList users = database.find("User").order_by("id").all().or_raise();
  CHECK(database.load(users, "posts"));
  CHECK(users[2].many("posts").or_raise().size() == 2);
  CHECK(database.load(users, "post").failure()->code() == ErrorCode::model);
}

}  // namespace typed_blog
