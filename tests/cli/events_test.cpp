#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include "cli/captured.hpp"
#include "support/folders.hpp"

TEST_CASE("every line of an event stream fits its schema, the events of libommi as well") {
  if (std::system("python3 -c 'import jsonschema' 2>/dev/null") != 0) {
    WARN("skipped: python3 has no module jsonschema");
    return;
  }
  const auto [name, command] = GENERATE(table<std::string, std::string>({
      {"blog-broken", "trace"},
      {"permissions", "trace"},
      {"text-keys", "check"},
  }));
  const auto file = std::filesystem::temp_directory_path() /
                    fmt::format("ommi-doctor-events-{}-{}.ndjson", name, std::rand());
  const std::string database = folders::binary() + "/sample-dbs/" + name + ".db";
  for (const bool values : {false, true}) {
    std::vector<std::string> arguments = {command, database, "--format", "ndjson"};
    if (values) arguments.emplace_back("--show-values");
    const auto ran = testing::run(arguments);
    CHECK(ran.code == 1);
    REQUIRE(ran.out.find("\"kind\":\"summary\"") != std::string::npos);
    std::ofstream(file) << ran.out;
    CHECK(std::system(fmt::format("python3 -B -W ignore '{0}/tests/doctor/report/check_json.py' "
                                  "'{0}/docs/events.schema.json' '{1}'",
                                  folders::source(), file.string())
                          .c_str()) == 0);
  }
  std::filesystem::remove(file);
}
