#include <algorithm>

#include <catch2/catch.hpp>

#include "ommi/model.hpp"

namespace ommi {
namespace {

FieldInfo key(const char* name) {
  FieldInfo field;
  field.name = name;
  field.type = Type::integer;
  field.key = true;
  return field;
}

FieldInfo plain(const char* name) {
  FieldInfo field = key(name);
  field.key = false;
  return field;
}

Reference reference(std::vector<std::string> fields, const char* model,
                    std::vector<std::string> targets) {
  Reference result;
  result.fields = std::move(fields);
  result.model = model;
  result.target_fields = std::move(targets);
  return result;
}

RelationInfo to(Cardinality cardinality, const char* name, const char* target,
                const char* via = "") {
  RelationInfo relation;
  relation.name = name;
  relation.cardinality = cardinality;
  relation.target = target;
  relation.via = via;
  return relation;
}

ModelInfo user() {
  ModelInfo model;
  model.name = "User";
  model.fields = {key("id"), plain("name")};
  return model;
}

ModelInfo post() {
  ModelInfo model;
  model.name = "Post";
  model.fields = {key("id"), plain("author_id"), plain("editor_id")};
  model.references = {reference({"author_id"}, "User", {"id"})};
  model.relations = {to(Cardinality::one, "author", "User")};
  return model;
}

bool has(const std::vector<Problem>& problems, Problem::What what) {
  return std::any_of(problems.begin(), problems.end(),
                     [&](const Problem& problem) { return problem.what == what; });
}

}  // namespace

TEST_CASE(
    "a to-one finds its join from our reference, a to-many from theirs, in any order of adding") {
  const bool user_first = GENERATE(true, false);
  ModelInfo owner = user();
  owner.relations = {to(Cardinality::many, "posts", "Post")};
  Catalog catalog;
  if (user_first) catalog.add(owner).add(post());
  if (!user_first) catalog.add(post()).add(owner);
  REQUIRE(catalog.seal().empty());
  const Relation* author = catalog.find("Post")->find_relation("author");
  CHECK(author->direction == Direction::forward);
  CHECK(author->owner_fields == std::vector<std::size_t>{1});
  CHECK(author->target_fields == std::vector<std::size_t>{0});
  const Relation* posts = catalog.find("User")->find_relation("posts");
  CHECK(posts->direction == Direction::reverse);
  CHECK(posts->owner_fields == std::vector<std::size_t>{0});
  CHECK(posts->target_fields == std::vector<std::size_t>{1});
}

TEST_CASE("a self reference needs no guess: children are those that refer to us") {
  ModelInfo node;
  node.name = "Node";
  node.fields = {key("id"), plain("parent_id")};
  node.references = {reference({"parent_id"}, "Node", {"id"})};
  node.relations = {to(Cardinality::one, "parent", "Node"),
                    to(Cardinality::many, "children", "Node")};
  Catalog catalog;
  REQUIRE(catalog.add(node).seal().empty());
  CHECK(catalog.find("Node")->find_relation("parent")->owner_fields == std::vector<std::size_t>{1});
  CHECK(catalog.find("Node")->find_relation("children")->owner_fields ==
        std::vector<std::size_t>{0});
}

TEST_CASE("two references to one model are ambiguous, unless the relationship says its join") {
  ModelInfo model = post();
  model.references.push_back(reference({"editor_id"}, "User", {"id"}));
  SECTION("without a join it is a problem that lists the choices") {
    Catalog catalog;
    const auto problems = catalog.add(user()).add(model).seal();
    REQUIRE(has(problems, Problem::What::ambiguous_reference));
    CHECK(problems.front().candidates.size() == 2);
    CHECK(catalog.find("Post")->find_relation("author")->problem);
  }
  SECTION("with a join it is fine") {
    model.relations[0].join = {{"editor_id", "id"}};
    Catalog catalog;
    CHECK(catalog.add(user()).add(model).seal().empty());
    CHECK(catalog.find("Post")->find_relation("author")->owner_fields ==
          std::vector<std::size_t>{2});
  }
}

TEST_CASE("references that name distinct fields of one target are one composite reference") {
  ModelInfo line;
  line.name = "Line";
  line.fields = {key("order_id"), key("number")};
  ModelInfo note;
  note.name = "Note";
  note.fields = {key("id"), plain("order_id"), plain("line_number")};
  note.references = {reference({"order_id"}, "Line", {"order_id"}),
                     reference({"line_number"}, "Line", {"number"})};
  note.relations = {to(Cardinality::one, "line", "Line")};
  SECTION("both parts") {
    Catalog catalog;
    REQUIRE(catalog.add(line).add(note).seal().empty());
    CHECK(catalog.find("Note")->find_relation("line")->owner_fields ==
          std::vector<std::size_t>{1, 2});
  }
  SECTION("half of the key is a problem") {
    note.references.pop_back();
    Catalog catalog;
    CHECK(has(catalog.add(line).add(note).seal(), Problem::What::partial_reference));
  }
}

TEST_CASE("an association joins both sides, and says when one is missing") {
  ModelInfo tag;
  tag.name = "Tag";
  tag.fields = {key("id")};
  ModelInfo link;
  link.name = "PostTag";
  link.fields = {key("post_id"), key("tag_id")};
  link.references = {reference({"post_id"}, "Post", {"id"}), reference({"tag_id"}, "Tag", {"id"})};
  ModelInfo owner = post();
  owner.relations = {to(Cardinality::many, "tags", "Tag", "PostTag")};
  SECTION("whole") {
    Catalog catalog;
    REQUIRE(catalog.add(user()).add(owner).add(tag).add(link).seal().empty());
    const Relation* tags = catalog.find("Post")->find_relation("tags");
    CHECK(tags->direction == Direction::association);
    CHECK(tags->via_owner_fields == std::vector<std::size_t>{0});
    CHECK(tags->via_target_fields == std::vector<std::size_t>{1});
  }
  SECTION("one side only") {
    link.references.pop_back();
    Catalog catalog;
    CHECK(has(catalog.add(user()).add(owner).add(tag).add(link).seal(),
              Problem::What::association_missing_side));
  }
}

TEST_CASE("every problem is told at once, with the nearest name") {
  ModelInfo model = post();
  model.references[0].model = "Usr";
  model.relations.push_back(to(Cardinality::one, "tag", "Tga"));
  model.relations.push_back(to(Cardinality::one, "editor", "User"));
  model.relations.back().join = {{"editr_id", "id"}};
  ModelInfo tag;
  tag.name = "Tag";
  tag.fields = {key("id"), plain("ID")};
  Catalog catalog;
  const auto problems = catalog.add(user()).add(model).add(tag).seal();
  CHECK(has(problems, Problem::What::duplicate_field));
  CHECK(has(problems, Problem::What::no_reference));
  const auto unknown = std::find_if(problems.begin(), problems.end(), [](const Problem& problem) {
    return problem.what == Problem::What::unknown_model && problem.name == "tag";
  });
  REQUIRE(unknown != problems.end());
  CHECK(unknown->candidates == std::vector<std::string>{"Tag"});
  CHECK(unknown->missing == "Tga");
  const auto field = std::find_if(problems.begin(), problems.end(), [](const Problem& problem) {
    return problem.what == Problem::What::unknown_field;
  });
  REQUIRE(field != problems.end());
  CHECK(field->candidates == std::vector<std::string>{"editor_id"});
}

TEST_CASE("names are found exactly first, then in any case") {
  ModelInfo upper;
  upper.name = "POST";
  upper.fields = {key("id")};
  Catalog catalog;
  catalog.add(upper).add(user()).add(post());
  catalog.seal();
  CHECK(catalog.find("Post")->name() == "Post");
  CHECK(catalog.find("post")->name() == "POST");
  CHECK(catalog.find("nobody") == nullptr);
  CHECK(nearest("autor", {"author", "editor"}) == "author");
  CHECK(nearest("zzz", {"author", "editor"}).empty());
}

}  // namespace ommi
