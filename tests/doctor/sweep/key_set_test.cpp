#include "doctor/sweep/key_set.hpp"

#include <limits>
#include <random>
#include <set>

#include <catch2/catch.hpp>

namespace doctor {
namespace {

using ommi::Affinity;
using ommi::Cell;
using ommi::Collation;

std::vector<Cell> key(Cell cell) { return {cell}; }

struct Integers {
  MemoryAccount memory;
  IntegerSet set{memory};
  bool insert(std::int64_t number) { return set.insert(number) == Inserted::fresh; }
  [[nodiscard]] bool contains(std::int64_t number) const { return set.contains(number); }
};

struct Strings {
  MemoryAccount memory;
  ByteSet set{memory, ByteSet::Positions::dropped};
  bool insert(std::string_view bytes) {
    return set.insert(bytes, set.hash_of(bytes), 0) == Inserted::fresh;
  }
  [[nodiscard]] bool contains(std::string_view bytes) const {
    return set.contains(bytes, set.hash_of(bytes));
  }
};

TEST_CASE("an integer set holds dense, sparse and extreme keys alike") {
  const std::int64_t least = std::numeric_limits<std::int64_t>::min();
  const std::int64_t most = std::numeric_limits<std::int64_t>::max();
  Integers set;
  for (const std::int64_t number :
       {std::int64_t{0}, std::int64_t{-1}, most, least, std::int64_t{64}, std::int64_t{1} << 40}) {
    CHECK_FALSE(set.contains(number));
    CHECK(set.insert(number));
    CHECK_FALSE(set.insert(number));
    CHECK(set.contains(number));
  }
  CHECK_FALSE(set.contains(1));
  CHECK_FALSE(set.contains(most - 1));
  CHECK_FALSE(set.contains(least + 1));
}

TEST_CASE("a key that was far away stays in when the bitmap grows over it") {
  Integers set;
  CHECK(set.insert(1));
  CHECK(set.insert(500'000));
  for (std::int64_t number = 2; number < 600'000; ++number) {
    if (number != 500'000) set.insert(number);
  }
  CHECK(set.contains(500'000));
  CHECK_FALSE(set.insert(500'000));
  CHECK_FALSE(set.contains(600'000));
}

TEST_CASE("an integer set agrees with std::set on random keys") {
  std::mt19937_64 random(20240607);
  for (const std::int64_t range : {100, 100'000, 1'000'000'000}) {
    std::uniform_int_distribution<std::int64_t> number(-range, range);
    Integers set;
    std::set<std::int64_t> expected;
    bool same = true;
    for (int i = 0; i < 20'000; ++i) {
      const std::int64_t added = number(random);
      same = same && set.insert(added) == expected.insert(added).second;
      const std::int64_t asked = number(random);
      same = same && set.contains(asked) == (expected.count(asked) != 0);
    }
    CHECK(same);
  }
}

TEST_CASE("a byte set agrees with std::set, however long the strings") {
  std::mt19937 random(7);
  std::uniform_int_distribution<std::size_t> length(0, 300);
  std::uniform_int_distribution<int> letter('a', 'b');
  Strings set;
  std::set<std::string> expected;
  CHECK_FALSE(set.contains(""));
  bool same = true;
  for (int i = 0; i < 5'000; ++i) {
    std::string text(length(random) % (i % 7 == 0 ? 300 : 6), 'x');
    for (char& place : text) place = static_cast<char>(letter(random));
    same = same && set.contains(text) == (expected.count(text) != 0);
    same = same && set.insert(text) == expected.insert(text).second;
  }
  CHECK(same);
  CHECK_FALSE(set.contains("c"));
}

TEST_CASE("a key set compares by the column's rule") {
  SECTION("an integer column takes text that is a number, and a whole real") {
    KeySet set({{Affinity::integer, Collation::binary}});
    set.insert(key(Cell::of(std::int64_t{7})));
    CHECK(set.contains(key(Cell::text("7"))));
    CHECK(set.contains(key(Cell::of(7.0))));
    CHECK_FALSE(set.contains(key(Cell::of(7.5))));
    CHECK_FALSE(set.contains(key(Cell::text("seven"))));
    CHECK_FALSE(set.contains(key(Cell::blob("7"))));
  }
  SECTION("a text column takes a number as its text") {
    KeySet set({{Affinity::text, Collation::binary}});
    set.insert(key(Cell::text("01")));
    set.insert(key(Cell::text("2")));
    CHECK_FALSE(set.contains(key(Cell::of(std::int64_t{1}))));
    CHECK(set.contains(key(Cell::of(std::int64_t{2}))));
  }
  SECTION("a column without affinity takes nothing but the same") {
    KeySet set({{Affinity::none, Collation::binary}});
    set.insert(key(Cell::of(std::int64_t{1})));
    CHECK_FALSE(set.contains(key(Cell::text("1"))));
    CHECK(set.contains(key(Cell::of(1.0))));
  }
  SECTION("collations fold") {
    KeySet nocase({{Affinity::text, Collation::nocase}});
    nocase.insert(key(Cell::text("Ada")));
    CHECK(nocase.contains(key(Cell::text("aDA"))));
    KeySet rtrim({{Affinity::text, Collation::rtrim}});
    rtrim.insert(key(Cell::text("Ada  ")));
    CHECK(rtrim.contains(key(Cell::text("Ada"))));
    CHECK_FALSE(rtrim.contains(key(Cell::text(" Ada"))));
  }
}

TEST_CASE("composite keys are compared part by part") {
  KeySet set({{Affinity::text, Collation::binary}, {Affinity::integer, Collation::binary}});
  set.insert(std::vector{Cell::text("a"), Cell::of(std::int64_t{1})});
  set.insert(std::vector{Cell::text("ab"), Cell::of(std::int64_t{2})});
  CHECK(set.contains(std::vector{Cell::text("ab"), Cell::text("2")}));
  CHECK_FALSE(set.contains(std::vector{Cell::text("a"), Cell::of(std::int64_t{2})}));
}

TEST_CASE("a tally tells one from several") {
  KeyTally tally({{Affinity::integer, Collation::binary}});
  const auto seven = key(Cell::of(std::int64_t{7}));
  CHECK(tally.count(seven) == 0);
  CHECK(tally.add(seven) == KeyTally::Seen::first);
  CHECK(tally.count(seven) == 1);
  CHECK(tally.add(seven) == KeyTally::Seen::second);
  CHECK(tally.add(seven) == KeyTally::Seen::again);
  CHECK(tally.count(seven) == 2);
}

}  // namespace
}  // namespace doctor
