// Keys are kept in several forms, by size and kind: whichever it is, two keys are equal iff their
// canonical bytes (ommi::append_key) are.

#include <algorithm>
#include <cstring>
#include <iterator>
#include <memory>
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

namespace {

// Keys of two parts: small numbers and texts of which there are `texts`, and a few that are
// neither.
std::vector<ommi::Value> pair_values(int rows, int texts, bool both_texts, unsigned seed) {
  std::mt19937 random(seed);
  const auto any = [&](int end) { return static_cast<int>(random() % static_cast<unsigned>(end)); };
  std::vector<ommi::Value> values;
  for (int row = 0; row < rows; ++row) {
    const bool odd = any(50) == 0;
    if (both_texts) {
      values.emplace_back("area " + std::to_string(any(7)));
    } else if (odd) {
      values.emplace_back(std::vector<ommi::Value>{-1, std::int64_t{1} << 33U,
                                                   std::int64_t{UINT32_MAX}, 1.5, "x", "12",
                                                   nullptr}[random() % 7]);
    } else {
      values.emplace_back(any(60));
    }
    if (odd && any(2) == 0) {
      values.emplace_back(std::vector<ommi::Value>{7, "a text of more bytes than are short", "",
                                                   ommi::Blob{"t1"}, nullptr}[random() % 5]);
    } else {
      values.emplace_back("t" + std::to_string(any(texts)));
    }
  }
  return values;
}

/// A set, and what is in it by their canonical bytes.
struct Checked {
  explicit Checked(Rules its_rules, const Share& share = {})
      : rules(std::move(its_rules)), set(rules, share) {}
  void add(const std::vector<ommi::Value>& values, bool one_by_one) {
    std::vector<Cell> cells;
    for (const ommi::Value& value : values) cells.push_back(value.cell());
    Batch batch;
    batch.reset({cells.data(), 2, cells.size() / 2}, 0);
    if (!one_by_one) set.add_all(batch, places);
    for (std::size_t row = 0; row < batch.size(); ++row) {
      std::vector<Cell> key;
      if (!gather(batch.row(row), places, key)) continue;
      const bool fresh = keys.insert(canonical(key, rules)).second;
      if (one_by_one) REQUIRE(set.insert(key) == fresh);
    }
    REQUIRE(set.size() == keys.size());
  }
  void ask(const std::vector<ommi::Value>& values) {
    std::vector<Cell> cells;
    for (const ommi::Value& value : values) cells.push_back(value.cell());
    Batch batch;
    batch.reset({cells.data(), 2, cells.size() / 2}, 0);
    std::vector<std::uint32_t> missing;
    KeyLookup lookup;
    set.find_missing(batch, places, lookup, missing);
    const std::set<std::uint32_t> listed(missing.begin(), missing.end());
    REQUIRE(listed.size() == missing.size());
    for (std::uint32_t row = 0; row < batch.size(); ++row) {
      std::vector<Cell> key;
      const bool whole = gather(batch.row(row), places, key);
      const bool known = whole && keys.count(canonical(key, rules)) != 0;
      if (whole) REQUIRE(set.contains(key) == known);
      if (!known) REQUIRE(listed.count(row) == 1);
    }
  }

  Rules rules;
  KeySet set;
  std::set<std::string> keys;
  std::vector<std::size_t> places = {0, 1};
};

}  // namespace

TEST_CASE("pairs with a text of few values agree with their canonical bytes") {
  MemoryBudget budget(std::uint64_t{64} << 20U);
  for (const bool both : {false, true}) {
    for (const bool turned : {false, true}) {
      const Affinity first = both || turned ? Affinity::text : Affinity::integer;
      const Affinity second = turned && !both ? Affinity::integer : Affinity::text;
      const auto values = [&](int rows, int texts, unsigned seed) {
        auto made = pair_values(rows, texts, both, seed);
        for (std::size_t row = 0; turned && row < made.size(); row += 2) {
          std::swap(made[row], made[row + 1]);
        }
        return made;
      };
      for (const bool one_by_one : {false, true}) {
        CAPTURE(both, turned, one_by_one);
        std::vector<std::unique_ptr<Checked>> sets;
        // Few texts, more than the first codes have room for, more than are numbered.
        for (const int texts : {3, 100, 900, 5000}) {
          auto& set = *sets.emplace_back(
              std::make_unique<Checked>(of({first, second}), Share{.budget = &budget}));
          unsigned seed = 1;
          for (const int now : {3, texts / 2 + 1, texts}) {
            set.add(values(2000, now, seed++), one_by_one);
            set.ask(values(500, texts + 50, seed++));
          }
        }
        for (const auto& left : sets) {
          for (const auto& right : sets) {
            const bool within = std::includes(right->keys.begin(), right->keys.end(),
                                              left->keys.begin(), left->keys.end());
            CHECK(left->set.within(right->set) == within);
            Checked merged(left->rules, {.budget = &budget});
            Checked known(left->rules, {.budget = &budget});
            merged.set.add_all(left->set, &known.set);
            merged.set.add_all(right->set, &known.set);
            std::set_union(left->keys.begin(), left->keys.end(), right->keys.begin(),
                           right->keys.end(), std::inserter(merged.keys, merged.keys.end()));
            std::set_intersection(left->keys.begin(), left->keys.end(), right->keys.begin(),
                                  right->keys.end(), std::inserter(known.keys, known.keys.end()));
            CHECK(merged.set.size() == merged.keys.size());
            CHECK(known.set.size() == known.keys.size());
            merged.ask(values(500, 5000, 77));
            known.ask(values(500, 5000, 78));
          }
        }
      }
    }
  }
  CHECK(budget.used() == 0);
}

TEST_CASE("pairs that do not fit make the set give up and give back") {
  for (const std::uint64_t bytes : {512U, 4096U, 20'000U, 100'000U}) {
    for (const int texts : {3, 900, 5000}) {
      MemoryBudget budget(bytes);
      const Share share = {.budget = &budget};
      KeySet set(of({Affinity::integer, Affinity::text}), share);
      for (int number = 0; number < 30'000 && !set.gave_up(); ++number) {
        const std::string text = std::to_string(number % texts);
        (void)set.insert(std::vector{Cell::of(std::int64_t{number}), Cell::text(text)});
      }
      CHECK(set.gave_up());
      CHECK(set.size() == 0);
      CHECK(budget.used() == 0);
    }
  }
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
