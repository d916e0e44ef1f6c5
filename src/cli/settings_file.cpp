#include "cli/settings_file.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>

#include <CLI/CLI.hpp>

#include "cli/message.hpp"
#include "doctor/report.hpp"

namespace cli {
namespace {

constexpr std::uintmax_t largest_file = std::uintmax_t{16} << 20U;

/// As a person in the current folder would write it.
std::string from_here(const std::string& file) {
  std::error_code error;
  const auto near = std::filesystem::proximate(file, error);
  return error || near.empty() ? file : near.string();
}

}  // namespace

void declare_settings_options(CLI::App& command, SettingsArguments& arguments) {
  command
      .add_option("--config", arguments.config,
                  "The configuration, instead of the nearest ommi-doctor.toml in this folder or "
                  "above, up to the repository's root")
      ->type_name("FILE");
  command.add_flag("--isolated", arguments.isolated, "Read no configuration")->excludes("--config");
}

std::optional<std::string> contents_of(const std::string& file) {
  std::error_code error;
  const bool regular = std::filesystem::is_regular_file(file, error);
  if (!regular || std::filesystem::file_size(file, error) > largest_file || error)
    return std::nullopt;
  std::ifstream in(file, std::ios::binary);
  if (!in) return std::nullopt;
  return std::string(std::istreambuf_iterator<char>(in), {});
}

std::vector<std::string> format_names() {
  std::vector<std::string> names;
  for (const doctor::ReportFormat* format : doctor::all_report_formats())
    names.emplace_back(format->name);
  return names;
}

std::optional<doctor::Settings> load_settings(const SettingsArguments& arguments,
                                              Terminal& terminal) {
  if (arguments.isolated) return doctor::Settings();
  std::string file = arguments.config;
  if (file.empty()) {
    file = doctor::find_settings("");
    if (file.empty()) return doctor::Settings();
    file = from_here(file);
  }
  const auto text = contents_of(file);
  if (!text) {
    complain(terminal.err, file, "cannot be read",
             "name a TOML file with --config, or none with --isolated");
    return std::nullopt;
  }
  auto settings = doctor::read_settings(*text, file, format_names());
  if (const ommi::Failure* failure = settings.failure()) {
    complain(terminal.err, "", failure->message(),
             "'ommi-doctor config show' lists what can be set");
    return std::nullopt;
  }
  return std::move(settings).value();
}

}  // namespace cli
