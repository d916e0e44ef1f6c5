// Conformance, 81 to 88: what is stored comes back as it was.

#include <cmath>
#include <limits>

#include "conformance/fixture.hpp"

namespace conformance {
namespace {

std::shared_ptr<const Catalog> one_field(Type type) {
  ModelInfo box;
  box.name = "Box";
  box.fields = {automatic_key(), field("content", type)};
  return sealed({box});
}

/// Stores each value, reads it back and finds it again.
void round_trip(const Fixture& fixture, Type type, const std::vector<Value>& values,
                bool found_by_value = true) {
  const Opened opened = fixture.open(one_field(type));
  for (const Value& value : values) {
    INFO(to_display(value.cell()));
    const Record added = opened.database.add("Box", NewRow{{"content", value}}).or_raise();
    const Finder by_key =
        opened.database.find("Box").where(term(opened.database, "Box", "id") == Value(added["id"]));
    const Record found = by_key.one().or_raise();
    CHECK(found["content"] == value.cell());
    CHECK_FALSE(found.fault().has_value());
    if (!found_by_value) continue;
    CHECK(opened.database.find("Box")
              .where(term(opened.database, "Box", "content") == value)
              .count()
              .or_raise() == 1);
  }
}

TEST_CASE("conformance 81: integers of 64 bits are exact") {
  on_every_driver([](const Fixture& fixture) {
    const std::int64_t big = std::int64_t{1} << 53;
    round_trip(fixture, Type::integer,
               {0, -1, big - 1, big, big + 1, std::numeric_limits<std::int64_t>::max(),
                std::numeric_limits<std::int64_t>::min()});
  });
}

TEST_CASE("conformance 82: reals come back bit by bit") {
  on_every_driver([](const Fixture& fixture) {
    round_trip(fixture, Type::real,
               {0.1, 1e308, 5e-324, 1.0 / 3.0, -2.5, std::numeric_limits<double>::infinity(),
                -std::numeric_limits<double>::infinity()});
    const Opened opened = fixture.open(one_field(Type::real));
    // SQLite keeps no sign of zero, so none is promised.
    const Record zero = opened.database.add("Box", NewRow{{"content", -0.0}}).or_raise();
    CHECK(zero["content"].real == 0.0);
  });
}

TEST_CASE("conformance 83: text of every script comes back byte by byte; empty is not NULL") {
  on_every_driver([](const Fixture& fixture) {
    round_trip(fixture, Type::text,
               {"", " ", "Ann", "Ünïcödé", "кириллица", "ελληνικά", "日本語", "עברית", "عربي",
                "👩‍👩‍👧", "e\xcc\x81", "\xc3\xa9", std::string("a\0b", 3),
                std::string(10'000'000, 'x')});
    const Opened opened = fixture.open(one_field(Type::text));
    must(
        opened.database.add("Box", std::vector<NewRow>{{{"content", ""}}, {{"content", Value()}}}));
    const FieldTerm content = term(opened.database, "Box", "content");
    CHECK(opened.database.find("Box").where(content == "").count().or_raise() == 1);
    CHECK(opened.database.find("Box").where(content.is_null()).count().or_raise() == 1);
  });
}

TEST_CASE("conformance 84: blobs, the empty one, all bytes and 10 MB") {
  on_every_driver([](const Fixture& fixture) {
    std::string bytes;
    for (int byte = 0; byte < 256; ++byte) bytes.push_back(static_cast<char>(byte));
    round_trip(fixture, Type::blob, {Blob{""}, Blob{bytes}, Blob{std::string(10'000'000, '\0')}});
  });
}

TEST_CASE("conformance 85: booleans come back, and are found by") {
  on_every_driver([](const Fixture& fixture) {
    round_trip(fixture, Type::boolean, {true, false});
  });
}

TEST_CASE("conformance 86: dates and times keep their microseconds and their order") {
  on_every_driver([](const Fixture& fixture) {
    const std::vector<Value> times = {
        "0001-01-01T00:00:00.000000", "1969-12-31T23:59:59.999999", "2024-02-29T12:00:00.000001",
        "2024-02-29T12:00:00.000001+02:00", "9999-12-31T23:59:59.999999"};
    round_trip(fixture, Type::datetime, times);
    const Opened opened = fixture.open(one_field(Type::datetime));
    for (auto time = times.rbegin(); time != times.rend(); ++time) {
      must(opened.database.add("Box", NewRow{{"content", *time}}));
    }
    std::vector<std::string> due;
    for (const Value& time : times) due.push_back(time.as<std::string>());
    CHECK(texts(opened.database.find("Box").order_by("content").all().or_raise(), "content") ==
          due);
    CHECK(opened.database.find("Box")
              .where(term(opened.database, "Box", "content") < times[2])
              .count()
              .or_raise() == 2);
  });
}

TEST_CASE("conformance 88: text that is not UTF-8 is bytes, and never a crash") {
  on_every_driver([](const Fixture& fixture) {
    const std::string broken = "a\xff\xc3(b";
    const Opened opened = fixture.open(one_field(Type::text));
    must(opened.database.add("Box", NewRow{{"content", broken}}));
    const Record found = opened.database.find("Box").one().or_raise();
    CHECK(found["content"].view() == broken);
    CHECK(to_display(found["content"]) == R"('a\xff\xc3(b')");
  });
}

}  // namespace
}  // namespace conformance
