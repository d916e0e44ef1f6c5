#include "cli/check_options.hpp"

#include <algorithm>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "cli/checks.hpp"
#include "cli/message.hpp"
#include "doctor/selection.hpp"

namespace cli {
namespace {

constexpr std::uint64_t most_rows = 1'000'000'000;

void declare_rules(CLI::App& command, CheckArguments& arguments) {
  const auto selectors = [&](const char* name, std::vector<std::string>& list, const char* help) {
    command.add_option(name, list, help)->delimiter(',')->take_all()->type_name("RULES");
  };
  selectors("--select", arguments.select,
            "Only these rules: codes, families (DAT), names, ALL; separated by commas");
  selectors("--extend-select", arguments.extend_select, "These rules too");
  selectors("--ignore", arguments.ignore, "Not these rules");
  command
      .add_option("--fail-on", arguments.fail_on,
                  "Exit with 1 for findings of this level or above: error, warning (default), info "
                  "or never")
      ->check(one_of("level", doctor::fail_on_names()))
      ->type_name("LEVEL");
  command
      .add_option("--max-warnings", arguments.max_warnings,
                  "Exit with 1 only for more warnings than this; errors fail as before")
      ->check(whole_number(most_rows))
      ->type_name("N");
}

void declare_report(CLI::App& command, CheckArguments& arguments) {
  const std::vector<std::string> formats = format_names();
  CLI::Option* format =
      command
          .add_option("--format,-f", arguments.format,
                      fmt::format("How to report on stdout: {}", fmt::join(formats, ", ")))
          ->check(one_of("format", formats))
          ->type_name("FORMAT")
          ->capture_default_str();
  command
      .add_flag("--diff", arguments.diff,
                "Print what is to be changed in the Python sources, as a patch for the top of the "
                "repository, and no report")
      ->excludes(format);
  command.add_flag("--apply", arguments.apply,
                   "Change the Python sources that --models names so, and check again");
  command
      .add_option("--output,-o", arguments.output,
                  "Write a report to a file as well; may be given several times")
      ->take_all()
      ->check(
          [formats](const std::string& given) { return doctor::problem_of_output(given, formats); })
      ->type_name("FORMAT=FILE");
  command
      .add_option("--snapshot", arguments.snapshot,
                  "The committed file of 'models --format json': sarif and others point into it")
      ->type_name("FILE");
  command.add_flag("--statistics", arguments.statistics, "A table of what each rule found");
  command.add_flag("--explain", arguments.explain, "Each rule's explanation beside its findings");
  command.add_flag("--show-values", arguments.database.show_values,
                   "Show what rows hold, not only their keys and references");
  command.add_flag("--quiet,-q", arguments.quiet, "Findings only");
  command.add_flag("--verbose,-v", arguments.verbose, "Every sample, plan and suggestion")
      ->excludes("--quiet");
  command.add_option("--limit", arguments.limit, "Samples kept of one fault")
      ->check(whole_number(most_rows))
      ->type_name("N")
      ->capture_default_str();
}

void declare_effort(CLI::App& command, CheckArguments& arguments) {
  command.add_flag("--all", arguments.all, "Really load every row, not a sample");
  command
      .add_option("--sample", arguments.sample,
                  "Random owners per model that are really loaded (200); smaller tables are loaded "
                  "whole. Sweeps look at every row")
      ->check(whole_number(most_rows))
      ->type_name("N");
  command.add_option("--seed", arguments.seed, "What the random choice starts from")
      ->check(whole_number(UINT64_MAX))
      ->type_name("N")
      ->capture_default_str();
  command.add_option("--jobs,-j", arguments.jobs, "Connections that sweep at the same time (1)")
      ->check([](const std::string& given) {
        const std::string why = whole_number(std::uint64_t{doctor::most_jobs})(given);
        return why.empty() && given.find_first_not_of('0') == std::string::npos
                   ? std::string("at least one connection is needed")
                   : why;
      })
      ->type_name("N");
  command
      .add_option("--sweep-timeout", arguments.sweep_timeout,
                  "Give up on a table whose rows take so many seconds, and go on with the next, "
                  "0 = never (0)")
      ->check(seconds())
      ->type_name("SECONDS");
  command.add_option("--memory", arguments.memory, "What the sweeps' keys may take (256MiB)")
      ->check([](const std::string& given) {
        return doctor::parse_size(given)
                   ? std::string()
                   : fmt::format("'{}' is not a size of 1MiB or more, such as 256MiB", given);
      })
      ->type_name("SIZE");
}

void override_with(std::vector<std::string>& from, const char* name,
                   doctor::Setting<std::vector<std::string>>& to) {
  if (!from.empty()) to = {from, name};
}

bool complain_about_selectors(const doctor::Settings& settings, Terminal& terminal) {
  std::vector<doctor::RuleName> rules = doctor::built_in_rules();
  for (const doctor::CustomRule& rule : settings.rules) rules.push_back({rule.code, rule.name});
  for (const auto* list : {&settings.select, &settings.extend_select, &settings.ignore}) {
    for (const std::string& selector : list->value) {
      const std::string why = doctor::problem_of(selector, rules);
      if (why.empty()) continue;
      complain(terminal.err, list->origin, why);
      return true;
    }
  }
  return false;
}

}  // namespace

void declare_check_options(CLI::App& command, CheckArguments& arguments) {
  declare_database_options(command, arguments.database);
  declare_settings_options(command, arguments.settings);
  declare_rules(command, arguments);
  command
      .add_option("--baseline", arguments.baseline,
                  "Findings that are in this file are marked and do not fail the run")
      ->type_name("FILE");
  command.add_flag("--update-baseline", arguments.update_baseline,
                   "Write the baseline: all findings where there is none yet, else only what is "
                   "left of it");
  declare_report(command, arguments);
  declare_effort(command, arguments);
}

void note_given(const CLI::App& command, CheckArguments& arguments) {
  for (const char* name : {"--models", "--python", "--python-timeout", "--ommi-version", "--views",
                           "--no-infer", "--timeout", "--lock-timeout"}) {
    if (command.count(name) > 0) arguments.given.emplace_back(name);
  }
}

std::optional<doctor::Settings> effective_settings(const CheckArguments& given,
                                                   Terminal& terminal) {
  auto loaded = load_settings(given.settings, terminal);
  if (!loaded) return std::nullopt;
  doctor::Settings& settings = *loaded;
  CheckArguments arguments = given;
  const auto has = [&](std::string_view name) {
    return std::find(arguments.given.begin(), arguments.given.end(), name) != arguments.given.end();
  };
  if (has("--models")) settings.models = {arguments.database.models, "--models"};
  if (has("--python")) settings.python = {arguments.database.python, "--python"};
  if (has("--python-timeout"))
    settings.python_timeout = {arguments.database.python_timeout, "--python-timeout"};
  if (has("--ommi-version"))
    settings.ommi_version = {arguments.database.ommi_version, "--ommi-version"};
  if (has("--views")) settings.views = {true, "--views"};
  if (has("--no-infer")) settings.infer = {false, "--no-infer"};
  if (has("--timeout")) settings.timeout = {arguments.database.timeout, "--timeout"};
  if (has("--lock-timeout"))
    settings.lock_timeout = {arguments.database.lock_timeout, "--lock-timeout"};
  override_with(arguments.select, "--select", settings.select);
  override_with(arguments.extend_select, "--extend-select", settings.extend_select);
  override_with(arguments.ignore, "--ignore", settings.ignore);
  override_with(arguments.output, "--output", settings.output);
  if (!arguments.fail_on.empty()) settings.fail_on = {arguments.fail_on, "--fail-on"};
  if (arguments.max_warnings) settings.max_warnings = {arguments.max_warnings, "--max-warnings"};
  if (arguments.sample) settings.sample = {*arguments.sample, "--sample"};
  if (arguments.jobs) settings.jobs = {*arguments.jobs, "--jobs"};
  if (arguments.sweep_timeout)
    settings.sweep_timeout = {*arguments.sweep_timeout, "--sweep-timeout"};
  if (!arguments.memory.empty())
    settings.memory = {*doctor::parse_size(arguments.memory), "--memory"};
  if (!arguments.baseline.empty()) settings.baseline = {arguments.baseline, "--baseline"};
  if (!arguments.snapshot.empty()) settings.snapshot = {arguments.snapshot, "--snapshot"};
  if (complain_about_selectors(settings, terminal)) return std::nullopt;
  return loaded;
}

DatabaseArguments database_arguments(const CheckArguments& arguments,
                                     const doctor::Settings& settings) {
  DatabaseArguments database = arguments.database;
  database.models = settings.models.value;
  database.python = settings.python.value;
  database.python_timeout = settings.python_timeout.value;
  database.ommi_version = settings.ommi_version.value;
  database.views = settings.views.value;
  database.memory = settings.memory.value;
  database.no_infer = !settings.infer.value;
  database.timeout = settings.timeout.value;
  database.lock_timeout = settings.lock_timeout.value;
  return database;
}

doctor::RuleSelection rule_selection(const doctor::Settings& settings) {
  doctor::Selectors selectors;
  selectors.select = settings.select.value;
  const auto& more = settings.extend_select.value;
  selectors.select.insert(selectors.select.end(), more.begin(), more.end());
  selectors.ignore = settings.ignore.value;
  selectors.levels = settings.levels.value;
  return doctor::RuleSelection(std::move(selectors));
}

}  // namespace cli
