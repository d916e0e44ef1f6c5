// The memory driver by itself; what it has in common with others is in tests/conformance.

#include "ommi/memory.hpp"

#include <limits>

#include <catch2/catch.hpp>

#include "ommi/database.hpp"
#include "ommi/small_models.hpp"
#include "ommi/tracers.hpp"

namespace ommi::memory {
namespace {

using testing::field;
using testing::Mark;
using testing::reference;
using testing::sealed;

/// Person(id, name required, email unique, boss_id) and Seat(row, number, person_id), whose key has
/// two parts; Ticket(id, row, number) refers to a Seat.
std::shared_ptr<const Catalog> theatre() {
  ModelInfo person;
  person.name = "Person";
  person.fields = {field("id", Type::integer, Mark::made_key),
                   field("name", Type::text, Mark::required), field("email", Type::text),
                   field("boss_id", Type::integer)};
  person.unique_sets = {{"email"}};
  person.references = {reference({"boss_id"}, "Person", {"id"})};
  person.relations = {testing::to_many("seats", "Seat")};
  ModelInfo seat;
  seat.name = "Seat";
  seat.fields = {field("row", Type::text, Mark::key), field("number", Type::integer, Mark::key),
                 field("person_id", Type::integer)};
  seat.references = {reference({"person_id"}, "Person", {"id"})};
  seat.relations = {testing::to_one("person", "Person")};
  ModelInfo ticket;
  ticket.name = "Ticket";
  ticket.fields = {field("id", Type::integer, Mark::made_key), field("row", Type::text),
                   field("number", Type::integer)};
  ticket.references = {reference({"row", "number"}, "Seat", {"row", "number"})};
  return sealed({person, seat, ticket});
}

/// One store, and as many connections as are opened to it.
struct Theatre {
  std::shared_ptr<const Catalog> catalog = theatre();
  std::shared_ptr<Store> store = make_store(*catalog);

  [[nodiscard]] Database connect() const {
    Database database(open(store));
    database.use(catalog);
    return database;
  }
};

NewRow person(int id, const char* name) { return {{"id", id}, {"name", name}}; }

template <class T>
ErrorCode code_of(const DBResult<T>& result) {
  REQUIRE(result.failure() != nullptr);
  return result.failure()->code();
}

std::uint64_t people(const Database& database) {
  return database.find("Person").count().or_raise();
}

Finder by_id(const Database& database, int id) {
  return database.find("Person").where(at(*database.catalog().find("Person"), "id") == id);
}

}  // namespace

TEST_CASE("memory: a transaction keeps all on commit and nothing on rollback") {
  const Theatre theatre;
  const Database database = theatre.connect();
  Transaction kept = database.begin().or_raise();
  CHECK(database.add("Person", person(1, "Ann")));
  CHECK(by_id(database, 1).update({{"name", "Anna"}}).or_raise() == 1);
  CHECK(kept.commit());
  Transaction dropped = database.begin().or_raise();
  CHECK(database.add("Person", person(2, "Bob")));
  CHECK(by_id(database, 1).update({{"name", "nobody"}}).or_raise() == 1);
  CHECK(database.find("Person").all_rows().remove().or_raise() == 2);
  CHECK(dropped.rollback());
  CHECK(database.find("Person").one().or_raise()["name"].view() == "Anna");
}

TEST_CASE("memory: transactions are begun once and ended once") {
  const std::unique_ptr<Driver> driver = open(make_store(*theatre()));
  const auto code = [](auto&& work) {
    try {
      work();
    } catch (const DatabaseError& error) {
      CHECK(error.place().driver == "memory");
      return error.code();
    }
    return ErrorCode::database;
  };
  CHECK(code([&] { driver->commit(); }) == ErrorCode::transaction);
  CHECK(code([&] { driver->savepoint(1); }) == ErrorCode::transaction);
  driver->rollback();  // of nothing: it may come after an error that ended the transaction
  driver->begin({});
  CHECK(code([&] { driver->begin({}); }) == ErrorCode::transaction);
  CHECK(code([&] { driver->release(1); }) == ErrorCode::transaction);
  driver->savepoint(1);
  driver->savepoint(2);
  driver->rollback_to(1);
  CHECK(code([&] { driver->rollback_to(2); }) == ErrorCode::transaction);
  driver->commit();
  CHECK(code([&] { driver->commit(); }) == ErrorCode::transaction);
}

TEST_CASE("memory: a transaction for reading only writes nothing, and leaves others to write") {
  const Theatre theatre;
  const Database reader = theatre.connect();
  const Database writer = theatre.connect();
  Transaction reading = reader.begin({.read_only = true}).or_raise();
  CHECK(code_of(reader.add("Person", person(1, "Ann"))) == ErrorCode::read_only);
  CHECK(writer.add("Person", person(2, "Bob")));
  CHECK(people(reader) == 0);
  CHECK(reading.commit());
  CHECK(people(reader) == 1);
}

TEST_CASE("memory: savepoints are undone and kept one by one") {
  const Theatre theatre;
  const Database database = theatre.connect();
  Transaction outer = database.begin().or_raise();
  CHECK(database.add("Person", person(1, "Ann")));
  Transaction first = database.begin().or_raise();
  CHECK(database.add("Person", person(2, "Bob")));
  Transaction second = database.begin().or_raise();
  CHECK(database.add("Person", person(3, "Cyd")));
  CHECK(second.rollback());
  CHECK(people(database) == 2);
  CHECK(first.commit());
  Transaction third = database.begin().or_raise();
  CHECK(database.find("Person").all_rows().remove().or_raise() == 2);
  CHECK(third.rollback());
  CHECK(outer.commit());
  CHECK(people(database) == 2);
}

TEST_CASE("memory: undoing an outer savepoint undoes those inside it, kept or not") {
  const Theatre theatre;
  const Database database = theatre.connect();
  Transaction outer = database.begin().or_raise();
  Transaction middle = database.begin().or_raise();
  Transaction inner = database.begin().or_raise();
  CHECK(database.add("Person", person(1, "Ann")));
  CHECK(inner.commit());
  CHECK(middle.rollback());
  CHECK(people(database) == 0);
  CHECK(database.add("Person", person(1, "Bob")));
  CHECK(outer.commit());
  CHECK(database.find("Person").one().or_raise()["name"].view() == "Bob");
}

TEST_CASE("memory: keys and unique sets are unique, NULLs in a set are not equal") {
  const Theatre theatre;
  const Database database = theatre.connect();
  CHECK(database.add("Person", NewRow{{"id", 1}, {"name", "Ann"}, {"email", "a@x"}}));
  CHECK(code_of(database.add("Person", person(1, "Bob"))) == ErrorCode::unique_violation);
  const auto same = database.add("Person", NewRow{{"id", 2}, {"name", "Bob"}, {"email", "a@x"}});
  CHECK(code_of(same) == ErrorCode::unique_violation);
  CHECK(same.failure()->message() == "two rows of 'Person' would have email = 'a@x'");
  CHECK(same.failure()->error().place().model == "Person");
  CHECK(database.add("Person", std::vector<NewRow>{person(3, "Cyd"), person(4, "Dan")}));
  CHECK(code_of(by_id(database, 3).update({{"email", "a@x"}})) == ErrorCode::unique_violation);
  CHECK(code_of(database.find("Person").all_rows().update({{"email", "same"}})) ==
        ErrorCode::unique_violation);
  CHECK(database.add("Seat", NewRow{{"row", "a"}, {"number", 1}}));
  CHECK(database.add("Seat", NewRow{{"row", "a"}, {"number", 2}}));
  CHECK(code_of(database.add("Seat", NewRow{{"row", "a"}, {"number", 1}})) ==
        ErrorCode::unique_violation);
  CHECK(people(database) == 3);
}

TEST_CASE("memory: what must not be NULL is not, also in a key") {
  const Theatre theatre;
  const Database database = theatre.connect();
  CHECK(code_of(database.add("Person", NewRow{{"id", 1}})) == ErrorCode::not_null_violation);
  CHECK(code_of(database.add("Seat", NewRow{{"row", "a"}, {"number", Value()}})) ==
        ErrorCode::not_null_violation);
  CHECK(database.add("Person", person(1, "Ann")));
  CHECK(code_of(by_id(database, 1).update({{"name", Value()}})) == ErrorCode::not_null_violation);
  CHECK(database.find("Person").one().or_raise()["name"].view() == "Ann");
}

TEST_CASE("memory: it has no checks, no NaN and no language, and says so") {
  const Theatre theatre;
  const Database database = theatre.connect();
  const Capabilities& can = database.capabilities();
  CHECK_FALSE(can.checks);
  CHECK_FALSE(can.nan);
  CHECK(can.shared);
  ModelInfo box;
  box.name = "Box";
  box.fields = {field("id", Type::integer, Mark::made_key), field("amount", Type::real)};
  const auto boxes = sealed({box});
  Database other(open(boxes));
  other.use(boxes);
  CHECK(code_of(other.add("Box", NewRow{{"amount", std::numeric_limits<double>::quiet_NaN()}})) ==
        ErrorCode::unsupported);
  class Nothing final : public RowVisitor {
    bool row(std::span<const Cell>) override { return true; }
  } nothing;
  CHECK(code_of(database.select("SELECT 1", {}, 1, nothing)) == ErrorCode::unsupported);
}

TEST_CASE("memory: a query is explained as reading its tables whole, and many keys are one call") {
  const Theatre theatre;
  const Database database = theatre.connect();
  Query query;
  query.model = theatre.catalog->find("Person");
  const QueryPlan plan = database.explain(query).or_raise();
  CHECK(plan.scanned == std::vector<std::string>{"Person"});
  CHECK(plan.steps == std::vector<std::string>{"look at every row of 'Person'"});
  std::vector<NewRow> many;
  for (int id = 1; id <= 2000; ++id) many.push_back(person(id, "n"));
  CHECK(database.add("Person", many));
  const RecordList rows = database.find("Person").all().or_raise();
  Counter counter;
  database.set_tracer(&counter);
  CHECK(rows[0].many("seats").or_raise().empty());
  database.set_tracer(nullptr);
  CHECK(counter.all().calls == 1);
}

TEST_CASE("memory: numbers are made one higher than the highest, and are integers") {
  const Theatre theatre;
  const Database database = theatre.connect();
  CHECK(database.add("Person", NewRow{{"name", "Ann"}}).or_raise()["id"].integer == 1);
  CHECK(database.add("Person", person(41, "Bob")));
  CHECK(database.add("Person", NewRow{{"name", "Cyd"}}).or_raise()["id"].integer == 42);
  CHECK(by_id(database, 42).remove().or_raise() == 1);
  CHECK(database.add("Person", NewRow{{"name", "Dan"}}).or_raise()["id"].integer == 42);
  CHECK(database.add("Person",
                     NewRow{{"id", std::numeric_limits<std::int64_t>::max()}, {"name", "Eve"}}));
  CHECK(code_of(database.add("Person", NewRow{{"name", "Fay"}})) == ErrorCode::constraint);
}

TEST_CASE("memory: a reference must lead to a row, from either side") {
  const Theatre theatre;
  const Database database = theatre.connect();
  CHECK(code_of(database.add("Seat", NewRow{{"row", "a"}, {"number", 1}, {"person_id", 7}})) ==
        ErrorCode::foreign_key_violation);
  CHECK(database.add("Person", person(7, "Ann")));
  CHECK(database.add("Seat", NewRow{{"row", "a"}, {"number", 1}, {"person_id", 7}}));
  CHECK(database.add("Seat", NewRow{{"row", "a"}, {"number", 2}, {"person_id", Value()}}));
  const auto removed = by_id(database, 7).remove();
  CHECK(code_of(removed) == ErrorCode::foreign_key_violation);
  CHECK(removed.failure()->message() ==
        "'Seat' would have a row with person_id = 7, and there is none of 'Person' that it names");
  CHECK(code_of(by_id(database, 7).update({{"id", 8}})) == ErrorCode::foreign_key_violation);
  CHECK(database.find("Seat").all_rows().update({{"person_id", Value()}}).or_raise() == 2);
  CHECK(by_id(database, 7).remove().or_raise() == 1);
}

TEST_CASE("memory: a row may refer to itself and to those before it, and all go in one call") {
  const Theatre theatre;
  const Database database = theatre.connect();
  const auto led = [](int id, int boss) {
    return NewRow{{"id", id}, {"name", "n"}, {"boss_id", boss}};
  };
  // The numbers do not matter, but what was stored first.
  CHECK(database.add("Person", std::vector<NewRow>{led(9, 9), led(2, 9), led(3, 2)}));
  CHECK(code_of(database.add("Person", std::vector<NewRow>{led(4, 5), led(5, 4)})) ==
        ErrorCode::foreign_key_violation);
  CHECK(by_id(database, 9).update({{"boss_id", 3}}).or_raise() == 1);
  CHECK(code_of(by_id(database, 2).remove()) == ErrorCode::foreign_key_violation);
  CHECK(database.find("Person").all_rows().remove().or_raise() == 3);
}

TEST_CASE("memory: a reference of two fields is whole, or has a NULL and leads nowhere") {
  const Theatre theatre;
  const Database database = theatre.connect();
  CHECK(database.add("Seat", NewRow{{"row", "a"}, {"number", 1}}));
  CHECK(database.add("Ticket", NewRow{{"row", "a"}, {"number", 1}}));
  CHECK(database.add("Ticket", NewRow{{"row", "z"}, {"number", Value()}}));
  CHECK(code_of(database.add("Ticket", NewRow{{"row", "a"}, {"number", 2}})) ==
        ErrorCode::foreign_key_violation);
  CHECK(code_of(database.find("Seat").all_rows().remove()) == ErrorCode::foreign_key_violation);
}

TEST_CASE("memory: a call that fails leaves no part of it, inside a transaction, too") {
  const Theatre theatre;
  const Database database = theatre.connect();
  const std::vector<NewRow> third_is_wrong = {person(1, "Ann"), person(2, "Bob"), person(1, "Cyd")};
  CHECK(code_of(database.add("Person", third_is_wrong)) == ErrorCode::unique_violation);
  CHECK(people(database) == 0);
  Transaction transaction = database.begin().or_raise();
  CHECK(database.add("Person", person(9, "Zoe")));
  CHECK(code_of(database.add("Person", third_is_wrong)) == ErrorCode::unique_violation);
  CHECK(people(database) == 1);
  CHECK(transaction.commit());
  CHECK(database.find("Person").one().or_raise()["name"].view() == "Zoe");
}

TEST_CASE("memory: two connections to one store see what is committed, and one may write") {
  const Theatre theatre;
  const Database first = theatre.connect();
  const Database second = theatre.connect();
  CHECK(first.add("Person", person(1, "Ann")));
  CHECK(people(second) == 1);
  Transaction writing = first.begin().or_raise();
  CHECK(first.add("Person", person(2, "Bob")));
  CHECK(people(second) == 1);
  const auto refused = second.add("Person", person(3, "Cyd"));
  CHECK(code_of(refused) == ErrorCode::locked);
  CHECK(refused.failure()->error().retryable());
  CHECK(code_of(second.begin()) == ErrorCode::locked);
  CHECK(writing.commit());
  CHECK(people(second) == 2);
  CHECK(second.add("Person", person(3, "Cyd")));
  CHECK(people(first) == 3);
}

TEST_CASE("memory: a connection that ends in a transaction lets the others write") {
  const Theatre theatre;
  const Database kept = theatre.connect();
  {
    const Database ended = theatre.connect();
    const Transaction open = ended.begin().or_raise();
    CHECK(ended.add("Person", person(1, "Ann")));
  }
  CHECK(kept.add("Person", person(2, "Bob")));
  CHECK(kept.find("Person").one().or_raise()["name"].view() == "Bob");
}

TEST_CASE("memory: an answer that is being read does not change with the rows") {
  const Theatre theatre;
  const Database database = theatre.connect();
  CHECK(database.add("Person", std::vector<NewRow>{person(1, "Ann"), person(2, "Bob")}));
  std::string seen;
  const auto read = database.find("Person").order_by("id").stream(1, [&](const RecordList& rows) {
    seen += rows[0]["name"].view();
    (void)database.find("Person").all_rows().remove().or_raise();
    return true;
  });
  CHECK(read.or_raise() == 2);
  CHECK(seen == "AnnBob");
  CHECK(people(database) == 0);
}

TEST_CASE("memory: what was loaded since a rollback's beginning is loaded again, and no more") {
  const Theatre theatre;
  const Database database = theatre.connect();
  CHECK(database.add("Person", std::vector<NewRow>{person(1, "Ann"), person(2, "Bob")}));
  CHECK(database.add("Seat", NewRow{{"row", "a"}, {"number", 1}, {"person_id", 1}}));
  const RecordList before = database.find("Person").order_by("id").all().or_raise();
  const Relation& seats = *before.model().find_relation("seats");
  Transaction outer = database.begin().or_raise();
  CHECK(before[0].many(seats).or_raise().size() == 1);
  Transaction inner = database.begin().or_raise();
  CHECK(database.add("Seat", NewRow{{"row", "a"}, {"number", 2}, {"person_id", 1}}));
  const RecordList inside = database.find("Person").order_by("id").all().or_raise();
  CHECK(inside[0].many(seats).or_raise().size() == 2);
  CHECK(inner.rollback());
  CHECK(inside[0].state(seats) == LazyState::not_loaded);
  CHECK(inside[0].many(seats).or_raise().size() == 1);
  CHECK(before[0].state(seats) == LazyState::loaded);
  CHECK(outer.rollback());
  CHECK(before[0].state(seats) == LazyState::not_loaded);
  CHECK(inside[0].state(seats) == LazyState::not_loaded);
  CHECK(before[0].many(seats).or_raise().size() == 1);
  Transaction kept = database.begin().or_raise();
  const RecordList in_kept = database.find("Person").order_by("id").all().or_raise();
  CHECK(in_kept[0].many(seats).or_raise().size() == 1);
  CHECK(kept.commit());
  CHECK(in_kept[0].state(seats) == LazyState::loaded);
}

TEST_CASE("memory: after the deadline every call is a time-out") {
  const Theatre theatre;
  Database database = theatre.connect();
  database.set_deadline(std::chrono::steady_clock::now());
  CHECK(code_of(database.find("Person").all()) == ErrorCode::timeout);
  CHECK(code_of(database.add("Person", person(1, "Ann"))) == ErrorCode::timeout);
  database.set_deadline(std::chrono::steady_clock::time_point::max());
  CHECK(people(database) == 0);
}

}  // namespace ommi::memory
