#include <catch2/catch.hpp>

#include "ommi/error.hpp"
#include "ommi/sql.hpp"

namespace ommi {
namespace {

FieldInfo field(std::string name) {
  FieldInfo made;
  made.name = std::move(name);
  return made;
}

RelationInfo relation(std::string name, Cardinality cardinality, std::string target,
                      std::vector<FieldPair> join) {
  RelationInfo made;
  made.name = std::move(name);
  made.cardinality = cardinality;
  made.target = std::move(target);
  made.join = std::move(join);
  return made;
}

const Catalog& catalog() {
  static const Catalog sealed = [] {
    ModelInfo user;
    user.name = "User";
    user.fields = {field("id"), field("name"), field("boss_id")};
    user.relations = {relation("boss", Cardinality::one, "User", {{"boss_id", "id"}}),
                      relation("posts", Cardinality::many, "Post", {{"id", "author_id"}})};
    ModelInfo post;
    post.name = "Post";
    post.fields = {field("id"), field("author_id"), field("a.b")};
    post.relations = {relation("author", Cardinality::one, "User", {{"author_id", "id"}}),
                      relation("tags", Cardinality::many, "Tag", {{"id", "post_id"}}),
                      relation("lost", Cardinality::one, "Nowhere", {})};
    post.relations[1].via = "PostTag";
    post.relations[1].target_join = {{"tag_id", "id"}};
    ModelInfo tag;
    tag.name = "Tag";
    tag.fields = {field("id"), field("name")};
    ModelInfo link;
    link.name = "PostTag";
    link.fields = {field("post_id"), field("tag_id")};
    Catalog made;
    made.add(user).add(post).add(tag).add(link);
    made.seal();
    return made;
  }();
  return sealed;
}

const Model& model(std::string_view name) { return *catalog().find(name); }

std::string where(std::string_view asked, const Expression& condition) {
  Query query;
  query.model = &model(asked);
  query.where = condition;
  const std::string text = sql::select(query, {}).text;
  return text.substr(text.find(" WHERE ") + 7);
}

std::string message_of(std::string_view start, std::string_view dotted) {
  try {
    static_cast<void>(path(model(start), dotted));
  } catch (const DatabaseError& error) {
    CHECK(error.code() == ErrorCode::model);
    return error.message();
  }
  return "nothing was thrown";
}

}  // namespace

TEST_CASE("a path to one row is EXISTS over its key") {
  CHECK(where("Post", path(model("Post"), "author.name") == "Ann") ==
        "(EXISTS (SELECT 1 FROM \"User\" AS r1 WHERE r1.\"id\" = +t.\"author_id\" AND "
        "(r1.\"name\" = ?)))");
}

TEST_CASE("hops nest, and a table that comes twice has two names") {
  CHECK(where("Post", path(model("Post"), "author.boss.boss.name") == Value()) ==
        "(EXISTS (SELECT 1 FROM \"User\" AS r1 WHERE r1.\"id\" = +t.\"author_id\" AND "
        "EXISTS (SELECT 1 FROM \"User\" AS r2 WHERE r2.\"id\" = +r1.\"boss_id\" AND "
        "EXISTS (SELECT 1 FROM \"User\" AS r3 WHERE r3.\"id\" = +r2.\"boss_id\" AND "
        "(r3.\"name\" IS NULL)))))");
}

TEST_CASE("a path through an association joins the link and the target") {
  CHECK(where("Post", path(model("Post"), "tags.name").starts_with("c")) ==
        "(EXISTS (SELECT 1 FROM \"PostTag\" AS a1 JOIN \"Tag\" AS r1 ON r1.\"id\" = "
        "+a1.\"tag_id\" WHERE a1.\"post_id\" = +t.\"id\" AND (instr(r1.\"name\", ?) = 1)))");
}

TEST_CASE("two conditions on one row are one EXISTS, two conditions on a path are two") {
  const Model& post = model("Post");
  const Model& user = model("User");
  const Expression one = any(user, "posts", at(post, "id") > 3 && path(post, "tags.name") == "c++");
  CHECK(where("User", one).find("AS r2") != std::string::npos);
  CHECK(where("User", one).find("AS r3") == std::string::npos);
  CHECK(where("User", path(user, "posts.id") > 3 && path(user, "posts.id") < 9)
            .find(") AND (EXISTS") != std::string::npos);
}

TEST_CASE("a path without a condition asks whether there is a row") {
  CHECK(where("User", any(model("User"), "posts")) ==
        "(EXISTS (SELECT 1 FROM \"Post\" AS r1 WHERE r1.\"author_id\" = +t.\"id\"))");
}

TEST_CASE("a path of no hops is the field itself, and names may have dots") {
  CHECK(where("Post", path(model("Post"), "a.b") == 1) == "(t.\"a.b\" = ?)");
  CHECK(where("User", path(model("User"), "posts.a.b") == 1).find("r1.\"a.b\" = ?") !=
        std::string::npos);
}

TEST_CASE("a path that does not resolve is refused with the nearest name") {
  CHECK(message_of("Post", "autor.name") ==
        "Post has no relationship 'autor'; did you mean 'author'?");
  CHECK(message_of("Post", "author.nam") == "User has no field 'nam'; did you mean 'name'?");
  CHECK(message_of("Post", "lost.name").find("Nowhere") != std::string::npos);
}

TEST_CASE("a condition on another model is refused, not translated") {
  Query query;
  query.model = &model("Tag");
  query.where = path(model("Post"), "author.name") == "Ann";
  CHECK_THROWS_AS(sql::select(query, {}), DatabaseError);
  query.where = at(model("Post"), "a.b") == 1;
  CHECK_THROWS_AS(sql::select(query, {}), DatabaseError);
}

TEST_CASE("not of nothing is true of no row") {
  CHECK(where("Tag", !Expression()) == "(1 = 0)");
  CHECK(where("Tag", at(model("Tag"), "id").in({})) == "(1 = 0)");
}

TEST_CASE("conditions that nest too deeply are refused where they are built") {
  Expression deep = at(model("Tag"), "id") == 1;
  const auto build = [&] {
    for (int i = 0; i < 100'000; ++i) deep = !deep;
  };
  CHECK_THROWS_AS(build(), DatabaseError);
  CHECK(deep.node()->depth == most_nested);
}

}  // namespace ommi
