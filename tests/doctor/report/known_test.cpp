// What the formats for people do with findings that are known already, and on request.

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "doctor/report/examined.hpp"
#include "doctor/report_parts/rule_text.hpp"

namespace {

std::size_t count(const std::string& text, std::string_view part) {
  std::size_t found = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) {
    ++found;
  }
  return found;
}

bool has(const std::string& text, std::string_view part) { return count(text, part) > 0; }

std::string known(std::string_view format, const doctor::ReportOptions& options = {}) {
  return testing::written(testing::known_diagnosis(), format, options);
}

}  // namespace

TEST_CASE("every format says of a known finding what it is, and drops none") {
  for (const doctor::ReportFormat* format : doctor::all_report_formats()) {
    INFO(format->name);
    const std::string text = known(format->name);
    CHECK((has(text, "baselined") || has(text, "baselineState")));
    CHECK(has(text, "suppressed"));
    CHECK(has(text, "rows of the old importer"));
  }
}

TEST_CASE("in text a known finding is one line after those that count") {
  const std::string text = known("text");
  CHECK(has(text, "2 root causes"));
  CHECK(text.find("2 root causes") < text.find("known already, not counted"));
  CHECK(has(text,
            "  error DAT001 dangling-reference Post.author: 3 posts point at users that do "
            "not exist\n    (suppressed: rows of the old importer)"));
  CHECK(has(text, "1 error, 0 warnings, 1 remark, 1 baselined, 1 suppressed; "));
  CHECK(count(text, "DELETE FROM \"Post\"") == 2);
  CHECK(count(known("text", {.verbose = true}), "DELETE FROM \"Post\"") == 4);
}

TEST_CASE("in Markdown known findings are folded away") {
  const std::string text = known("markdown");
  CHECK(has(text, "<details><summary>2 findings known already, not counted</summary>"));
  CHECK(has(text, "(baselined)"));
  CHECK(text.find("1 baselined, 1 suppressed") < text.find("## Root causes"));
}

TEST_CASE("JSON gives the standing and the reason") {
  const auto report = nlohmann::json::parse(known("json"));
  CHECK(report["findings"][0]["standing"] == "open");
  CHECK(report["findings"][0]["reason"].is_null());
  CHECK(report["findings"][1]["standing"] == "baselined");
  CHECK(report["findings"][2]["reason"] == "rows of the old importer");
  CHECK(report["summary"] == nlohmann::json::parse(
                                 R"({"error": 1, "warning": 0, "info": 1, "baselined": 1,
                                     "suppressed": 1})"));
}

TEST_CASE("statistics are a line for each rule that found something") {
  CHECK_FALSE(has(known("text"), "code    name"));
  const std::string text = known("text", {.statistics = true});
  CHECK(has(text,
            "code    name                level  open  known  rows\n"
            "DAT001  dangling-reference  error     2      2     6\n"));
  CHECK(has(known("markdown", {.statistics = true}),
            "| DAT001 | dangling-reference | error | 2 | 2 | 6 |"));
  CHECK(has(testing::written(testing::empty_diagnosis(), "text", {.statistics = true}),
            "no rule found anything\n"));
}

TEST_CASE("an explanation stands once, under the first finding of its rule") {
  constexpr std::string_view words = "Rows whose reference is set";
  CHECK_FALSE(has(known("text"), words));
  for (const std::string_view format : {"text", "markdown"}) {
    INFO(format);
    const std::string text = known(format, {.explain = true});
    CHECK(count(text, words) == 1);
    CHECK(text.find("DAT001") < text.find(words));
  }
}

TEST_CASE("a report for a pull request stays small enough to be a comment") {
  doctor::Diagnosis diagnosis = testing::sample_diagnosis();
  diagnosis.findings.assign(200, testing::dangling());
  diagnosis.findings.back().message = "the very last one";
  const std::string text = testing::written(diagnosis, "markdown");
  CHECK(text.size() < 65'536);
  CHECK(has(text, "the very last one"));
  CHECK(has(text, "The last ones are named only"));
  CHECK(count(testing::written(diagnosis, "markdown", {.verbose = true}), "### ") == 200);
}

TEST_CASE("a rule's Markdown is taken apart into blocks") {
  using doctor::report_parts::blocks_of;
  using Kind = doctor::report_parts::TextBlock::Kind;
  const auto blocks =
      blocks_of("## Head\none\ntwo `code`\n\n- a\n  b\n- c\n```sql\nx\n\n y\n```\n#");
  REQUIRE(blocks.size() == 6);
  CHECK(blocks[0].kind == Kind::heading);
  CHECK(blocks[0].text == "Head");
  CHECK(blocks[1].text == "one two `code`");
  CHECK(blocks[2].kind == Kind::item);
  CHECK(blocks[2].text == "a b");
  CHECK(blocks[3].text == "c");
  CHECK(blocks[4].kind == Kind::code);
  CHECK(blocks[4].text == "x\n\n y");
  CHECK(blocks[5].text.empty());
  CHECK(doctor::report_parts::plain_text("# A\nb\n- c\n- d") == "A:\n\nb\n\n- c\n- d");
}
