#include "cli/ndjson_tracer.hpp"

#include <sstream>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "cli/captured.hpp"

using nlohmann::json;

namespace {

std::string json_string(std::string_view text) {
  fmt::memory_buffer out;
  cli::append_json_string(out, text);
  return fmt::to_string(out);
}

std::vector<json> traced(const std::vector<ommi::Event>& events, bool show_values) {
  cli::OwnedFile file(std::tmpfile());
  cli::Document document(file.get());
  cli::NdjsonTracer tracer(document, show_values, nullptr);
  for (const ommi::Event& event : events) tracer.on(event);
  tracer.flush();
  CHECK(document.finish());
  std::istringstream lines(testing::contents(file.get()));
  std::vector<json> out;
  for (std::string line; std::getline(lines, line);) out.push_back(json::parse(line));
  return out;
}

}  // namespace

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
  const ommi::DatabaseError error(ommi::ErrorCode::missing_table, "no such table: x");
  ommi::Event query;
  query.at_ns = 1'234'567;
  query.call = 3;
  query.driver = "sqlite";
  query.operation = "fetch";
  query.model = "User";
  query.relation = "author";
  query.statement = "SELECT 1";
  ommi::Event done = query;
  done.kind = ommi::EventKind::rows_done;
  done.returned = "Cursor<User>";
  done.duration_ns = 5'001;
  ommi::Event failed = query;
  failed.kind = ommi::EventKind::failed;
  failed.error = &error;

  const auto lines = traced({query, done, failed}, false);
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
  const std::vector<ommi::Cell> values = {ommi::Cell::of(INT64_MIN), ommi::Cell::of(0.5),
                                          ommi::Cell::text("x"), ommi::Cell::blob("\xff"),
                                          ommi::Cell{}};
  ommi::Event query;
  query.statement = "SELECT ?";
  query.values = values;
  CHECK_FALSE(traced({query}, false)[0].contains("values"));
  const json shown = traced({query}, true)[0]["values"];
  CHECK(shown[0].get<std::int64_t>() == INT64_MIN);
  CHECK(shown[1] == 0.5);
  CHECK(shown[2] == "x");
  CHECK(shown[3]["$blob"] == "/w==");
  CHECK(shown[4].is_null());
}

TEST_CASE("more events than the buffer holds all arrive, in order") {
  ommi::Event query;
  const std::string statement(997, 'x');
  query.statement = statement;
  const auto lines = traced(std::vector<ommi::Event>(500, query), false);
  REQUIRE(lines.size() == 500);
  for (std::size_t at = 0; at < lines.size(); ++at) CHECK(lines[at]["seq"] == at + 1);
}

TEST_CASE("a stream that cannot be written to is said once") {
  std::FILE* full = std::fopen("/dev/full", "wb");
  if (full == nullptr) {
    WARN("skipped: there is no /dev/full");
    return;
  }
  cli::Document document{cli::OwnedFile(full)};
  int told = 0;
  cli::NdjsonTracer tracer(document, false, [&told] { ++told; });
  ommi::Event query;
  const std::string statement(9973, 'x');
  query.statement = statement;
  for (int i = 0; i < 100; ++i) tracer.on(query);
  CHECK(told == 1);
  CHECK_FALSE(document.finish());
  CHECK_FALSE(document.problem().empty());
}
