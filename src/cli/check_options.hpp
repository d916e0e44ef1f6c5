#pragma once

/// \file
/// What `check` is told on the command line, and how that and the configuration become one.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cli/database_run.hpp"
#include "cli/settings_file.hpp"
#include "doctor/selection.hpp"
#include "doctor/settings.hpp"

namespace cli {

struct CheckArguments {
  DatabaseArguments database;
  SettingsArguments settings;
  std::string format = "text";
  std::vector<std::string> output;
  std::vector<std::string> select, extend_select, ignore;
  std::string fail_on;
  std::optional<std::uint64_t> max_warnings, sample, jobs;
  std::optional<double> sweep_timeout;
  std::string memory;
  std::string baseline;
  std::string snapshot;
  std::uint64_t seed = 1;
  std::uint64_t limit = 5;
  bool all = false;
  bool update_baseline = false;
  bool diff = false;   // the sources' changes instead of a report
  bool apply = false;  // make them
  bool statistics = false;
  bool explain = false;
  bool quiet = false;
  bool verbose = false;
  std::vector<std::string> given;  // the options of `database` that were on the command line
};

void declare_check_options(CLI::App& command, CheckArguments& arguments);
/// Once the command line is read: notes which of the shared options it has.
void note_given(const CLI::App& command, CheckArguments& arguments);

/// The settings of a run: the command line wins over the configuration, and that over what is built
/// in. Complains and gives nothing where something in them is wrong.
[[nodiscard]] std::optional<doctor::Settings> effective_settings(const CheckArguments& arguments,
                                                                 Terminal& terminal);

/// The shared options as the settings have them.
[[nodiscard]] DatabaseArguments database_arguments(const CheckArguments& arguments,
                                                   const doctor::Settings& settings);

/// The rules that the settings select.
[[nodiscard]] doctor::RuleSelection rule_selection(const doctor::Settings& settings);

}  // namespace cli
