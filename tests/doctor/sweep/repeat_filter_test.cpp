// What the filter says occurs once does, whatever the keys, and it never takes more than it may.

#include "doctor/sweep/repeat_filter.hpp"

#include <map>
#include <random>

#include <catch2/catch.hpp>

namespace doctor {
namespace {

using ommi::Affinity;
using ommi::Cell;
using ommi::Collation;
using ommi::Comparison;
using ommi::Value;

TEST_CASE("keys that are equal have one hash, and hardly any others have") {
  const std::vector<Value> values = {0,
                                     1,
                                     -1,
                                     "1",
                                     "1.0",
                                     1.0,
                                     1.5,
                                     "1.5",
                                     "01",
                                     " 1",
                                     "",
                                     "a",
                                     "A",
                                     "a ",
                                     "A  ",
                                     "é",
                                     -0.0,
                                     "0",
                                     1e20,
                                     "1e20",
                                     ommi::Blob{"a"},
                                     ommi::Blob{"1"},
                                     std::int64_t{1} << 40U,
                                     "a text that is longer than any short key",
                                     "A TEXT that is longer"};
  for (const Affinity affinity :
       {Affinity::text, Affinity::none, Affinity::integer, Affinity::numeric, Affinity::real}) {
    for (const Collation collation : {Collation::binary, Collation::nocase, Collation::rtrim}) {
      const std::vector<Comparison> rules(2, {affinity, collation});
      KeyHash hash(rules);
      std::map<std::string, std::uint64_t> known;
      std::map<std::uint64_t, std::string> back;
      for (const Value& first : values) {
        for (const Value& second : values) {
          const std::vector<Cell> key = {first.cell(), second.cell()};
          std::string bytes;
          for (std::size_t part = 0; part < 2; ++part) {
            ommi::append_key(bytes, key[part], rules[part]);
          }
          const std::uint64_t its = hash.of(key);
          REQUIRE(known.emplace(bytes, its).first->second == its);
          REQUIRE(back.emplace(its, bytes).first->second == bytes);
        }
      }
    }
  }
}

TEST_CASE("whatever comes twice may repeat, and most of what comes once may not") {
  MemoryBudget budget(std::uint64_t{1} << 20U);
  const std::vector<Comparison> rules(1, {Affinity::integer, Collation::binary});
  KeyHash hash(rules);
  {
    RepeatFilter filter(budget, budget.limit() / 2);
    REQUIRE_FALSE(filter.empty());
    CHECK(budget.used() == budget.limit() / 2);
    const auto hash_of_number = [&](std::int64_t number) {
      return hash.of(std::vector{Cell::of(number)});
    };
    for (std::int64_t number = 0; number < 100'000; ++number) {
      filter.note(hash_of_number(number));
      if (number % 10 == 0) filter.note(hash_of_number(number));
    }
    unsigned mistaken = 0;
    for (std::int64_t number = 0; number < 100'000; ++number) {
      const bool may = filter.may_repeat(hash_of_number(number));
      if (number % 10 == 0) REQUIRE(may);
      if (number % 10 != 0 && may) ++mistaken;
    }
    // 100,000 keys on two million places: one in twenty shares its own.
    CHECK(mistaken < 10'000);
  }
  CHECK(budget.used() == 0);
}

TEST_CASE("a filter makes do with less, or with nothing") {
  MemoryBudget budget(1000);
  {
    const RepeatFilter filter(budget, 1'000'000);
    CHECK(budget.used() == 512);
    const RepeatFilter other(budget, 1'000'000);
    CHECK(budget.used() == 512 + 256);
    const RepeatFilter third(budget, 63);
    CHECK(third.empty());
  }
  CHECK(budget.used() == 0);
}

}  // namespace
}  // namespace doctor
