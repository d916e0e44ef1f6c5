// Conformance, 81 to 88: what is stored comes back as it was.

#include <chrono>
#include <limits>

#include <fmt/format.h>

#include "conformance/fixture.hpp"

namespace conformance {
namespace {

std::shared_ptr<const Catalog> one_field(Type type) {
  ModelInfo box;
  box.name = "Box";
  box.fields = {automatic_key(), field("content", type)};
  return sealed({box});
}

/// Boxes whose content is a member of type `T`.
template <class T>
struct BoxOf {
  std::int64_t id{};
  T content{};
  static void describe(Describe<BoxOf>& model) {
    model.name("Box");
    model.template field<&BoxOf::id>("id", Key, Auto);
    model.template field<&BoxOf::content>("content");
  }
};

/// Reading the only box as a BoxOf<T> fails for the row and field, however it is read.
template <class T>
void check_undecodable(Database& database, std::string_view words) {
  database.use(sealed<BoxOf<T>>());
  const TypedFinder<BoxOf<T>> boxes = database.find<BoxOf<T>>();
  const DatabaseError error = error_of(boxes.one());
  CHECK(error.code() == ErrorCode::decode);
  CHECK(error.place().model == "Box");
  CHECK_THAT(error.message(), Catch::StartsWith("Box[1].content"));
  CHECK_THAT(error.message(), Catch::Contains(std::string(words)));
  CHECK(error_of(boxes.all()).message() == error.message());
  CHECK(error_of(boxes.stream(10, [](std::span<const BoxOf<T>>) { return true; })).message() ==
        error.message());
}

/// What a member has is stored and read back as it is.
template <class T>
void member_round_trip(const Fixture& fixture, const std::vector<T>& contents) {
  const Opened opened = fixture.open(sealed<BoxOf<T>>());
  for (const T& content : contents) {
    BoxOf<T> box{.content = content};
    must(opened.database.add(box));
    const auto by_key = opened.database.find<BoxOf<T>>().where(at<&BoxOf<T>::id>() == box.id);
    CHECK(by_key.one().or_raise().content == content);
    CHECK(opened.database.find<BoxOf<T>>()
              .where(at<&BoxOf<T>::content>() == content)
              .count()
              .or_raise() == 1);
  }
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

TEST_CASE("conformance 81: what is too big for its member is a decode error, not another number") {
  on_every_driver([](const Fixture& fixture) {
    Opened opened = fixture.open(one_field(Type::integer));
    must(opened.database.add("Box", NewRow{{"content", std::int64_t{1} << 32}}));
    check_undecodable<std::int32_t>(opened.database, "4294967296");
    check_undecodable<std::int8_t>(opened.database, "4294967296");
    check_undecodable<bool>(opened.database, "4294967296");
    opened.database.use(sealed<BoxOf<std::uint64_t>>());
    BoxOf<std::uint64_t> huge{.content = std::numeric_limits<std::uint64_t>::max()};
    const DatabaseError refused = error_of(opened.database.add(huge));
    CHECK(refused.code() == ErrorCode::decode);
    CHECK_THAT(refused.message(), Catch::Contains("18446744073709551615"));
    CHECK(opened.database.find("Box").count().or_raise() == 1);
    member_round_trip<std::int8_t>(fixture, {0, -128, 127});
    member_round_trip<std::uint64_t>(fixture, {0, std::uint64_t{1} << 62});
  });
}

/// Stores a real that not every driver keeps: as it is where the capabilities say so, else not.
void kept_or_refused(const Database& database, double real, bool kept) {
  const auto added = database.add("Box", NewRow{{"content", real}});
  if (!kept) {
    state_incapable(database, fmt::format("real {}", real));
    CHECK(error_of(added).code() == ErrorCode::unsupported);
    return;
  }
  const Record found = database.find("Box")
                           .where(term(database, "Box", "id") == Value(added.or_raise()["id"]))
                           .one()
                           .or_raise();
  CHECK(found["content"] == Cell::of(real));
}

TEST_CASE("conformance 82: reals come back bit by bit") {
  on_every_driver([](const Fixture& fixture) {
    round_trip(fixture, Type::real, {0.0, 0.1, 1e308, -1e308, 5e-324, 1.0 / 3.0, -2.5, 1e15, 3.0});
    member_round_trip<double>(fixture, {0.1, 5e-324, -3.0});
    member_round_trip<float>(fixture, {0.1F, -2.5F});
  });
}

TEST_CASE("conformance 82: NaN, infinities and the sign of zero are kept as the driver states") {
  on_every_driver([](const Fixture& fixture) {
    const Opened opened = fixture.open(one_field(Type::real));
    const Capabilities& can = opened.database.capabilities();
    kept_or_refused(opened.database, std::numeric_limits<double>::infinity(), can.infinities);
    kept_or_refused(opened.database, -std::numeric_limits<double>::infinity(), can.infinities);
    kept_or_refused(opened.database, std::numeric_limits<double>::quiet_NaN(), can.nan);
    must(opened.database.find("Box").all_rows().remove());
    must(opened.database.add("Box", NewRow{{"content", -0.0}}));
    const Record zero = opened.database.find("Box").one().or_raise();
    CHECK(zero["content"] == Cell::of(can.signed_zero ? -0.0 : 0.0));
    if (!can.signed_zero) state_incapable(opened.database, "sign of zero");
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
    member_round_trip<bool>(fixture, {true, false});
    member_round_trip<std::optional<bool>>(fixture, {true, false});
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

TEST_CASE("conformance 86: days and moments of the years 1 to 9999 as members") {
  using std::chrono::sys_days;
  using Moment = std::chrono::sys_time<std::chrono::microseconds>;
  using namespace std::chrono_literals;
  on_every_driver([](const Fixture& fixture) {
    round_trip(fixture, Type::date, {"0001-01-01", "1970-01-01", "2024-02-29", "9999-12-31"});
    const std::vector<sys_days> days = {sys_days(1y / 1 / 1), sys_days(1969y / 12 / 31),
                                        sys_days(2024y / 2 / 29), sys_days(9999y / 12 / 31)};
    member_round_trip(fixture, days);
    std::vector<Moment> moments;
    for (const sys_days& day : days) moments.emplace_back(day + 23h + 59min + 59s + 999999us);
    member_round_trip(fixture, moments);
  });
}

TEST_CASE("conformance 87: a value of the wrong kind is a decode error with field and row") {
  on_every_driver([](const Fixture& fixture) {
    Opened opened = fixture.open(one_field(Type::integer));
    opened.database.use(one_field(Type::any));
    const auto added = opened.database.add("Box", NewRow{{"content", "abc"}});
    if (!opened.database.capabilities().loose_kinds) {
      state_incapable(opened.database, "column that keeps what is not of its type");
      CHECK(error_of(added).is(ErrorCode::query));
      return;
    }
    must(added);
    opened.database.use(one_field(Type::integer));
    const Record found = opened.database.find("Box").one().or_raise();
    CHECK(found["content"].view() == "abc");
    REQUIRE(found.fault().has_value());
    CHECK(found.fault()->code() == ErrorCode::decode);
    CHECK(found.fault()->message() ==
          "Box[1].content is declared integer and holds the text 'abc'");
    check_undecodable<std::int64_t>(opened.database, "holds the text 'abc'");
    check_undecodable<std::optional<std::int64_t>>(opened.database, "holds the text 'abc'");
    check_undecodable<double>(opened.database, "holds the text 'abc'");
    check_undecodable<bool>(opened.database, "holds the text 'abc'");
  });
}

TEST_CASE("conformance 87: NULL where none may be, and what is no date, are decode errors, too") {
  on_every_driver([](const Fixture& fixture) {
    Opened opened = fixture.open(one_field(Type::date));
    must(opened.database.add("Box", NewRow{{"content", Value()}}));
    check_undecodable<std::chrono::sys_days>(opened.database, "holds the null NULL");
    opened.database.use(one_field(Type::date));
    must(opened.database.find("Box").all_rows().update({{"content", "2024-02-30"}}));
    check_undecodable<std::chrono::sys_days>(opened.database, "holds the text '2024-02-30'");
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
