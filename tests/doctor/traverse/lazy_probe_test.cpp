// What libommi's own lazy fields do, seen by the examination itself.

#include <algorithm>

#include <catch2/catch.hpp>

#include "doctor/selection.hpp"
#include "doctor/traverse/faulty_lazy_interface.hpp"
#include "ommi/sqlite.hpp"
#include "support/examined.hpp"

namespace doctor {
namespace {

using testing::examined;

constexpr std::string_view every_kind = R"(
  CREATE TABLE User (id INTEGER PRIMARY KEY, boss_id INTEGER REFERENCES User(id));
  CREATE TABLE Post (id INTEGER PRIMARY KEY, user_id INTEGER REFERENCES User(id));
  CREATE TABLE Tag (id INTEGER PRIMARY KEY);
  CREATE TABLE UserTag (user_id INTEGER REFERENCES User(id), tag_id INTEGER REFERENCES Tag(id),
    PRIMARY KEY (user_id, tag_id));
  INSERT INTO User VALUES (1, NULL), (2, 1), (3, 2);
  INSERT INTO Post VALUES (1, NULL), (2, 1), (3, 1), (4, 2);
  INSERT INTO Tag VALUES (1), (2);
  INSERT INTO UserTag VALUES (1, 1), (1, 2), (2, 1);
)";

const LazyObservation& of(const Diagnosis& seen, std::string_view name) {
  for (const LazyObservation& lazy : seen.evidence.lazy_fields) {
    if (lazy.relation->name() == name) return lazy;
  }
  throw std::logic_error("no such lazy field was looked at: " + std::string(name));
}

TEST_CASE("every relationship's lazy field is looked at in every way", "[lazy]") {
  const Diagnosis seen = examined(every_kind);
  CHECK(testing::faults_of(seen).empty());
  CHECK(seen.complete());
  CHECK(seen.evidence.lazy_fields.size() == seen.evidence.relationships.size());
  for (const LazyObservation& lazy : seen.evidence.lazy_fields) {
    INFO(lazy.relation->name());
    CHECK(lazy.first.gave == Gave::rows);
    CHECK(lazy.first.rows > 0);
    CHECK(lazy.again.same_object);
    CHECK(lazy.again.calls == 0);
    CHECK(lazy.refreshed.gave == Gave::rows);
    CHECK(lazy.refreshed.calls == 1);
    CHECK_FALSE(lazy.refreshed.same_object);
    CHECK(lazy.refreshed.same_rows);
    CHECK(lazy.after_refresh.same_rows);
    CHECK(lazy.after_refresh.calls == 0);
    CHECK(lazy.failed.code == ommi::ErrorCode::query);
    CHECK(lazy.after_failure.gave == Gave::failure);
    CHECK(lazy.fallback.gave == Gave::fallback);
    CHECK(lazy.fallback.told);
    CHECK(lazy.keyless.gave == Gave::rows);
    CHECK(lazy.keyless.calls == 0);
    CHECK(lazy.keyless.rows == 0);
    CHECK(lazy.closed.code == ommi::ErrorCode::detached);
    CHECK((lazy.changed.gave != Gave::nothing || !lazy.unobserved.empty()));
    CHECK_FALSE(lazy.changed.same_rows);
  }
}

TEST_CASE("an owner with rows is looked at, and one whose key is NULL", "[lazy]") {
  const Diagnosis seen = examined(every_kind);
  CHECK(of(seen, "Post.user").owner == "Post[2].user");
  CHECK(of(seen, "Post.user").keyless_owner == "Post[1].user");
  CHECK(of(seen, "Post.user").key_before == std::vector<ommi::Value>{1});
  CHECK(of(seen, "Post.user").key_after == std::vector<ommi::Value>{2});
}

TEST_CASE("without an owner there is nothing to be seen, and that is said", "[lazy]") {
  const Diagnosis seen = examined(R"(
    CREATE TABLE User (id INTEGER PRIMARY KEY);
    CREATE TABLE Post (id INTEGER PRIMARY KEY, user_id INTEGER REFERENCES User(id));
    INSERT INTO Post VALUES (1, NULL);
  )");
  CHECK(seen.complete());
  CHECK(of(seen, "Post.user").first.gave == Gave::nothing);
  CHECK(of(seen, "Post.user").keyless.gave == Gave::rows);
  CHECK(of(seen, "Post.user").unobserved.size() == 1);
}

TEST_CASE("rules that are not selected cost nothing", "[lazy]") {
  const auto calls = [](std::vector<std::string> ignored) {
    ommi::Database database(ommi::sqlite::open_memory(every_kind));
    SourcedCatalog sources = read_catalog(database, {}).or_raise();
    database.use(sources.catalog);
    const std::size_t relations = sources.catalog->relation_count();
    CheckOptions check;
    check.rules = RuleSelection(Selectors{{"ALL"}, std::move(ignored), {}});
    const Diagnosis seen = examine(database, std::move(sources), {"sqlite", "test.db", "", ""}, {},
                                   std::nullopt, check)
                               .or_raise();
    return std::pair(seen.driver_calls, relations);
  };
  const auto [without, relations] = calls({"LZY", "PRF003"});
  const auto [with, same] = calls({});
  CHECK(with == without + relations);  // one refresh each
}

TEST_CASE("each fault of lazy fields has a name of its own", "[lazy]") {
  std::vector<std::string_view> names;
  for (std::size_t number = 0; number < lazy_fault_count; ++number) {
    names.push_back(to_string(static_cast<LazyFault>(number)));
  }
  std::sort(names.begin(), names.end());
  CHECK(std::adjacent_find(names.begin(), names.end()) == names.end());
}

}  // namespace
}  // namespace doctor
