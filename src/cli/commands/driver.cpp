// ommi-doctor driver selftest: shows the boundary catching a driver's faults, one by one.

#include <algorithm>
#include <memory>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cli/checks.hpp"
#include "cli/command.hpp"
#include "cli/document.hpp"
#include "cli/message.hpp"
#include "cli/selftest.hpp"
#include "doctor/report_parts/layout.hpp"

namespace cli::commands {
namespace {

using Cases = std::vector<SelftestCase>;

std::size_t missed(const Cases& cases) {
  return static_cast<std::size_t>(std::count_if(
      cases.begin(), cases.end(), [](const SelftestCase& test) { return !test.caught; }));
}

std::string as_json(const Cases& cases) {
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const SelftestCase& test : cases) {
    list.push_back({{"case", test.name},
                    {"operation", test.operation},
                    {"driver_returned", test.told},
                    {"expected", test.expected},
                    {"got", test.got},
                    {"boundary_said", test.said},
                    {"right", test.caught}});
  }
  const nlohmann::ordered_json out = {
      {"schema_version", 1}, {"wrong", missed(cases)}, {"cases", std::move(list)}};
  return out.dump(2) + '\n';
}

// Each fault and what the driver returned on one line; under it what the boundary said, whole.
std::string as_text(const Cases& cases, const Terminal& terminal) {
  constexpr std::size_t indent = 2;
  const std::size_t width = terminal.width > 2 * indent ? terminal.width - indent : indent;
  std::string out = fmt::format("{:<27}{}\n{:{}}{}\n\n", "the driver's fault", "it returned", "",
                                indent, "verdict: the boundary said");
  for (const SelftestCase& test : cases) {
    out += fmt::format("{:<27}{}\n", test.name, test.told);
    const std::string said = fmt::format("{}: {}", test.caught ? "right" : "WRONG", test.said);
    for (const std::string& line : doctor::report_parts::wrapped(said, width)) {
      out += fmt::format("{:{}}{}\n", "", indent, line);
    }
  }
  const std::size_t wrong = missed(cases);
  out += wrong == 0 ? fmt::format("\nall {} treated rightly\n", cases.size())
                    : fmt::format("\n{} of {} not treated rightly\n", wrong, cases.size());
  return out;
}

int selftest(const std::string& format, Terminal& terminal) {
  const Cases cases = run_selftest();
  Document document(terminal.out);
  document.write(format == "json" ? as_json(cases) : as_text(cases, terminal));
  const bool written = document.finish();
  if (!written && !document.abandoned()) {
    complain(terminal.err, "stdout", fmt::format("cannot be written: {}", document.problem()));
    return exit_trouble;
  }
  return missed(cases) == 0 ? exit_clean : exit_findings;
}

void declare(CLI::App& app, Action& chosen) {
  CLI::App* command =
      app.add_subcommand("driver", "Check what stands between a driver and its users");
  command->require_subcommand(1);
  const auto format = std::make_shared<std::string>("text");
  CLI::App* test = command->add_subcommand(
      "selftest", "Have a driver return every kind of malformed answer, and show what catches it");
  test->add_option("--format,-f", *format, "How to print: text or json")
      ->check(one_of("format", {"text", "json"}))
      ->capture_default_str();
  test->footer(
      "Needs no database: it works on one in memory. Ends with 0 if each was treated rightly.\n\n"
      "Examples:\n"
      "  ommi-doctor driver selftest\n"
      "  ommi-doctor driver selftest --format json");
  test->callback([&chosen, format] {
    chosen = [format](Terminal& terminal) { return selftest(*format, terminal); };
  });
}

}  // namespace

extern constinit const Command driver = {.declare = declare};

}  // namespace cli::commands
