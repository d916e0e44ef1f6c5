#include <catch2/catch.hpp>

#include "schemas.hpp"

namespace doctor {

using testing::column;
using testing::Lines;
using testing::relations;
using testing::table_with;

TEST_CASE("a reference is a to-one on its side and a to-many on the other") {
  const ommi::Schema schema{{table_with("Post", {{"author_id", "User"}}), table_with("User", {})}};
  CHECK(relations(models_from_schema(schema)) ==
        Lines{"Post.author -> User", "User.posts => Post"});
}

TEST_CASE("names of relationships are never those of fields or of each other") {
  ommi::Table post = table_with("Post", {{"author_id", "User"}});
  post.columns.push_back(column("AUTHOR", "TEXT"));
  ommi::Table user = table_with("User", {});
  user.columns.push_back(column("posts", "INTEGER"));
  CHECK(relations(models_from_schema({{post, user}})) ==
        Lines{"Post.user -> User", "User.posts_by_author => Post"});
}

TEST_CASE("a column that is called like its target gets another relationship name") {
  const ommi::Schema schema{{table_with("Book", {{"person", "Person"}}), table_with("Person", {})}};
  CHECK(relations(models_from_schema(schema)) ==
        Lines{"Book.person_row -> Person", "Person.books => Book"});
}

TEST_CASE("two references to one model stay apart") {
  const ommi::Schema schema{
      {table_with("Message", {{"sender_id", "User"}, {"receiver_id", "User"}, {"room_id", "Room"}}),
       table_with("Room", {}), table_with("User", {})}};
  CHECK(relations(models_from_schema(schema)) ==
        Lines{"Message.receiver -> User", "Message.room -> Room", "Message.sender -> User",
              "Room.messages => Message", "User.messages_by_receiver => Message",
              "User.messages_by_sender => Message"});
}

TEST_CASE("a parent has children; another self reference the plural") {
  CHECK(relations(models_from_schema({{table_with("Category", {{"parent_id", "Category"}})}})) ==
        Lines{"Category.children => Category", "Category.parent -> Category"});
  CHECK(relations(models_from_schema({{table_with("Employee", {{"ReportsTo", "Employee"}})}})) ==
        Lines{"Employee.employees => Employee", "Employee.reports_to -> Employee"});
}

TEST_CASE("a unique reference is a to-one in both directions") {
  ommi::Table profile = table_with("Profile", {{"user_id", "User"}});
  ommi::Index unique{"u", {"user_id"}, true, false, {"BINARY"}};

  SECTION("with a unique index") {
    profile.indexes.push_back(unique);
    CHECK(relations(models_from_schema({{profile, table_with("User", {})}})) ==
          Lines{"Profile.user -> User", "User.profile -> Profile"});
  }
  SECTION("but a partial index does not make it unique") {
    unique.partial = true;
    profile.indexes.push_back(unique);
    CHECK(relations(models_from_schema({{profile, table_with("User", {})}})) ==
          Lines{"Profile.user -> User", "User.profiles => Profile"});
  }
  SECTION("nor one that tells cases apart which the column does not") {
    profile.columns[1].comparison.collation = ommi::Collation::nocase;
    profile.columns[1].collation = "NOCASE";
    profile.indexes.push_back(unique);
    CHECK(relations(models_from_schema({{profile, table_with("User", {})}})) ==
          Lines{"Profile.user -> User", "User.profiles => Profile"});
  }
}

TEST_CASE("a to-one is required when none of its fields may be NULL") {
  ommi::Table post = table_with("Post", {{"author_id", "User"}});
  const bool required = GENERATE(true, false);
  post.columns[1].not_null = required;
  const Draft draft = models_from_schema({{post, table_with("User", {})}});
  REQUIRE(draft.models[0].relations.size() == 1);
  CHECK(draft.models[0].relations[0].required == required);
}

TEST_CASE("a table that only links two others is an association") {
  ommi::Table link =
      table_with("UserPermission", {{"user_id", "User"}, {"permission_id", "Permission"}});
  const Lines through{"Permission.users => User via UserPermission",
                      "User.permissions => Permission via UserPermission",
                      "UserPermission.permission -> Permission", "UserPermission.user -> User"};
  const auto made = [&] {
    return relations(
        models_from_schema({{table_with("Permission", {}), table_with("User", {}), link}}));
  };

  SECTION("with nothing but its two references and a key of its own") { CHECK(made() == through); }
  SECTION("with more fields, when the pair is unique") {
    link.columns.push_back(column("since", "DATE"));
    link.indexes.push_back({"pair", {"permission_id", "user_id"}, true, false, {}});
    CHECK(made() == through);
  }
  SECTION("but not with more fields when the pair can repeat") {
    link.columns.push_back(column("since", "DATE"));
    CHECK(made() == Lines{"Permission.user_permissions => UserPermission",
                          "User.user_permissions => UserPermission",
                          "UserPermission.permission -> Permission",
                          "UserPermission.user -> User"});
  }
}

TEST_CASE("a row that others refer to is more than a link") {
  const ommi::Schema schema{{table_with("Comment", {{"post_id", "Post"}}), table_with("Forum", {}),
                             table_with("Post", {{"user_id", "User"}, {"forum_id", "Forum"}}),
                             table_with("User", {})}};
  const Lines made = relations(models_from_schema(schema));
  CHECK(std::find(made.begin(), made.end(), "User.posts => Post") != made.end());
  CHECK(std::find(made.begin(), made.end(), "Forum.posts => Post") != made.end());
}

TEST_CASE("an association of a model with itself has a name for each way") {
  const ommi::Schema schema{
      {table_with("Follow", {{"follower_id", "User"}, {"followed_id", "User"}}),
       table_with("User", {})}};
  CHECK(relations(models_from_schema(schema)) ==
        Lines{"Follow.followed -> User", "Follow.follower -> User",
              "User.users_by_followed => User via Follow",
              "User.users_by_follower => User via Follow"});
}

TEST_CASE("naming twice adds nothing") {
  Draft draft =
      models_from_schema({{table_with("Post", {{"author_id", "User"}, {"editor_id", "User"}}),
                           table_with("User", {})}});
  const Lines before = relations(draft);
  name_relationships(draft);
  CHECK(relations(draft) == before);
}

TEST_CASE("a foreign key to a table that is not there stays a reference") {
  const Draft draft = models_from_schema({{table_with("Post", {{"author_id", "Nobody"}})}});
  REQUIRE(draft.models[0].references.size() == 1);
  CHECK(draft.models[0].references[0].model == "Nobody");
  ommi::Catalog catalog;
  catalog.add(draft.models[0]);
  CHECK_FALSE(catalog.seal().empty());
}

// SQLite lets a foreign key name a table without a key; it then names no columns either.
TEST_CASE("a reference to a table without a key hides no other reference to it") {
  ommi::Table parent = table_with("Raw", {});
  parent.columns[0].key_part = 0;
  ommi::Table child = table_with("Child", {{"first", "Raw"}, {"second", "Raw"}, {"third", "Raw"}});
  child.foreign_keys[0].target_columns.clear();
  child.foreign_keys[2].target_columns.clear();
  const Draft draft = models_from_schema({{child, parent}});
  CHECK(relations(draft) == Lines{"Child.first_raw -> Raw", "Child.second_raw -> Raw",
                                  "Child.third_raw -> Raw", "Raw.children_by_second => Child"});
  ommi::Catalog catalog;
  for (const ommi::ModelInfo& model : draft.models) catalog.add(model);
  for (const ommi::Problem& problem : catalog.seal()) {
    INFO(problem.message);
    CHECK(problem.what == ommi::Problem::What::no_reference);
  }
}

TEST_CASE("columns become fields by what the database does with their values") {
  const auto [declared, type] = GENERATE(table<std::string, ommi::Type>({
      {"INTEGER", ommi::Type::integer},
      {"BIGINT", ommi::Type::integer},
      {"VARCHAR(20)", ommi::Type::text},
      {"DOUBLE", ommi::Type::real},
      {"DECIMAL(5,2)", ommi::Type::numeric},
      {"BOOLEAN", ommi::Type::boolean},
      {"DATE", ommi::Type::date},
      {"DATETIME", ommi::Type::datetime},
      {"TIMESTAMP", ommi::Type::datetime},
      {"BLOB", ommi::Type::any},
      {"", ommi::Type::any},
  }));
  ommi::Table thing = testing::table_with("Thing", {});
  thing.columns.push_back(column("value", declared));
  const Draft draft = models_from_schema({{thing}});
  CHECK(draft.models[0].fields[1].type == type);
}

TEST_CASE("only the alias of the rowid is made by the database and never NULL") {
  ommi::Table thing;
  thing.name = "Thing";
  thing.columns.push_back(column("code", GENERATE("INTEGER", "TEXT"), true));
  const Draft draft = models_from_schema({{thing}});
  const bool alias = thing.columns[0].declared_type == "INTEGER";
  CHECK(draft.models[0].fields[0].automatic == alias);
  CHECK(draft.models[0].fields[0].nullable != alias);
}

TEST_CASE("generated columns are left out unless a key needs them") {
  ommi::Table thing = table_with("Thing", {{"owner_id", "Thing"}});
  thing.columns.push_back(column("sum", "INTEGER"));
  thing.columns[1].generated = true;
  thing.columns[2].generated = true;
  const Draft draft = models_from_schema({{thing}});
  REQUIRE(draft.models[0].fields.size() == 2);
  CHECK(draft.models[0].fields[1].name == "owner_id");
  CHECK(draft.notes.size() == 1);
}

}  // namespace doctor
