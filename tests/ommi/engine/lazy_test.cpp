#include <catch2/catch.hpp>
#include <fmt/format.h>

#include "ommi/database.hpp"
#include "ommi/sqlite.hpp"

namespace ommi {
namespace {

FieldInfo field(const char* name, Type type, bool key = false) {
  FieldInfo info;
  info.name = name;
  info.type = type;
  info.key = key;
  info.comparison.affinity = type == Type::text  ? Affinity::text
                             : type == Type::any ? Affinity::none
                                                 : Affinity::integer;
  return info;
}

Reference reference(std::vector<std::string> fields, const char* model,
                    std::vector<std::string> targets) {
  Reference result;
  result.fields = std::move(fields);
  result.model = model;
  result.target_fields = std::move(targets);
  return result;
}

RelationInfo relation(Cardinality cardinality, const char* name, const char* target,
                      const char* via = "") {
  RelationInfo info;
  info.name = name;
  info.cardinality = cardinality;
  info.target = target;
  info.via = via;
  return info;
}

std::shared_ptr<const Catalog> blog_models() {
  ModelInfo user;
  user.name = "User";
  user.fields = {field("id", Type::integer, true), field("name", Type::text)};
  user.relations = {relation(Cardinality::many, "posts", "Post"),
                    relation(Cardinality::one, "profile", "Profile")};
  ModelInfo post;
  post.name = "Post";
  post.fields = {field("id", Type::integer, true), field("title", Type::text),
                 field("user_id", Type::integer)};
  post.references = {reference({"user_id"}, "User", {"id"})};
  post.relations = {relation(Cardinality::one, "author", "User"),
                    relation(Cardinality::many, "tags", "Tag", "PostTag")};
  ModelInfo profile;
  profile.name = "Profile";
  profile.fields = {field("id", Type::integer, true), field("user_id", Type::integer)};
  profile.references = {reference({"user_id"}, "User", {"id"})};
  ModelInfo tag;
  tag.name = "Tag";
  tag.fields = {field("id", Type::integer, true), field("label", Type::text)};
  ModelInfo link;
  link.name = "PostTag";
  link.fields = {field("post_id", Type::integer), field("tag_id", Type::integer)};
  link.references = {reference({"post_id"}, "Post", {"id"}), reference({"tag_id"}, "Tag", {"id"})};
  Catalog catalog;
  catalog.add(user).add(post).add(profile).add(tag).add(link);
  REQUIRE(catalog.seal().empty());
  return std::make_shared<const Catalog>(std::move(catalog));
}

constexpr const char* blog_sql = R"(
  CREATE TABLE User(id INTEGER PRIMARY KEY, name TEXT);
  CREATE TABLE Post(id INTEGER PRIMARY KEY, title TEXT, user_id INTEGER);
  CREATE TABLE Profile(id INTEGER PRIMARY KEY, user_id INTEGER);
  CREATE TABLE Tag(id INTEGER PRIMARY KEY, label TEXT);
  CREATE TABLE PostTag(post_id INTEGER, tag_id INTEGER);
  INSERT INTO User VALUES (0, 'zero'), (1, 'Ann'), (2, 'Bob'), (-3, 'minus');
  INSERT INTO Post VALUES (1, 'a', 1), (2, 'b', 1), (3, 'c', 0), (4, 'd', NULL), (5, 'e', 99), (6, 'f', -3);
  INSERT INTO Profile VALUES (1, 1), (2, 2), (3, 2);
  INSERT INTO Tag VALUES (1, 'x'), (2, 'y');
  INSERT INTO PostTag VALUES (1, 1), (1, 2), (2, 1), (3, 77), (3, 2), (2, 1);
)";

Database open(std::string_view sql, std::shared_ptr<const Catalog> models) {
  Database database(sqlite::open_memory(sql));
  database.use(std::move(models));
  return database;
}

Record by_key(const Database& database, const char* model, std::int64_t key) {
  const Model& found = *database.catalog().find(model);
  return database.find(model).where(at(found, "id") == Value(key)).one().or_raise();
}

class Counter final : public Tracer {
 public:
  explicit Counter(const Database& database) { database.set_tracer(this); }
  void on(const Event& event) override {
    if (event.kind == EventKind::query) ++queries;
    if (event.kind == EventKind::cache_hit) ++hits;
  }
  int queries = 0;
  int hits = 0;
};

}  // namespace

TEST_CASE("a to-one loads the row its key names, 0 and negative keys are keys") {
  const Database database = open(blog_sql, blog_models());
  CHECK(by_key(database, "Post", 1).one("author").or_raise()->cell(1).view() == "Ann");
  CHECK(by_key(database, "Post", 3).one("author").or_raise()->cell(1).view() == "zero");
  CHECK(by_key(database, "Post", 6).one("author").or_raise()->cell(1).view() == "minus");
}

TEST_CASE("NULL, dangling and empty are three things") {
  const Database database = open(blog_sql, blog_models());
  Counter counter(database);
  const Record unowned = by_key(database, "Post", 4);
  counter.queries = 0;
  CHECK_FALSE(unowned.one("author").or_raise().has_value());
  CHECK(counter.queries == 0);
  const auto dangling = by_key(database, "Post", 5).one("author");
  REQUIRE(dangling.failure() != nullptr);
  CHECK(dangling.failure()->code() == ErrorCode::dangling_reference);
  CHECK(dangling.failure()->message() == "Post[5].author: no User has id = 99");
  CHECK(by_key(database, "User", 2).many("posts").or_raise().empty());
  CHECK_FALSE(by_key(database, "User", 0).one("profile").or_raise().has_value());
}

TEST_CASE("two rows where one is due are an error, not the first of them") {
  const Database database = open(blog_sql, blog_models());
  const auto profile = by_key(database, "User", 2).one("profile");
  REQUIRE(profile.failure() != nullptr);
  CHECK(profile.failure()->code() == ErrorCode::multiple_rows);
}

TEST_CASE("an association gives both sides, once per link, and says which links lead nowhere") {
  const Database database = open(blog_sql, blog_models());
  const RecordList posts = database.find("Post").order_by("id").all().or_raise();
  CHECK(posts[0].many("tags").or_raise().size() == 2);
  CHECK(posts[1].many("tags").or_raise().size() == 2);
  CHECK(posts[0].many("tags").or_raise()[0] == posts[1].many("tags").or_raise()[0]);
  CHECK(posts[2].many("tags").or_raise().size() == 1);
  const Relation& tags = *posts.model().find_relation("tags");
  CHECK(posts[2].missing_targets(tags) == 1);
  CHECK(posts[3].many("tags").or_raise().empty());
}

TEST_CASE("peers load together, once, and what is loaded is the same object again") {
  const Database database = open(blog_sql, blog_models());
  const RecordList posts = database.find("Post").order_by("id").all().or_raise();
  Counter counter(database);
  const auto first = posts[0].one("author").or_raise();
  const auto second = posts[1].one("author").or_raise();
  CHECK(*first == *second);
  CHECK(counter.queries == 1);
  CHECK(counter.hits == 0);
  CHECK(*posts[0].one("author").or_raise() == *first);
  CHECK(counter.queries == 1);
  CHECK(counter.hits == 1);
}

TEST_CASE("a failed load is cached until it is refreshed") {
  const Database database = open(
      "CREATE TABLE Post(id INTEGER PRIMARY KEY, title TEXT, user_id INTEGER);"
      "INSERT INTO Post VALUES (1, 'a', 1), (2, 'b', 2);",
      blog_models());
  const RecordList posts = database.find("Post").all().or_raise();
  Counter counter(database);
  const auto failed = posts[0].one("author");
  REQUIRE(failed.failure() != nullptr);
  CHECK(failed.failure()->code() == ErrorCode::missing_table);
  const DriverStatistics before = database.statistics();
  CHECK(posts[1].one("author").failure()->code() == ErrorCode::missing_table);
  CHECK(database.statistics().executed == before.executed);
  const Relation& author = *posts.model().find_relation("author");
  CHECK(posts[0].state(author) == LazyState::failed);
  posts[0].expire(author);
  CHECK(posts[0].state(author) == LazyState::not_loaded);
  CHECK_FALSE(posts[0].refresh(author).ok());
}

TEST_CASE("Fetch::one asks for each owner, Fetch::raise refuses before any statement") {
  Database database = open(blog_sql, blog_models());
  database.set_fetch(Fetch::one);
  const RecordList one = database.find("Post").all().or_raise();
  Counter counter(database);
  for (const Record post : one) static_cast<void>(post.many("tags").ok());
  CHECK(counter.queries == 6);
  database.set_fetch(Fetch::raise);
  const RecordList blocked = database.find("Post").all().or_raise();
  counter.queries = 0;
  CHECK(blocked[0].one("author").failure()->code() == ErrorCode::lazy_load_blocked);
  CHECK(counter.queries == 0);
}

TEST_CASE("a closed database leaves what was loaded readable") {
  Database database = open(blog_sql, blog_models());
  const RecordList posts = database.find("Post").order_by("id").all().or_raise();
  const Relation& author = *posts.model().find_relation("author");
  static_cast<void>(posts[0].one(author).or_raise());
  database.close();
  CHECK(posts[0].one(author).or_raise()->cell(1).view() == "Ann");
  CHECK(posts[0].state(author) == LazyState::loaded);
  CHECK(posts[0].many("tags").failure()->code() == ErrorCode::detached);
  CHECK(database.find("Post").all().failure()->code() == ErrorCode::detached);
}

TEST_CASE("1,200 owners cost as few statements as chunks of 500 keys") {
  std::string sql =
      "CREATE TABLE User(id INTEGER PRIMARY KEY, name TEXT);"
      "CREATE TABLE Post(id INTEGER PRIMARY KEY, title TEXT, user_id INTEGER);"
      "CREATE INDEX by_user ON Post(user_id);";
  for (int i = 1; i <= 1200; ++i) {
    sql += fmt::format(
        "INSERT INTO User VALUES ({0}, 'u'); INSERT INTO Post VALUES ({0}, 'p', {0});", i);
  }
  const Database database = open(sql, blog_models());
  const RecordList users = database.find("User").order_by("id").all().or_raise();
  Counter counter(database);
  std::size_t rows = 0;
  for (const Record user : users) rows += user.many("posts").or_raise().size();
  CHECK(rows == 1200);
  CHECK(counter.queries == 3);
  const RecordList posts = database.find("Post").all().or_raise();
  counter.queries = 0;
  for (const Record post : posts)
    CHECK(post.one("author").or_raise()->cell(0).integer == post.cell(2).integer);
  CHECK(counter.queries == 3);
}

TEST_CASE("without an index one statement takes all the keys it can") {
  std::string sql =
      "CREATE TABLE User(id INTEGER PRIMARY KEY, name TEXT);"
      "CREATE TABLE Post(id INTEGER PRIMARY KEY, title TEXT, user_id INTEGER);";
  for (int i = 1; i <= 1001; ++i) {
    sql += fmt::format(
        "INSERT INTO User VALUES ({0}, 'u'); INSERT INTO Post VALUES ({0}, 'p', {0});", i);
  }
  const Database database = open(sql, blog_models());
  const RecordList users = database.find("User").all().or_raise();
  Counter counter(database);
  std::size_t rows = 0;
  for (const Record user : users) rows += user.many("posts").or_raise().size();
  CHECK(rows == 1001);
  CHECK(counter.queries == 1);
}

TEST_CASE("one bad row costs its owners only") {
  const Database database =
      open(std::string(blog_sql) + "INSERT INTO Post VALUES (7, 'bad', 'bob'), (8, x'00', 1);",
           blog_models());
  const RecordList users = database.find("User").order_by("id").all().or_raise();
  CHECK(users[1].many("posts").or_raise().size() == 1);
  const auto ann = users[2].many("posts");
  REQUIRE(ann.failure() != nullptr);
  CHECK(ann.failure()->code() == ErrorCode::decode);
  CHECK(ann.failure()->message() == "Post[8].title is declared text and holds the blob x'00'");
  const Record bad = by_key(database, "Post", 7);
  REQUIRE(bad.fault());
  CHECK(bad.one("author").failure()->code() == ErrorCode::decode);
}

TEST_CASE("a bad row of the association costs its owners only, where it is loaded") {
  ModelInfo post;
  post.name = "Post";
  post.fields = {field("id", Type::integer, true)};
  post.relations = {relation(Cardinality::many, "tags", "Tag", "PostTag"),
                    relation(Cardinality::many, "linked", "Tag", "PostTag")};
  for (RelationInfo& each : post.relations) {
    each.join = {{"id", "post_id"}};
    each.target_join = {{"tag_id", "id"}};
  }
  post.relations[1].linked = true;
  ModelInfo tag;
  tag.name = "Tag";
  tag.fields = {field("id", Type::integer, true)};
  ModelInfo link;
  link.name = "PostTag";
  link.fields = {field("id", Type::integer, true), field("post_id", Type::integer),
                 field("tag_id", Type::integer), field("weight", Type::integer)};
  Catalog catalog;
  REQUIRE(catalog.add(post).add(tag).add(link).seal().empty());
  const Database database = open(
      "CREATE TABLE Post(id); INSERT INTO Post VALUES (1), (2); CREATE TABLE Tag(id);"
      "INSERT INTO Tag VALUES (1); CREATE TABLE PostTag(id, post_id, tag_id, weight);"
      "INSERT INTO PostTag VALUES (7, 1, 1, 'heavy'), (8, 2, 1, 3);",
      std::make_shared<const Catalog>(std::move(catalog)));
  const RecordList posts = database.find("Post").order_by("id").all().or_raise();
  CHECK(posts[0].many("tags").or_raise().size() == 1);
  const auto bad = posts[0].many("linked");
  REQUIRE(bad.failure() != nullptr);
  CHECK(bad.failure()->code() == ErrorCode::decode);
  CHECK(bad.failure()->message() ==
        "PostTag[7].weight is declared integer and holds the text 'heavy'");
  CHECK(bad.failure()->error().place().model == "Post");
  CHECK(posts[1].many("linked").or_raise().links()[0]["weight"].integer == 3);
}

TEST_CASE("parts of a composite key stay apart, and half a NULL is NULL") {
  ModelInfo owner;
  owner.name = "Owner";
  owner.fields = {field("a", Type::text, true), field("b", Type::text, true)};
  owner.relations = {relation(Cardinality::many, "items", "Item")};
  ModelInfo item;
  item.name = "Item";
  item.fields = {field("id", Type::integer, true), field("a", Type::text), field("b", Type::text)};
  item.references = {reference({"a", "b"}, "Owner", {"a", "b"})};
  item.relations = {relation(Cardinality::one, "owner", "Owner")};
  Catalog catalog;
  REQUIRE(catalog.add(owner).add(item).seal().empty());
  const Database database = open(
      "CREATE TABLE Owner(a TEXT, b TEXT, PRIMARY KEY(a, b)); CREATE TABLE Item(id INTEGER PRIMARY "
      "KEY, a TEXT, b TEXT);"
      "INSERT INTO Owner VALUES ('a', 'bc'), ('ab', 'c'); INSERT INTO Item VALUES (1, 'a', 'bc'), "
      "(2, 'ab', 'c'), (3, 'a', NULL), (4, 'a', 'c');",
      std::make_shared<const Catalog>(std::move(catalog)));
  const RecordList items = database.find("Item").order_by("id").all().or_raise();
  CHECK(items[0].one("owner").or_raise()->cell(1).view() == "bc");
  CHECK(items[1].one("owner").or_raise()->cell(1).view() == "c");
  CHECK_FALSE(items[2].one("owner").or_raise().has_value());
  CHECK(items[3].one("owner").failure()->message() ==
        "Item[4].owner: no Owner has a = 'a' and b = 'c'");
  const RecordList owners = database.find("Owner").all().or_raise();
  CHECK(owners[0].many("items").or_raise().size() == 1);
}

TEST_CASE("a stream hands over windows, and each loads its own peers") {
  std::string sql = blog_sql;
  for (int i = 10; i < 60; ++i) sql += fmt::format("INSERT INTO Post VALUES ({}, 'p', 1);", i);
  const Database database = open(sql, blog_models());
  Counter counter(database);
  std::size_t windows = 0;
  const auto read = database.find("Post").stream(20, [&](const RecordList& window) {
    ++windows;
    for (const Record post : window) static_cast<void>(post.one("author").ok());
    return true;
  });
  CHECK(read.or_raise() == 56);
  CHECK(windows == 3);
  CHECK(counter.queries == 4);
  CHECK(database.find("Post").stream(5, [](const RecordList&) { return false; }).or_raise() == 5);
}

TEST_CASE("a name that is not there is refused with the nearest") {
  const Database database = open(blog_sql, blog_models());
  CHECK(database.find("Pots").all().failure()->message() ==
        "there is no model 'Pots'; did you mean 'Post'?");
  CHECK(by_key(database, "Post", 1).one("autor").failure()->message() ==
        "Post has no relationship 'autor'; did you mean 'author'?");
  CHECK(by_key(database, "Post", 1).many("author").failure()->code() == ErrorCode::model);
  CHECK(database.find("Post").order_by("titel").all().failure()->code() == ErrorCode::model);
}

}  // namespace ommi
