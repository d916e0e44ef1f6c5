#pragma once

/// \file
/// What every driver must do alike, written once and run on each.
///
/// A fixture is a name and a function that opens an empty writable database with the tables of a
/// catalog. A driver takes part by one more entry in fixtures().

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "ommi/database.hpp"
#include "ommi/faulty.hpp"
#include "ommi/tracers.hpp"
#include "ommi/typed.hpp"

namespace conformance {

using namespace ommi;

/// A database that a scenario works on.
struct Opened {
  std::shared_ptr<void> keeper;  // removes what is left behind; ends after the database
  Database database;
  /// Another connection to the same database; empty where the driver has none.
  std::function<Database()> again = {};
};

/// What is put around the driver before it is used.
using Wrap = std::function<std::unique_ptr<Driver>(std::unique_ptr<Driver>)>;

struct Fixture {
  std::string name;
  /// With the tables of the catalog. Where `prepared` is not empty, it is run before that: a text
  /// of the database's own language, for what models cannot say.
  std::function<Opened(std::shared_ptr<const Catalog>, const Wrap&, std::string_view prepared)>
      opened;
  bool indexed = true;  // it finds rows by their key without reading a table whole

  [[nodiscard]] Opened open(std::shared_ptr<const Catalog> catalog) const {
    return opened(std::move(catalog), {}, {});
  }
  /// The same behind a driver that misbehaves as the script says.
  [[nodiscard]] Opened open_faulty(std::shared_ptr<const Catalog> catalog,
                                   std::shared_ptr<faulty::Script> script) const;
  [[nodiscard]] Opened open_prepared(std::shared_ptr<const Catalog> catalog,
                                     std::string_view prepared) const {
    return opened(std::move(catalog), {}, prepared);
  }
};

[[nodiscard]] const std::vector<Fixture>& fixtures();

/// Runs `scenario(fixture)` once for each driver.
template <class Scenario>
void on_every_driver(Scenario&& scenario) {
  for (const Fixture& fixture : fixtures()) {
    DYNAMIC_SECTION(fixture.name) { scenario(fixture); }
  }
}

/// Another connection to the same rows; nothing where the driver's capabilities say that there can
/// be none, which the output states then.
[[nodiscard]] std::optional<Database> another(const Opened& opened);

/// Says in the output that the driver cannot do what a scenario is about, as its capabilities say.
void state_incapable(const Database& database, std::string_view what);

// Fields, as models are written down in scenarios.
[[nodiscard]] FieldInfo field(std::string name, Type type);  // nullable
[[nodiscard]] FieldInfo required(std::string name, Type type);
[[nodiscard]] FieldInfo key(std::string name, Type type = Type::integer);
[[nodiscard]] FieldInfo automatic_key(std::string name = "id");
[[nodiscard]] Reference reference(std::vector<std::string> fields, std::string model,
                                  std::vector<std::string> target_fields);
[[nodiscard]] RelationInfo to_one(std::string name, std::string target,
                                  std::vector<FieldPair> join = {});
[[nodiscard]] RelationInfo to_many(std::string name, std::string target,
                                   std::vector<FieldPair> join = {});
[[nodiscard]] RelationInfo through(std::string name, std::string target, std::string via);

/// The models, sealed. Requires that they hold together.
[[nodiscard]] std::shared_ptr<const Catalog> sealed(std::vector<ModelInfo> models);
[[nodiscard]] std::shared_ptr<const Catalog> sealed(Catalog catalog);
/// The same of described structs.
template <class... Types>
[[nodiscard]] std::shared_ptr<const Catalog> sealed() {
  Catalog catalog;
  catalog.add<Types...>();
  return sealed(std::move(catalog));
}

/// User(id, name, boss_id), Post(id, title, author_id), Tag(id, word), PostTag(post_id, tag_id,
/// weight), with User.posts, User.boss, User.reports, Post.author, Post.tags, Tag.posts.
[[nodiscard]] std::shared_ptr<const Catalog> blog_models();
/// Ann (1), Bob (2, boss Ann), Cyd (3, boss Bob); Ann's posts 1 and 2, Bob's 3; tags red (1), blue
/// (2), none (3); post 1 is red and blue, post 3 is blue.
void fill_blog(const Database& database);

/// One field of all rows, as integers or texts.
[[nodiscard]] std::vector<std::int64_t> numbers(const RecordList& rows,
                                                std::string_view field = "id");
[[nodiscard]] std::vector<std::string> texts(const RecordList& rows, std::string_view field);

/// The error of a result that must have failed.
template <class T>
[[nodiscard]] DatabaseError error_of(const DBResult<T>& result) {
  REQUIRE(result.failure() != nullptr);
  return result.failure()->error();
}

/// The value; throws the error of a result that failed. It may go unused.
template <class T>
T must(DBResult<T> result) {
  return std::move(result).or_raise();
}

/// The driver calls that `work` makes.
template <class Work>
[[nodiscard]] std::uint64_t calls_of(const Database& database, Work&& work) {
  Counter counter;
  Tracer* before = database.tracer();
  database.set_tracer(&counter);
  work();
  database.set_tracer(before);
  return counter.all().calls;
}

/// The field of a model of the database, for conditions.
[[nodiscard]] inline FieldTerm term(const Database& database, std::string_view model,
                                    std::string_view name) {
  return at(*database.catalog().find(model), name);
}
[[nodiscard]] inline PathTerm path_term(const Database& database, std::string_view model,
                                        std::string_view dotted) {
  return path(*database.catalog().find(model), dotted);
}

}  // namespace conformance
