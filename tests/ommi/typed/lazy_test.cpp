#include <algorithm>
#include <thread>

#include <catch2/catch.hpp>

#include "ommi/typed/typed_blog.hpp"

namespace typed_blog {
namespace {

struct Passport;
struct Citizen {
  std::int64_t id{};
  LazyLoadTheRelated<Passport> passport;
  static void describe(Describe<Citizen>& model) {
    model.field<&Citizen::id>("id", Key).lazy<&Citizen::passport>("passport");
  }
};
struct Passport {
  std::int64_t id{};
  std::int64_t citizen_id{};
  static void describe(Describe<Passport>& model) {
    model.field<&Passport::id>("id", Key).field<&Passport::citizen_id>("citizen_id",
                                                                       ReferenceTo{"Citizen.id"});
  }
};

using ommi::at;
using ommi::ErrorCode;
using ommi::Fetch;
using ommi::LazyState;

template <class T>
T by_key(const ommi::Database& database, std::int64_t key) {
  return database.find<T>().where(at<&T::id>() == key).one().or_raise();
}

std::vector<Post> all_posts(const ommi::Database& database) {
  return database.find<Post>().order_by(at<&Post::id>()).all().or_raise();
}

}  // namespace

TEST_CASE("a typed to-one is the row that its key names, 0 and negative keys are keys") {
  const ommi::Database database = open();
  CHECK(by_key<Post>(database, 1).author.get().name == "Ann");
  CHECK(by_key<Post>(database, 3).author.get().name == "zero");
  CHECK(by_key<Post>(database, 6).author.get().name == "minus");
}

TEST_CASE("an optional to-one has no row where the reference is NULL, and asks nobody for it") {
  const ommi::Database database = open();
  Counter counter(database);
  const Post post = by_key<Post>(database, 2);
  counter.queries = 0;
  CHECK(post.editor.get() == nullptr);
  CHECK(post.editor.get_result().value() == nullptr);
  CHECK(post.editor.state() == LazyState::loaded);
  CHECK(counter.queries == 0);
  CHECK(by_key<Post>(database, 1).editor.get()->name == "Bob");
  CHECK(by_key<User>(database, 0).profile.get() == nullptr);
}

TEST_CASE("a dangling reference and a second row are errors that name the row") {
  const ommi::Database database = open();
  const Post post = by_key<Post>(database, 5);
  const auto author = post.author.get_result();
  REQUIRE(author.failure() != nullptr);
  CHECK(author.failure()->code() == ErrorCode::dangling_reference);
  CHECK(author.failure()->message() == "Post[5].author: no User has id = 99");
  CHECK_THROWS_AS(post.author.get(), ommi::DatabaseError);
  const User bob = by_key<User>(database, 2);
  CHECK(bob.profile.get_result().failure()->code() == ErrorCode::multiple_rows);
}

TEST_CASE("to-many, associations and self references give lists, none is a success") {
  const ommi::Database database = open();
  const User ann = by_key<User>(database, 1);
  CHECK(ann.posts.get().size() == 2);
  CHECK(ann.staff.get().size() == 2);
  CHECK(ann.boss.get()->name == "zero");
  CHECK(by_key<User>(database, 2).posts.get().empty());
  std::string labels;
  for (const Tag& tag : by_key<Post>(database, 1).tags.get()) labels += tag.label;
  CHECK(labels == "xy");
  CHECK(by_key<Post>(database, 3).tags.get().to_vector().size() == 1);
}

TEST_CASE("the first look loads the field of all peers, and a related row is one object for all") {
  const ommi::Database database = open();
  const std::vector<Post> posts = all_posts(database);
  Counter counter(database);
  const User& first = posts[0].author.get();
  CHECK(&first == &posts[1].author.get());
  CHECK(posts[2].author.state() == LazyState::loaded);
  CHECK(posts[3].author.state() == LazyState::failed);
  CHECK(counter.queries == 1);
  CHECK(&posts[0].tags.get()[0] == &posts[1].tags.get()[0]);
  CHECK(counter.queries == 2);
}

TEST_CASE("what is loaded lazily is lazy itself, and loads with its own peers") {
  const ommi::Database database = open();
  const std::vector<Post> posts = all_posts(database);
  Counter counter(database);
  std::size_t count = 0;
  for (const Post& post : posts) {
    if (const auto author = post.author.get_result()) count += author.value()->posts.get().size();
  }
  CHECK(count == 2 + 2 + 1 + 1);
  CHECK(counter.queries == 2);
}

TEST_CASE("objects are plain values: sorted, copied and moved ones find their own related rows") {
  const ommi::Database database = open();
  std::vector<Post> posts = all_posts(database);
  std::sort(posts.begin(), posts.end(),
            [](const Post& a, const Post& b) { return a.title > b.title; });
  const Post copy = posts.back();
  posts.erase(posts.begin() + 1, posts.end());
  CHECK(posts.front().author.get().name == "minus");
  CHECK(copy.author.get().name == "Ann");
  const Post& same = copy;
  CHECK(&Post(same).author.get() == &copy.author.get());
}

TEST_CASE("what was loaded outlives its owners and the database, what was not is detached") {
  std::shared_ptr<const User> author;
  ommi::RelatedList<Tag> tags;
  std::vector<Post> posts;
  {
    ommi::Database database = open();
    posts = all_posts(database);
    author = posts[0].author.get_result().or_raise();
    tags = by_key<Post>(database, 1).tags.get();
    database.close();
  }
  CHECK(posts[0].author.get().name == "Ann");
  CHECK(posts[0].tags.state() == LazyState::not_loaded);
  CHECK(posts[0].tags.get_result().failure()->code() == ErrorCode::detached);
  posts.clear();
  CHECK(author->name == "Ann");
  CHECK(tags[1].label == "y");
}

TEST_CASE("fetch one loads one owner, and raise refuses before any statement") {
  ommi::Database database = open();
  database.set_fetch(Fetch::one);
  const std::vector<Post> single = all_posts(database);
  CHECK(single[0].author.get().name == "Ann");
  CHECK(single[1].author.state() == LazyState::not_loaded);
  database.set_fetch(Fetch::raise);
  const std::vector<Post> posts = all_posts(database);
  Counter counter(database);
  const auto refused = posts[0].author.get_result();
  CHECK(refused.failure()->code() == ErrorCode::lazy_load_blocked);
  CHECK(refused.failure()->error().place().relation == "author");
  CHECK(counter.queries == 0);
  CHECK(posts[0].author.state() == LazyState::not_loaded);
}

TEST_CASE("errors are kept like values, until refresh or expire") {
  const ommi::Database database = open();
  const Post post = by_key<Post>(database, 5);
  Counter counter(database);
  CHECK_FALSE(post.author.get_result());
  CHECK_FALSE(post.author.get_result());
  CHECK(counter.queries == 1);
  CHECK_FALSE(post.author.refresh());
  CHECK(counter.queries == 2);
  CHECK_FALSE(post.author.refresh_if_needed());
  CHECK(counter.queries == 3);
  post.author.expire();
  CHECK(post.author.state() == LazyState::not_loaded);
  CHECK_FALSE(post.author.get_result());
  CHECK(counter.queries == 4);
}

TEST_CASE("refresh gives a new object, and the old one lives on") {
  const ommi::Database database = open();
  const Post post = by_key<Post>(database, 1);
  const User& before = post.author.get();
  const auto after = post.author.refresh().or_raise();
  CHECK(after.get() != &before);
  CHECK(before.name == after->name);
  CHECK(&post.author.get() == after.get());
  CHECK(post.author.refresh_if_needed().or_raise() == after);
}

TEST_CASE("a fallback is used on failure only, and the tracer is told the cause") {
  const ommi::Database database = open();
  const std::vector<Post> posts = all_posts(database);
  Counter counter(database);
  User nobody;
  nobody.name = "nobody";
  CHECK(posts[0].author.or_use(nobody).name == "Ann");
  CHECK(counter.fallbacks == 0);
  CHECK(posts[3].author.or_use(nobody).name == "nobody");
  CHECK(counter.fallbacks == 1);
  CHECK(counter.cause == "Post[5].author: no User has id = 99");
  const std::vector<User> users = database.find<User>().order_by(at<&User::id>()).all().or_raise();
  CHECK(users[3].profile.or_use(Profile{})->id == 0);
  CHECK(counter.fallbacks == 2);
  CHECK_FALSE(users[1].profile.or_use(std::nullopt).has_value());
  CHECK(counter.fallbacks == 2);
}

TEST_CASE("an object that no database knows has lazy fields that say so") {
  const Post post;
  CHECK(post.author.state() == LazyState::not_loaded);
  CHECK(post.author.get_result().failure()->code() == ErrorCode::detached);
  CHECK(post.tags.or_use({}).empty());
}

TEST_CASE("a promised row that does not refer back is an error, not a null reference") {
  ommi::Catalog catalog;
  catalog.add<Citizen, Passport>();
  REQUIRE(catalog.seal().empty());
  ommi::Database database(ommi::sqlite::open_memory(
      "CREATE TABLE Citizen(id INTEGER PRIMARY KEY); INSERT INTO Citizen VALUES (1), (2);"
      "CREATE TABLE Passport(id INTEGER PRIMARY KEY, citizen_id INTEGER); "
      "INSERT INTO Passport VALUES (7, 2);"));
  database.use(std::make_shared<const ommi::Catalog>(std::move(catalog)));
  CHECK(by_key<Citizen>(database, 2).passport.get().id == 7);
  const Citizen without = by_key<Citizen>(database, 1);
  const auto found = without.passport.get_result();
  CHECK(found.failure()->code() == ErrorCode::not_found);
  CHECK(found.failure()->message() ==
        "Citizen[1].passport: no Passport refers to it, and one is promised");
}

TEST_CASE("with loads the named fields with the rows, and no statement follows") {
  const ommi::Database database = open();
  Counter counter(database);
  const std::vector<Post> posts = database.find<Post>()
                                      .order_by(at<&Post::id>())
                                      .with<&Post::author, &Post::tags>()
                                      .all()
                                      .or_raise();
  CHECK(counter.queries == 3);
  CHECK(posts[0].author.get().name == "Ann");
  CHECK(posts[0].tags.get().size() == 2);
  CHECK(posts[3].author.state() == LazyState::failed);
  CHECK(counter.queries == 3);
}

TEST_CASE("load fills a field of objects at hand, also where looking would be refused") {
  ommi::Database database = open();
  database.set_fetch(Fetch::raise);
  std::vector<Post> posts = all_posts(database);
  posts.push_back(posts.front());
  Counter counter(database);
  CHECK(database.load(posts, &Post::author));
  CHECK(counter.queries == 1);
  CHECK(posts.back().author.get().name == "Ann");
  CHECK(database.load(posts, &Post::author));
  CHECK(counter.queries == 1);
  CHECK(database.load(std::vector<Post>(1), &Post::author).failure()->code() ==
        ErrorCode::detached);
}

TEST_CASE("a statement that fails fails the load that asked for it, and is kept for all owners") {
  const ommi::Database database =
      open(std::string(tables) + rows + "DROP TABLE Tag; CREATE TABLE Other(id INTEGER);");
  const std::vector<Post> posts = all_posts(database);
  CHECK(database.load(posts, &Post::tags).failure()->code() == ErrorCode::missing_table);
  CHECK(posts[1].tags.get_result().failure()->code() == ErrorCode::missing_table);
  CHECK(database.find<Post>().with<&Post::tags>().all().failure()->code() ==
        ErrorCode::missing_table);
}

TEST_CASE("copied, moved and assigned objects keep what they load, whatever becomes of the set") {
  std::optional<Post> kept;
  {
    const ommi::Database database = open();
    std::vector<Post> posts = all_posts(database);
    std::vector<Post> others = all_posts(database);
    Post post = others[2];
    post = posts[1];  // of another answer than before
    const Post& same = post;
    post = same;
    others.clear();
    Post moved = std::move(post);
    CHECK(moved.author.get().name == "Ann");
    posts.clear();
    posts.push_back(moved);
    kept = std::move(posts.back());
    CHECK(posts.back().author.state() == LazyState::not_loaded);
    CHECK(posts.back().author.get_result().failure()->code() == ErrorCode::detached);
    CHECK(database.attach(posts.back()));
    CHECK(posts.back().author.get().name == "Ann");
  }
  CHECK(kept->author.get().name == "Ann");
  CHECK(kept->author.get().posts.get_result().failure()->code() == ErrorCode::detached);
}

TEST_CASE("objects of one answer may be copied and end in several threads") {
  const ommi::Database database = open();
  std::vector<Post> posts = all_posts(database);
  CHECK(database.load(posts, &Post::author));
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([own = posts] {
      for (int turn = 0; turn < 2000; ++turn) const std::vector<Post> copies = own;
    });
  }
  for (std::thread& thread : threads) thread.join();
  threads.clear();
  const Post last = posts.front();
  posts.clear();
  CHECK(last.author.get().name == "Ann");
}

TEST_CASE("an attached object has lazy fields, those of a vector load together") {
  const ommi::Database database = open();
  std::vector<Post> posts(2);
  posts[0].author_id = 1;
  posts[1].author_id = 2;
  CHECK(database.attach(posts));
  Counter counter(database);
  CHECK(posts[0].author.get().name == "Ann");
  CHECK(posts[1].author.get().name == "Bob");
  CHECK(counter.queries == 1);
  posts[0].author_id = 0;
  CHECK(posts[0].author.get().name == "Ann");
  CHECK(database.attach(posts[0]));
  CHECK(posts[0].author.get().name == "zero");
}

}  // namespace typed_blog
