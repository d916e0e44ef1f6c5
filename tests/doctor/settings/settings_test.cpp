#include "doctor/settings.hpp"

#include <filesystem>
#include <fstream>

#include <catch2/catch.hpp>

namespace doctor {
namespace {

const std::vector<std::string> formats = {"json", "sarif", "text"};

std::string refusal_of(std::string_view text) {
  const auto read = read_settings(text, "conf/ommi-doctor.toml", formats);
  return read ? std::string("(accepted)") : std::string(read.failure()->message());
}

Settings settings_of(std::string_view text) {
  return read_settings(text, "conf/ommi-doctor.toml", formats).or_raise();
}

TEST_CASE("an empty configuration is all defaults") {
  const Settings settings = settings_of("");
  for (const ShownSetting& shown : show(settings)) {
    INFO(shown.key);
    CHECK(shown.origin == "default");
  }
  CHECK(settings.fail_on.value == "warning");
  CHECK(settings.memory.value == std::uint64_t{256} << 20U);
}

TEST_CASE("models may be a text or a list, and lie beside the configuration") {
  const auto models = [](const std::string& text) { return settings_of(text).models.value; };
  using Paths = std::vector<std::string>;
  CHECK(models("models = \"app/\"") == Paths{"conf/app/"});
  CHECK(models("models = [\"app/\", \"../more/**/models.py\"]") ==
        Paths{"conf/app/", "more/**/models.py"});
  CHECK(models("models = []").empty());
  CHECK(models("models = \"\"").empty());
  CHECK(refusal_of("models = 3") ==
        "conf/ommi-doctor.toml:1: 'models' must be a text in quotes, or a list of such: [\"…\"]");
  CHECK(refusal_of("models = [\"\"]") ==
        "conf/ommi-doctor.toml:1: 'models' must not have an empty text");
}

TEST_CASE("the Python that reads the models is named with its patience") {
  const Settings settings = settings_of("python = \"env/bin/python\"\npython-timeout = 2.5\n");
  CHECK(settings.python.value == "conf/env/bin/python");
  CHECK(settings.python_timeout.value == 2.5);
  CHECK(settings.python_timeout.origin == "conf/ommi-doctor.toml:2");
  // A name is looked for on the PATH.
  CHECK(settings_of("python = \"python3.12\"").python.value == "python3.12");
}

TEST_CASE("every setting is read and knows its line") {
  const Settings settings = settings_of(
      "name = \"shop\"\nmodels = \"models.json\"\nviews = true\ninfer = false\n"
      "select = [\"DAT\"]\nextend-select = [\"SCH004\"]\nignore = [\"DAT003\"]\n"
      "fail-on = \"error\"\nmax-warnings = 7\nsample = 50\njobs = 2\nmemory = \"1GiB\"\n"
      "timeout = 2.5\nlock-timeout = 1\nbaseline = \"known.json\"\nsnapshot = \"models.json\"\n"
      "output = [\"sarif=out/report.sarif\"]\n[levels]\nDAT001 = \"warning\"\n");
  CHECK(settings.name.value == "shop");
  CHECK(settings.models.value == std::vector<std::string>{"conf/models.json"});
  CHECK(settings.models.origin == "conf/ommi-doctor.toml:2");
  CHECK(settings.views.value);
  CHECK(!settings.infer.value);
  CHECK(settings.select.value == std::vector<std::string>{"DAT"});
  CHECK(settings.extend_select.value == std::vector<std::string>{"SCH004"});
  CHECK(settings.ignore.value == std::vector<std::string>{"DAT003"});
  CHECK(settings.fail_on.value == "error");
  CHECK(settings.max_warnings.value == 7U);
  CHECK(settings.sample.value == 50);
  CHECK(settings.jobs.value == 2);
  CHECK(settings.memory.value == std::uint64_t{1} << 30U);
  CHECK(settings.timeout.value == 2.5);
  CHECK(settings.lock_timeout.value == 1.0);
  CHECK(settings.baseline.value == "conf/known.json");
  CHECK(settings.snapshot.value == "conf/models.json");
  CHECK(settings.output.value == std::vector<std::string>{"sarif=conf/out/report.sarif"});
  CHECK(settings.levels.value.at("DAT001") == Level::warning);
  CHECK(settings.levels.origin == "conf/ommi-doctor.toml:18");
}

TEST_CASE("suppressions, rules and scenarios are read with their lines") {
  const Settings settings = settings_of(
      "[[suppress]]\nrule = \"DAT001\"\nobject = \"Post.author\"\nreason = \"old rows\"\n"
      "expires = 2027-01-31\n"
      "[[rule]]\ncode = \"SHOP001\"\nname = \"no-lines\"\nlevel = \"error\"\n"
      "message = \"order {id}\"\nsql = \"SELECT 1 AS id\"\ntable = \"orders\"\n"
      "[[scenario]]\nname = \"front\"\npath = \"User[1].posts\"\nrows = 2\nmax-queries = 3\n"
      "max-rows = 9\nmax-ms = 1.5\n");
  REQUIRE(settings.suppressions.size() == 1);
  CHECK(settings.suppressions[0].expires == Day{2027, 1, 31});
  CHECK(settings.suppressions[0].place.to_string() == "conf/ommi-doctor.toml:1");
  REQUIRE(settings.rules.size() == 1);
  CHECK(settings.rules[0].level == Level::error);
  CHECK(settings.rules[0].table == "orders");
  CHECK(settings.rules[0].place.line == 6);
  REQUIRE(settings.scenarios.size() == 1);
  CHECK(settings.scenarios[0].budget.rows == 2U);
  CHECK(settings.scenarios[0].budget.max_queries == 3U);
  CHECK(settings.scenarios[0].budget.max_rows == 9U);
  CHECK(settings.scenarios[0].budget.max_ms == 1.5);
}

TEST_CASE("what is wrong in a configuration is said with its line") {
  CHECK(refusal_of("jbos = 2\n") ==
        "conf/ommi-doctor.toml:1: the configuration has no key 'jbos'; did you mean 'jobs'?");
  CHECK(refusal_of("\nselect = [\"DTA001\"]\n") ==
        "conf/ommi-doctor.toml:2: no rule is named 'DTA001'; did you mean 'DAT001'?");
  CHECK(refusal_of("fail-on = \"fatal\"\n").find(":1: 'fail-on' is one of error") !=
        std::string::npos);
  CHECK(refusal_of("jobs = 0\n").find("from 1") != std::string::npos);
  CHECK(refusal_of("jobs = 17\n").find("from 1 to 16") != std::string::npos);
  CHECK(refusal_of("jobs = \"2\"\n").find("whole number") != std::string::npos);
  CHECK(refusal_of("memory = \"lots\"\n").find("256MiB") != std::string::npos);
  CHECK(refusal_of("timeout = -1\n").find("from 0") != std::string::npos);
  CHECK(refusal_of("views = \"yes\"\n").find("true or false") != std::string::npos);
  CHECK(refusal_of("select = \"ALL\"\n").find("list of texts") != std::string::npos);
  CHECK(refusal_of("output = [\"sarfi=x\"]\n").find("did you mean 'sarif'?") != std::string::npos);
  CHECK(refusal_of("[levels]\nDAT001 = \"fatal\"\n").find(":2: no level is named") !=
        std::string::npos);
  CHECK(refusal_of("name = \n").find(":1: ") != std::string::npos);
  CHECK(refusal_of("[suppress]\nrule = \"DAT001\"\n").find("[[suppress]]") != std::string::npos);
  CHECK(refusal_of("[[suppress]]\nrule = \"DAT001\"\nobject = \"x\"\n").find("needs a 'reason'") !=
        std::string::npos);
  CHECK(refusal_of("[[suppress]]\nrule = \"DAT999\"\nobject = \"x\"\nreason = \"y\"\n")
            .find(":1: no rule is named") != std::string::npos);
  CHECK(refusal_of("[[rule]]\ncode = \"DAT001\"\nname = \"x\"\nmessage = \"m\"\nsql = \"s\"\n")
            .find("built-in") != std::string::npos);
  CHECK(refusal_of("[[rule]]\ncode = \"shop\"\n").find("capital letters") != std::string::npos);
  CHECK(refusal_of("[[scenario]]\nname = \"x\"\n").find("needs a 'path'") != std::string::npos);
}

TEST_CASE("sizes are read in every unit") {
  CHECK(parse_size("256MiB") == std::uint64_t{256} << 20U);
  CHECK(parse_size("1 GB") == std::uint64_t{1'000'000'000});
  CHECK(parse_size("2097152") == std::uint64_t{2} << 20U);
  CHECK(!parse_size("1KiB"));
  CHECK(!parse_size("MiB"));
  CHECK(!parse_size("-5MiB"));
  CHECK(!parse_size("5 parsecs"));
  CHECK(!parse_size("99999999999999999999GiB"));
}

TEST_CASE("the nearest configuration counts, and none beyond the repository") {
  namespace fs = std::filesystem;
  const fs::path top = fs::temp_directory_path() / "ommi-settings-test";
  fs::remove_all(top);
  fs::create_directories(top / "repository" / ".git");
  fs::create_directories(top / "repository" / "a" / "b");
  std::ofstream(top / "ommi-doctor.toml") << "jobs = 1\n";
  CHECK(find_settings((top / "repository" / "a" / "b").string()).empty());
  std::ofstream(top / "repository" / "ommi-doctor.toml") << "jobs = 1\n";
  CHECK(find_settings((top / "repository" / "a" / "b").string()) ==
        (top / "repository" / "ommi-doctor.toml").string());
  fs::remove_all(top);
}

}  // namespace
}  // namespace doctor
