#include <sstream>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "ommi/malformation.hpp"
#include "ommi/trace/json_text.hpp"
#include "ommi/tracers.hpp"

using nlohmann::json;

namespace ommi {
namespace {

std::string json_string(std::string_view text) {
  std::string out;
  append_json_string(out, text);
  return out;
}

std::vector<json> traced(const std::vector<Event>& events, BoundValues values) {
  std::stringstream lines;
  {
    JsonLines tracer(lines, values);
    for (const Event& event : events) tracer.on(event);
  }
  std::vector<json> out;
  for (std::string line; std::getline(lines, line);) out.push_back(json::parse(line));
  return out;
}

TEST_CASE("JSON strings keep text and defuse the rest") {
  const auto [text, expected] = GENERATE(table<std::string, std::string>({
      {"plain", "\"plain\""},
      {"größe 日本 🎉", "\"größe 日本 🎉\""},
      {"a\"b\\c\n", R"("a\"b\\c\n")"},
      {"\x1b[31m\x7f", R"("\u001b[31m\u007f")"},
      {std::string("a\0b", 3), R"("a\u0000b")"},
      {"\u202Ex\u2066", R"("\u202ex\u2066")"},
      {"\xff\xfe", R"("\ufffd\ufffd")"},
      {"\xc3", R"("\ufffd")"},
      {"\xed\xa0\x80", R"("\ufffd\ufffd\ufffd")"},
      {"\xf4\x90\x80\x80", R"("\ufffd\ufffd\ufffd\ufffd")"},
      {"\xc0\xaf", R"("\ufffd\ufffd")"},
      {"", "\"\""},
  }));
  CHECK(json_string(text) == expected);
  CHECK_NOTHROW(json::parse(json_string(text)));
}

TEST_CASE("an event is a line with what is known") {
  const DatabaseError error(ErrorCode::missing_table, "no such table: x");
  Event query;
  query.at_ns = 1'234'567;
  query.call = 3;
  query.driver = "sqlite";
  query.operation = "fetch";
  query.model = "User";
  query.relation = "author";
  query.statement = "SELECT 1";
  Event done = query;
  done.kind = EventKind::rows_done;
  done.returned = "Cursor<User>";
  done.duration_ns = 5'001;
  Event failed = query;
  failed.kind = EventKind::failed;
  failed.error = &error;

  const auto lines = traced({query, done, failed}, BoundValues::hidden);
  REQUIRE(lines.size() == 3);
  CHECK(lines[0]["seq"] == 1);
  CHECK(lines[0]["at_us"].get<double>() == Approx(1234.567));
  CHECK(lines[0]["kind"] == "query");
  CHECK(lines[0]["statement"] == "SELECT 1");
  CHECK_FALSE(lines[0].contains("rows"));
  CHECK(lines[1]["rows"] == 0);
  CHECK(lines[1]["returned"] == "Cursor<User>");
  CHECK(lines[1]["duration_us"].get<double>() == Approx(5.001));
  CHECK(lines[2]["seq"] == 3);
  CHECK(lines[2]["error"] == "missing_table");
}

TEST_CASE("bound values are written only when they are asked for") {
  const std::vector<Cell> values = {Cell::of(INT64_MIN), Cell::of(0.5), Cell::text("x"),
                                    Cell::blob("\xff"), Cell{}};
  Event query;
  query.statement = "SELECT ?";
  query.values = values;
  CHECK_FALSE(traced({query}, BoundValues::hidden)[0].contains("values"));
  const json shown = traced({query}, BoundValues::shown)[0]["values"];
  CHECK(shown[0].get<std::int64_t>() == INT64_MIN);
  CHECK(shown[1] == 0.5);
  CHECK(shown[2] == "x");
  CHECK(shown[3]["$blob"] == "/w==");
  CHECK(shown[4].is_null());
}

TEST_CASE("more events than the buffer holds all arrive, in order") {
  Event query;
  const std::string statement(997, 'x');
  query.statement = statement;
  const auto lines = traced(std::vector<Event>(500, query), BoundValues::hidden);
  REQUIRE(lines.size() == 500);
  for (std::size_t at = 0; at < lines.size(); ++at) CHECK(lines[at]["seq"] == at + 1);
}

TEST_CASE("what cannot be written is said once, and nothing more is tried") {
  int tried = 0;
  JsonLines tracer([&tried](std::string_view) {
    ++tried;
    return false;
  });
  Event query;
  const std::string statement(9973, 'x');
  query.statement = statement;
  for (int i = 0; i < 100; ++i) tracer.on(query);
  CHECK(tried == 1);
  CHECK_FALSE(tracer.flush());
  CHECK(tried == 1);
}

TEST_CASE("a stream gets whole lines when the buffer is full, and the rest by flush") {
  std::ostringstream out;
  JsonLines tracer(out);
  tracer.on({});
  CHECK(out.str().empty());
  CHECK(tracer.flush());
  CHECK(out.str() == "{\"seq\":1,\"at_us\":0.000,\"kind\":\"query\"}\n");
  out.setstate(std::ios::badbit);
  tracer.on({});
  CHECK_FALSE(tracer.flush());
}

TEST_CASE("a malformed answer is written with its evidence") {
  const DatabaseError error =
      DatabaseError(ErrorCode::malformed_result, "a row of 2 cells, and 3 due")
          .with(std::make_shared<const Malformation>(
              Malformation{Malformed::wrong_width, "rows of User", "[1, 2]", 4, {}}));
  Event event;
  event.kind = EventKind::malformed;
  event.error = &error;
  const json line = traced({event}, BoundValues::hidden)[0];
  CHECK(line["kind"] == "malformed");
  CHECK(line["error"] == "malformed_result");
  CHECK(line["malformed"] == "wrong_width");
  CHECK(line["expected"] == "rows of User");
  CHECK(line["got"] == "[1, 2]");
  CHECK(line["row"] == 4);
  CHECK_FALSE(line.contains("column"));
}

}  // namespace
}  // namespace ommi
