// Conformance, 1 to 15: rows are added, changed, removed and counted.

#include <algorithm>
#include <numeric>
#include <set>

#include "conformance/fixture.hpp"

namespace conformance {
namespace {

std::shared_ptr<const Catalog> every_type() {
  ModelInfo thing;
  thing.name = "Thing";
  thing.fields = {
      automatic_key(),           field("whole", Type::integer), field("part", Type::real),
      field("word", Type::text), field("bytes", Type::blob),    field("flag", Type::boolean),
      field("day", Type::date)};
  return sealed({thing});
}

std::shared_ptr<const Catalog> notes() {
  ModelInfo note;
  note.name = "Note";
  note.fields = {automatic_key(), required("text", Type::text), field("rank", Type::integer)};
  note.fields[1].store_as = "body";
  note.unique_sets = {{"text"}};
  ModelInfo pair;
  pair.name = "Pair";
  pair.fields = {key("left"), key("right", Type::text), field("what", Type::text)};
  return sealed({note, pair});
}

std::vector<NewRow> many_notes(int count) {
  std::vector<NewRow> rows;
  for (int i = 0; i < count; ++i) {
    rows.push_back({{"text", "note " + std::to_string(i)}, {"rank", i % 7}});
  }
  return rows;
}

TEST_CASE("conformance 1: add one, read it back, all fields equal") {
  on_every_driver([](const Fixture& fixture) {
    const Opened opened = fixture.open(every_type());
    const NewRow row = {{"whole", -5},      {"part", 0.1},
                        {"word", "søster"}, {"bytes", Blob{std::string("\0\xff", 2)}},
                        {"flag", true},     {"day", "2024-02-29"}};
    const Record added = opened.database.add("Thing", row).or_raise();
    const Record found = opened.database.find("Thing").one().or_raise();
    for (const auto& [name, value] : row) {
      INFO(name);
      CHECK(added[name] == value.cell());
      CHECK(found[name] == value.cell());
    }
    CHECK(found["id"] == added["id"]);
  });
}

TEST_CASE("conformance 2: an explicit key is kept, an automatic one is made") {
  on_every_driver([](const Fixture& fixture) {
    const Opened opened = fixture.open(notes());
    const Record chosen = must(opened.database.add("Note", NewRow{{"id", 41}, {"text", "a"}}));
    CHECK(chosen["id"].integer == 41);
    const Record made = opened.database.add("Note", NewRow{{"text", "b"}}).or_raise();
    REQUIRE(made["id"].kind == Kind::integer);
    CHECK(made["id"].integer != 41);
    CHECK(opened.database.find("Note")
              .where(term(opened.database, "Note", "id") == Value(made["id"]))
              .one()
              .or_raise()["text"]
              .view() == "b");
  });
}

TEST_CASE("conformance 3: ten rows in one call get ten keys, in the order given") {
  on_every_driver([](const Fixture& fixture) {
    const Opened opened = fixture.open(notes());
    const RecordList added = opened.database.add("Note", many_notes(10)).or_raise();
    const std::vector<std::int64_t> keys = numbers(added);
    CHECK(std::set<std::int64_t>(keys.begin(), keys.end()).size() == 10);
    for (std::size_t i = 0; i < 10; ++i) {
      CHECK(added[i]["text"].view() == "note " + std::to_string(i));
      const Record found = opened.database.find("Note")
                               .where(term(opened.database, "Note", "id") == keys[i])
                               .one()
                               .or_raise();
      CHECK(found["text"].view() == added[i]["text"].view());
    }
  });
}

TEST_CASE("conformance 4: five thousand rows in one call stay under the parameter limit") {
  on_every_driver([](const Fixture& fixture) {
    const Opened opened = fixture.open(notes());
    CHECK(opened.database.add("Note", many_notes(5000)).or_raise().size() == 5000);
    CHECK(opened.database.find("Note").count().or_raise() == 5000);
  });
}

TEST_CASE("conformance 5: adding an empty list is a success and sends nothing") {
  on_every_driver([](const Fixture& fixture) {
    const Opened opened = fixture.open(notes());
    CHECK(calls_of(opened.database, [&] {
            CHECK(opened.database.add("Note", std::vector<NewRow>()).or_raise().empty());
          }) == 0);
  });
}

TEST_CASE("conformance 6: only automatic fields are written back") {
  on_every_driver([](const Fixture& fixture) {
    const Opened opened = fixture.open(notes());
    const Record note =
        must(opened.database.add("Note", NewRow{{"text", "stored as body"}, {"rank", 1}}));
    CHECK(note["text"].view() == "stored as body");
    const Record pair =
        must(opened.database.add("Pair", NewRow{{"left", 7}, {"right", "x"}, {"what", "w"}}));
    CHECK(pair["left"].integer == 7);
    CHECK(pair["right"].view() == "x");
    CHECK(pair.key() == std::vector<Value>{7, "x"});
  });
}

TEST_CASE("conformance 7: where the third row violates a constraint, none is left") {
  on_every_driver([](const Fixture& fixture) {
    const Opened opened = fixture.open(notes());
    const std::vector<NewRow> rows = {
        {{"text", "a"}}, {{"text", "b"}}, {{"text", "a"}}, {{"text", "c"}}};
    CHECK(error_of(opened.database.add("Note", rows)).is(ErrorCode::constraint));
    CHECK(opened.database.find("Note").count().or_raise() == 0);
    CHECK(opened.database.add("Note", NewRow{{"text", "a"}}).ok());
  });
}

TEST_CASE("conformance 8: an update changes exactly the matches and gives their number") {
  on_every_driver([](const Fixture& fixture) {
    const Opened opened = fixture.open(notes());
    must(opened.database.add("Note", many_notes(14)));
    const FieldTerm rank = term(opened.database, "Note", "rank");
    CHECK(opened.database.find("Note").where(rank == 3).update({{"rank", 100}}).or_raise() == 2);
    CHECK(opened.database.find("Note").where(rank == 100).count().or_raise() == 2);
    CHECK(opened.database.find("Note").where(rank == 3).count().or_raise() == 0);
    CHECK(opened.database.find("Note").where(rank == 3).update({{"rank", 1}}).or_raise() == 0);
  });
}

TEST_CASE("conformance 9: two fields are updated, one to NULL") {
  on_every_driver([](const Fixture& fixture) {
    const Opened opened = fixture.open(notes());
    must(opened.database.add("Note", many_notes(3)));
    CHECK(opened.database.find("Note")
              .where(term(opened.database, "Note", "text") == "note 1")
              .update({{"text", "changed"}, {"rank", Value()}})
              .or_raise() == 1);
    const RecordList found = opened.database.find("Note").order_by("id").all().or_raise();
    CHECK(texts(found, "text") == std::vector<std::string>{"note 0", "changed", "note 2"});
    CHECK(found[1]["rank"].is_null());
    CHECK(found[2]["rank"].integer == 2);
  });
}

TEST_CASE("conformance 10: an update through a joined condition") {
  on_every_driver([](const Fixture& fixture) {
    const Opened opened = fixture.open(blog_models());
    fill_blog(opened.database);
    CHECK(opened.database.find("Post")
              .where(path_term(opened.database, "Post", "author.name") == "Ann")
              .update({{"title", "Ann's"}})
              .or_raise() == 2);
    CHECK(texts(opened.database.find("Post").order_by("id").all().or_raise(), "title") ==
          std::vector<std::string>{"Ann's", "Ann's", "third"});
  });
}

TEST_CASE("conformance 11: without a condition update and remove are refused, or say all_rows") {
  on_every_driver([](const Fixture& fixture) {
    const Opened opened = fixture.open(notes());
    must(opened.database.add("Note", many_notes(3)));
    CHECK(calls_of(opened.database, [&] {
            CHECK_FALSE(opened.database.find("Note").update({{"rank", 1}}).ok());
            CHECK_FALSE(opened.database.find("Note").remove().ok());
          }) == 0);
    CHECK(opened.database.find("Note").all_rows().update({{"rank", 9}}).or_raise() == 3);
    CHECK(opened.database.find("Note").all_rows().remove().or_raise() == 3);
    CHECK(opened.database.find("Note").count().or_raise() == 0);
  });
}

TEST_CASE("conformance 12: remove by condition, by a composite key, through a join") {
  on_every_driver([](const Fixture& fixture) {
    const Opened blog = fixture.open(blog_models());
    fill_blog(blog.database);
    CHECK(blog.database.find("PostTag")
              .where(term(blog.database, "PostTag", "post_id") == 1 &&
                     term(blog.database, "PostTag", "tag_id") == 2)
              .remove()
              .or_raise() == 1);
    CHECK(blog.database.find("PostTag").count().or_raise() == 2);
    CHECK(blog.database.find("PostTag")
              .where(path_term(blog.database, "PostTag", "tag.word") == "blue")
              .remove()
              .or_raise() == 1);
    CHECK(numbers(blog.database.find("PostTag").all().or_raise(), "tag_id") ==
          std::vector<std::int64_t>{1});
    CHECK(blog.database.find("Tag")
              .where(term(blog.database, "Tag", "word") == "none")
              .remove()
              .or_raise() == 1);
  });
}

TEST_CASE("conformance 13: count all, by condition, and through a to-many path without repeats") {
  on_every_driver([](const Fixture& fixture) {
    const Opened blog = fixture.open(blog_models());
    fill_blog(blog.database);
    CHECK(blog.database.find("Post").count().or_raise() == 3);
    CHECK(blog.database.find("Post")
              .where(term(blog.database, "Post", "author_id") == 1)
              .count()
              .or_raise() == 2);
    CHECK(blog.database.find("User")
              .where(path_term(blog.database, "User", "posts.id") >= 1)
              .count()
              .or_raise() == 2);
  });
}

TEST_CASE("conformance 14: one is exactly one, first is none or a row") {
  on_every_driver([](const Fixture& fixture) {
    const Opened blog = fixture.open(blog_models());
    fill_blog(blog.database);
    const auto named = [&](const char* name) {
      return blog.database.find("User").where(term(blog.database, "User", "name") == name);
    };
    CHECK(error_of(named("Nobody").one()).code() == ErrorCode::not_found);
    CHECK(error_of(blog.database.find("User").one()).code() == ErrorCode::multiple_rows);
    CHECK(named("Bob").one().or_raise()["id"].integer == 2);
    CHECK_FALSE(named("Nobody").first().or_raise().has_value());
    CHECK(
        blog.database.find("User").order_by("id", true).first().or_raise().value()["id"].integer ==
        3);
  });
}

TEST_CASE("conformance 15: exists agrees with count") {
  on_every_driver([](const Fixture& fixture) {
    const Opened blog = fixture.open(blog_models());
    fill_blog(blog.database);
    for (int id = 0; id < 5; ++id) {
      const Finder found =
          blog.database.find("User").where(term(blog.database, "User", "id") == id);
      CHECK(found.exists().or_raise() == (found.count().or_raise() > 0));
    }
  });
}

}  // namespace
}  // namespace conformance
