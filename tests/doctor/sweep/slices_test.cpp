#include <cmath>
#include <memory>
#include <random>
#include <set>

#include <catch2/catch.hpp>

#include "doctor/sweep/key_position.hpp"
#include "doctor/sweep/key_set.hpp"
#include "doctor/sweep/sampler.hpp"
#include "ommi/sqlite.hpp"

namespace doctor {
namespace {

using ommi::Affinity;
using ommi::Cell;
using ommi::Collation;
using ommi::Comparison;
using ommi::Value;

TEST_CASE("values that some rule finds equal have one position") {
  std::vector<Value> values = {1,
                               "1",
                               "01",
                               1.0,
                               "1.0",
                               " 1",
                               "1 ",
                               1.5,
                               "1.5",
                               "a",
                               "A",
                               "a ",
                               "A  ",
                               "",
                               " ",
                               "é",
                               "É",
                               "1e0",
                               "0x1",
                               0,
                               -0.0,
                               "-0",
                               0.9999999999999999,
                               "0.9999999999999999",
                               0.1 + 0.2,
                               "0.3",
                               9007199254740992.0,
                               std::int64_t{9007199254740992},
                               std::int64_t{9007199254740993},
                               "9007199254740993",
                               "9.00719925474099e+15",
                               1e20,
                               "1.0e+20",
                               "100000000000000000000",
                               INFINITY,
                               "Inf",
                               "1e400",
                               -1e20,
                               std::int64_t{INT64_MAX},
                               std::int64_t{INT64_MIN},
                               "9223372036854775807",
                               "9223372036854775808",
                               std::string("a\0b", 3),
                               std::string("A\0c", 3),
                               ommi::Blob{"a"},
                               ommi::Blob{"1"}};
  for (const Affinity affinity :
       {Affinity::none, Affinity::text, Affinity::numeric, Affinity::integer, Affinity::real}) {
    for (const Collation collation : {Collation::binary, Collation::nocase, Collation::rtrim}) {
      const Comparison rule = {affinity, collation};
      for (const Value& left : values) {
        for (const Value& right : values) {
          std::string left_bytes;
          std::string right_bytes;
          ommi::append_key(left_bytes, left.cell(), rule);
          ommi::append_key(right_bytes, right.cell(), rule);
          if (left_bytes != right_bytes) continue;
          const Cell one[] = {left.cell()};
          const Cell other[] = {right.cell()};
          INFO(ommi::to_display(one[0]) << " and " << ommi::to_display(other[0]));
          CHECK(position_of(one) == position_of(other));
        }
      }
    }
  }
}

TEST_CASE("an integer's position is that of its cell") {
  for (const std::int64_t number :
       {std::int64_t{0}, std::int64_t{-5}, INT64_MAX, INT64_MIN, std::int64_t{1} << 55}) {
    const Cell cell[] = {Cell::of(number)};
    CHECK(position_of(number) == position_of(cell));
    CHECK(position_of(number) < Slice::last_end);
  }
  CHECK(position_of(std::int64_t{3}) < position_of(std::int64_t{4}));
}

Cell cell_for(int kind, std::int64_t number, std::string& text) {
  if (kind == 0) return Cell::of(number);
  text = "key " + std::to_string(number);
  return Cell::text(text);
}

TEST_CASE("a set that becomes too large keeps a slice, and the slices together are the whole") {
  const int kind = GENERATE(0, 1);
  const std::int64_t spread = GENERATE(std::int64_t{1}, std::int64_t{1} << 40);
  MemoryBudget budget(16 * 1024);
  std::mt19937_64 random(7);
  std::vector<std::int64_t> numbers;
  for (int i = 0; i < 10'000; ++i)
    numbers.push_back(static_cast<std::int64_t>(random() % 6'000) * spread);
  const std::set<std::int64_t> expected(numbers.begin(), numbers.end());

  std::uint64_t found = 0;
  int slices = 0;
  bool exact = true;
  for (Slice slice; slice.first != Slice::last_end; ++slices) {
    REQUIRE(slices < 1000);
    slice.end = Slice::last_end;
    KeySet set({{Affinity::none, Collation::binary}},
               {&budget, budget.limit(), WhenFull::narrow, slice});
    std::string text;
    for (const std::int64_t number : numbers) {
      const Cell key[] = {cell_for(kind, number, text)};
      (void)set.add(key);
      exact = exact && budget.used() <= budget.limit();
    }
    REQUIRE_FALSE(set.gave_up());
    REQUIRE(set.slice().end > slice.first);
    for (const std::int64_t number : expected) {
      const Cell key[] = {cell_for(kind, number, text)};
      exact = exact && set.contains(key) == set.slice().contains(position_of(key));
    }
    found += set.size();
    slice.first = set.slice().end;
  }
  CHECK(exact);
  CHECK(found == expected.size());
  // A bitmap of six thousand numbers that follow each other needs no slices.
  CHECK((slices > 1) == (kind == 1 || spread > 1));
  CHECK(budget.used() == 0);
}

TEST_CASE("a set that may not be narrowed gives up and gives its memory back") {
  MemoryBudget budget(4096);
  KeySet set({{Affinity::none, Collation::binary}}, {.budget = &budget});
  for (std::int64_t number = 0; number < 5000; ++number) {
    const Cell key[] = {Cell::of(number << 30U)};
    (void)set.add(key);
  }
  CHECK(set.gave_up());
  CHECK(set.size() == 0);
  CHECK(budget.used() == 0);
}

TEST_CASE("keys that all have one position cannot be cut") {
  MemoryBudget budget(2048);
  KeySet set({{Affinity::text, Collation::binary}}, {&budget, 2048, WhenFull::narrow, {}});
  for (unsigned letters = 0; letters < 4096; ++letters) {
    std::string text = "abcdefghijkl";
    for (unsigned i = 0; i < 12; ++i) {
      if ((letters >> i & 1U) != 0) text[i] = static_cast<char>(text[i] - 'a' + 'A');
    }
    const Cell key[] = {Cell::text(text)};
    (void)set.add(key);
  }
  CHECK(set.gave_up());
}

TEST_CASE("sets that are added together tell what both had") {
  KeyTally left({{Affinity::none, Collation::binary}});
  KeyTally right({{Affinity::none, Collation::binary}});
  const auto add = [](KeyTally& tally, Cell cell) {
    const Cell key[] = {cell};
    (void)tally.add(key);
  };
  for (const std::int64_t number : {1, 2, 3}) add(left, Cell::of(number));
  for (const std::int64_t number : {3, 4, 4}) add(right, Cell::of(number));
  add(left, Cell::text("x"));
  add(right, Cell::text("x"));
  left.add_all(right);
  const auto count = [&](Cell cell) {
    const Cell key[] = {cell};
    return left.count(key);
  };
  CHECK(count(Cell::of(std::int64_t{1})) == 1);
  CHECK(count(Cell::of(std::int64_t{3})) == 2);
  CHECK(count(Cell::of(std::int64_t{4})) == 2);
  CHECK(count(Cell::text("x")) == 2);
  CHECK(count(Cell::of(std::int64_t{5})) == 0);
}

TEST_CASE("samples of two parts of a table are those of the whole, wherever it is cut") {
  for (std::int64_t rows = 0; rows < 12; ++rows) {
    for (std::int64_t cut = 0; cut <= rows; ++cut) {
      for (const std::size_t limit : {0U, 1U, 2U, 5U}) {
        Sampler whole(limit);
        Sampler first(limit);
        Sampler second(limit);
        for (std::int64_t row = 0; row < rows; ++row) {
          const Cell cells[] = {Cell::of(row), Cell::text(row % 2 == 0 ? "even" : "odd")};
          whole.take(cells, static_cast<std::uint64_t>(row));
          (row < cut ? first : second).take(cells, static_cast<std::uint64_t>(row));
        }
        second.merge(first);
        CHECK(second.rows() == whole.rows());
      }
    }
  }
}

}  // namespace
}  // namespace doctor
