// Every format that has a published schema, or rules of its own, held against them: for databases
// of all kinds, as written for people and as written for build systems.

#include <array>
#include <cstdio>
#include <cstdlib>

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include "doctor/report/examined.hpp"
#include "support/folders.hpp"

namespace {

using std::filesystem::path;

/// A folder with every diagnosis in one format, twice; gone at the end.
class Written {
 public:
  explicit Written(const std::string& format)
      : folder_(std::filesystem::temp_directory_path() /
                fmt::format("ommi-doctor-{}-{}", format, std::hash<const void*>{}(this))) {
    std::filesystem::create_directories(folder_);
    doctor::ReportOptions build;
    build.show_values = true;
    build.verbose = true;
    build.statistics = true;
    build.explain = true;
    build.against_baseline = true;
    build.gate.reset();
    build.folder = folders::shared_data();
    build.snapshot_file = "models.json";
    for (const auto& [name, diagnosis] : testing::all_diagnoses()) {
      if (diagnosis.sources.catalog) {
        build.snapshot_text = doctor::write_manifest(*diagnosis.sources.catalog, {}, "database");
      }
      add(name, format, testing::written(diagnosis, format));
      add(name + "-build", format, testing::written(diagnosis, format, build));
    }
  }
  ~Written() { std::filesystem::remove_all(folder_); }
  Written(const Written&) = delete;
  Written& operator=(const Written&) = delete;

  [[nodiscard]] std::string files() const { return fmt::format("'{}'/*", folder_.string()); }
  /// As written for build systems, and the made-up ones as they are by default.
  [[nodiscard]] std::string chosen_files() const {
    std::string files = fmt::format("'{}'/*-build.*", folder_.string());
    for (const std::string_view name : {"sample", "nasty", "known", "incomplete", "empty"}) {
      files += fmt::format(" '{}'/{}.*", folder_.string(), name);
    }
    return files;
  }

 private:
  void add(const std::string& name, const std::string& format, const std::string& text) {
    std::ofstream(folder_ / fmt::format("{}.{}", name, format), std::ios::binary) << text;
  }

  path folder_;
};

struct Ran {
  int status;
  std::string output;
};

Ran run(const std::string& command) {
  std::FILE* pipe = popen((command + " 2>&1").c_str(), "r");
  REQUIRE(pipe != nullptr);
  std::string output;
  std::array<char, 4096> block{};
  while (const std::size_t size = std::fread(block.data(), 1, block.size(), pipe)) {
    output.append(block.data(), size);
  }
  return {pclose(pipe), output};
}

bool there(const std::string& command) { return run(command).status == 0; }

const std::string scripts = folders::source() + "/tests/doctor/report";

void check_json(const std::string& schema, const std::string& format) {
  if (!there("python3 -c 'import jsonschema'")) {
    WARN("skipped: python3 has no module jsonschema");
    return;
  }
  if (!std::filesystem::exists(schema)) {
    WARN("skipped: " << schema << " is not here");
    return;
  }
  const Written written(format);
  const Ran ran = run(fmt::format("python3 -B -W ignore '{}/check_json.py' '{}' {}", scripts,
                                  schema, written.files()));
  INFO(ran.output);
  CHECK(ran.status == 0);
}

/// The validator of code scanning: the one that is named or on the PATH, else npm's package, which
/// is kept in the build folder. Empty, with the reason, where it cannot be had.
std::string multitool(std::string& why) {
  if (const char* named = std::getenv("OMMI_SARIF_MULTITOOL")) return named;
  for (const char* name : {"Sarif.Multitool", "sarif-multitool-linux"}) {
    if (there(fmt::format("command -v {}", name))) return name;
  }
  const std::string folder = folders::binary() + "/sarif-multitool";
  const std::string program =
      folder + "/node_modules/@microsoft/sarif-multitool-linux/Sarif.Multitool";
  if (!std::filesystem::exists(program)) {
    if (!there("command -v npm")) {
      why = "npm is not installed, nor named by OMMI_SARIF_MULTITOOL";
      return {};
    }
    const Ran got = run(
        fmt::format("timeout 90 npm install --ignore-scripts --no-audit --no-fund --prefix '{}' "
                    "@microsoft/sarif-multitool-linux",
                    folder));
    if (!std::filesystem::exists(program)) {
      why = "npm does not get @microsoft/sarif-multitool-linux: " + got.output;
      return {};
    }
  }
  std::filesystem::permissions(program, std::filesystem::perms::owner_exec,
                               std::filesystem::perm_options::add);
  return program;
}

}  // namespace

TEST_CASE("the SARIF report fits its published schema") {
  check_json(folders::shared_schemas() + "/sarif-2.1.0.json", "sarif");
}

TEST_CASE("the JSON report of every database fits its schema") {
  check_json(folders::source() + "/docs/report.schema.json", "json");
}

TEST_CASE("every line of NDJSON fits its schema") {
  check_json(folders::source() + "/docs/events.schema.json", "ndjson");
}

TEST_CASE("the GitLab report is what GitLab documents") {
  check_json(scripts + "/gitlab.schema.json", "gitlab");
}

TEST_CASE("the JUnit report fits its published schema") {
  const std::string schema = folders::shared_schemas() + "/junit-10.xsd";
  if (!there("xmllint --version")) {
    WARN("skipped: xmllint is not installed");
    return;
  }
  if (!std::filesystem::exists(schema)) {
    WARN("skipped: " << schema << " is not here");
    return;
  }
  const Written written("junit");
  const Ran ran = run(fmt::format("xmllint --noout --schema '{}' {}", schema, written.files()));
  INFO(ran.output);
  CHECK(ran.status == 0);
}

TEST_CASE("the HTML report is one sound page that needs nothing else") {
  if (!there("python3 --version")) {
    WARN("skipped: python3 is not installed");
    return;
  }
  const Written written("html");
  const Ran ran = run(fmt::format("python3 -B '{}/check_html.py' {}", scripts, written.files()));
  INFO(ran.output);
  CHECK(ran.status == 0);
}

TEST_CASE("code scanning would take the SARIF report", "[slow]") {
  std::string why;
  const std::string tool = multitool(why);
  if (tool.empty()) {
    WARN("skipped: " << why);
    return;
  }
  const Written written("sarif");
  const Ran ran = run(fmt::format(
      "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1 '{}' validate {} --rule-kind 'Sarif;Ghas'", tool,
      written.chosen_files()));
  INFO(ran.output);
  CHECK(ran.status == 0);
  CHECK(ran.output.find("Analysis completed successfully") != std::string::npos);
  std::istringstream lines(ran.output);
  for (std::string line; std::getline(lines, line);) {
    const bool complaint =
        line.find(": error ") != std::string::npos || line.find(": warning ") != std::string::npos;
    // It wants the address of a home page, and there is none.
    if (complaint && line.find(" SARIF2005") == std::string::npos) FAIL_CHECK(line);
  }
}
