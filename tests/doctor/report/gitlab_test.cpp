#include <set>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "doctor/report/examined.hpp"

using nlohmann::json;

namespace {

json gitlab(const doctor::Diagnosis& diagnosis) {
  return json::parse(testing::written(diagnosis, "gitlab"));
}

}  // namespace

TEST_CASE("a GitLab issue has a severity and a place") {
  const json issues = gitlab(testing::sample_diagnosis());
  REQUIRE(issues.size() == 2);
  CHECK(issues[0]["check_name"] == "dangling-reference");
  CHECK(issues[0]["severity"] == "critical");
  CHECK(issues[1]["severity"] == "minor");
  CHECK(issues[0]["location"] == json::parse(R"({"path": "shop.db", "lines": {"begin": 1}})"));
  CHECK(issues[0]["description"] == "DAT001 Post.author: 3 posts point at users that do not exist");
}

TEST_CASE("no two GitLab issues have one fingerprint") {
  auto all = testing::all_diagnoses();
  all.back().second.findings.push_back(testing::dangling());
  all.back().second.findings.push_back(testing::dangling());
  for (const auto& [name, diagnosis] : all) {
    INFO(name);
    const json issues = gitlab(diagnosis);
    CHECK(issues.size() == diagnosis.findings.size() + diagnosis.skipped.size());
    std::set<std::string> fingerprints;
    for (const json& issue : issues) fingerprints.insert(issue["fingerprint"].get<std::string>());
    CHECK(fingerprints.size() == issues.size());
  }
}

TEST_CASE("what is known already is of the least severity, what was not looked at of the highest") {
  const json known = gitlab(testing::known_diagnosis());
  CHECK(known[1]["severity"] == "info");
  CHECK(known[2]["description"].get<std::string>().find("(suppressed: rows of the old importer)") !=
        std::string::npos);
  const json incomplete = gitlab(testing::incomplete_diagnosis());
  CHECK(incomplete[0]["severity"] == "blocker");
}

TEST_CASE("a finding about nothing in particular is about the database") {
  doctor::Diagnosis diagnosis = testing::sample_diagnosis();
  diagnosis.findings[0].subject = {};
  CHECK(gitlab(diagnosis)[0]["description"] ==
        "DAT001 the database: 3 posts point at users that do not exist");
}
