// Conformance, 44, 45, 48 and 50: related rows in their declared order, a limit for each owner, and
// the association's own row beside each target.

#include "conformance/fixture.hpp"
#include "ommi/typed.hpp"

namespace conformance {
namespace {

using Ids = std::vector<std::int64_t>;

RecordList all(const Database& database, std::string_view model) {
  return database.find(model).order_by("id").all().or_raise();
}

RelatedOrder by(std::string field, bool descending = false) {
  RelatedOrder order;
  order.field = std::move(field);
  order.descending = descending;
  return order;
}

RelatedOrder by_link(std::string field, bool descending = false) {
  RelatedOrder order = by(std::move(field), descending);
  order.of_link = true;
  return order;
}

RelationInfo ordered(RelationInfo relation, std::vector<RelatedOrder> order,
                     std::uint64_t limit = 0) {
  relation.order = std::move(order);
  relation.limit = limit;
  return relation;
}

/// Shelf(id) and Book(id, shelf_id, pages, price); a shelf's books by pages, in several ways.
std::shared_ptr<const Catalog> shelves() {
  const std::vector<FieldPair> join = {{"id", "shelf_id"}};
  ModelInfo shelf;
  shelf.name = "Shelf";
  shelf.fields = {key("id")};
  shelf.relations = {
      ordered(to_many("longest_first", "Book", join), {by("pages", true)}),
      ordered(to_many("two_longest", "Book", join), {by("pages", true)}, 2),
      ordered(to_many("first_two", "Book", join), {}, 2),
      ordered(to_one("longest", "Book", join), {by("pages", true)}, 1),
  };
  ModelInfo book;
  book.name = "Book";
  book.fields = {key("id"), field("shelf_id", Type::integer), field("pages", Type::integer),
                 field("price", Type::real)};
  return sealed({shelf, book});
}

/// Shelf 1 has five books, two of them of the same length and one of none; 2 has one, 3 none.
Opened filled_shelves(const Fixture& fixture) {
  Opened opened = fixture.open(shelves());
  must(opened.database.add("Shelf", std::vector<NewRow>{{{"id", 1}}, {{"id", 2}}, {{"id", 3}}}));
  const auto book = [](int id, int shelf, Value pages) {
    return NewRow{{"id", id}, {"shelf_id", shelf}, {"pages", std::move(pages)}, {"price", 3.0}};
  };
  must(opened.database.add(
      "Book", std::vector<NewRow>{book(5, 1, 300), book(4, 1, 100), book(3, 1, 300),
                                  book(2, 1, 900), book(1, 1, Value()), book(6, 2, 50)}));
  return opened;
}

/// People and whom they like: a link with a rank and a key of its own, to whoever has that number.
std::shared_ptr<const Catalog> likings() {
  const auto likes = [](std::string name) {
    RelationInfo relation = through(std::move(name), "Person", "Liking");
    relation.join = {{"id", "from_id"}};
    relation.target_join = {{"to_id", "id"}};
    relation.linked = true;
    return relation;
  };
  ModelInfo person;
  person.name = "Person";
  person.fields = {key("id"), field("age", Type::integer)};
  person.relations = {
      likes("likes"),
      ordered(likes("by_rank"), {by_link("rank", true)}),
      ordered(likes("best_two"), {by_link("rank", true)}, 2),
      ordered(likes("by_age"), {by("age")}),
  };
  ModelInfo liking;
  liking.name = "Liking";
  liking.fields = {key("id"), field("from_id", Type::integer), field("to_id", Type::integer),
                   field("rank", Type::integer), field("since", Type::text)};
  return sealed({person, liking});
}

NewRow liking(int id, int from, int to, int rank) {
  return {{"id", id},
          {"from_id", from},
          {"to_id", to},
          {"rank", rank},
          {"since", "year " + std::to_string(id)}};
}

/// 1 likes 2 (twice), 3, 4 and a 99 who is not there; 2 likes 3; 3 and 4 like nobody.
Opened filled_likings(const Fixture& fixture) {
  Opened opened = fixture.open(likings());
  must(opened.database.add("Person", std::vector<NewRow>{{{"id", 1}, {"age", 10}},
                                                         {{"id", 2}, {"age", 40}},
                                                         {{"id", 3}, {"age", 20}},
                                                         {{"id", 4}, {"age", 20}}}));
  must(opened.database.add(
      "Liking",
      std::vector<NewRow>{liking(1, 1, 2, 5), liking(2, 1, 3, 9), liking(3, 1, 4, 7),
                          liking(4, 1, 2, 7), liking(5, 1, 99, 100), liking(6, 2, 3, 1)}));
  return opened;
}

/// Loads `relation` of every owner by peers, then of each alone: both must be the same.
template <class Check>
void by_peers_and_alone(Database& database, std::string_view model, Check&& check) {
  for (const Fetch fetch : {Fetch::peers, Fetch::one}) {
    INFO((fetch == Fetch::peers ? "by peers" : "one at a time"));
    database.set_fetch(fetch);
    check(all(database, model));
  }
}

}  // namespace

TEST_CASE("conformance 44: related rows come in the declared order, ties by key") {
  on_every_driver([](const Fixture& fixture) {
    Opened opened = filled_shelves(fixture);
    by_peers_and_alone(opened.database, "Shelf", [](const RecordList& shelf) {
      CHECK(numbers(shelf[0].many("longest_first").or_raise()) == Ids{2, 3, 5, 4, 1});
      CHECK(numbers(shelf[1].many("longest_first").or_raise()) == Ids{6});
      CHECK(shelf[2].many("longest_first").or_raise().empty());
    });
  });
}

TEST_CASE("conformance 44: an order by what is not there is a Problem that names it") {
  ModelInfo shelf;
  shelf.name = "Shelf";
  shelf.fields = {key("id")};
  shelf.relations = {ordered(to_many("books", "Book", {{"id", "shelf_id"}}), {by("pags")}),
                     ordered(to_many("linked", "Book", {{"id", "shelf_id"}}), {by_link("rank")})};
  ModelInfo book;
  book.name = "Book";
  book.fields = {key("id"), field("shelf_id", Type::integer), field("pages", Type::integer)};
  Catalog catalog;
  catalog.add(shelf).add(book);
  const std::vector<Problem> problems = catalog.seal();
  REQUIRE(problems.size() == 2);
  CHECK(problems[0].what == Problem::What::unknown_field);
  CHECK(problems[0].name == "books");
  CHECK(problems[0].candidates == std::vector<std::string>{"pages"});
  CHECK(problems[1].what == Problem::What::association_missing_side);
}

TEST_CASE("conformance 45: a limit is on the rows of each owner, the first in order") {
  on_every_driver([](const Fixture& fixture) {
    Opened opened = filled_shelves(fixture);
    by_peers_and_alone(opened.database, "Shelf", [](const RecordList& shelf) {
      CHECK(numbers(shelf[0].many("two_longest").or_raise()) == Ids{2, 3});
      CHECK(numbers(shelf[1].many("two_longest").or_raise()) == Ids{6});
      CHECK(shelf[2].many("two_longest").or_raise().empty());
      CHECK(numbers(shelf[0].many("first_two").or_raise()) == Ids{1, 2});
      CHECK(shelf[0].many("first_two").or_raise()[0]["price"].kind == Kind::real);
      CHECK(shelf[0].one("longest").or_raise().value()["id"].integer == 2);
      CHECK_FALSE(shelf[2].one("longest").or_raise().has_value());
    });
    opened.database.set_fetch(Fetch::peers);
    const RecordList shelf = all(opened.database, "Shelf");
    const std::uint64_t before = opened.database.statistics().rows;
    CHECK(calls_of(opened.database, [&] {
            for (const Record& each : shelf) CHECK(each.many("two_longest").ok());
          }) == 1);
    // A driver with windows sends no other rows.
    const std::uint64_t read = opened.database.statistics().rows - before;
    CHECK(read == (opened.database.capabilities().windows ? 3 : 6));
  });
}

TEST_CASE("conformance 45: a limit holds for composite keys and over many owners") {
  on_every_driver([](const Fixture& fixture) {
    const std::vector<FieldPair> join = {{"house", "house"}, {"number", "number"}};
    ModelInfo room;
    room.name = "Room";
    room.fields = {key("house", Type::text), key("number")};
    room.relations = {ordered(to_many("beds", "Bed", join), {by("id", true)}, 2)};
    ModelInfo bed;
    bed.name = "Bed";
    bed.fields = {key("id"), field("house", Type::text), field("number", Type::integer)};
    const Opened opened = fixture.open(sealed({room, bed}));
    std::vector<NewRow> rooms;
    std::vector<NewRow> beds;
    for (int i = 0; i < 600; ++i) {
      rooms.push_back({{"house", "h"}, {"number", i}});
      for (int j = 0; j < 3; ++j) {
        beds.push_back({{"id", i * 3 + j}, {"house", "h"}, {"number", i}});
      }
    }
    must(opened.database.add("Room", rooms));
    must(opened.database.add("Bed", beds));
    int right = 0;
    for (const Record& each : opened.database.find("Room").order_by("number").all().or_raise()) {
      const std::int64_t number = each["number"].integer;
      if (numbers(each.many("beds").or_raise()) == Ids{number * 3 + 2, number * 3 + 1}) ++right;
    }
    CHECK(right == 600);
  });
}

TEST_CASE("conformance 45: of an association the links without a target do not count") {
  on_every_driver([](const Fixture& fixture) {
    Opened opened = filled_likings(fixture);
    by_peers_and_alone(opened.database, "Person", [](const RecordList& person) {
      const RecordList found = person[0].many("best_two").or_raise();
      CHECK(numbers(found) == Ids{3, 2});
      CHECK(numbers(found.links(), "rank") == Ids{9, 7});
      CHECK(person[0].missing_targets(*person.model().find_relation("best_two")) == 1);
      CHECK(numbers(person[1].many("best_two").or_raise()) == Ids{3});
      CHECK(person[2].many("best_two").or_raise().empty());
    });
  });
}

TEST_CASE("conformance 48: the link's own columns come with each target") {
  on_every_driver([](const Fixture& fixture) {
    Opened opened = filled_likings(fixture);
    by_peers_and_alone(opened.database, "Person", [](const RecordList& person) {
      const RecordList liked = person[0].many("likes").or_raise();
      REQUIRE(liked.size() == 4);
      const RecordList links = liked.links();
      REQUIRE(links.size() == 4);
      CHECK(links.model().name() == "Liking");
      for (std::size_t i = 0; i < liked.size(); ++i) {
        CHECK(links[i]["to_id"] == liked[i]["id"]);
        CHECK(links[i]["from_id"].integer == 1);
        CHECK(links[i]["since"].view() == "year " + std::to_string(links[i]["id"].integer));
      }
      CHECK(person[2].many("likes").or_raise().links().empty());
    });
  });
}

TEST_CASE("conformance 48: rows that came without their links say so") {
  on_every_driver([](const Fixture& fixture) {
    const Opened blog = fixture.open(blog_models());
    fill_blog(blog.database);
    const RecordList tags = all(blog.database, "Post")[0].many("tags").or_raise();
    CHECK_THROWS_AS(tags.links(), DatabaseError);
  });
}

TEST_CASE("conformance 50: targets are ordered by a column of the link") {
  on_every_driver([](const Fixture& fixture) {
    Opened opened = filled_likings(fixture);
    by_peers_and_alone(opened.database, "Person", [](const RecordList& person) {
      const RecordList ranked = person[0].many("by_rank").or_raise();
      CHECK(numbers(ranked) == Ids{3, 2, 4, 2});
      CHECK(numbers(ranked.links(), "rank") == Ids{9, 7, 7, 5});
      CHECK(ranked[1] == ranked[3]);  // one target, linked twice
      CHECK(numbers(person[0].many("by_age").or_raise().links()) == Ids{2, 3, 1, 4});
    });
  });
}

// The same promises, typed.
namespace {

struct Actor;
struct Role;

struct Film {
  std::int64_t id{};
  std::string title;
  LazyLoadEveryRelated<Linked<Actor, Role>> cast;
  LazyLoadEveryRelated<Linked<Actor, Role>> stars;
  static void describe(Describe<Film>& model);
};

struct Actor {
  std::int64_t id{};
  std::string name;
  LazyLoadEveryRelated<Film> films;
  static void describe(Describe<Actor>& model) {
    model.name("Actor")
        .field<&Actor::id>("id", Key)
        .field<&Actor::name>("name")
        .lazy<&Actor::films>("films", AssociateUsing<Role>{}, OrderBy<&Film::title>{}, Limit{2});
  }
};

struct Role {
  std::int64_t film_id{};
  std::int64_t actor_id{};
  std::string name;
  std::int64_t billing{};
  LazyLoadTheRelated<Film> film;
  static void describe(Describe<Role>& model) {
    model.name("Role")
        .field<&Role::film_id>("film_id", Key, ReferenceTo{"Film.id"})
        .field<&Role::actor_id>("actor_id", Key, ReferenceTo{"Actor.id"})
        .field<&Role::name>("name")
        .field<&Role::billing>("billing")
        .lazy<&Role::film>("film");
  }
};

void Film::describe(Describe<Film>& model) {
  model.name("Film")
      .field<&Film::id>("id", Key)
      .field<&Film::title>("title")
      .lazy<&Film::cast>("cast", OrderBy<&Role::billing>{Descending}, OrderBy<&Actor::name>{})
      .lazy<&Film::stars>("stars", OrderBy<&Role::billing>{}, Limit{1});
}

Opened filled_films(const Fixture& fixture) {
  auto catalog = std::make_shared<Catalog>();
  catalog->add<Film, Actor, Role>();
  for (const Problem& problem : catalog->seal()) FAIL(problem.message);
  Opened opened = fixture.open(catalog);
  must(opened.database.add("Film", std::vector<NewRow>{{{"id", 1}, {"title", "C"}},
                                                       {{"id", 2}, {"title", "A"}},
                                                       {{"id", 3}, {"title", "B"}}}));
  must(opened.database.add("Actor", std::vector<NewRow>{{{"id", 1}, {"name", "Zoe"}},
                                                        {{"id", 2}, {"name", "Abe"}},
                                                        {{"id", 3}, {"name", "Max"}}}));
  const auto role = [](int film, int actor, const char* name, int billing) {
    return NewRow{{"film_id", film}, {"actor_id", actor}, {"name", name}, {"billing", billing}};
  };
  must(opened.database.add(
      "Role",
      std::vector<NewRow>{role(1, 1, "queen", 2), role(1, 2, "king", 2), role(1, 3, "fool", 1),
                          role(2, 1, "pilot", 1), role(3, 1, "thief", 1)}));
  return opened;
}

std::string names(const RelatedList<Linked<Actor, Role>>& cast) {
  std::string text;
  for (const auto& [actor, role] : cast) text += actor.name + " as " + role.name + ", ";
  return text;
}

}  // namespace

TEST_CASE("conformance 48: typed, each element is the target and its link") {
  on_every_driver([](const Fixture& fixture) {
    const Opened opened = filled_films(fixture);
    const std::vector<Film> films =
        opened.database.find<Film>().order_by(at<&Film::id>()).all().or_raise();
    CHECK(names(films[0].cast.get()) == "Abe as king, Zoe as queen, Max as fool, ");
    CHECK(names(films[1].cast.get()) == "Zoe as pilot, ");
    CHECK(&films[0].cast.get()[1].target == &films[1].cast.get()[0].target);
    CHECK(&films[0].cast.get()[1].link != &films[1].cast.get()[0].link);
    // A link has lazy fields of its own, and those of all links are peers.
    CHECK(films[0].cast.get()[0].link.film.get().title == "C");
    CHECK(calls_of(opened.database,
                   [&] { CHECK(films[2].cast.get()[0].link.film.get().title == "B"); }) == 0);
    const std::vector<Linked<Actor, Role>> copies = films[0].cast.get().to_vector();
    REQUIRE(copies.size() == 3);
    CHECK(copies[2].link.name == "fool");
    CHECK(films[1].cast.or_use({}).size() == 1);
  });
}

TEST_CASE("conformance 45 and 50: typed, ordered by the link and limited for each owner") {
  on_every_driver([](const Fixture& fixture) {
    const Opened opened = filled_films(fixture);
    const std::vector<Film> films =
        opened.database.find<Film>().order_by(at<&Film::id>()).all().or_raise();
    CHECK(names(films[0].stars.get()) == "Max as fool, ");
    CHECK(names(films[2].stars.get()) == "Zoe as thief, ");
    const Actor zoe = opened.database.find<Actor>().where(at<&Actor::id>() == 1).one().or_raise();
    REQUIRE(zoe.films.get().size() == 2);
    CHECK(zoe.films.get()[0].title == "A");
    CHECK(zoe.films.get()[1].title == "B");
    // A condition looks at all related rows, whatever the limit.
    const auto in_c = at<&Actor::films, &Film::title>() == "C";
    CHECK(opened.database.find<Actor>().where(in_c).count().or_raise() == 3);
  });
}

}  // namespace conformance
