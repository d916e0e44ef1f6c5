#include <regex>

#include <catch2/catch.hpp>

#include "doctor/report/examined.hpp"

namespace {

std::size_t count(const std::string& text, const std::string& pattern) {
  const std::regex wanted(pattern);
  return static_cast<std::size_t>(
      std::distance(std::sregex_iterator(text.begin(), text.end(), wanted), {}));
}

std::string number(const std::string& text, const std::string& name) {
  std::smatch found;
  REQUIRE(std::regex_search(text, found, std::regex("<testsuite [^>]* " + name + "=\"([0-9]+)\"")));
  return found[1];
}

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("the counts of a JUnit suite are those of its test cases") {
  for (const auto& [name, diagnosis] : testing::all_diagnoses()) {
    INFO(name);
    const std::string text = testing::written(diagnosis, "junit");
    CHECK(number(text, "tests") == std::to_string(count(text, "<testcase ")));
    CHECK(number(text, "failures") == std::to_string(count(text, "<failure ")));
    CHECK(number(text, "errors") == std::to_string(count(text, "<error ")));
    CHECK(number(text, "skipped") == std::to_string(count(text, "<skipped ")));
  }
}

TEST_CASE("each relationship is a test case, which fails by a finding at the gate") {
  const doctor::Diagnosis diagnosis = testing::sample_diagnosis();
  const std::string text = testing::written(diagnosis, "junit");
  CHECK(has(text, "<testcase classname=\"User\" name=\"User.posts\" time=\"0.001\"/>"));
  CHECK(has(text,
            "<testcase classname=\"Post\" name=\"Post.author\" time=\"0.001\">\n"
            "      <failure type=\"DAT001 dangling-reference\" "
            "message=\"3 posts point at users that do not exist\">"));
  CHECK(has(text, "<testcase classname=\"PRF001\" name=\"loads-one-by-one "));
  CHECK(number(text, "failures") == "2");
  SECTION("what is below the gate is said and does not fail") {
    const std::string errors = testing::written(diagnosis, "junit", {.gate = doctor::Level::error});
    CHECK(number(errors, "failures") == "1");
    CHECK(has(errors, "warning PRF001 loads-one-by-one"));
    CHECK(number(testing::written(diagnosis, "junit", {.gate = std::nullopt}), "failures") == "0");
  }
}

TEST_CASE("what is known already fails no test case and is in its output") {
  doctor::Diagnosis diagnosis = testing::known_diagnosis();
  diagnosis.findings.erase(diagnosis.findings.begin());
  const std::string text = testing::written(diagnosis, "junit");
  CHECK(number(text, "failures") == "0");
  CHECK(has(text, "known: baselined"));
  CHECK(has(text, "known: suppressed: rows of the old importer"));
  CHECK(has(text, "<property name=\"suppressed\" value=\"1\"/>"));
}

TEST_CASE("what was not looked at is skipped, and the run itself is an error") {
  const std::string text = testing::written(testing::incomplete_diagnosis(), "junit");
  CHECK(has(text, "<skipped type=\"unchecked\""));
  CHECK(has(text, "<skipped type=\"incomplete\" message=\"the time is up\"/>"));
  CHECK(number(text, "errors") == "1");
  CHECK(has(text, "<error type=\"incomplete\""));
  CHECK(number(testing::written(testing::sample_diagnosis(), "junit"), "errors") == "0");
}
