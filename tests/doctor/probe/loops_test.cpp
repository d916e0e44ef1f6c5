#include <random>

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include "support/examined.hpp"

namespace doctor {
namespace {

using testing::examined;
using testing::faults_of;
using testing::of_rule;

std::string nodes(const std::vector<int>& parents) {
  std::string sql =
      "CREATE TABLE Node (id INTEGER PRIMARY KEY, parent_id INTEGER REFERENCES Node(id));"
      "INSERT INTO Node VALUES (1, NULL)";
  for (std::size_t at = 0; at < parents.size(); ++at) {
    sql +=
        fmt::format(", ({}, {})", at + 2, parents[at] == 0 ? "NULL" : std::to_string(parents[at]));
  }
  return sql + ";";
}

TEST_CASE("loops of any length are counted, and one is shown in its order") {
  const Diagnosis seen = examined(nodes({1, 3, 5, 6, 4, 4, 1}));  // 3 is its own; 4 → 5 → 6 → 4
  REQUIRE(of_rule(seen, "DAT009").size() == 1);
  const Finding& finding = *of_rule(seen, "DAT009")[0];
  CHECK(finding.count == 2);
  CHECK(finding.message == "Node.parent leads from 4 rows back to the same rows");
  CHECK(finding.evidence.notes ==
        std::vector<std::string>{"2 loops in all, the longest of 3 rows", "one of them: 3 → 3"});
  CHECK(finding.level == Level::warning);
}

TEST_CASE("a long loop is followed without recursion") {
  std::vector<int> parents;
  for (int id = 2; id <= 30000; ++id) parents.push_back(id == 30000 ? 2 : id + 1);
  const Diagnosis seen = examined(nodes(parents));
  REQUIRE(of_rule(seen, "DAT009").size() == 1);
  CHECK(of_rule(seen, "DAT009")[0]->count == 1);
  CHECK(of_rule(seen, "DAT009")[0]->evidence.notes[0] ==
        "1 loop in all, the longest of 29999 rows");
}

/// Loops counted by walking from each node as far as there are nodes.
std::pair<std::uint64_t, std::uint64_t> counted_plainly(const std::vector<int>& parents) {
  const auto next = [&](int id) { return id < 2 ? 0 : parents[static_cast<std::size_t>(id - 2)]; };
  std::uint64_t loops = 0;
  std::uint64_t rows = 0;
  for (int id = 2; id < static_cast<int>(parents.size()) + 2; ++id) {
    int least = id;
    int here = next(id);
    for (std::size_t step = 0; here != 0 && here != id && step <= parents.size(); ++step) {
      least = std::min(least, here);
      here = next(here);
    }
    if (here != id) continue;
    ++rows;
    if (least == id) ++loops;
  }
  return {loops, rows};
}

TEST_CASE("random trees with some wrong parents have as many loops as a plain count finds") {
  std::mt19937 random(7);
  for (int round = 0; round < 20; ++round) {
    std::vector<int> parents;
    for (int id = 2; id <= 60; ++id) {
      parents.push_back(static_cast<int>(random() % 10 < 8 ? random() % 61 : random() % 8));
    }
    const auto [loops, rows] = counted_plainly(parents);
    const Diagnosis seen = examined(nodes(parents));
    REQUIRE(seen.evidence.loops.size() == 1);
    CHECK(seen.evidence.loops[0].loops == loops);
    CHECK(seen.evidence.loops[0].looping_rows == rows);
  }
}

TEST_CASE("a relationship that goes both ways by nature is no fault") {
  const Diagnosis seen = examined(R"(
    CREATE TABLE Person (id INTEGER PRIMARY KEY, spouse_id INTEGER UNIQUE REFERENCES Person(id));
    INSERT INTO Person VALUES (1, 2), (2, 1), (3, 4), (4, 3), (5, NULL);
  )");
  CHECK(seen.evidence.loops.at(0).loops == 2);
  CHECK(of_rule(seen, "DAT009").empty());
}

TEST_CASE("loops through several tables are for information") {
  const Diagnosis seen = examined(R"(
    CREATE TABLE Department (id INTEGER PRIMARY KEY, head_id INTEGER REFERENCES Person(id));
    CREATE TABLE Person (id INTEGER PRIMARY KEY,
      department_id INTEGER REFERENCES Department(id));
    INSERT INTO Department VALUES (1, 10), (2, 11), (3, 12);
    INSERT INTO Person VALUES (10, 1), (11, 3), (12, 2), (13, 1), (14, NULL);
  )");
  REQUIRE(seen.evidence.loops.size() == 1);
  CHECK(seen.evidence.loops[0].loops == 2);
  CHECK(seen.evidence.loops[0].longest == 2);
  REQUIRE(of_rule(seen, "DAT009").size() == 1);
  CHECK(of_rule(seen, "DAT009")[0]->level == Level::info);
  CHECK(faults_of(seen).empty());
}

TEST_CASE("text keys and composite keys loop as well") {
  const Diagnosis seen = examined(R"(
    CREATE TABLE Page (site TEXT NOT NULL, path TEXT NOT NULL, up TEXT,
      PRIMARY KEY (site, path), FOREIGN KEY (site, up) REFERENCES Page (site, path));
    INSERT INTO Page VALUES ('a', '1', '2'), ('a', '2', '1'), ('b', '1', '2'), ('b', '2', NULL);
  )");
  REQUIRE(seen.evidence.loops.size() == 1);
  CHECK(seen.evidence.loops[0].loops == 1);
  CHECK(seen.evidence.loops[0].looping_rows == 2);
}

}  // namespace
}  // namespace doctor
