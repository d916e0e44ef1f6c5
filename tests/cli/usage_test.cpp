#include <catch2/catch.hpp>

#include "cli/captured.hpp"

TEST_CASE("the version is one line on stdout") {
  const auto seen = testing::run({"--version"});
  CHECK(seen.code == 0);
  CHECK(seen.out.rfind("ommi-doctor ", 0) == 0);
  CHECK(seen.out.find('\n') == seen.out.size() - 1);
  CHECK(seen.err.empty());
}
