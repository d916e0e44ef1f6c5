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

TEST_CASE("a limit for each key is a window around the rows, links without a target apart") {
  const std::vector<Cell> keys = {Cell::of(std::int64_t{1}), Cell::of(std::int64_t{2})};
  Query query;
  query.model = &order();
  query.keys = KeyBatch{{1}, keys};
  query.order = {{0, true}};
  query.limit_per_key = 3;
  CHECK(sql::select(query, {}).text ==
        "SELECT c0, c1, c2 FROM (SELECT t.\"id\" AS c0, t.\"line\" AS c1, t.\"note\" AS c2, "
        "row_number() OVER (PARTITION BY t.\"line\" ORDER BY t.\"id\" DESC) AS n FROM "
        "\"order \"\"x\"\"\" AS t WHERE t.\"line\" IN (?, ?, ?, ?, ?, ?, ?, ?)) AS q "
        "WHERE n <= 3 ORDER BY n");
  query.keys = KeyBatch{{0}, keys};
  query.through = Through{catalog().find("Link"), {1}, {0}, true};
  query.order = {{0, false, Nulls::by_default, true}, {0}};
  const std::string text = sql::select(query, {}).text;
  CHECK(
      text.starts_with("SELECT c0, c1, c2, c3, c4, c5, c6 FROM (SELECT l.\"owner_id\" AS c0, "
                       "l.\"order_id\" AS c1, l.\"owner_id\" AS c2, l.\"order_id\" AS c3, "));
  CHECK(text.find("OVER (PARTITION BY l.\"owner_id\", t.\"id\" IS NULL ORDER BY "
                  "l.\"owner_id\", t.\"id\") AS n") != std::string::npos);
  CHECK(text.ends_with(" WHERE n <= 3 OR c4 IS NULL ORDER BY n"));
  query.through.reset();
  CHECK_THROWS_AS(sql::select(query, {}), DatabaseError);
}

TEST_CASE("too many values are an error, not a truncated statement") {
  const std::vector<Cell> keys(1000, Cell::of(std::int64_t{1}));
  Query query;
  query.model = &order();
  query.keys = KeyBatch{{0}, keys};
  CHECK_THROWS_AS(sql::select(query, {}), DatabaseError);
}

TEST_CASE("a table of keys hides no table of the query") {
  ModelInfo info;
  info.name = "K";
  info.fields.resize(2);
  info.fields[0].name = "a";
  info.fields[1].name = "b";
  Catalog made;
  made.add(info);
  made.seal();
  const std::vector<Cell> keys = {Cell::of(std::int64_t{1}), Cell::of(std::int64_t{2})};
  Query query;
  query.model = made.find("K");
  query.keys = KeyBatch{{0, 1}, keys};
  CHECK(sql::select(query, {}).text.starts_with("WITH kk(k0, k1)"));
}

TEST_CASE("an empty batch of keys is no rows") {
  Query query;
  query.model = &order();
  query.keys = KeyBatch{{0, 1}, {}};
  CHECK(sql::select(query, {}).text.ends_with(" AS t WHERE 1 = 0"));
  query.keys = KeyBatch{{0}, {}};
  CHECK(sql::select(query, {}).text.ends_with(" AS t WHERE 1 = 0"));
}

TEST_CASE("a long list is one bound value where the dialect can read it") {
  std::vector<Value> numbers;
  for (int i = 0; i < 501; ++i) numbers.emplace_back(i);
  Query query;
  query.model = &order();
  query.where = at(order(), "id").in(numbers);
  sql::Dialect dialect;
  dialect.max_parameters = 8;
  CHECK_THROWS_AS(sql::select(query, dialect), DatabaseError);
  dialect.packed_value = "unpack";
  const sql::Statement statement = sql::select(query, dialect);
  CHECK(statement.values.size() == 2);
  CHECK(statement.text.find("SELECT unpack(?, i) FROM n") != std::string::npos);
}

TEST_CASE("packed values are read as they were, and nothing is read beyond them") {
  const std::vector<Value> values = {Value(),
                                     Value(std::int64_t{INT64_MIN}),
                                     Value(-0.0),
                                     Value(std::string("a\0b", 3)),
                                     Value(Blob{"\xff"}),
                                     Value("")};
  const std::string packed = sql::pack(values);
  for (std::size_t i = 0; i < values.size(); ++i) {
    CHECK(sql::packed_value(packed, i) == values[i].cell());
  }
  CHECK(sql::packed_value(packed, values.size()).is_null());
  CHECK(sql::packed_value(packed, UINT64_MAX).is_null());
  for (std::size_t length = 0; length < packed.size(); ++length) {
    const std::string cut(packed, 0, length);
    for (std::size_t i = 0; i < values.size(); ++i) {
      const Cell cell = sql::packed_value(cut, i);
      CHECK((cell.is_null() || cell == values[i].cell()));
    }
  }
}

TEST_CASE("nulls stand where the order says") {
  Query query;
  query.model = &order();
  query.order = {{0, false, Nulls::last}, {1, true, Nulls::first}, {2, true}};
  CHECK(sql::select(query, {}).text.ends_with(
      " ORDER BY t.\"id\" NULLS LAST, t.\"line\" DESC NULLS FIRST, t.\"note\" DESC"));
}

TEST_CASE("a limit and an offset that no database counts to are the most there is") {
  Query query;
  query.model = &order();
  query.limit = UINT64_MAX;
  query.offset = UINT64_MAX;
  CHECK(sql::select(query, {}).text.ends_with(
      " LIMIT 9223372036854775807 OFFSET 9223372036854775807"));
}

TEST_CASE("update and remove share the conditions") {
  Query query;
  query.model = &order();
  query.where = at(order(), "id") == 1;
  const std::vector<sql::NewValue> values = {{2, Cell::text("x")}};
  CHECK(sql::update(query, values, {}).text ==
        "UPDATE \"order \"\"x\"\"\" AS t SET \"note\" = ? WHERE (t.\"id\" = ?)");
  CHECK(sql::remove(query, {}).text == "DELETE FROM \"order \"\"x\"\"\" AS t WHERE (t.\"id\" = ?)");
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
