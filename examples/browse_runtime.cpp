// Models that are known only at run time: described as data, browsed by name.

#include <iostream>
#include <memory>

#include "ommi/database.hpp"
#include "ommi/sqlite.hpp"

using namespace ommi;

namespace {

FieldInfo field(const char* name, Type type, bool key = false) {
  FieldInfo info;
  info.name = name;
  info.type = type;
  info.key = key;
  return info;
}

Catalog models() {
  ModelInfo user;
  user.name = "User";
  user.fields = {field("id", Type::integer, true), field("name", Type::text)};
  user.relations = {{.name = "posts", .cardinality = Cardinality::many, .target = "Post"}};
  ModelInfo post;
  post.name = "Post";
  post.fields = {field("id", Type::integer, true), field("title", Type::text),
                 field("user_id", Type::integer)};
  post.references = {{.fields = {"user_id"}, .model = "User", .target_fields = {"id"}}};
  post.relations = {{.name = "author", .target = "User"}};
  Catalog catalog;
  catalog.add(user).add(post);
  return catalog;
}

void print(const Record& record) {
  std::cout << record.model().name();
  for (std::size_t i = 0; i < record.model().fields().size(); ++i) {
    std::cout << ' ' << record.model().fields()[i].name << '=' << to_display(record.cell(i));
  }
  std::cout << '\n';
}

}  // namespace

int main() {
  Catalog catalog = models();
  for (const Problem& problem : catalog.seal()) {
    std::cerr << problem.message << '\n';
    return 1;
  }
  Database database(sqlite::open_memory(
      "CREATE TABLE User(id INTEGER PRIMARY KEY, name TEXT);"
      "CREATE TABLE Post(id INTEGER PRIMARY KEY, title TEXT, user_id INTEGER);"
      "INSERT INTO User VALUES (1, 'Ann'), (2, 'Bob');"
      "INSERT INTO Post VALUES (1, 'First', 1), (2, 'Second', 1), (3, 'Lost', 9);"));
  database.use(std::make_shared<const Catalog>(std::move(catalog)));

  const RecordList users = database.find("User").order_by("id").with({"posts"}).all().or_raise();
  for (const Record user : users) {
    print(user);
    for (const Record post : user.many("posts").or_raise()) print(post);
  }
  // What is wrong with one row is said where that row is looked at.
  for (const Record post : database.find("Post").order_by("id").all().or_raise()) {
    const auto author = post.one("author");
    if (const Failure* failure = author.failure()) std::cout << failure->message() << '\n';
  }
}
