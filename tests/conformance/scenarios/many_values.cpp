// Conformance, 20 and 60 at their limits: 40,000 values in a condition, 40,000 keys in a load.

#include "conformance/people.hpp"

namespace conformance {
namespace {

using Ids = std::vector<std::int64_t>;

constexpr int many = 40'000;

/// many values: `first`, `first` + 1, …
std::vector<Value> values_from(int first) {
  std::vector<Value> values;
  for (int i = 0; i < many; ++i) values.emplace_back(first + i);
  return values;
}

/// Users 1 to 9 without a name of their own, each with one post of the same number.
Opened nine(const Fixture& fixture) {
  Opened opened = fixture.open(people::models());
  std::vector<people::User> users(9);
  must(opened.database.add(users));
  std::vector<people::Post> posts(9);
  for (std::size_t i = 0; i < posts.size(); ++i) posts[i].user_id = users[i].id;
  must(opened.database.add(posts));
  return opened;
}

TEST_CASE("conformance 20: 40,000 values in a list and in its negation") {
  on_every_driver([](const Fixture& fixture) {
    const Opened opened = nine(fixture);
    const Database& database = opened.database;
    const auto found = [&](std::string_view model, const Expression& where) {
      return numbers(database.find(model).where(where).order_by("id").all().or_raise());
    };
    const FieldTerm id = term(database, "User", "id");
    CHECK(found("User", id.in(values_from(4))) == Ids{4, 5, 6, 7, 8, 9});
    CHECK(found("User", !id.in(values_from(4))) == Ids{1, 2, 3});
    CHECK(found("User", id.in(values_from(4)) && !id.in(values_from(8))) == Ids{4, 5, 6, 7});
    CHECK(found("User", !id.in(values_from(100))).size() == 9);
    // With NULL among the values nothing is known to be outside.
    std::vector<Value> with_null = values_from(4);
    with_null.emplace_back();
    CHECK(found("User", id.in(with_null)).size() == 6);
    CHECK(found("User", !id.in(with_null)).empty());
    // Along a relationship, to-one and to-many.
    CHECK(found("Post", path_term(database, "Post", "author.id").in(values_from(8))) == Ids{8, 9});
    CHECK(found("User", !path_term(database, "User", "posts.id").in(values_from(3))) == Ids{1, 2});
    std::vector<std::string> words(many, "nobody");
    CHECK(database.find<people::User>()
              .where(at<&people::User::name>().in(words))
              .count()
              .or_raise() == 0);
  });
}

TEST_CASE("conformance 20: rows are changed and removed by a list of 40,000 values") {
  on_every_driver([](const Fixture& fixture) {
    const Opened opened = nine(fixture);
    const Database& database = opened.database;
    const FieldTerm id = term(database, "User", "id");
    CHECK(
        database.find("User").where(id.in(values_from(7))).update({{"name", "late"}}).or_raise() ==
        3);
    CHECK(texts(database.find("User").where(!id.in(values_from(7))).all().or_raise(), "name") ==
          std::vector<std::string>(6));
    const FieldTerm post = term(database, "Post", "id");
    CHECK(database.find("Post").where(!post.in(values_from(7))).remove().or_raise() == 6);
    CHECK(database.find("Post").where(post.in(values_from(1))).remove().or_raise() == 3);
  });
}

TEST_CASE("conformance 60: 40,000 composite keys are loaded, each owner its own row") {
  on_every_driver([](const Fixture& fixture) {
    ModelInfo room;
    room.name = "Room";
    room.fields = {key("house", Type::text), key("number"), field("rank", Type::integer)};
    ModelInfo bed;
    bed.name = "Bed";
    bed.fields = {key("id"), field("house", Type::text), field("number", Type::integer)};
    bed.relations = {to_one("room", "Room", {{"house", "house"}, {"number", "number"}})};
    const Opened opened = fixture.open(sealed({room, bed}));
    std::vector<NewRow> rooms;
    std::vector<NewRow> beds;
    for (int i = 0; i < many; ++i) {
      const std::string house = "house " + std::to_string(i % 7);
      rooms.push_back({{"house", house}, {"number", i / 7}, {"rank", i}});
      beds.push_back({{"id", i}, {"house", house}, {"number", i / 7}});
    }
    must(opened.database.add("Room", rooms));
    must(opened.database.add("Bed", beds));
    const RecordList found = opened.database.find("Bed").all().or_raise();
    const std::size_t most = opened.database.capabilities().max_parameters;
    const std::uint64_t calls = calls_of(opened.database, [&] {
      std::size_t right = 0;
      for (const Record& each : found) {
        if (each.one("room").or_raise().value()["rank"] == each["id"]) ++right;
      }
      CHECK(right == many);
    });
    // Two values a key: some statements, not one for each owner.
    CHECK(calls <= many / std::min<std::size_t>(500, most / 2) + 2);
  });
}

}  // namespace
}  // namespace conformance
