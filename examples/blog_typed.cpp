// Structs as models: declare, query, follow lazy fields, load eagerly.

#include <cstdint>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "ommi/sqlite.hpp"
#include "ommi/typed.hpp"

using namespace ommi;

struct Post;
struct Tag;
struct PostTag;

struct User {
  std::int64_t id{};
  std::string name;
  LazyLoadEveryRelated<Post> posts;

  static void describe(Describe<User>& model) {
    model.field<&User::id>("id", Key, Auto)
        .field<&User::name>("name")
        .lazy<&User::posts>("posts", Via{"author_id"});
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

struct Tag {
  std::int64_t id{};
  std::string label;

  static void describe(Describe<Tag>& model) {
    model.field<&Tag::id>("id", Key, Auto).field<&Tag::label>("label");
  }
};

struct PostTag {
  std::int64_t post_id{};
  std::int64_t tag_id{};

  static void describe(Describe<PostTag>& model) {
    model.field<&PostTag::post_id>("post_id", ReferenceTo{"Post.id"})
        .field<&PostTag::tag_id>("tag_id", ReferenceTo{"Tag.id"});
  }
};

int main() {
  Catalog models;
  models.add<User, Post, Tag, PostTag>();
  for (const Problem& problem : models.seal()) {
    std::cerr << problem.message << '\n';
    return 1;
  }
  Database database(sqlite::open_memory(
      "CREATE TABLE User(id INTEGER PRIMARY KEY, name TEXT NOT NULL);"
      "CREATE TABLE Post(id INTEGER PRIMARY KEY, headline TEXT NOT NULL,"
      "                  author_id INTEGER NOT NULL, editor_id INTEGER);"
      "CREATE TABLE Tag(id INTEGER PRIMARY KEY, label TEXT NOT NULL);"
      "CREATE TABLE PostTag(post_id INTEGER NOT NULL, tag_id INTEGER NOT NULL);"
      "INSERT INTO User VALUES (1, 'Ann'), (2, 'Bob');"
      "INSERT INTO Post VALUES (1, 'First', 1, 2), (2, 'Second', 1, NULL), (3, 'Third', 2, 1);"
      "INSERT INTO Tag VALUES (1, 'news'), (2, 'code');"
      "INSERT INTO PostTag VALUES (1, 1), (1, 2), (3, 2);"));
  database.use(std::make_shared<const Catalog>(std::move(models)));

  // The first look at `author` loads the authors of all three posts: two statements in all.
  const std::vector<Post> posts = database.find<Post>().order_by(at<&Post::id>()).all().or_raise();
  for (const Post& post : posts) {
    std::cout << post.title << " by " << post.author.get().name;
    if (const User* editor = post.editor.get()) std::cout << ", edited by " << editor->name;
    for (const Tag& tag : post.tags.get()) std::cout << " #" << tag.label;
    std::cout << '\n';
  }

  // A condition along a path, and a field loaded with its rows.
  const std::vector<User> coders =
      database.find<User>()
          .where(at<&User::posts, &Post::tags, &Tag::label>() == "code")
          .order_by(at<&User::id>())
          .with<&User::posts>()
          .all()
          .or_raise();
  for (const User& user : coders) {
    std::cout << user.name << " wrote " << user.posts.get().size() << '\n';
  }

  // Objects are values: make one, add it, and its lazy fields work.
  Post post;
  post.title = "Fourth";
  post.author_id = 2;
  database.add(post).or_raise();
  std::cout << post.id << " by " << post.author.get().name << '\n';

  const DBResult<Post> missing = database.find<Post>().where(at<&Post::id>() == 77).one();
  if (const Failure* failure = missing.failure()) {
    std::cout << to_string(failure->code()) << ": " << failure->message() << '\n';
  }
}
