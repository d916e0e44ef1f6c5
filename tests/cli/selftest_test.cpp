#include "cli/selftest.hpp"

#include <algorithm>

#include <catch2/catch.hpp>

namespace cli {
namespace {

TEST_CASE("the boundary treats every fault of a driver rightly") {
  const std::vector<SelftestCase> cases = run_selftest();
  for (const SelftestCase& test : cases) {
    INFO(test.name << ": " << test.said);
    CHECK(test.got == test.expected);
    CHECK(test.caught);
  }
  for (std::size_t number = 0; number < ommi::malformed_count; ++number) {
    const std::string_view name = to_string(static_cast<ommi::Malformed>(number));
    INFO(name);
    CHECK(std::any_of(cases.begin(), cases.end(),
                      [&](const SelftestCase& test) { return test.name == name; }));
  }
}

}  // namespace
}  // namespace cli
