// Conformance, 16 to 30: conditions, order, pages and streams.

#include <algorithm>
#include <numeric>
#include <set>

#include "conformance/fixture.hpp"

namespace conformance {
namespace {

using Ids = std::vector<std::int64_t>;

std::shared_ptr<const Catalog> samples() {
  ModelInfo sample;
  sample.name = "Sample";
  sample.fields = {automatic_key(),        field("a", Type::integer), field("b", Type::integer),
                   field("r", Type::real), field("t", Type::text),    field("d", Type::date)};
  return sealed({sample});
}

NewRow sample(Value a, Value b, Value r = {}, Value t = {}, Value d = {}) {
  return {{"a", std::move(a)},
          {"b", std::move(b)},
          {"r", std::move(r)},
          {"t", std::move(t)},
          {"d", std::move(d)}};
}

/// A database of samples, with ids from 1 in the order of `rows`.
Opened filled(const Fixture& fixture, const std::vector<NewRow>& rows) {
  Opened opened = fixture.open(samples());
  std::vector<NewRow> numbered = rows;
  for (std::size_t i = 0; i < numbered.size(); ++i) {
    numbered[i].emplace_back("id", static_cast<std::int64_t>(i + 1));
  }
  must(opened.database.add("Sample", numbered));
  return opened;
}

Ids ids(const Database& database, const Expression& condition) {
  return numbers(database.find("Sample").where(condition).order_by("id").all().or_raise());
}

TEST_CASE("conformance 16: each comparison on integer, real, text and date") {
  on_every_driver([](const Fixture& fixture) {
    const Opened opened =
        filled(fixture, {sample(1, 0, 0.5, "a", "2023-12-31"), sample(2, 0, 1.5, "b", "2024-01-01"),
                         sample(3, 0, 2.5, "c", "2024-01-02")});
    const Database& database = opened.database;
    const std::vector<std::pair<const char*, Value>> middles = {
        {"a", 2}, {"r", 1.5}, {"t", "b"}, {"d", "2024-01-01"}};
    for (const auto& [name, middle] : middles) {
      INFO(name);
      const FieldTerm field = term(database, "Sample", name);
      CHECK(ids(database, field == middle) == Ids{2});
      CHECK(ids(database, field != middle) == Ids{1, 3});
      CHECK(ids(database, field < middle) == Ids{1});
      CHECK(ids(database, field <= middle) == Ids{1, 2});
      CHECK(ids(database, field > middle) == Ids{3});
      CHECK(ids(database, field >= middle) == Ids{2, 3});
      CHECK(ids(database, field.between(middle, middle)) == Ids{2});
    }
  });
}

TEST_CASE("conformance 17: (A or B) and C is not A or (B and C)") {
  on_every_driver([](const Fixture& fixture) {
    const Opened opened = filled(fixture, {sample(1, 0), sample(2, 1), sample(3, 1)});
    const FieldTerm a = term(opened.database, "Sample", "a");
    const FieldTerm b = term(opened.database, "Sample", "b");
    CHECK(ids(opened.database, (a == 1 || a == 2) && b == 1) == Ids{2});
    CHECK(ids(opened.database, a == 1 || (a == 2 && b == 1)) == Ids{1, 2});
  });
}

TEST_CASE("conformance 18: groups three deep, and not over a group") {
  on_every_driver([](const Fixture& fixture) {
    const Opened opened =
        filled(fixture, {sample(1, 1), sample(1, 2), sample(2, 1), sample(2, 2), sample(3, 3)});
    const FieldTerm a = term(opened.database, "Sample", "a");
    const FieldTerm b = term(opened.database, "Sample", "b");
    CHECK(ids(opened.database, (a == 1 && (b == 1 || (a == 2 || b == 2))) || b == 3) ==
          Ids{1, 2, 5});
    CHECK(ids(opened.database, !(a == 1 || b == 1)) == Ids{4, 5});
    CHECK(ids(opened.database, !(a == 1 && !(b == 1))) == Ids{1, 3, 4, 5});
  });
}

TEST_CASE("conformance 19: NULL is found by == NULL, and not (x == 1) leaves it out") {
  on_every_driver([](const Fixture& fixture) {
    const Opened opened = filled(fixture, {sample(1, 0), sample(2, 0), sample(Value(), 0)});
    const FieldTerm a = term(opened.database, "Sample", "a");
    CHECK(ids(opened.database, a == Value()) == Ids{3});
    CHECK(ids(opened.database, a != Value()) == Ids{1, 2});
    CHECK(ids(opened.database, a.is_null()) == Ids{3});
    CHECK(ids(opened.database, !(a == 1)) == Ids{2});
    CHECK(ids(opened.database, a != 1) == Ids{2});
    CHECK(ids(opened.database, !(a == Value())) == Ids{1, 2});
  });
}

TEST_CASE("conformance 20: in with none, one, 501 and 40,000 values") {
  on_every_driver([](const Fixture& fixture) {
    std::vector<NewRow> rows;
    for (int i = 1; i <= 600; ++i) rows.push_back(sample(i, 0));
    const Opened opened = filled(fixture, rows);
    const FieldTerm a = term(opened.database, "Sample", "a");
    const auto up_to = [](int count) {
      std::vector<Value> values;
      for (int i = 1; i <= count; ++i) values.emplace_back(i);
      return values;
    };
    CHECK(ids(opened.database, a.in({})).empty());
    CHECK(ids(opened.database, a.in({5})) == Ids{5});
    CHECK(ids(opened.database, a.in(up_to(501))).size() == 501);
    CHECK(ids(opened.database, a.in(up_to(40'000))).size() == 600);
  });
}

TEST_CASE("conformance 21: like, contains, starts_with and ends_with take values as they are") {
  on_every_driver([](const Fixture& fixture) {
    const Opened opened =
        filled(fixture, {sample(1, 0, 0.0, "100%"), sample(2, 0, 0.0, "100 %"),
                         sample(3, 0, 0.0, "a_b"), sample(4, 0, 0.0, "axb"),
                         sample(5, 0, 0.0, R"(c:\dir)"), sample(6, 0, 0.0, "c:dir")});
    const FieldTerm t = term(opened.database, "Sample", "t");
    CHECK(ids(opened.database, t.like("a_b")) == Ids{3, 4});
    CHECK(ids(opened.database, t.like("100%")) == Ids{1, 2});
    CHECK(ids(opened.database, t.contains("_")) == Ids{3});
    CHECK(ids(opened.database, t.contains("%")) == Ids{1, 2});
    CHECK(ids(opened.database, t.contains("\\")) == Ids{5});
    CHECK(ids(opened.database, t.starts_with("100%")) == Ids{1});
    CHECK(ids(opened.database, t.starts_with("a_")) == Ids{3});
    CHECK(ids(opened.database, t.ends_with(R"(\dir)")) == Ids{5});
    CHECK(ids(opened.database, t.ends_with("%")) == Ids{1, 2});
  });
}

TEST_CASE("conformance 22: what looks like a statement is only a value") {
  on_every_driver([](const Fixture& fixture) {
    const std::vector<std::string> values = {
        "NULL", "IS",  "'; DROP TABLE Sample; --", "%s", "$1", "?", ":a", "@a", "\"quoted\"", "'",
        "''",   "a\nb"};
    std::vector<NewRow> rows;
    for (const std::string& value : values) rows.push_back(sample(0, 0, 0.0, value));
    const Opened opened = filled(fixture, rows);
    const FieldTerm t = term(opened.database, "Sample", "t");
    for (std::size_t i = 0; i < values.size(); ++i) {
      INFO(values[i]);
      const Ids own = {static_cast<std::int64_t>(i + 1)};
      CHECK(ids(opened.database, t == values[i]) == own);
      CHECK(ids(opened.database, t.in({values[i]})) == own);
      CHECK(opened.database.find("Sample").where(t == values[i]).update({{"t", values[i]}}).ok());
    }
    CHECK(opened.database.find("Sample").count().or_raise() == values.size());
  });
}

TEST_CASE("conformance 23: order by one and two fields, both directions, NULLs where stated") {
  on_every_driver([](const Fixture& fixture) {
    const Opened opened =
        filled(fixture, {sample(2, 1), sample(1, 1), sample(Value(), 2), sample(1, 2)});
    const Database& database = opened.database;
    CHECK(numbers(database.find("Sample").order_by("a").order_by("b", true).all().or_raise()) ==
          Ids{3, 4, 2, 1});
    CHECK(numbers(database.find("Sample").order_by("b").order_by("a").all().or_raise()) ==
          Ids{2, 1, 3, 4});
    const auto by = [&](bool descending, Nulls nulls) {
      Query query;
      query.model = database.catalog().find("Sample");
      query.order = {{1, descending, nulls}, {0, false, Nulls::by_default}};
      return numbers(database.fetch(query).or_raise());
    };
    CHECK(by(false, Nulls::first) == Ids{3, 2, 4, 1});
    CHECK(by(false, Nulls::last) == Ids{2, 4, 1, 3});
    CHECK(by(true, Nulls::first) == Ids{3, 1, 2, 4});
    CHECK(by(true, Nulls::last) == Ids{1, 2, 4, 3});
  });
}

TEST_CASE("conformance 24: limit, offset and pages cover all without overlap") {
  on_every_driver([](const Fixture& fixture) {
    std::vector<NewRow> rows;
    for (int i = 0; i < 23; ++i) rows.push_back(sample(i % 3, 0));
    const Opened opened = filled(fixture, rows);
    Ids seen;
    for (std::uint64_t page = 1; page <= 5; ++page) {
      const RecordList found =
          opened.database.find("Sample").order_by("a").page(5, page).all().or_raise();
      CHECK(found.size() == (page < 5 ? 5 : 3));
      for (const std::int64_t id : numbers(found)) seen.push_back(id);
    }
    std::sort(seen.begin(), seen.end());
    Ids all(23);
    std::iota(all.begin(), all.end(), 1);
    CHECK(seen == all);
    CHECK(opened.database.find("Sample").order_by("a").page(5, 6).all().or_raise().empty());
    CHECK(numbers(opened.database.find("Sample").order_by("id").limit(2, 4).all().or_raise()) ==
          Ids{5, 6});
    CHECK(opened.database.find("Sample").limit(0).all().or_raise().empty());
  });
}

TEST_CASE("conformance 25: a field is compared with a field of the same row") {
  on_every_driver([](const Fixture& fixture) {
    const Opened opened =
        filled(fixture, {sample(1, 2), sample(2, 2), sample(3, 2), sample(Value(), 2)});
    const FieldTerm a = term(opened.database, "Sample", "a");
    const FieldTerm b = term(opened.database, "Sample", "b");
    CHECK(ids(opened.database, a == b) == Ids{2});
    CHECK(ids(opened.database, a < b) == Ids{1});
    CHECK(ids(opened.database, a > b) == Ids{3});
    CHECK(ids(opened.database, a != b) == Ids{1, 3});
  });
}

TEST_CASE("conformance 26: reserved words, blanks, quotes and other scripts are names") {
  on_every_driver([](const Fixture& fixture) {
    for (const char* name : {"select", "two words", "it's \"quoted\"", "Größe", "таблица", "[x]",
                             "MixedCase", "a.b", "semi;colon"}) {
      INFO(name);
      ModelInfo odd;
      odd.name = "Odd";
      odd.store_as = name;
      odd.fields = {automatic_key(), field("value", Type::integer)};
      odd.fields[1].store_as = name;
      const Opened opened = fixture.open(sealed({odd}));
      must(opened.database.add("Odd", NewRow{{"value", 3}}));
      const FieldTerm value = term(opened.database, "Odd", "value");
      CHECK(opened.database.find("Odd")
                .where(value == 3)
                .order_by("value")
                .one()
                .or_raise()["value"]
                .integer == 3);
      CHECK(opened.database.find("Odd").where(value == 3).update({{"value", 4}}).or_raise() == 1);
      CHECK(opened.database.find("Odd").where(value == 4).remove().or_raise() == 1);
    }
  });
}

TEST_CASE("conformance 27: a stream of 10,000 rows comes in order, by one statement") {
  on_every_driver([](const Fixture& fixture) {
    std::vector<NewRow> rows;
    for (int i = 0; i < 10'000; ++i) rows.push_back(sample(10'000 - i, 0));
    const Opened opened = filled(fixture, rows);
    std::int64_t last = 0;
    std::uint64_t windows = 0;
    bool ordered = true;
    CHECK(calls_of(opened.database, [&] {
            const auto read = opened.database.find("Sample").order_by("a").stream(
                256, [&](const RecordList& window) {
                  ++windows;
                  for (const Record& row : window) {
                    ordered = ordered && row["a"].integer == last + 1;
                    last = row["a"].integer;
                  }
                  return true;
                });
            CHECK(read.or_raise() == 10'000);
          }) == 1);
    CHECK(ordered);
    CHECK(last == 10'000);
    CHECK(windows == 40);
  });
}

TEST_CASE("conformance 28: a stream that is stopped leaves the next query alone") {
  on_every_driver([](const Fixture& fixture) {
    std::vector<NewRow> rows;
    for (int i = 0; i < 100; ++i) rows.push_back(sample(i, 0));
    const Opened opened = filled(fixture, rows);
    const Finder finder = opened.database.find("Sample").order_by("id");
    for (int times = 0; times < 3; ++times) {
      std::size_t seen = 0;
      CHECK(finder
                .stream(10,
                        [&](const RecordList& window) {
                          seen += window.size();
                          return false;
                        })
                .ok());
      CHECK(seen == 10);
      CHECK(finder.all().or_raise().size() == 100);
      CHECK(opened.database.add("Sample", sample(1, 1)).ok());
      CHECK(opened.database.find("Sample")
                .where(term(opened.database, "Sample", "b") == 1)
                .remove()
                .or_raise() == 1);
    }
  });
}

TEST_CASE("conformance 29: two streams of the same text do not disturb each other") {
  on_every_driver([](const Fixture& fixture) {
    std::vector<NewRow> rows;
    for (int i = 0; i < 20; ++i) rows.push_back(sample(i, 0));
    const Opened opened = filled(fixture, rows);
    const Finder finder = opened.database.find("Sample").order_by("id");
    Ids outer;
    CHECK(finder
              .stream(1,
                      [&](const RecordList& window) {
                        outer.push_back(window[0]["id"].integer);
                        Ids inner;
                        CHECK(finder
                                  .stream(3,
                                          [&](const RecordList& some) {
                                            for (const std::int64_t id : numbers(some)) {
                                              inner.push_back(id);
                                            }
                                            return inner.size() < 9;
                                          })
                                  .ok());
                        CHECK(inner == Ids{1, 2, 3, 4, 5, 6, 7, 8, 9});
                        return true;
                      })
              .ok());
    Ids all(20);
    std::iota(all.begin(), all.end(), 1);
    CHECK(outer == all);
  });
}

TEST_CASE("conformance 30: a row that is changed while it is streamed is not seen twice") {
  on_every_driver([](const Fixture& fixture) {
    std::vector<NewRow> rows;
    for (int i = 0; i < 50; ++i) rows.push_back(sample(i, 0));
    const Opened opened = filled(fixture, rows);
    const FieldTerm id = term(opened.database, "Sample", "id");
    std::multiset<std::int64_t> seen;
    const auto read =
        opened.database.find("Sample").order_by("id").stream(5, [&](const RecordList& window) {
          for (const std::int64_t number : numbers(window)) {
            seen.insert(number);
            CHECK(opened.database.find("Sample").where(id == number).update({{"b", 7}}).ok());
          }
          return true;
        });
    CHECK(read.or_raise() == 50);
    CHECK(std::set<std::int64_t>(seen.begin(), seen.end()).size() == seen.size());
    CHECK(opened.database.find("Sample")
              .where(term(opened.database, "Sample", "b") == 7)
              .count()
              .or_raise() == 50);
  });
}

}  // namespace
}  // namespace conformance
