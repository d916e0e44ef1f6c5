#include <catch2/catch.hpp>

#include "doctor/traversal.hpp"

namespace doctor {
namespace {

ommi::Catalog make_catalog() {
  const auto field = [](const char* name, ommi::Type type, bool key) {
    ommi::FieldInfo info;
    info.name = name;
    info.type = type;
    info.key = key;
    return info;
  };
  ommi::ModelInfo user;
  user.name = "User";
  user.fields = {field("id", ommi::Type::integer, true), field("name", ommi::Type::text, false)};
  ommi::ModelInfo line;
  line.name = "Order Details";
  line.fields = {field("order_id", ommi::Type::integer, true),
                 field("code", ommi::Type::text, true)};
  ommi::ModelInfo post;
  post.name = "Post";
  post.fields = {field("id", ommi::Type::integer, true),
                 field("author_id", ommi::Type::integer, false)};
  ommi::Reference reference;
  reference.fields = {"author_id"};
  reference.model = "User";
  reference.target_fields = {"id"};
  post.references = {reference};
  ommi::RelationInfo author;
  author.name = "author";
  author.target = "User";
  post.relations = {author};
  ommi::RelationInfo posts;
  posts.name = "posts";
  posts.target = "Post";
  posts.cardinality = ommi::Cardinality::many;
  user.relations = {posts};
  ommi::Catalog catalog;
  catalog.add(user).add(line).add(post);
  catalog.seal();
  return catalog;
}

std::string message(std::string_view path) {
  const ommi::Catalog catalog = make_catalog();
  const auto parsed = parse_path(path, catalog);
  return parsed ? "" : parsed.failure()->message();
}

}  // namespace

TEST_CASE("a path names rows by key or by field, and hops by relationship") {
  const ommi::Catalog catalog = make_catalog();
  const Path plain = parse_path("User[1].posts.author", catalog).or_raise();
  CHECK(plain.model->name() == "User");
  CHECK(plain.hops.size() == 2);
  REQUIRE(plain.filters.size() == 1);
  CHECK(plain.filters[0].field == "id");
  CHECK(plain.filters[0].value == ommi::Value(1));
  const Path composite = parse_path("\"Order Details\"[10, 007]", catalog).or_raise();
  REQUIRE(composite.filters.size() == 2);
  CHECK(composite.filters[1].value == ommi::Value("007"));
  const Path filtered = parse_path("User[name='it''s, ok]'].posts", catalog).or_raise();
  CHECK(filtered.filters[0].value == ommi::Value("it's, ok]"));
  CHECK(parse_path("User", catalog).or_raise().filters.empty());
  CHECK(parse_path("Post[author_id=NULL]", catalog).or_raise().filters[0].value.is_null());
}

TEST_CASE("what a path gets wrong is said, with the nearest name") {
  CHECK(message("Usr[1]") == "path 'Usr[1]': there is no model 'Usr'; did you mean 'User'?");
  CHECK(message("User[1].post") == "User has no relationship 'post'; did you mean 'posts'?");
  CHECK(message("User.name").find("is a field, not a relationship") != std::string::npos);
  CHECK(message("User[nme=1]") == "User has no field 'nme'; did you mean 'name'?");
  CHECK(message("\"Order Details\"[1]").find("has 2 fields, and one is given") !=
        std::string::npos);
  CHECK(message("User[1,2]").find("the key of User has 1 field") != std::string::npos);
  CHECK(message("User[1") == "path 'User[1': the closing ] is missing");
  CHECK(message("User['a") == "path 'User['a': the closing ' is missing");
  CHECK(message("User[1]x").find("'x' is not expected here") != std::string::npos);
  CHECK_FALSE(message("").empty());
  CHECK_FALSE(message("User.").empty());
}

}  // namespace doctor
