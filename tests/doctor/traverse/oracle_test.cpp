#include "doctor/traverse/oracle.hpp"

#include <catch2/catch.hpp>

#include "doctor/source.hpp"
#include "ommi/sqlite.hpp"

namespace doctor {
namespace {

/// Compares `field` of all rows of `model`; `key`, if given, is taken for the model's key.
OracleCheck compared(std::string_view sql, std::string_view model, std::string_view field,
                     std::string_view key = {}) {
  ommi::Database database(ommi::sqlite::open_memory(sql));
  const SourcedCatalog sources = read_catalog(database, {}).or_raise();
  const auto catalog = std::make_shared<ommi::Catalog>();
  for (const ommi::Model& each : sources.catalog->models()) {
    ommi::ModelInfo info = each.info;
    for (ommi::FieldInfo& one : info.fields) {
      if (!key.empty() && info.name == model) one.key = one.name == key;
    }
    catalog->add(std::move(info));
  }
  REQUIRE(catalog->seal().empty());
  database.use(catalog);
  const ommi::RecordList owners = database.find(model).all().or_raise();
  for (const ommi::Relation& relation : catalog->find(model)->relations) {
    if (relation.info.name == field) return compare_with_join(database, relation, owners, 5);
  }
  throw std::logic_error("no such relationship");
}

TEST_CASE("owners whose key is NULL in part are not compared: no query finds them again") {
  const OracleCheck check = compared(R"(
      CREATE TABLE Tag(id INTEGER PRIMARY KEY);
      CREATE TABLE Post(id INTEGER PRIMARY KEY);
      CREATE TABLE PostTag(post_id INTEGER REFERENCES Post, tag_id INTEGER REFERENCES Tag,
                           PRIMARY KEY (post_id, tag_id));
      INSERT INTO Tag VALUES (1), (2);
      INSERT INTO Post VALUES (1), (2);
      INSERT INTO PostTag VALUES (1, 1), (NULL, 1), (2, NULL), (1, 2), (NULL, 1);
  )",
                                     "PostTag", "tag");
  CHECK(check.unchecked.empty());
  CHECK(check.owners == 2);
  CHECK(check.differing == 0);
}

TEST_CASE("owners that share what a manifest calls their key are not compared") {
  const OracleCheck check = compared(R"(
      CREATE TABLE User(id INTEGER PRIMARY KEY);
      CREATE TABLE Post(id INTEGER PRIMARY KEY, title TEXT, user_id INTEGER REFERENCES User);
      INSERT INTO User VALUES (1), (2);
      INSERT INTO Post VALUES (1, 'same', 1), (2, 'same', 2), (3, 'other', 1);
  )",
                                     "Post", "user", "title");
  CHECK(check.owners == 1);
  CHECK(check.differing == 0);
}

TEST_CASE("owners that a look-up and a JOIN resolve differently are counted and shown") {
  const OracleCheck check = compared(R"(
      CREATE TABLE Country(code TEXT PRIMARY KEY);
      CREATE TABLE City(id INTEGER PRIMARY KEY, country_code INTEGER REFERENCES Country(code));
      INSERT INTO Country VALUES ('1'), ('01');
      INSERT INTO City VALUES (1, 1), (2, NULL);
  )",
                                     "City", "country");
  CHECK(check.owners == 2);
  CHECK(check.differing == 1);
  REQUIRE(check.samples.size() == 1);
  CHECK(check.samples[0].path == "City[1].country");
  CHECK(check.samples[0].message == "the lazy load gives 1, the JOIN 2");
}

}  // namespace
}  // namespace doctor
