// The conformance suite has every scenario: their numbers stand in the names of its tests.

#include <regex>
#include <set>
#include <string>

#include <catch2/catch.hpp>

#include "project/sources.hpp"

namespace project {
namespace {

constexpr int scenarios = 100;

std::set<int> numbers_of(const SourceFile& file) {
  std::string text;
  for (const std::string& line : file.lines) text += line + '\n';
  static const std::regex named(R"re(TEST_CASE\(\s*"conformance (\d+): )re");
  std::set<int> numbers;
  for (std::sregex_iterator match(text.begin(), text.end(), named), end; match != end; ++match) {
    numbers.insert(std::stoi((*match)[1]));
  }
  return numbers;
}

TEST_CASE("each of the 100 scenarios of the conformance suite is there, and no other") {
  std::set<int> found;
  for (const SourceFile& file : files_in({"tests/conformance/scenarios"}, {".cpp"})) {
    found.merge(numbers_of(file));
  }
  std::string missing;
  for (int number = 1; number <= scenarios; ++number) {
    if (found.erase(number) == 0) missing += " " + std::to_string(number);
  }
  CHECK(missing == "");
  CHECK(found == std::set<int>());
}

}  // namespace
}  // namespace project
