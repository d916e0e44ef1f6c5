// SQLite, through the translator, and the memory driver, which evaluates the tree itself, give the
// same rows for any query. A failure prints the query and RC_PARAMS, which repeats it.

#include <catch2/catch.hpp>
#include <rapidcheck.h>

#include "ommi/error.hpp"
#include "ommi/memory.hpp"
#include "ommi/sql.hpp"
#include "ommi/sqlite.hpp"
#include "property/random_database.hpp"

namespace property {
namespace {

using namespace ommi;

struct Databases {
  std::shared_ptr<const Catalog> catalog = random_catalog();
  std::unique_ptr<Driver> sqlite = sqlite::open_memory("");
  std::unique_ptr<Driver> memory = memory::open(memory::make_store());

  Databases() {
    const std::vector<Rows> rows = random_rows(*catalog);
    fill(*sqlite, *catalog, rows);
    fill(*memory, *catalog, rows);
  }

  [[nodiscard]] const Model& model(std::string_view name) const { return *catalog->find(name); }

  void log(const Query& query) const {
    sql::Dialect dialect;
    dialect.max_parameters = 1'000'000;
    const sql::Statement statement = sql::select(query, dialect);
    RC_LOG() << statement.text << "\n";
    Rows values(1);
    for (const Cell& cell : statement.values) values[0].emplace_back(cell);
    RC_LOG() << "values: " << shown(values);
    for (const Model& each : catalog->models()) {
      RC_LOG() << each.name() << ":";
      for (const FieldInfo& field : each.fields()) {
        RC_LOG() << " " << field.name << " " << to_string(field.type) << " "
                 << static_cast<int>(field.comparison.collation) << ",";
      }
      Query all;
      all.model = &each;
      RC_LOG() << "\n" << shown(fetch(*sqlite, all));
    }
  }

  // In order if the query has one, else as sets.
  void compare(const Query& query) const {
    log(query);
    Rows from_sqlite = fetch(*sqlite, query);
    Rows from_memory = fetch(*memory, query);
    if (query.order.empty()) {
      from_sqlite = sorted(std::move(from_sqlite));
      from_memory = sorted(std::move(from_memory));
    }
    RC_LOG() << "sqlite:\n" << shown(from_sqlite) << "memory:\n" << shown(from_memory);
    RC_ASSERT(from_sqlite == from_memory);
    if (!query.limit && query.offset == 0) {
      RC_ASSERT(sqlite->count(query) == from_sqlite.size());
      RC_ASSERT(memory->count(query) == from_memory.size());
    }
  }
};

const Model& any_model(const Databases& databases) {
  return databases.model(*rc::gen::elementOf(std::vector<std::string>{"Owner", "Target", "Link"}));
}

// The keys as a lazy load makes them: no NULLs, no two that are equal.
std::vector<Value> random_keys(const std::vector<Comparison>& rules) {
  std::vector<Value> keys;
  KeyIndex seen(rules);
  for (int i = *rc::gen::inRange(1, 12); i > 0; --i) {
    std::vector<Value> key;
    std::vector<Cell> cells;
    while (key.size() < rules.size()) key.push_back(random_value());
    for (const Value& part : key) cells.push_back(part.cell());
    const std::uint32_t before = seen.size();
    if (seen.add(cells) == before) keys.insert(keys.end(), key.begin(), key.end());
  }
  return keys;
}

std::vector<Comparison> comparisons(Driver& driver, const Model& model,
                                    const std::vector<std::size_t>& fields) {
  const Schema schema = driver.describe();
  std::vector<Comparison> rules;
  for (const std::size_t field : fields) {
    rules.push_back(schema.find_table(model.info.table())
                        ->find_column(model.fields()[field].column())
                        ->comparison);
  }
  return rules;
}

std::vector<Cell> cells_of(const std::vector<Value>& values) {
  std::vector<Cell> cells;
  for (const Value& value : values) cells.push_back(value.cell());
  return cells;
}

void compare_keys(const Databases& databases, Query query, const Model& keyed,
                  std::vector<std::size_t> fields) {
  const std::vector<Value> keys = random_keys(comparisons(*databases.memory, keyed, fields));
  const std::vector<Cell> cells = cells_of(keys);
  query.keys = KeyBatch{std::move(fields), cells};
  databases.compare(query);
}

// The rows of each key in their order, at most `limit` of them; links without a target apart.
std::vector<Rows> by_key(const Rows& rows, const Query& query, KeyIndex keys, std::uint64_t limit) {
  std::vector<Rows> found(2 * std::size_t{keys.size()});
  for (const std::vector<Value>& row : rows) {
    const std::size_t column = query.through ? 0 : query.keys->fields[0];
    const Cell key = row[column].cell();
    const std::uint32_t number = keys.find({&key, 1});
    RC_ASSERT(number != KeyIndex::missing);
    const bool there = !query.through ||
                       !row[query.link_width() + query.through->target_fields[0]].cell().is_null();
    Rows& all = found[2 * std::size_t{number} + (there ? 0 : 1)];
    if (!there || all.size() < limit) all.push_back(row);
  }
  for (std::size_t i = 1; i < found.size(); i += 2) found[i] = sorted(std::move(found[i]));
  return found;
}

}  // namespace

TEST_CASE("any condition gives the same rows from SQLite and from memory") {
  CHECK(rc::check("same rows", [] {
    const Databases databases;
    Query query;
    query.model = &any_model(databases);
    query.where = random_condition(*query.model, *rc::gen::inRange(0, 4));
    databases.compare(query);
  }));
}

TEST_CASE(
    "any order, limit and offset, with or without a condition, give the same rows in the same "
    "order") {
  CHECK(rc::check("same order", [] {
    const Databases databases;
    Query query;
    query.model = &any_model(databases);
    query.order = random_order(*query.model);
    if (*rc::gen::arbitrary<bool>()) {
      query.where = random_condition(*query.model, *rc::gen::inRange(0, 3));
    }
    if (*rc::gen::arbitrary<bool>()) query.limit = *rc::gen::inRange<std::uint64_t>(0, 5);
    query.offset = *rc::gen::inRange<std::uint64_t>(0, 4);
    databases.compare(query);
  }));
}

TEST_CASE("any batch of keys gives the same rows") {
  CHECK(rc::check("same rows by key", [] {
    const Databases databases;
    Query query;
    query.model = &any_model(databases);
    std::vector<std::size_t> fields = {1};
    if (*rc::gen::arbitrary<bool>()) fields.push_back(2);
    if (*rc::gen::arbitrary<bool>()) query.where = random_condition(*query.model, 1);
    compare_keys(databases, query, *query.model, fields);
  }));
}

TEST_CASE("any batch of keys through an association gives the same links and targets") {
  CHECK(rc::check("same links", [] {
    const Databases databases;
    Query query;
    query.model = &databases.model("Target");
    const Model& link = databases.model("Link");
    query.through = Through{&link, {2}, {1}};
    if (*rc::gen::arbitrary<bool>()) query.where = random_condition(*query.model, 1);
    std::vector<std::size_t> fields = {1};
    if (*rc::gen::arbitrary<bool>()) fields.push_back(3);
    compare_keys(databases, query, link, fields);
  }));
}

TEST_CASE("any limit for each key gives what a cut of all rows would") {
  CHECK(rc::check("same first rows", [] {
    const Databases databases;
    Query query;
    query.model = &databases.model("Target");
    const Model* keyed = query.model;
    query.order = random_order(*query.model);
    if (*rc::gen::arbitrary<bool>()) {
      keyed = &databases.model("Link");
      query.through = Through{keyed, {2}, {1}, *rc::gen::arbitrary<bool>()};
      if (*rc::gen::arbitrary<bool>()) query.order.insert(query.order.begin(), Order{3, true});
      query.order.front().of_link = query.order.front().field == 3;
      query.order.push_back({0, false, Nulls::by_default, true});
    }
    const std::vector<Comparison> rules = comparisons(*databases.memory, *keyed, {1});
    const std::vector<Value> keys = random_keys(rules);
    const std::vector<Cell> cells = cells_of(keys);
    query.keys = KeyBatch{{1}, cells};
    KeyIndex index(rules);
    for (const Cell& cell : cells) index.add({&cell, 1});
    const auto limit = *rc::gen::inRange<std::uint64_t>(1, 4);
    const std::vector<Rows> cut = by_key(fetch(*databases.memory, query), query, index, limit);
    query.limit_per_key = limit;
    databases.log(query);
    const Rows limited = fetch(*databases.sqlite, query);
    RC_LOG() << "sqlite:\n" << shown(limited);
    RC_ASSERT(by_key(limited, query, index, limited.size()) == cut);
  }));
}

TEST_CASE("any update or removal changes the same rows") {
  CHECK(rc::check("same changes", [] {
    const Databases databases;
    Query query;
    query.model = &any_model(databases);
    query.where = random_condition(*query.model, *rc::gen::inRange(0, 3));
    databases.log(query);
    if (*rc::gen::arbitrary<bool>()) {
      const std::vector<Assignment> values = {{1, random_value()}, {2, random_value()}};
      RC_ASSERT(databases.sqlite->update(query, values) == databases.memory->update(query, values));
    } else {
      RC_ASSERT(databases.sqlite->remove(query) == databases.memory->remove(query));
    }
    Query all;
    all.model = query.model;
    databases.compare(all);
  }));
}

}  // namespace property
