#include <algorithm>
#include <exception>
#include <memory>
#include <new>
#include <string>
#include <string_view>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "cli/checks.hpp"
#include "cli/command.hpp"
#include "cli/interrupt.hpp"
#include "cli/message.hpp"

namespace cli {
namespace {

using Arguments = std::vector<std::string>;

constexpr const char* version = "ommi-doctor " OMMI_DOCTOR_VERSION;

std::vector<std::string> command_names(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; })) {
    names.push_back(command->get_name());
  }
  return names;
}

bool is_one_of(const std::string& name, const std::vector<std::string>& names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

bool asks_for_help(const std::string& argument) {
  return argument == "--help" || argument == "-h" || argument == "--version" || argument == "-V";
}

// Whether a first argument that is no command can only be a database.
bool names_database(const std::string& argument) {
  if (argument.find_first_of("/.:=") != std::string::npos) return true;
  std::FILE* file = std::fopen(argument.c_str(), "rbe");
  if (file == nullptr) return false;
  std::fclose(file);
  return true;
}

// `ommi-doctor app.db` is `ommi-doctor check app.db`.
void supply_command(Arguments& arguments, const std::vector<std::string>& commands) {
  if (arguments.empty() || is_one_of(arguments.front(), commands)) return;
  const std::string& first = arguments.front();
  if (first.rfind('-', 0) == 0) {
    const bool command_follows =
        std::any_of(arguments.begin(), arguments.end(), [&commands](const std::string& argument) {
          return is_one_of(argument, commands) || asks_for_help(argument);
        });
    if (command_follows) return;
  } else if (!names_database(first)) {
    return;
  }
  arguments.insert(arguments.begin(), "check");
}

std::vector<std::string> option_names(const CLI::App& command) {
  std::vector<std::string> names;
  for (const CLI::Option* option : command.get_options()) {
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
  }
  return names;
}

const CLI::App& chosen_command(const CLI::App& app) {
  const auto parsed = app.get_subcommands();
  return parsed.empty() ? app : *parsed.front();
}

std::string help_hint(const CLI::App& app, const CLI::App& command) {
  return &app == &command ? std::string("see 'ommi-doctor --help'")
                          : fmt::format("see 'ommi-doctor {} --help'", command.get_name());
}

// What the parser did not take: an unknown option, or one argument too many.
void complain_about_extra(const CLI::App& app, Terminal& terminal) {
  const CLI::App& command = chosen_command(app);
  const auto rest = app.remaining(true);
  const auto option = std::find_if(rest.begin(), rest.end(), [](const std::string& argument) {
    return argument.rfind('-', 0) == 0 && argument.size() > 1;
  });
  if (option != rest.end()) {
    const std::string name = option->substr(0, option->find('='));
    const std::string near = ommi::nearest(name, option_names(command));
    complain(terminal.err, name, "no option has this name",
             near.empty() ? help_hint(app, command) : fmt::format("did you mean '{}'?", near));
    return;
  }
  const std::string first = rest.empty() ? std::string() : rest.front();
  if (&command == &app) {
    complain(terminal.err, first, "no command and no file has this name",
             name_hint(first, command_names(app)));
  } else {
    complain(terminal.err, first, "one argument too many", help_hint(app, command));
  }
}

// The parser's own words, made into one of our lines.
void complain_about_parse(const CLI::App& app, const CLI::ParseError& error, Terminal& terminal) {
  const CLI::App& command = chosen_command(app);
  std::string message = error.what();
  std::string hint = help_hint(app, command);
  const std::size_t line = message.find('\n');
  if (line != std::string::npos) {
    hint = message.substr(line + 1);
    message.resize(line);
  }
  if (dynamic_cast<const CLI::RequiredError*>(&error) != nullptr && message.rfind("DB", 0) == 0) {
    message = "no database is named";
  }
  complain(terminal.err, command.get_parent() == nullptr ? "" : command.get_name(), message, hint);
}

int print(std::FILE* file, const std::string& text, int code) {
  std::fwrite(text.data(), 1, text.size(), file);
  std::fflush(file);
  return code;
}

int parse(CLI::App& app, Arguments arguments, Action& chosen, Terminal& terminal) {
  const auto commands = command_names(app);
  supply_command(arguments, commands);
  if (arguments.empty()) return print(terminal.err, app.help(), exit_trouble);
  std::reverse(arguments.begin(), arguments.end());
  try {
    app.parse(std::move(arguments));
  } catch (const CLI::CallForHelp&) {
    return print(terminal.out, app.help(), exit_clean);
  } catch (const CLI::CallForVersion&) {
    return print(terminal.out, fmt::format("{}\n", version), exit_clean);
  } catch (const CLI::ExtrasError&) {
    complain_about_extra(app, terminal);
    return exit_trouble;
  } catch (const CLI::ParseError& error) {
    complain_about_parse(app, error, terminal);
    return exit_trouble;
  }
  if (chosen) return chosen(terminal);
  complain(terminal.err, "", "no command is named", "see 'ommi-doctor --help'");
  return exit_trouble;
}

int run_commands(Arguments arguments, Terminal& terminal) {
  CLI::App app("Finds out why lazily loaded relationships break, and says so", "ommi-doctor");
  app.option_defaults()->take_last();
  app.set_help_flag("--help,-h", "Print this help");
  app.set_version_flag("--version,-V", version, "Print the version");
  app.footer(
      "Exit codes: 0 nothing found, 1 faults found, 2 could not look or not at all of it,\n"
      "130 interrupted.\n\n"
      "Examples:\n"
      "  ommi-doctor app.db                      # the same as: ommi-doctor check app.db\n"
      "  ommi-doctor trace app.db 'User[1].posts'\n"
      "  ommi-doctor models app.db\n"
      "  ommi-doctor rule DAT001");
  Action chosen;
  for (const Command* command : all_commands()) command->declare(app, chosen);
  return parse(app, std::move(arguments), chosen, terminal);
}

}  // namespace

int run(int argc, const char* const* argv, Terminal& terminal) {
  ignore_broken_pipes();
  Arguments arguments(argv + std::min(argc, 1), argv + argc);
  // Asked for by scripts, so it does not wait for all commands to be declared.
  if (!arguments.empty() && (arguments.front() == "--version" || arguments.front() == "-V")) {
    return print(terminal.out, fmt::format("{}\n", version), exit_clean);
  }
  try {
    return run_commands(std::move(arguments), terminal);
  } catch (const std::bad_alloc&) {
    complain(terminal.err, "", "out of memory");
  } catch (const std::exception& error) {
    complain(terminal.err, "this is a bug", error.what());
  }
  return exit_trouble;
}

}  // namespace cli
