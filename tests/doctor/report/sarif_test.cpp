#include <set>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "doctor/report/examined.hpp"
#include "doctor/rule.hpp"

using nlohmann::json;

namespace {

json run_of(const doctor::Diagnosis& diagnosis, const doctor::ReportOptions& options = {}) {
  return json::parse(testing::written(diagnosis, "sarif", options))["runs"][0];
}

json place_of(const json& result) { return result["locations"][0]["physicalLocation"]; }

}  // namespace

TEST_CASE("a SARIF result points at its rule, which has all that code scanning wants") {
  for (const auto& [name, diagnosis] : testing::all_diagnoses()) {
    INFO(name);
    const json run = run_of(diagnosis);
    const json& rules = run["tool"]["driver"]["rules"];
    CHECK(run["results"].size() == diagnosis.findings.size());
    for (const json& result : run["results"]) {
      const json& rule = rules[result["ruleIndex"].get<std::size_t>()];
      CHECK(rule["id"] == result["ruleId"]);
      CHECK(rule["help"]["markdown"].get<std::string>().size() > 10);
      CHECK(rule["properties"].contains("precision"));
      CHECK(place_of(result)["region"]["startLine"].get<int>() >= 1);
      const auto uri = place_of(result)["artifactLocation"]["uri"].get<std::string>();
      CHECK(uri.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                  "-._~/%") == std::string::npos);
      CHECK(uri.substr(0, 1) != "/");
    }
  }
}

TEST_CASE("every rule of the catalogue is in the SARIF report, found or not") {
  const json run = run_of(testing::empty_diagnosis());
  std::set<std::string> ids;
  for (const json& rule : run["tool"]["driver"]["rules"]) ids.insert(rule["id"]);
  for (const doctor::Rule* rule : doctor::all_rules()) {
    CHECK(ids.count(std::string(rule->code)) == 1);
  }
}

TEST_CASE("the levels of SARIF are those of the findings") {
  const json results = run_of(testing::known_diagnosis())["results"];
  CHECK(results[0]["level"] == "error");
  CHECK(results[3]["level"] == "note");
  CHECK(run_of(testing::sample_diagnosis())["results"][1]["level"] == "warning");
}

TEST_CASE("SARIF marks what is known already") {
  const json run = run_of(testing::known_diagnosis());
  const json& results = run["results"];
  CHECK(results[0]["baselineState"] == "new");
  CHECK_FALSE(results[0].contains("suppressions"));
  CHECK(results[1]["baselineState"] == "unchanged");
  CHECK(results[2]["suppressions"][0]["justification"] == "rows of the old importer");
  CHECK(results[2]["suppressions"][0]["kind"] == "external");
  SECTION("without a baseline nothing is new") {
    CHECK_FALSE(run_of(testing::sample_diagnosis())["results"][0].contains("baselineState"));
    const json compared = run_of(testing::sample_diagnosis(), {.against_baseline = true});
    CHECK(compared["results"][0]["baselineState"] == "new");
  }
}

TEST_CASE("a fingerprint in SARIF is the finding's and no other result's") {
  doctor::Diagnosis diagnosis = testing::sample_diagnosis();
  diagnosis.findings.push_back(diagnosis.findings[0]);
  const json results = run_of(diagnosis)["results"];
  const auto hash = [&](std::size_t at) {
    return results[at]["partialFingerprints"]["primaryLocationLineHash"].get<std::string>();
  };
  CHECK(hash(0) == "f00d:1");
  CHECK(hash(2) == "f00d:2");
}

TEST_CASE("what was not looked at is a notification, and the run did not succeed") {
  const json run = run_of(testing::incomplete_diagnosis());
  const json& invocation = run["invocations"][0];
  CHECK(invocation["executionSuccessful"] == false);
  CHECK(invocation["exitCode"] == 2);
  const json& notifications = invocation["toolExecutionNotifications"];
  REQUIRE(notifications.size() == 3);
  CHECK(notifications[0]["message"]["text"] == "Post.author: the time is up.");
  CHECK(notifications[0]["level"] == "error");
  CHECK(notifications[2]["level"] == "note");
  const json& kinds = run["tool"]["driver"]["notifications"];
  for (const json& one : notifications) {
    CHECK(kinds[one["descriptor"]["index"].get<std::size_t>()]["id"] == one["descriptor"]["id"]);
  }
}

TEST_CASE("the exit code in SARIF is what the gate makes it, or what the program says") {
  const doctor::Diagnosis diagnosis = testing::known_diagnosis();
  const auto code = [&](const doctor::ReportOptions& options) {
    return run_of(diagnosis, options)["invocations"][0]["exitCode"].get<int>();
  };
  CHECK(code({}) == 1);
  CHECK(code({.gate = std::nullopt}) == 0);
  CHECK(code({.exit_code = 130}) == 130);
  doctor::Diagnosis known = diagnosis;
  known.findings.erase(known.findings.begin());
  CHECK(run_of(known)["invocations"][0]["exitCode"] == 0);
  CHECK(run_of(known, {.gate = doctor::Level::info})["invocations"][0]["exitCode"] == 1);
}

TEST_CASE("a remedy that edits a models file is a fix in SARIF, SQL is not") {
  doctor::Diagnosis diagnosis = testing::sample_diagnosis();
  CHECK_FALSE(run_of(diagnosis)["results"][0].contains("fixes"));
  diagnosis.findings[0].remedies.push_back(
      {doctor::Safety::manual,
       "name the reference",
       {},
       {{"app/models.py", 31, 2, "    author: User"}, {"app/models.py", 3, 0, "import user"}}});
  const json fix = run_of(diagnosis)["results"][0]["fixes"];
  REQUIRE(fix.size() == 1);
  CHECK(fix[0]["description"]["text"] == "name the reference.");
  const json& changes = fix[0]["artifactChanges"];
  CHECK(changes[0]["artifactLocation"]["uri"] == "app/models.py");
  CHECK(changes[0]["replacements"][0]["deletedRegion"] ==
        json::parse(R"({"startLine": 31, "endLine": 32})"));
  CHECK(changes[0]["replacements"][0]["insertedContent"]["text"] == "    author: User");
  CHECK(changes[1]["replacements"][0]["deletedRegion"] ==
        json::parse(R"({"startLine": 3, "startColumn": 1, "endColumn": 1})"));
  CHECK(changes[1]["replacements"][0]["insertedContent"]["text"] == "import user\n");
}

TEST_CASE("other relationships that a fault touches are related locations") {
  doctor::Diagnosis diagnosis = testing::sample_diagnosis();
  const ommi::Catalog& catalog = *diagnosis.sources.catalog;
  diagnosis.findings[0].relations = {catalog.find("Post")->find_relation("author"),
                                     catalog.find("User")->find_relation("posts")};
  const json related = run_of(diagnosis)["results"][0]["relatedLocations"];
  REQUIRE(related.size() == 1);
  CHECK(related[0]["message"]["text"] == "User.posts is affected.");
  CHECK(related[0]["logicalLocations"][0]["name"] == "posts");
}

TEST_CASE("a brace in a SARIF message is no placeholder and a bracket no link") {
  const json results = run_of(testing::nasty_diagnosis())["results"];
  const auto text = results[0]["message"]["text"].get<std::string>();
  CHECK(text.find("{{0}}") != std::string::npos);
  CHECK(text.find("](") == std::string::npos);
}

TEST_CASE("reports on two databases of one commit have categories of their own") {
  doctor::Diagnosis diagnosis = testing::sample_diagnosis();
  diagnosis.database.name = "/srv/app/data base/shop.db";
  CHECK(run_of(diagnosis, {.folder = "/srv/app"})["automationDetails"]["id"] ==
        "ommi-doctor/data%20base/shop.db/");
}

TEST_CASE("a name at the beginning of a SARIF message keeps its case") {
  doctor::Diagnosis diagnosis = testing::sample_diagnosis();
  diagnosis.findings[0].message = "posts.user names nobody";
  diagnosis.findings[0].scope.clear();
  const json run = run_of(diagnosis);
  CHECK(run["results"][0]["message"]["text"].get<std::string>().rfind("posts.user names nobody.\n",
                                                                      0) == 0);
  CHECK(run["automationDetails"]["description"]["text"].get<std::string>().rfind("shop.db: ", 0) ==
        0);
}
