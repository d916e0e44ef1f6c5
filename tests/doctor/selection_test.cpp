#include "doctor/selection.hpp"

#include <catch2/catch.hpp>

namespace doctor {
namespace {

RuleSelection selecting(std::vector<std::string> select, std::vector<std::string> ignore = {},
                        std::map<std::string, Level> levels = {}) {
  return RuleSelection({std::move(select), std::move(ignore), std::move(levels)});
}

TEST_CASE("a selector is a code, a family, the beginning of a number, a name or ALL") {
  CHECK(match("DAT001", "DAT001", "dangling-reference") > 0);
  CHECK(match("dat001", "DAT001", "dangling-reference") > 0);
  CHECK(match("DAT", "DAT001", "dangling-reference") > 0);
  CHECK(match("DAT0", "DAT001", "dangling-reference") > 0);
  CHECK(match("Dangling-Reference", "DAT001", "dangling-reference") > 0);
  CHECK(match("all", "DAT001", "dangling-reference") > 0);
  CHECK(match("D", "DAT001", "dangling-reference") == 0);
  CHECK(match("DA", "DAT001", "dangling-reference") == 0);
  CHECK(match("dangling", "DAT001", "dangling-reference") == 0);
  CHECK(match("DAT0010", "DAT001", "dangling-reference") == 0);
  CHECK(match("", "DAT001", "dangling-reference") == 0);
}

TEST_CASE("the most exact selector decides, and between equals the one that ignores") {
  const RuleSelection all_but_one = selecting({"ALL"}, {"SCH"});
  CHECK(all_but_one.selects("DAT001", "a"));
  CHECK(!all_but_one.selects("SCH004", "b"));
  const RuleSelection back_in = selecting({"ALL", "SCH004"}, {"SCH"});
  CHECK(back_in.selects("SCH004", "b"));
  CHECK(!back_in.selects("SCH003", "c"));
  CHECK(!selecting({"DAT001"}, {"DAT001"}).selects("DAT001", "a"));
  CHECK(!selecting({"DAT"}).selects("SCH004", "b"));
}

TEST_CASE("levels follow the most exact selector") {
  const RuleSelection levels = selecting(
      {"ALL"}, {}, {{"ALL", Level::info}, {"DAT", Level::warning}, {"DAT001", Level::error}});
  CHECK(levels.level_of("DAT001", "a", Level::info) == Level::error);
  CHECK(levels.level_of("DAT002", "b", Level::error) == Level::warning);
  CHECK(levels.level_of("SCH001", "c", Level::error) == Level::info);
  CHECK(RuleSelection().level_of("SCH001", "c", Level::error) == Level::error);
}

TEST_CASE("rules below a level can be left out") {
  const RuleSelection warnings = RuleSelection().at_least(Level::warning);
  for (const Rule* rule : all_rules()) {
    INFO(rule->code);
    CHECK(warnings.selects(*rule) == (rule->level >= Level::warning));
    CHECK(RuleSelection().selects(*rule));
  }
}

TEST_CASE("an unknown selector is refused with the nearest name") {
  const std::vector<RuleName> rules = {{"DAT001", "dangling-reference"}, {"SHOP001", "no-lines"}};
  CHECK(problem_of("DAT001", rules).empty());
  CHECK(problem_of("SHOP", rules).empty());
  CHECK(problem_of("ALL", rules).empty());
  CHECK(problem_of("DTA001", rules) == "no rule is named 'DTA001'; did you mean 'DAT001'?");
  CHECK(problem_of("dangling-referense", rules).find("dangling-reference") != std::string::npos);
  CHECK(problem_of("\x1b[31m", rules).find('\x1b') == std::string::npos);
}

}  // namespace
}  // namespace doctor
