// ommi-doctor config: what a check would go by, and who says so.

#include <algorithm>
#include <memory>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cli/checks.hpp"
#include "cli/command.hpp"
#include "cli/document.hpp"
#include "cli/message.hpp"
#include "cli/settings_file.hpp"

namespace cli::commands {
namespace {

struct Options {
  SettingsArguments settings;
  std::string format = "text";
};

std::string as_text(const doctor::Settings& settings) {
  const auto shown = doctor::show(settings);
  std::size_t keys = 0;
  std::size_t values = 0;
  constexpr std::size_t widest = 60;
  for (const doctor::ShownSetting& one : shown) {
    keys = std::max(keys, one.key.size());
    values = std::max(values, std::min(one.value.size(), widest));
  }
  std::string out = settings.file.empty() ? "# no ommi-doctor.toml here or above\n"
                                          : fmt::format("# {}\n", settings.file);
  for (const doctor::ShownSetting& one : shown)
    out += fmt::format("{:<{}} = {:<{}}  # {}\n", one.key, keys, one.value, values, one.origin);
  return out;
}

std::string as_json(const doctor::Settings& settings) {
  nlohmann::ordered_json all = nlohmann::ordered_json::array();
  for (const doctor::ShownSetting& one : doctor::show(settings))
    all.push_back({{"key", one.key}, {"value", one.value}, {"origin", one.origin}});
  const nlohmann::ordered_json document = {{"file", settings.file}, {"settings", std::move(all)}};
  return document.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + '\n';
}

int show(const Options& options, Terminal& terminal) {
  const auto settings = load_settings(options.settings, terminal);
  if (!settings) return exit_trouble;
  Document document(terminal.out);
  document.write(options.format == "json" ? as_json(*settings) : as_text(*settings));
  if (document.finish() || document.abandoned()) return exit_clean;
  complain(terminal.err, "stdout", fmt::format("cannot be written: {}", document.problem()));
  return exit_trouble;
}

void declare(CLI::App& app, Action& chosen) {
  const auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand("config", "Show what a check goes by, and who says so");
  command->require_subcommand(1);
  CLI::App* shown = command->add_subcommand("show", "Every setting, its value and its origin");
  declare_settings_options(*shown, options->settings);
  shown->add_option("--format,-f", options->format, "How to show them: text or json")
      ->check(one_of("format", {"text", "json"}))
      ->type_name("FORMAT")
      ->capture_default_str();
  command->footer("Example:\n  ommi-doctor config show");
  shown->callback([&chosen, options] {
    chosen = [options](Terminal& terminal) { return show(*options, terminal); };
  });
}

}  // namespace

extern constinit const Command config = {.declare = declare};

}  // namespace cli::commands
