#include <set>

#include <catch2/catch.hpp>

#include "doctor/exceptions.hpp"
#include "doctor/rule.hpp"

namespace doctor::exceptions {
namespace {

template <class Each>
void for_each_pattern(Each&& each) {
  for (const Family* family : all_families()) {
    for (const Pattern& pattern : family->patterns) {
      INFO(pattern.name);
      each(pattern);
    }
  }
}

/// The name of the pattern that the first exception of a text fits.
std::string name_of(std::string_view text) {
  const Explanation explanation = explain(text);
  return explanation.known.empty() ? "" : std::string(explanation.known.front().pattern->name);
}

}  // namespace

TEST_CASE("each known exception is recognised by its own example") {
  for_each_pattern([](const Pattern& pattern) { CHECK(name_of(pattern.example) == pattern.name); });
}

TEST_CASE("each is recognised by its message alone, unless its class tells it") {
  for_each_pattern([](const Pattern& pattern) {
    if (pattern.messages.empty()) return;
    const std::string_view message = pattern.example.substr(pattern.example.find(": ") + 2);
    CHECK(name_of(message) == pattern.name);
  });
}

TEST_CASE("each says all that a user has to know") {
  std::set<std::string_view> names;
  for_each_pattern([&](const Pattern& pattern) {
    CHECK(names.insert(pattern.name).second);
    CHECK_FALSE(pattern.meaning.empty());
    CHECK_FALSE(pattern.versions.empty());
    CHECK_FALSE(pattern.candidates.empty());
    CHECK((pattern.type_alone || !pattern.messages.empty()));
    for (const Candidate& candidate : pattern.candidates) {
      INFO(candidate.cause);
      CHECK_FALSE(candidate.cause.empty());
      CHECK_FALSE(candidate.check.empty());
      CHECK_FALSE(candidate.remedy.empty());
    }
  });
}

TEST_CASE("every rule that a cause names is there") {
  for_each_pattern([](const Pattern& pattern) {
    for (const Candidate& candidate : pattern.candidates) {
      if (candidate.code.empty()) continue;
      INFO(candidate.code);
      CHECK(find_rule(candidate.code) != nullptr);
    }
  });
}

TEST_CASE("an exception that has nothing to do with Ommi is not taken for one") {
  for (const char* text :
       {"KeyError: 'author'", "ValueError: not enough values to unpack (expected 2, got 1)",
        "AttributeError: 'NoneType' object has no attribute 'name'", "ZeroDivisionError",
        "TypeError: unsupported operand type(s) for +: 'int' and 'str'", "all is well",
        "LookupError", "ModuleNotFoundError: No module named 'ommi'",
        "RuntimeError: Event loop is closed"}) {
    INFO(text);
    CHECK(name_of(text).empty());
  }
}

TEST_CASE("of a class with many messages the exact one is taken") {
  CHECK(name_of("AttributeError: type object 'OmmiModel_User' has no attribute 'model'") ==
        "reference-without-field");
  CHECK(name_of("AttributeError: type object 'OmmiModel_User' has no attribute 'models'") ==
        "no-such-field");
  CHECK(name_of("DBStatusNoResultException: DBQueryResult does not wrap an exception") ==
        "success-without-exception");
  CHECK(name_of("DBStatusNoResultException") == "failed-load");
  CHECK(name_of("psycopg.errors.UndefinedFunction: operator does not exist: character varying = "
                "integer") == "types-do-not-compare");
  // A message of another class is another thing.
  CHECK(name_of("KeyError: no such table: Post").empty());
}

TEST_CASE("an exception that hides another gives its causes only while that is not there") {
  const std::string seen = "DBStatusNoResultException: DBResult does not wrap a result";
  const Explanation alone = explain(seen);
  CHECK(alone.hidden());
  CHECK(alone.candidates.size() > 5);
  const Explanation both = explain("TypeError: 'NoneType' object is not iterable\n\n" + seen);
  CHECK_FALSE(both.hidden());
  CHECK(both.known.size() == 2);
  REQUIRE(both.candidates.size() == 1);
  CHECK(both.candidates[0].code == "REL004");
}

TEST_CASE("what shows the hidden exception fits what hides it") {
  const auto shows = [](const std::string& text) {
    const Explanation explanation = explain(text);
    const std::vector<Cause> causes = weigh(explanation, {});
    return as_text({explanation, causes, {}}, {});
  };
  const auto has = [](const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
  };
  CHECK(has(shows("DBStatusNoResultException"), "(await instance.field.get_result())"));
  CHECK(has(shows("DBStatusNoResultException: DBQueryResult does not wrap a result"),
            "(await db.find(...).one).exception_or(None)"));
  CHECK(has(shows("RuntimeError: Cannot access value of a failed result"),
            "the traceback shows it above this one"));
  CHECK_FALSE(has(shows("ValueError: N`o results to return"), "hides"));
}

TEST_CASE("what a message names is kept") {
  const Explanation explanation = explain(
      "No reference found between models <class 'ommi.models.models.OmmiModel_A'> and <class "
      "'ommi.models.models.OmmiModel_B'>");
  REQUIRE(explanation.known.size() == 1);
  const auto& captures = explanation.known[0].captures;
  REQUIRE(captures.size() == 2);
  CHECK(captures[0].text == "<class 'ommi.models.models.OmmiModel_A'>");
  CHECK(captures[1].text == "<class 'ommi.models.models.OmmiModel_B'>");
}

}  // namespace doctor::exceptions
