#include "ommi/value.hpp"

#include <limits>

#include <catch2/catch.hpp>

#include "ommi/error.hpp"
#include "ommi/result.hpp"

namespace ommi {

TEST_CASE("a value shows itself on one line, whatever it holds") {
  CHECK(to_display(Value().cell()) == "NULL");
  CHECK(to_display(Value(std::numeric_limits<std::int64_t>::min()).cell()) ==
        "-9223372036854775808");
  CHECK(to_display(Value(1.0).cell()) == "1.0");
  CHECK(to_display(Value(0.1).cell()) == "0.1");
  CHECK(to_display(Value("it's\n\x1b[31m").cell()) == "'it\\'s\\n\\x1b[31m'");
  CHECK(to_display(Value(std::string("a\0b", 3)).cell()) == "'a\\0b'");
  CHECK(to_display(Value("\xff\x41").cell()) == "'\\xffA'");
  CHECK(to_display(Value("a\xe2\x80\xae"
                         "b")
                       .cell()) == "'a\\u{202e}b'");
  CHECK(to_display(Value("\xed\xa0\x80").cell()) == "'\\xed\\xa0\\x80'");
  CHECK(to_display(Value("grüße 🙂").cell()) == "'grüße 🙂'");
  CHECK(to_display(Value(Blob{std::string("\x00\xff", 2)}).cell()) == "x'00ff'");
  CHECK(to_display(Value(std::string(100, 'x')).cell(), 5) == "'xxxxx…'");
}

TEST_CASE("values are ordered as SQLite orders them") {
  const auto before = [](const Value& left, const Value& right) {
    return compare(left.cell(), right.cell()) < 0 && compare(right.cell(), left.cell()) > 0;
  };
  CHECK(before(Value(), Value(-5)));
  CHECK(before(Value(2), Value(2.5)));
  CHECK(before(Value(std::int64_t{9007199254740992}), Value(std::int64_t{9007199254740993})));
  CHECK(before(Value(9007199254740992.0), Value(std::int64_t{9007199254740993})));
  CHECK(before(Value(INT64_MAX), Value(9.3e18)));
  CHECK(before(Value(9.3e18), Value("")));
  CHECK(before(Value("b"), Value(Blob{"a"})));
  CHECK(std::is_eq(compare(Value(1).cell(), Value(1.0).cell())));
}

TEST_CASE("an error knows its branch, its cause and its place") {
  const DatabaseError cause(ErrorCode::corrupt, "page 7 is damaged");
  const DatabaseError error =
      DatabaseError(ErrorCode::locked, "the file is locked", {.driver = "sqlite"})
          .caused_by(cause)
          .with_note("while opening");
  CHECK(error.is(ErrorCode::connection));
  CHECK(error.is(ErrorCode::database));
  CHECK_FALSE(error.is(ErrorCode::query));
  CHECK(error.retryable());
  REQUIRE(error.cause() != nullptr);
  CHECK(error.cause()->message() == "page 7 is damaged");
  CHECK(error.at({.driver = "other", .model = "Post"}).place().driver == "sqlite");
  CHECK(error.at({.driver = "other", .model = "Post"}).place().model == "Post");
  // What a driver says of the target of a relationship is told of its owner.
  const DatabaseError of_target(ErrorCode::query, "no", {.model = "Post"});
  CHECK(of_target.at({.model = "User", .relation = "posts"}).place().model == "User");
  CHECK(of_target.at({.model = "User"}).place().model == "Post");
}

TEST_CASE("a result gives back the error that was stored, itself") {
  const DBResult<int> failed = DatabaseError(ErrorCode::dangling_reference, "no User has id = 9");
  CHECK_FALSE(failed.ok());
  try {
    static_cast<void>(failed.or_raise());
    FAIL("or_raise() must throw");
  } catch (const DatabaseError& error) {
    CHECK(error.code() == ErrorCode::dangling_reference);
    CHECK(error.message() == "no User has id = 9");
  }
  CHECK(DBResult<int>(failed).or_use(3) == 3);
  const auto boundary =
      capture({.driver = "test"}, []() -> int { throw std::runtime_error("not ours"); });
  REQUIRE(boundary.failure() != nullptr);
  CHECK(boundary.failure()->code() == ErrorCode::foreign);
}

}  // namespace ommi
