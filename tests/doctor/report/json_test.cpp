#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <catch2/catch.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "doctor/report/sample_diagnosis.hpp"
#include "support/folders.hpp"

using nlohmann::json;

namespace {

json report_of(const doctor::Diagnosis& diagnosis, const doctor::ReportOptions& options = {}) {
  return json::parse(testing::written(diagnosis, "json", options));
}

}  // namespace

TEST_CASE("the JSON report keeps its contract") {
  const json report = report_of(testing::sample_diagnosis());
  CHECK(report["schema_version"] == 1);
  CHECK(report["tool"]["name"] == "ommi-doctor");
  CHECK(report["database"]["sha256_before"] == "aa");
  CHECK(report["catalog"]["models"] == 3);
  CHECK(report["scope"]["rows_swept"] == 12034);
  const json& author = report["relationships"][1];
  CHECK(author["name"] == "Post.author");
  CHECK(author["kind"] == "to-one");
  CHECK(author["via"].is_null());
  CHECK(author["join"] == json::parse(R"([["Post.user_id", "User.id"]])"));
  CHECK(author["verdict"] == "failing");
  CHECK(author["returned"]["Cursor<User>"] == 2);
  const json& finding = report["findings"][0];
  CHECK(finding["code"] == "DAT001");
  CHECK(finding["subject"]["relationship"] == "Post.author");
  CHECK(finding["remedies"][0]["kind"] == "unsafe");
  CHECK(report["summary"] ==
        json::parse(R"({"error": 1, "warning": 1, "info": 0, "baselined": 0, "suppressed": 0})"));
  CHECK(report["complete"] == true);
}

TEST_CASE("values are exact in JSON") {
  const json samples = report_of(testing::sample_diagnosis())["findings"][0]["samples"];
  CHECK(samples[0]["key"]["id"].get<std::int64_t>() == 9007199254740993);
  CHECK(samples[0]["value"] == 99);
  CHECK(samples[1]["value"]["title"]["$hidden"] == "text(19)");
  CHECK(samples[2]["value"]["$blob"] == "AP8=");
  CHECK(samples[3]["value"]["$real"] == "inf");
}

TEST_CASE("text that is not UTF-8 keeps its bytes in JSON") {
  doctor::Diagnosis diagnosis = testing::sample_diagnosis();
  diagnosis.findings[0].samples = {{{{"id",
                                      "\xff"
                                      "A"}},
                                    {}}};
  const json sample = report_of(diagnosis)["findings"][0]["samples"][0];
  CHECK(sample["key"]["id"]["$text"] == "/0E=");
  CHECK(sample["value"].is_null());
}

TEST_CASE("every line of NDJSON is an object with a kind, the last one a summary") {
  std::istringstream lines(testing::written(testing::sample_diagnosis(), "ndjson"));
  std::vector<std::string> kinds;
  for (std::string line; std::getline(lines, line);) {
    kinds.push_back(json::parse(line).at("kind").get<std::string>());
  }
  CHECK(kinds == std::vector<std::string>{"relationship", "relationship", "relationship", "finding",
                                          "finding", "summary"});
}

TEST_CASE("the JSON report fits its published schema") {
  if (std::system("python3 -c 'import jsonschema' 2>/dev/null") != 0) {
    WARN("skipped: python3 has no module jsonschema");
    return;
  }
  doctor::Diagnosis diagnosis = testing::sample_diagnosis();
  diagnosis.skipped = {{"a table", "the time is up"}};
  diagnosis.sources.draft.suggestions = {
      {"Post", {{"user_id"}, "User", {"id"}, ommi::Origin::inferred, 0.5}, 10, 5, {7}, "half"}};
  doctor::PathStep step;
  step.path = "User";
  step.children = {step};
  diagnosis.path = step;

  const auto file = std::filesystem::temp_directory_path() /
                    fmt::format("ommi-doctor-report-{}.json", std::hash<const void*>{}(&diagnosis));
  std::ofstream(file) << testing::written(diagnosis, "json", {.show_values = true});
  const std::string command = fmt::format(
      "python3 -c 'import json, jsonschema, sys; schema = json.load(open(sys.argv[1])); "
      "jsonschema.Draft7Validator.check_schema(schema); "
      "jsonschema.validate(json.load(open(sys.argv[2])), schema)' '{}' '{}'",
      folders::source() + "/docs/report.schema.json", file.string());
  CHECK(std::system(command.c_str()) == 0);
  std::filesystem::remove(file);
}
