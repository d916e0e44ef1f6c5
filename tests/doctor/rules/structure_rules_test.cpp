#include <algorithm>

#include <catch2/catch.hpp>

#include "support/blog.hpp"

namespace doctor {
namespace {

using testing::Blog;
using testing::found_by;
using testing::messages_of;

void drop_table(Blog& blog, std::string_view name) {
  std::erase_if(blog.schema.tables, [&](const ommi::Table& table) { return table.name == name; });
}

TEST_CASE("SCH001 missing-table", "[rule]") {
  SECTION("models with tables are fine") {
    Blog blog;
    CHECK(messages_of("SCH001", blog.evidence).empty());
  }
  SECTION("a missing table is one finding, and the nearest name is proposed") {
    Blog blog;
    drop_table(blog, "Post");
    blog.schema.tables[0].name = "User";
    ommi::Table renamed;
    renamed.name = "posts";
    blog.schema.tables.push_back(renamed);
    const auto found = found_by("SCH001", blog.evidence);
    REQUIRE(found.size() == 1);
    CHECK(found[0].message == "the table Post of Post is not in the database");
    CHECK(found[0].evidence.notes ==
          std::vector<std::string>{"the nearest name in the database is posts"});
    CHECK(found[0].remedies.back().safety == Safety::unsafe);
  }
  SECTION("what it breaks is listed under it, not beside it") {
    Blog blog;
    drop_table(blog, "Post");
    blog.observation("User", "posts").loads = 20;
    blog.observation("User", "posts").errors["missing_table"] = 20;
    blog.observation("Post", "author").error =
        ommi::DatabaseError(ommi::ErrorCode::missing_table, "no such table: Post");
    const auto found = diagnose(blog.evidence, "blog.db");
    REQUIRE(found.size() == 1);
    CHECK(found[0].explains ==
          std::vector<std::string>{"User.posts: 20 of 20 loads fail (missing_table)",
                                   "Post.author: cannot be loaded: no such table: Post"});
  }
  SECTION("a reference to what is no model and no table is one finding however many name it") {
    Blog blog([](std::vector<ommi::ModelInfo>& models) {
      models[1].references[0].model = "Person";
      models[2].references[0].model = "Person";
      models[1].relations[0].target = "Person";
    });
    const auto found = found_by("SCH001", blog.evidence);
    REQUIRE(found.size() == 1);
    CHECK(found[0].subject.table == "Person");
    CHECK(found[0].count == 3);
  }
}

TEST_CASE("SCH002 missing-column", "[rule]") {
  Blog blog;
  CHECK(messages_of("SCH002", blog.evidence).empty());

  blog.schema.tables[1].columns[1].name = "userid";
  const auto found = found_by("SCH002", blog.evidence);
  REQUIRE(found.size() == 1);
  CHECK(found[0].message == "table Post has no column user_id");
  CHECK(found[0].remedies[0].safety == Safety::manual);
  CHECK(found[0].remedies[1].sql ==
        std::vector<std::string>{"ALTER TABLE \"Post\" ADD COLUMN \"user_id\" INTEGER;"});

  SECTION("a table whose columns could not be read says nothing about them") {
    blog.schema.tables[1].unreadable = "no such module: fts9";
    CHECK(messages_of("SCH002", blog.evidence).empty());
  }
  SECTION("the row's own number is a column though no table declares it") {
    Blog rowid([](std::vector<ommi::ModelInfo>& models) { models[1].fields[0].name = "rowid"; });
    rowid.schema.tables[1].columns.erase(rowid.schema.tables[1].columns.begin());
    CHECK(messages_of("SCH002", rowid.evidence).empty());
  }
}

TEST_CASE("SCH004 reference-not-indexed", "[rule]") {
  Blog blog;
  RelationshipObservation& posts = blog.observation("User", "posts");
  posts.plan = ommi::QueryPlan{"SELECT …", {"SCAN Post"}, {"Post"}, false};

  SECTION("a scan of a table with many rows is reported, with the index to make") {
    const auto found = found_by("SCH004", blog.evidence);
    REQUIRE(found.size() == 1);
    CHECK(found[0].message ==
          "each load of User.posts reads all 400 rows of Post: no index starts with user_id");
    CHECK(found[0].remedies[0].sql ==
          std::vector<std::string>{"CREATE INDEX \"Post_user_id\" ON \"Post\" (\"user_id\");"});
  }
  SECTION("a small table is not worth an index") {
    posts.looked_up_rows = 99;
    CHECK(messages_of("SCH004", blog.evidence).empty());
  }
  SECTION("a search is fine") {
    posts.plan->scanned.clear();
    CHECK(messages_of("SCH004", blog.evidence).empty());
  }
  SECTION("the leading column of a longer index is indexed") {
    blog.schema.tables[1].indexes = {{"both", {"USER_ID", "id"}, false, false}};
    CHECK(messages_of("SCH004", blog.evidence).empty());
    blog.schema.tables[1].indexes[0].columns = {"id", "user_id"};
    CHECK(found_by("SCH004", blog.evidence).size() == 1);
    blog.schema.tables[1].indexes = {{"Post_user_id", {"user_id"}, false, true}};
    const auto partial = found_by("SCH004", blog.evidence);
    REQUIRE(partial.size() == 1);
    CHECK(partial[0].remedies[0].sql[0].find("\"Post_user_id_2\"") != std::string::npos);
  }
}

TEST_CASE("REL001 no-reference", "[rule]") {
  Blog blog([](std::vector<ommi::ModelInfo>& models) {
    models[1].references.clear();
    models[1].relations.clear();
  });
  const auto found = found_by("REL001", blog.evidence);
  REQUIRE(found.size() == 1);
  CHECK(found[0].subject.relationship == "User.posts");
  CHECK(found[0].remedies[0].title == "declare that Post.user_id refers to User.id");

  const Blog healthy;
  CHECK(messages_of("REL001", healthy.evidence).empty());
}

TEST_CASE("REL002 ambiguous-reference", "[rule]") {
  Blog blog([](std::vector<ommi::ModelInfo>& models) {
    ommi::FieldInfo editor = models[1].fields[1];
    editor.name = "editor_id";
    models[1].fields.push_back(editor);
    ommi::Reference reference = models[1].references[0];
    reference.fields = {"editor_id"};
    models[1].references.push_back(reference);
  });
  const auto found = found_by("REL002", blog.evidence);
  REQUIRE(found.size() == 2);
  CHECK(found[0].subject.relationship == "User.posts");
  CHECK(found[1].subject.relationship == "Post.author");
  CHECK(found[0].evidence.notes.size() == 2);

  const Blog healthy;
  CHECK(messages_of("REL002", healthy.evidence).empty());
}

ommi::Table& table(Blog& blog, std::string_view name) {
  return *std::find_if(blog.schema.tables.begin(), blog.schema.tables.end(),
                       [&](const ommi::Table& each) { return each.name == name; });
}

TEST_CASE("SCH005 one-to-one-not-unique", "[rule]") {
  Blog blog;
  std::vector<ommi::Index>& indexes = table(blog, "Profile").indexes;
  SECTION("a unique index, whole or partial, will do") {
    indexes[0].partial = true;
    CHECK(messages_of("SCH005", blog.evidence).empty());
  }
  SECTION("an index that is not unique will not, nor one over more columns") {
    const bool wide = GENERATE(false, true);
    indexes[0].unique = wide;
    if (wide) indexes[0].columns.emplace_back("id");
    const auto found = found_by("SCH005", blog.evidence);
    REQUIRE(found.size() == 1);
    CHECK(found[0].message ==
          "User.profile gives one Profile, and nothing keeps two from naming the same User");
    CHECK(found[0].remedies[0].safety == Safety::safe);
  }
  SECTION("with two children now, no index can be made yet") {
    indexes.clear();
    blog.evidence.one_to_ones[0].repeated = 1;
    CHECK(found_by("SCH005", blog.evidence).at(0).remedies[0].safety == Safety::unsafe);
  }
}

TEST_CASE("SCH006 association-key-one-side and SCH007 association-pair-not-unique", "[rule]") {
  Blog blog;
  std::vector<ommi::Column>& columns = table(blog, "UserTag").columns;
  SECTION("a key of the owner's side alone") {
    columns[1].key_part = 0;
    const auto found = found_by("SCH006", blog.evidence);
    REQUIRE(found.size() == 1);
    CHECK(found[0].message ==
          "User.tags can give one row only: user_id is unique in UserTag by itself");
    CHECK(messages_of("SCH007", blog.evidence).empty());
  }
  SECTION("a key of the other side limits the other direction, which nobody follows") {
    columns[0].key_part = 0;
    columns[1].key_part = 1;
    CHECK(messages_of("SCH006", blog.evidence).empty());
  }
  SECTION("no key at all") {
    columns[0].key_part = columns[1].key_part = 0;
    const auto found = found_by("SCH007", blog.evidence);
    REQUIRE(found.size() == 1);
    CHECK(found[0].message == "nothing keeps UserTag from linking the same User and Tag twice");
    CHECK(found[0].remedies[0].safety == Safety::safe);
    table(blog, "UserTag").indexes = {{"pair", {"tag_id", "user_id"}, true}};
    CHECK(messages_of("SCH007", blog.evidence).empty());
  }
}

TEST_CASE("SCH008 association-reverse-not-indexed", "[rule]") {
  Blog blog([](std::vector<ommi::ModelInfo>& models) {
    ommi::RelationInfo users;
    users.name = "users";
    users.cardinality = ommi::Cardinality::many;
    users.target = "User";
    users.via = "UserTag";
    models[3].relations.push_back(users);
  });
  blog.observation("Tag", "users").plan =
      ommi::QueryPlan{"SELECT …", {"SCAN UserTag"}, {"UserTag"}, false};
  CHECK(messages_of("SCH008", blog.evidence) ==
        "each load of Tag.users reads all 400 links of UserTag: the primary key begins with the "
        "other side\n");
  CHECK(messages_of("SCH004", blog.evidence).empty());
  SECTION("an index for the other direction will do") {
    table(blog, "UserTag").indexes = {{"back", {"tag_id"}}};
    CHECK(messages_of("SCH008", blog.evidence).empty());
  }
  SECTION("without any index it is another rule's") {
    for (ommi::Column& column : table(blog, "UserTag").columns) column.key_part = 0;
    CHECK(messages_of("SCH008", blog.evidence).empty());
    CHECK(found_by("SCH004", blog.evidence).size() == 1);
  }
}

TEST_CASE("SCH009 and SCH010 look at the keys that tables declare", "[rule]") {
  Blog blog;
  SECTION("a key that is not declared") {
    table(blog, "Post").foreign_keys.clear();
    CHECK(messages_of("SCH009", blog.evidence) ==
          "Post declares no foreign key for user_id, which refers to User\n");
    blog.reference("Post", "user_id").dangling = 3;
    CHECK(messages_of("SCH010", blog.evidence).empty());
  }
  SECTION("a key that rows violate") {
    blog.reference("Post", "user_id").dangling = 3;
    CHECK(messages_of("SCH010", blog.evidence) ==
          "3 rows of Post violate the foreign key to User, which was not enforced\n");
  }
  SECTION("a key that names what is not unique") {
    table(blog, "User").columns[0].key_part = 0;
    CHECK(found_by("SCH010", blog.evidence).size() == 3);
    table(blog, "User").indexes = {{"unique", {"ID"}, true}};
    CHECK(messages_of("SCH010", blog.evidence).empty());
    table(blog, "User").indexes[0].partial = true;
    CHECK(found_by("SCH010", blog.evidence).size() == 3);
  }
}

TEST_CASE("SCH011 key-not-enforced and DAT011 null-key", "[rule]") {
  Blog blog;
  SetSweep& users = blog.evidence.sets.emplace_back();
  users.model = &blog.model("User");
  users.fields = {0};
  users.rows = 20;
  CHECK(messages_of("SCH011", blog.evidence).empty());
  CHECK(messages_of("DAT011", blog.evidence).empty());
  users.nulls = 2;
  CHECK(messages_of("DAT011", blog.evidence) == "2 rows of User have no key: it is NULL\n");
  table(blog, "User").columns[0].key_part = 0;
  CHECK(messages_of("SCH011", blog.evidence) ==
        "the key of User (id) is neither the key of User nor unique there\n");
  CHECK(found_by("SCH011", blog.evidence)[0].remedies[0].safety == Safety::safe);
  users.repeated = 1;
  CHECK(found_by("SCH011", blog.evidence)[0].remedies[0].safety == Safety::unsafe);
}

TEST_CASE("REL007 reference-type-mismatch", "[rule]") {
  Blog blog([](std::vector<ommi::ModelInfo>& models) {
    models[1].fields[1].type = ommi::Type::text;
    models[2].fields[1].type = ommi::Type::boolean;
    models[4].fields[1].type = ommi::Type::any;
  });
  CHECK(messages_of("REL007", blog.evidence) ==
        "Post.user_id is declared as text, and User.id, which it refers to, as integer\n");
}

TEST_CASE("REL008 implicit-key-guess", "[rule]") {
  Blog blog([](std::vector<ommi::ModelInfo>& models) { models[1].fields[0].key = false; });
  const auto found = found_by("REL008", blog.evidence);
  REQUIRE(found.size() == 1);
  CHECK(found[0].message == "Post has no key, so that its rows have no name");
  CHECK(found[0].level == Level::info);

  Blog unique([](std::vector<ommi::ModelInfo>& models) {
    models[1].fields[0].key = false;
    models[1].fields[0].nullable = false;
    models[1].unique_sets = {{"id"}};
  });
  CHECK(messages_of("REL008", unique.evidence).empty());
}

TEST_CASE("PRF004 is about an index that does not serve", "[rule]") {
  Blog blog;
  blog.observation("User", "posts").plan =
      ommi::QueryPlan{"SELECT …", {"SCAN Post"}, {"Post"}, false};
  CHECK(messages_of("PRF004", blog.evidence).empty());
  table(blog, "Post").indexes = {{"Post_user_id", {"user_id"}}};
  CHECK(messages_of("PRF004", blog.evidence) ==
        "each load of User.posts reads all 400 rows of Post: the index over user_id does not serve "
        "it\n");
  CHECK(messages_of("SCH004", blog.evidence).empty());
  IndexTrial& trial = blog.evidence.trials.emplace_back();
  trial.model = &blog.model("Post");
  trial.fields = {1};
  trial.unmeasured = "the database is larger than 200 MB";
  CHECK(found_by("PRF004", blog.evidence)[0].evidence.notes.back() ==
        "not measured with an index: the database is larger than 200 MB");
}

}  // namespace
}  // namespace doctor
