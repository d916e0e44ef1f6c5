// Conformance, 47 to 61: associations and composite keys.

#include <algorithm>

#include "conformance/fixture.hpp"

namespace conformance {
namespace {

using Ids = std::vector<std::int64_t>;

Ids sorted(Ids ids) {
  std::sort(ids.begin(), ids.end());
  return ids;
}

Opened filled_blog(const Fixture& fixture) {
  Opened blog = fixture.open(blog_models());
  fill_blog(blog.database);
  return blog;
}

RecordList all(const Database& database, std::string_view model, std::string_view order = "id") {
  return database.find(model).order_by(order).all().or_raise();
}

/// Room(house, number) with Beds that name it by both; Guests through Stay, whose references to a
/// Room are loose, too.
std::shared_ptr<const Catalog> hotel() {
  ModelInfo room;
  room.name = "Room";
  room.fields = {key("house", Type::text), key("number", Type::text), field("rank", Type::integer)};
  room.relations = {to_many("beds", "Bed", {{"house", "house"}, {"number", "number"}})};
  room.relations.push_back(through("guests", "Guest", "Stay"));
  ModelInfo bed;
  bed.name = "Bed";
  bed.fields = {key("id"), field("house", Type::text), field("number", Type::text)};
  bed.relations = {to_one("room", "Room", {{"house", "house"}, {"number", "number"}})};
  ModelInfo guest;
  guest.name = "Guest";
  guest.fields = {key("id")};
  guest.relations = {through("rooms", "Room", "Stay")};
  ModelInfo stay;
  stay.name = "Stay";
  stay.fields = {automatic_key(), field("house", Type::text), field("number", Type::text),
                 field("guest_id", Type::integer)};
  stay.references = {reference({"house", "number"}, "Room", {"house", "number"}),
                     reference({"guest_id"}, "Guest", {"id"})};
  return sealed({room, bed, guest, stay});
}

/// People and their friends, by a link from one to the other.
std::shared_ptr<const Catalog> friends() {
  ModelInfo person;
  person.name = "Person";
  person.fields = {key("id")};
  RelationInfo relation = through("friends", "Person", "Friendship");
  relation.join = {{"id", "from_id"}};
  relation.target_join = {{"to_id", "id"}};
  person.relations = {relation};
  ModelInfo link;
  link.name = "Friendship";
  link.fields = {automatic_key(), field("from_id", Type::integer), field("to_id", Type::integer)};
  return sealed({person, link});
}

TEST_CASE("conformance 47: both sides of a many-to-many") {
  on_every_driver([](const Fixture& fixture) {
    const Opened blog = filled_blog(fixture);
    const RecordList posts = all(blog.database, "Post");
    CHECK(sorted(numbers(posts[0].many("tags").or_raise())) == Ids{1, 2});
    CHECK(posts[1].many("tags").or_raise().empty());
    CHECK(numbers(posts[2].many("tags").or_raise()) == Ids{2});
    const RecordList tags = all(blog.database, "Tag");
    CHECK(sorted(numbers(tags[1].many("posts").or_raise())) == Ids{1, 3});
    CHECK(tags[2].many("posts").or_raise().empty());
  });
}

TEST_CASE("conformance 49: the same pair linked twice is two entries") {
  on_every_driver([](const Fixture& fixture) {
    const Opened opened = fixture.open(friends());
    must(opened.database.add("Person", std::vector<NewRow>{{{"id", 1}}, {{"id", 2}}}));
    must(opened.database.add("Friendship", std::vector<NewRow>{{{"from_id", 1}, {"to_id", 2}},
                                                               {{"from_id", 1}, {"to_id", 2}}}));
    const RecordList found = all(opened.database, "Person")[0].many("friends").or_raise();
    CHECK(numbers(found) == Ids{2, 2});
    CHECK(found[0] == found[1]);
  });
}

TEST_CASE("conformance 51: owners are filtered by a target's field and by a link's") {
  on_every_driver([](const Fixture& fixture) {
    const Opened blog = filled_blog(fixture);
    CHECK(numbers(blog.database.find("Post")
                      .where(path_term(blog.database, "Post", "tags.word") == "blue")
                      .order_by("id")
                      .all()
                      .or_raise()) == Ids{1, 3});
    CHECK(numbers(blog.database.find("PostTag")
                      .where(path_term(blog.database, "PostTag", "post.author_id") == 1 &&
                             term(blog.database, "PostTag", "weight") > 3)
                      .all()
                      .or_raise(),
                  "tag_id") == Ids{1});
  });
}

TEST_CASE("conformance 52: a self association is not symmetric by itself") {
  on_every_driver([](const Fixture& fixture) {
    const Opened opened = fixture.open(friends());
    must(opened.database.add("Person", std::vector<NewRow>{{{"id", 1}}, {{"id", 2}}}));
    must(opened.database.add("Friendship", NewRow{{"from_id", 1}, {"to_id", 2}}));
    const RecordList people = all(opened.database, "Person");
    CHECK(numbers(people[0].many("friends").or_raise()) == Ids{2});
    CHECK(people[1].many("friends").or_raise().empty());
  });
}

TEST_CASE("conformance 53: an association with a composite key on one side") {
  on_every_driver([](const Fixture& fixture) {
    const Opened opened = fixture.open(hotel());
    must(opened.database.add("Room", std::vector<NewRow>{{{"house", "a"}, {"number", "1"}},
                                                         {{"house", "a"}, {"number", "2"}}}));
    must(opened.database.add("Guest", std::vector<NewRow>{{{"id", 1}}, {{"id", 2}}}));
    must(opened.database.add(
        "Stay", std::vector<NewRow>{{{"house", "a"}, {"number", "2"}, {"guest_id", 1}},
                                    {{"house", "a"}, {"number", "2"}, {"guest_id", 2}}}));
    const RecordList rooms = all(opened.database, "Room", "number");
    CHECK(rooms[0].many("guests").or_raise().empty());
    CHECK(sorted(numbers(rooms[1].many("guests").or_raise())) == Ids{1, 2});
    const RecordList guests = all(opened.database, "Guest");
    CHECK(texts(guests[0].many("rooms").or_raise(), "number") == std::vector<std::string>{"2"});
  });
}

TEST_CASE("conformance 54: a link whose target is gone is reported, the others load") {
  on_every_driver([](const Fixture& fixture) {
    const Opened opened = fixture.open(friends());
    must(opened.database.add("Person", std::vector<NewRow>{{{"id", 1}}, {{"id", 2}}}));
    must(opened.database.add("Friendship", std::vector<NewRow>{{{"from_id", 1}, {"to_id", 99}},
                                                               {{"from_id", 1}, {"to_id", 2}}}));
    const Record person = all(opened.database, "Person")[0];
    CHECK(numbers(person.many("friends").or_raise()) == Ids{2});
    CHECK(person.missing_targets(*person.model().find_relation("friends")) == 1);
  });
}

TEST_CASE("conformance 55: two hops are batched, three statements in all") {
  on_every_driver([](const Fixture& fixture) {
    const Opened blog = filled_blog(fixture);
    std::size_t tags = 0;
    // Asking how a relationship is searched is no statement that reads rows.
    Counter counter;
    blog.database.set_tracer(&counter);
    for (const Record& user : all(blog.database, "User")) {
      for (const Record& post : user.many("posts").or_raise()) {
        tags += post.many("tags").or_raise().size();
      }
    }
    blog.database.set_tracer(nullptr);
    CHECK(tags == 3);
    CHECK(counter.all().calls == 3);
  });
}

TEST_CASE("conformance 56: rows with a two-part key are added, read, changed and removed") {
  on_every_driver([](const Fixture& fixture) {
    const Opened opened = fixture.open(hotel());
    const Database& database = opened.database;
    must(database.add("Room", std::vector<NewRow>{{{"house", "a"}, {"number", "1"}, {"rank", 1}},
                                                  {{"house", "a"}, {"number", "2"}, {"rank", 2}},
                                                  {{"house", "b"}, {"number", "1"}, {"rank", 3}}}));
    const Expression one =
        term(database, "Room", "house") == "a" && term(database, "Room", "number") == "2";
    CHECK(database.find("Room").where(one).one().or_raise()["rank"].integer == 2);
    CHECK(database.find("Room").where(one).update({{"rank", 7}}).or_raise() == 1);
    CHECK(sorted(numbers(all(database, "Room", "rank"), "rank")) == Ids{1, 3, 7});
    CHECK(database.find("Room").where(one).remove().or_raise() == 1);
    CHECK(sorted(numbers(all(database, "Room", "rank"), "rank")) == Ids{1, 3});
    CHECK(error_of(database.add("Room", NewRow{{"house", "b"}, {"number", "1"}}))
              .is(ErrorCode::constraint));
  });
}

TEST_CASE("conformance 57: composite to-one and to-many") {
  on_every_driver([](const Fixture& fixture) {
    const Opened opened = fixture.open(hotel());
    must(opened.database.add("Room", std::vector<NewRow>{{{"house", "a"}, {"number", "1"}},
                                                         {{"house", "b"}, {"number", "1"}}}));
    must(opened.database.add("Bed",
                             std::vector<NewRow>{{{"id", 1}, {"house", "b"}, {"number", "1"}},
                                                 {{"id", 2}, {"house", "b"}, {"number", "1"}}}));
    const RecordList rooms = all(opened.database, "Room", "house");
    CHECK(rooms[0].many("beds").or_raise().empty());
    CHECK(sorted(numbers(rooms[1].many("beds").or_raise())) == Ids{1, 2});
    CHECK(all(opened.database, "Bed")[0].one("room").or_raise().value()["house"].view() == "b");
  });
}

TEST_CASE("conformance 58: the keys (a, bc) and (ab, c) are two owners") {
  on_every_driver([](const Fixture& fixture) {
    const Opened opened = fixture.open(hotel());
    must(opened.database.add("Room", std::vector<NewRow>{{{"house", "a"}, {"number", "bc"}},
                                                         {{"house", "ab"}, {"number", "c"}}}));
    must(opened.database.add("Bed",
                             std::vector<NewRow>{{{"id", 1}, {"house", "a"}, {"number", "bc"}},
                                                 {{"id", 2}, {"house", "ab"}, {"number", "c"}}}));
    const RecordList rooms = all(opened.database, "Room", "house");
    CHECK(numbers(rooms[0].many("beds").or_raise()) == Ids{1});
    CHECK(numbers(rooms[1].many("beds").or_raise()) == Ids{2});
  });
}

TEST_CASE("conformance 59: a composite reference with one part NULL is null, without a statement") {
  on_every_driver([](const Fixture& fixture) {
    const Opened opened = fixture.open(hotel());
    must(opened.database.add("Bed", NewRow{{"id", 1}, {"house", "a"}, {"number", Value()}}));
    const RecordList beds = all(opened.database, "Bed");
    CHECK(calls_of(opened.database,
                   [&] { CHECK_FALSE(beds[0].one("room").or_raise().has_value()); }) == 0);
  });
}

TEST_CASE("conformance 60: 1,200 composite keys are loaded by few statements that use the index") {
  on_every_driver([](const Fixture& fixture) {
    const Opened opened = fixture.open(hotel());
    std::vector<NewRow> rooms;
    std::vector<NewRow> beds;
    for (int i = 0; i < 1200; ++i) {
      const std::string number = std::to_string(i);
      rooms.push_back({{"house", "h"}, {"number", number}, {"rank", i}});
      beds.push_back({{"id", i}, {"house", "h"}, {"number", number}});
    }
    must(opened.database.add("Room", rooms));
    must(opened.database.add("Bed", beds));
    const RecordList found = all(opened.database, "Bed");
    std::size_t right = 0;
    for (const Record& bed : found) {
      if (bed.one("room").or_raise().value()["rank"] == bed["id"]) ++right;
    }
    CHECK(right == 1200);
    const QueryPlan plan =
        opened.database.explain(*found.model().find_relation("room"), 300).or_raise();
    if (!fixture.indexed) {
      state_incapable(opened.database, "indexes");
      CHECK(plan.scanned == std::vector<std::string>{"Room"});
      return;
    }
    CHECK(plan.scanned.empty());
    CHECK_FALSE(plan.automatic_index);
  });
}

TEST_CASE("conformance 61: a reference that covers half a key is a Problem") {
  ModelInfo room;
  room.name = "Room";
  room.fields = {key("house"), key("number")};
  ModelInfo bed;
  bed.name = "Bed";
  bed.fields = {key("id"), field("house", Type::integer)};
  bed.references = {reference({"house"}, "Room", {"house"})};
  bed.relations = {to_one("room", "Room")};
  Catalog catalog;
  catalog.add(room).add(bed);
  const std::vector<Problem> problems = catalog.seal();
  REQUIRE_FALSE(problems.empty());
  CHECK(problems[0].what == Problem::What::partial_reference);
}

}  // namespace
}  // namespace conformance
