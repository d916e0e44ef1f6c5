// A program of somebody else: two models over a database in memory, one lazy field.

#include <iostream>
#include <memory>
#include <ommi/ommi.hpp>
#include <string_view>

namespace {

constexpr std::string_view rows = R"(
  CREATE TABLE User (id INTEGER PRIMARY KEY, name TEXT);
  CREATE TABLE Post (id INTEGER PRIMARY KEY, user_id INTEGER);
  INSERT INTO User VALUES (1, 'Ada'), (2, 'Barbara');
  INSERT INTO Post VALUES (10, 1), (11, 1), (12, 2);
)";

ommi::ModelInfo user() {
  ommi::ModelInfo model{.name = "User"};
  model.fields = {{.name = "id", .type = ommi::Type::integer, .key = true},
                  {.name = "name", .type = ommi::Type::text}};
  model.relations = {{.name = "posts", .cardinality = ommi::Cardinality::many, .target = "Post"}};
  return model;
}

ommi::ModelInfo post() {
  ommi::ModelInfo model{.name = "Post"};
  model.fields = {{.name = "id", .type = ommi::Type::integer, .key = true},
                  {.name = "user_id", .type = ommi::Type::integer}};
  model.references = {{.fields = {"user_id"}, .model = "User", .target_fields = {"id"}}};
  return model;
}

}  // namespace

int main() {
  auto catalog = std::make_shared<ommi::Catalog>();
  catalog->add(user()).add(post());
  for (const ommi::Problem& problem : catalog->seal()) std::cerr << problem.message << '\n';

  ommi::Database database(ommi::sqlite::open_memory(rows));
  database.use(catalog);
  const ommi::RecordList users = database.find("User").order_by("id").all().or_raise();
  for (const ommi::Record& found : users) {
    std::cout << found["name"].view() << ": " << found.many("posts").or_raise().size() << '\n';
  }
}
