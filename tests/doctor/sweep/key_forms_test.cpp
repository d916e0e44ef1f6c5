// Keys are kept in several forms, by size and kind: whichever it is, two keys are equal iff their
// canonical bytes (ommi::append_key) are.

#include <cstring>
#include <random>
#include <set>
#include <string>

#include <catch2/catch.hpp>

#include "doctor/sweep/key_set.hpp"

namespace doctor {
namespace {

using ommi::Affinity;
using ommi::Cell;
using ommi::Collation;
using Rules = std::vector<ommi::Comparison>;

// Texts about where one form ends and the next begins, and values that look like others.
const std::vector<ommi::Value>& nasty() {
  static const std::vector<ommi::Value> all = [] {
    std::vector<ommi::Value> values = {
        nullptr,   0,         1,     -1,     255,  256,   std::int64_t{1} << 32U,
        INT64_MIN, INT64_MAX, 1.5,   -1.5,   1.0,  1e300, "1",
        "1.0",     "01",      " 1 ", "1.5",  "-1", "256", "",
        " ",       "ada",     "ADA", "Ada  "};
    for (const unsigned size :
         {7U, 8U, 9U, 13U, 14U, 15U, 16U, 17U, 31U, 32U, 33U, 239U, 240U, 241U, 300U}) {
      for (const char last : {'x', 'X', ' ', '\0', '\xff'}) {
        std::string text(size, 'k');
        text.back() = last;
        values.emplace_back(text);
        values.emplace_back(ommi::Blob{text});
        text[size / 2] = '\0';
        values.emplace_back(text);
      }
    }
    return values;
  }();
  return all;
}

std::string canonical(std::span<const Cell> key, const Rules& rules) {
  std::string bytes;
  for (std::size_t part = 0; part < key.size(); ++part) {
    ommi::append_key(bytes, key[part], rules[part]);
  }
  return bytes;
}

struct Rows {
  std::size_t width;
  std::vector<Cell> cells;
  std::vector<std::size_t> places;

  Rows(std::size_t columns, std::size_t count, std::mt19937& random) : width(columns) {
    for (std::size_t place = 0; place < width; ++place) places.push_back(place);
    std::uniform_int_distribution<std::size_t> any(0, nasty().size() - 1);
    for (std::size_t i = 0; i < count * width; ++i) cells.push_back(nasty()[any(random)].cell());
  }
  [[nodiscard]] Batch batch() const {
    Batch batch;
    batch.reset({cells.data(), width, cells.size() / width}, 0);
    return batch;
  }
};

void check_against_canonical_bytes(const Rules& rules, const Share& share) {
  std::mt19937 random(20240611);
  KeySet set(rules, share);
  KeySet by_one(rules, share);
  std::set<std::string> expected;
  std::vector<Cell> key;
  for (int round = 0; round < 20; ++round) {
    const Rows added(rules.size(), 40, random);
    const Batch batch = added.batch();
    set.add_all(batch, added.places);
    for (std::size_t row = 0; row < batch.size(); ++row) {
      if (!gather(batch.row(row), added.places, key)) continue;
      const bool fresh = expected.insert(canonical(key, rules)).second;
      REQUIRE(by_one.insert(key) == fresh);
    }
    REQUIRE(set.size() == expected.size());
    REQUIRE(by_one.size() == expected.size());

    const Rows asked(rules.size(), 200, random);
    const Batch questions = asked.batch();
    std::vector<std::uint32_t> missing;
    KeyLookup lookup;
    set.find_missing(questions, asked.places, lookup, missing);
    const std::set<std::uint32_t> listed(missing.begin(), missing.end());
    for (std::uint32_t row = 0; row < questions.size(); ++row) {
      const bool known = gather(questions.row(row), asked.places, key) &&
                         expected.count(canonical(key, rules)) != 0;
      if (!key.empty() && key.size() == rules.size()) {
        REQUIRE(set.contains(key) == known);
        REQUIRE(by_one.contains(key) == known);
      }
      // Who is left out is there; who is listed may be looked at again.
      if (!known) REQUIRE(listed.count(row) == 1);
    }
  }
  CHECK(set.within(by_one));
  CHECK(by_one.within(set));
  KeySet merged(rules, share);
  KeySet twice(rules, share);
  merged.add_all(set);
  merged.add_all(by_one, &twice);
  CHECK(merged.size() == expected.size());
  CHECK(twice.size() == expected.size());
  CHECK(twice.within(set));
}

Rules of(std::initializer_list<Affinity> affinities, Collation collation = Collation::binary) {
  Rules rules;
  for (const Affinity affinity : affinities) rules.push_back({affinity, collation});
  return rules;
}

std::string seeded(std::string rest) {
  const std::uint64_t seed = hash_seed();
  std::string bytes(sizeof seed, '\0');
  std::memcpy(bytes.data(), &seed, sizeof seed);
  return bytes + std::move(rest);
}

}  // namespace

TEST_CASE("keys in whatever form agree with their canonical bytes") {
  MemoryBudget budget(std::uint64_t{64} << 20U);
  for (const WhenFull when_full : {WhenFull::give_up, WhenFull::narrow}) {
    const Share share = {.budget = &budget, .when_full = when_full};
    for (const Collation collation : {Collation::binary, Collation::nocase, Collation::rtrim}) {
      for (const Affinity first :
           {Affinity::text, Affinity::none, Affinity::integer, Affinity::numeric, Affinity::real}) {
        CAPTURE(static_cast<int>(when_full), static_cast<int>(collation), static_cast<int>(first));
        check_against_canonical_bytes(of({first}, collation), share);
        for (const Affinity second : {Affinity::text, Affinity::none, Affinity::integer}) {
          CAPTURE(static_cast<int>(second));
          check_against_canonical_bytes(of({first, second}, collation), share);
        }
        check_against_canonical_bytes(of({first, Affinity::text, first}, collation), share);
      }
    }
  }
}

TEST_CASE("keys of the same hash are told apart by their bytes") {
  const std::string tail(16, 't');
  std::vector<std::string> texts;
  for (int number = 0; number < 2000; ++number) {
    std::string middle = "0000" + std::to_string(10000000 + number);
    texts.push_back(seeded(middle.substr(middle.size() - 8) + tail));
    texts.push_back(seeded(std::to_string(number)));  // short enough to be kept whole
  }
  REQUIRE(hash_of(texts[0], hash_seed()) == hash_of(texts[2], hash_seed()));
  const ShortKey first = ShortKey::of(texts[1]);
  const ShortKey second = ShortKey::of(texts[3]);
  REQUIRE(hash_of(first.low, first.high, hash_seed()) ==
          hash_of(second.low, second.high, hash_seed()));

  std::vector<Cell> cells;
  for (const std::string& text : texts) cells.push_back(Cell::text(text));
  Batch batch;
  batch.reset({cells.data(), 1, cells.size() / 2}, 0);
  const std::vector<std::size_t> places = {0};
  KeySet set(of({Affinity::text}));
  set.add_all(batch, places);
  CHECK(set.size() == texts.size() / 2);
  batch.reset({cells.data(), 1, cells.size()}, 0);
  std::vector<std::uint32_t> missing;
  KeyLookup lookup;
  set.find_missing(batch, places, lookup, missing);
  REQUIRE(missing.size() == texts.size() / 2);
  CHECK(missing.front() == texts.size() / 2);
  CHECK(missing.back() == texts.size() - 1);
}

TEST_CASE("short keys of the same hash are told apart") {
  MemoryAccount memory;
  ShortSet set(memory);
  for (int number = 0; number < 100; ++number) {
    const ShortKey key = ShortKey::of(seeded(std::to_string(number)));
    REQUIRE(set.hash_of(key) == set.hash_of(ShortKey::of(seeded("x"))));
    REQUIRE(set.insert(key, set.hash_of(key)) == Inserted::fresh);
    REQUIRE(set.insert(key, set.hash_of(key)) == Inserted::known);
  }
  CHECK(set.size() == 100);
  const ShortKey other = ShortKey::of(seeded("x"));
  CHECK_FALSE(set.contains(other, set.hash_of(other)));
}

// With one seed for both this takes minutes: the keys come in the order of their hashes.
TEST_CASE("a set of short keys takes in another") {
  KeySet whole(of({Affinity::text}));
  KeySet part(of({Affinity::text}));
  KeySet twice(of({Affinity::text}));
  for (int number = 0; number < 400'000; ++number) {
    part.insert(std::vector{Cell::text(std::to_string(number))});
    if (number % 2 == 0) whole.insert(std::vector{Cell::text(std::to_string(number))});
  }
  whole.add_all(part, &twice);
  CHECK(whole.size() == 400'000);
  CHECK(twice.size() == 200'000);
}

TEST_CASE("a set may be told any number of keys to come") {
  MemoryBudget budget(std::uint64_t{8} << 20U);
  for (const std::uint64_t expected : {std::uint64_t{0}, std::uint64_t{30'000}, UINT64_MAX}) {
    for (const std::string_view before : {"", "a long beginning of a key "}) {
      CAPTURE(expected, before);
      KeySet set(of({Affinity::text}), {.budget = &budget});
      set.expect(expected);
      for (int number = 0; number < 30'000; ++number) {
        const std::string text = std::string(before) + std::to_string(number);
        REQUIRE(set.insert(std::vector{Cell::text(text)}));
      }
      CHECK(set.size() == 30'000);
      CHECK_FALSE(set.gave_up());
      CHECK(set.contains(std::vector{Cell::text(std::string(before) + "29999")}));
      CHECK_FALSE(set.contains(std::vector{Cell::text(std::string(before) + "30000")}));
    }
  }
  CHECK(budget.used() == 0);
}

TEST_CASE("short keys that do not fit make the set give up and give back") {
  MemoryBudget budget(std::uint64_t{64} << 10U);
  KeySet set(of({Affinity::text}), {.budget = &budget});
  for (int number = 0; number < 30'000; ++number) {
    (void)set.insert(std::vector{Cell::text(std::to_string(number) + "k")});
  }
  CHECK(set.gave_up());
  CHECK(set.size() == 0);
  CHECK(budget.used() == 0);
}

TEST_CASE("a large block begins with zeros, at a large page") {
  LargeBlock block(LargeBlock::large * 2);
  CHECK(reinterpret_cast<std::uintptr_t>(block.data()) % LargeBlock::large == 0);
  CHECK(block.data()[0] == 0);
  block.data()[block.size() - 1] = 1;
  const LargeBlock moved = std::move(block);
  CHECK(moved.data()[moved.size() - 1] == 1);
  const LargeBlock odd(LargeBlock::large + 1);
  CHECK(odd.data()[odd.size() - 1] == 0);
}

}  // namespace doctor
