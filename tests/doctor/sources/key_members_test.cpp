// Which values are keys.

#include "doctor/sources/key_members.hpp"

#include <catch2/catch.hpp>

namespace doctor::sources {
namespace {

using ommi::Affinity;
using ommi::Cell;
using ommi::Collation;
using ommi::Value;

bool has(const KeyMembers& members, const Value& value) {
  const Cell cell = value.cell();
  return members.contains({&cell, 1});
}

void add(KeyMembers& members, const Value& value) {
  const Cell cell = value.cell();
  members.add({&cell, 1});
}

}  // namespace

TEST_CASE("a key is found however it is written, as the column compares", "[inference]") {
  KeyMembers numbers({{Affinity::integer, Collation::binary}});
  for (const int key : {0, -1, 7}) add(numbers, key);
  add(numbers, "seven");
  add(numbers, 1.5);
  CHECK(numbers.size() == 5);
  CHECK(has(numbers, "7"));
  CHECK(has(numbers, 7.0));
  CHECK(has(numbers, "seven"));
  CHECK(has(numbers, 1.5));
  CHECK_FALSE(has(numbers, "SEVEN"));
  CHECK_FALSE(has(numbers, 8));

  KeyMembers texts({{Affinity::text, Collation::nocase}});
  add(texts, "Ada");
  add(texts, "ADA");
  CHECK(texts.size() == 1);
  CHECK(has(texts, "ada"));
  CHECK_FALSE(has(texts, "Ben"));
}

TEST_CASE("the parts of a key are told apart, and an integer from a hash", "[inference]") {
  KeyMembers pairs({{Affinity::none, Collation::binary}, {Affinity::none, Collation::binary}});
  const auto pair = [](const Value& one, const Value& other) {
    return std::vector<Cell>{one.cell(), other.cell()};
  };
  const Value a = "a", bc = "bc", ab = "ab", c = "c";
  pairs.add(pair(a, bc));
  CHECK(pairs.contains(pair(a, bc)));
  CHECK_FALSE(pairs.contains(pair(ab, c)));
  CHECK_FALSE(pairs.contains(pair(bc, a)));

  KeyMembers mixed({{Affinity::none, Collation::binary}});
  for (int at = 0; at < 10'000; ++at) add(mixed, "key " + std::to_string(at));
  CHECK(mixed.size() == 10'000);
  bool all = true;
  for (int at = 0; at < 10'000; ++at) all = all && has(mixed, "key " + std::to_string(at));
  CHECK(all);
  for (int at = 0; at < 10'000; ++at) all = all && !has(mixed, at);
  CHECK(all);
}

}  // namespace doctor::sources
