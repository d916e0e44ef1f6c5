#pragma once

/// \file
/// The configuration of a run: the file that was named, the one that is found, or none.

#include <optional>
#include <string>
#include <vector>

#include "cli/command.hpp"
#include "doctor/settings.hpp"

namespace cli {

struct SettingsArguments {
  std::string config;
  bool isolated = false;
};

/// Adds `--config` and `--isolated`.
void declare_settings_options(CLI::App& command, SettingsArguments& arguments);

/// Complains and gives nothing where the file cannot be read or is wrong.
[[nodiscard]] std::optional<doctor::Settings> load_settings(const SettingsArguments& arguments,
                                                            Terminal& terminal);

/// The whole of a file, or nothing where it cannot be read; at most 16 MiB.
[[nodiscard]] std::optional<std::string> contents_of(const std::string& file);

/// The names of all report formats.
[[nodiscard]] std::vector<std::string> format_names();

}  // namespace cli
