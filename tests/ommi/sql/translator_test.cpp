#include <catch2/catch.hpp>

#include "ommi/error.hpp"
#include "ommi/sql.hpp"

namespace ommi {
namespace {

const Catalog& catalog() {
  static const Catalog sealed = [] {
    ModelInfo order;
    order.name = "Order";
    order.store_as = "order \"x\"";
    for (const char* name : {"id", "line", "note"}) {
      FieldInfo field;
      field.name = name;
      order.fields.push_back(field);
    }
    ModelInfo link;
    link.name = "Link";
    for (const char* name : {"owner_id", "order_id"}) {
      FieldInfo field;
      field.name = name;
      link.fields.push_back(field);
    }
    Catalog made;
    made.add(order).add(link);
    made.seal();
    return made;
  }();
  return sealed;
}

const Model& order() { return *catalog().find("Order"); }

std::string sql_of(const Expression& where) {
  Query query;
  query.model = &order();
  query.where = where;
  const std::string text = sql::select(query, {}).text;
  const std::string::size_type from = text.find(" WHERE ");
  return from == std::string::npos ? "" : text.substr(from + 7);
}

}  // namespace

TEST_CASE("names are quoted, values are bound") {
  CHECK(sql_of(at(order(), "note") == "'; DROP TABLE x") == "(t.\"note\" = ?)");
  Query query;
  query.model = &order();
  CHECK(sql::select(query, {}).text ==
        "SELECT t.\"id\", t.\"line\", t.\"note\" FROM \"order \"\"x\"\"\" AS t");
}

TEST_CASE("and, or and not keep the shape they were built in") {
  const auto a = at(order(), "id") == 1, b = at(order(), "line") > 2,
             c = at(order(), "note") != Value();
  CHECK(sql_of((a || b) && c) ==
        "(((t.\"id\" = ?) OR (t.\"line\" > ?)) AND (t.\"note\" IS NOT NULL))");
  CHECK(sql_of(a || (b && c)) ==
        "((t.\"id\" = ?) OR ((t.\"line\" > ?) AND (t.\"note\" IS NOT NULL)))");
  CHECK(sql_of(!(a || b)) == "(NOT ((t.\"id\" = ?) OR (t.\"line\" > ?)))");
  CHECK(sql_of(Expression()).empty());
}

TEST_CASE("a batch of keys is padded to few sizes, so that few statements serve all") {
  std::vector<Cell> keys;
  for (std::int64_t i = 0; i < 9; ++i) keys.push_back(Cell::of(i));
  Query query;
  query.model = &order();
  query.keys = KeyBatch{{0}, keys};
  const sql::Statement nine = sql::select(query, {});
  CHECK(nine.values.size() == 64);
  CHECK(nine.values.back().integer == 8);
  keys.push_back(Cell::of(std::int64_t{9}));
  query.keys = KeyBatch{{0}, keys};
  CHECK(sql::select(query, {}).text == nine.text);
}

TEST_CASE("composite keys are joined as a table, never a row value in a list") {
  const std::vector<Cell> keys = {Cell::of(std::int64_t{1}), Cell::of(std::int64_t{2})};
  Query query;
  query.model = &order();
  query.keys = KeyBatch{{0, 1}, keys};
  const std::string text = sql::select(query, {}).text;
  CHECK(text.find("WITH k(k0, k1) AS (VALUES (?, ?)) ") == 0);
  CHECK(text.find("t.\"id\" = k.k0 AND t.\"line\" = k.k1") != std::string::npos);
}

TEST_CASE("too many values are an error, not a truncated statement") {
  const std::vector<Cell> keys(1000, Cell::of(std::int64_t{1}));
  Query query;
  query.model = &order();
  query.keys = KeyBatch{{0}, keys};
  CHECK_THROWS_AS(sql::select(query, {}), DatabaseError);
}

TEST_CASE("an unknown field is refused with the nearest name") {
  try {
    static_cast<void>(at(order(), "nte"));
    FAIL("must throw");
  } catch (const DatabaseError& error) {
    CHECK(error.message() == "Order has no field 'nte'; did you mean 'note'?");
  }
}

}  // namespace ommi
