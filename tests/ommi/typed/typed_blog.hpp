#pragma once

/// \file
/// A blog as structs: to-one, optional, to-many, both sides of a one-to-one, an association, a self
/// reference, and a struct that is described from outside.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "ommi/sqlite.hpp"
#include "ommi/typed.hpp"

namespace typed_blog {

using ommi::AssociateUsing;
using ommi::Auto;
using ommi::Describe;
using ommi::Key;
using ommi::LazyLoadEveryRelated;
using ommi::LazyLoadTheRelated;
using ommi::ReferenceTo;
using ommi::StoreAs;
using ommi::Via;
using ommi::ViaTarget;

struct Post;
struct Profile;
struct Tag;
struct PostTag;

struct User {
  std::int64_t id{};
  std::string name;
  std::optional<std::int64_t> boss_id;
  LazyLoadEveryRelated<Post> posts;
  LazyLoadTheRelated<std::optional<Profile>> profile;
  LazyLoadTheRelated<std::optional<User>> boss;
  LazyLoadEveryRelated<User> staff;

  static void describe(Describe<User>& model) {
    model.name("User")
        .field<&User::id>("id", Key, Auto)
        .field<&User::name>("name")
        .field<&User::boss_id>("boss_id", ReferenceTo{"User.id"})
        .lazy<&User::posts>("posts", Via{"author_id"})
        .lazy<&User::profile>("profile")
        .lazy<&User::boss>("boss")
        .lazy<&User::staff>("staff");
  }
};

struct Post {
  std::int64_t id{};
  std::string title;
  std::int64_t author_id{};
  std::optional<std::int64_t> editor_id;
  LazyLoadTheRelated<User> author;
  LazyLoadTheRelated<std::optional<User>> editor;
  LazyLoadEveryRelated<Tag> tags;

  static void describe(Describe<Post>& model) {
    model.field<&Post::id>("id", Key, Auto)
        .field<&Post::title>("title", StoreAs{"headline"})
        .field<&Post::author_id>("author_id", ReferenceTo{"User.id"})
        .field<&Post::editor_id>("editor_id", ReferenceTo{"User.id"})
        .lazy<&Post::author>("author", Via{"author_id"})
        .lazy<&Post::editor>("editor", Via{"editor_id"})
        .lazy<&Post::tags>("tags", AssociateUsing<PostTag>{});
  }
};

struct Profile {
  std::int64_t id{};
  std::int64_t user_id{};
  LazyLoadTheRelated<User> user;

  static void describe(Describe<Profile>& model) {
    model.field<&Profile::id>("id", Key)
        .field<&Profile::user_id>("user_id", ReferenceTo{"User.id"}, ommi::Unique)
        .lazy<&Profile::user>("user");
  }
};

/// Described from outside, as one would a struct of another library.
struct Tag {
  std::int64_t id{};
  std::string label;
};

struct PostTag {
  std::int64_t post_id{};
  std::int64_t tag_id{};

  static void describe(Describe<PostTag>& model) {
    model.field<&PostTag::post_id>("post_id", ReferenceTo{"Post.id"})
        .field<&PostTag::tag_id>("tag_id", ReferenceTo{"Tag.id"});
  }
};

}  // namespace typed_blog

template <>
struct ommi::Description<typed_blog::Tag> {
  static void describe(Describe<typed_blog::Tag>& model) {
    model.field<&typed_blog::Tag::id>("id", Key).field<&typed_blog::Tag::label>("label");
  }
};

namespace typed_blog {

inline constexpr const char* tables = R"(
  CREATE TABLE User(id INTEGER PRIMARY KEY, name TEXT, boss_id INTEGER);
  CREATE TABLE Post(id INTEGER PRIMARY KEY, headline TEXT, author_id INTEGER, editor_id INTEGER);
  CREATE TABLE Profile(id INTEGER PRIMARY KEY, user_id INTEGER);
  CREATE TABLE Tag(id INTEGER PRIMARY KEY, label TEXT);
  CREATE TABLE PostTag(post_id INTEGER, tag_id INTEGER);
)";

inline constexpr const char* rows = R"(
  INSERT INTO User VALUES (0, 'zero', NULL), (1, 'Ann', 0), (2, 'Bob', 1), (-3, 'minus', 1);
  INSERT INTO Post VALUES (1, 'a', 1, 2), (2, 'b', 1, NULL), (3, 'c', 0, 1), (5, 'e', 99, NULL), (6, 'f', -3, 2);
  INSERT INTO Profile VALUES (1, 1), (2, 2), (3, 2);
  INSERT INTO Tag VALUES (1, 'x'), (2, 'y');
  INSERT INTO PostTag VALUES (1, 1), (1, 2), (2, 1), (3, 77), (3, 2);
)";

inline std::shared_ptr<const ommi::Catalog> models() {
  ommi::Catalog catalog;
  catalog.add<User, Post, Profile, Tag, PostTag>();
  for (const ommi::Problem& problem : catalog.seal()) throw std::logic_error(problem.message);
  return std::make_shared<const ommi::Catalog>(std::move(catalog));
}

inline ommi::Database open(const std::string& sql = std::string(tables) + rows) {
  ommi::Database database(ommi::sqlite::open_memory(sql));
  database.use(models());
  return database;
}

/// Counts what libommi does.
class Counter final : public ommi::Tracer {
 public:
  explicit Counter(const ommi::Database& database) { database.set_tracer(this); }
  void on(const ommi::Event& event) override {
    if (event.kind == ommi::EventKind::query) ++queries;
    if (event.kind == ommi::EventKind::cache_hit) ++hits;
    if (event.kind != ommi::EventKind::fallback) return;
    ++fallbacks;
    cause = event.error == nullptr ? "" : event.error->message();
  }
  int queries = 0;
  int hits = 0;
  int fallbacks = 0;
  std::string cause;
};

}  // namespace typed_blog
