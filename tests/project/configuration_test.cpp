// What the documentation says can be set is what can be set.

#include <fstream>
#include <iterator>
#include <string>

#include <catch2/catch.hpp>

#include "doctor/settings.hpp"
#include "support/folders.hpp"

namespace project {
namespace {

std::string text_of(const std::string& file) {
  std::ifstream in(folders::source() + "/" + file);
  REQUIRE(in);
  return std::string(std::istreambuf_iterator<char>(in), {});
}

TEST_CASE("the configuration in the documentation is accepted, and names every setting") {
  const std::string page = text_of("docs/check.md");
  std::string all;
  for (std::size_t at = page.find("```toml\n"); at != std::string::npos;
       at = page.find("```toml\n", at)) {
    at += 8;
    const std::size_t end = page.find("```", at);
    REQUIRE(end != std::string::npos);
    all += page.substr(at, end - at);
    at = end + 3;
  }
  REQUIRE(!all.empty());
  const auto settings = doctor::read_settings(all, "ommi-doctor.toml", {"sarif"});
  INFO((settings ? "" : settings.failure()->message()));
  REQUIRE(settings.ok());
  for (const doctor::ShownSetting& shown : doctor::show(settings.value())) {
    INFO(shown.key);
    CHECK(shown.origin != "default");
  }
  CHECK(settings.value().suppressions.size() == 1);
  CHECK(settings.value().rules.size() == 1);
  CHECK(settings.value().scenarios.size() == 1);
}

}  // namespace
}  // namespace project
