#include <sstream>

#include <catch2/catch.hpp>

#include "doctor/report/examined.hpp"

namespace {

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

std::string github(const doctor::Diagnosis& diagnosis, const doctor::ReportOptions& options = {}) {
  return testing::written(diagnosis, "github", options);
}

}  // namespace

TEST_CASE("a finding is one workflow command with its place and title") {
  const auto lines = lines_of(github(testing::sample_diagnosis()));
  CHECK(lines[0].rfind("::error file=shop.db,line=1,title=DAT001 dangling-reference "
                       "Post.author::3 posts point at users that do not exist%0A",
                       0) == 0);
  CHECK(lines[1].rfind("::warning file=shop.db,line=1,title=PRF001 loads-one-by-one ", 0) == 0);
  CHECK(lines.back().rfind("ommi-doctor: shop.db: 3 models", 0) == 0);
}

TEST_CASE("what a workflow command is made of is escaped") {
  doctor::Diagnosis diagnosis = testing::sample_diagnosis();
  diagnosis.findings.resize(1);
  diagnosis.findings[0].place = {"a,b:c%d.py", 7};
  diagnosis.findings[0].message = "50% of Post.a:b, all told";
  const auto lines = lines_of(github(diagnosis));
  CHECK(lines[0].find("file=a%2Cb%3Ac%25d.py,line=7,") != std::string::npos);
  CHECK(lines[0].find("::50%25 of Post.a:b, all told%0A") != std::string::npos);
}

TEST_CASE("no name becomes a workflow command of its own") {
  for (const auto& [name, diagnosis] : testing::all_diagnoses()) {
    INFO(name);
    std::size_t commands = 0;
    for (const std::string& line : lines_of(github(diagnosis, {.verbose = true}))) {
      INFO(line);
      const bool command = line.find_first_not_of(" \t") != std::string::npos &&
                           line.compare(line.find_first_not_of(" \t"), 2, "::") == 0;
      commands += command ? 1U : 0U;
      if (!command) CHECK(line.find("##[") == std::string::npos);
    }
    CHECK(commands == diagnosis.count(doctor::Standing::open) + diagnosis.skipped.size());
  }
}

TEST_CASE("what is known already is in the log and annotates nothing") {
  const auto lines = lines_of(github(testing::known_diagnosis()));
  CHECK(lines[1] ==
        "error DAT001 dangling-reference Post.author: 3 posts point at users that do not exist "
        "(baselined)");
  CHECK(lines[2].find("(suppressed: rows of the old importer)") != std::string::npos);
  CHECK(lines[3].rfind("::notice ", 0) == 0);
  CHECK(lines.back().find("1 baselined, 1 suppressed") != std::string::npos);
}

TEST_CASE("what was not looked at is an error annotation") {
  const std::string text = github(testing::incomplete_diagnosis());
  CHECK(text.rfind("::error file=shop.db,line=1,title=incomplete%2C not looked at::Post.author: "
                   "the time is up\n",
                   0) == 0);
}
