#include <cstdlib>
#include <cstring>

#include <CLI/CLI.hpp>

#include "cli/checks.hpp"
#include "cli/database_run.hpp"

namespace cli {

CLI::Option* declare_database_options(CLI::App& command, DatabaseArguments& arguments) {
  CLI::Option* database =
      command.add_option("DB", arguments.database, "A SQLite file: PATH or sqlite:PATH")
          ->required();
  command
      .add_option("--models", arguments.models,
                  "Ommi's Python models: a folder, a .py file or a pattern, which are read and not "
                  "run; may be given several times. Or a manifest (what 'models --format json' "
                  "writes), alone")
      ->allow_extra_args(false)
      ->take_all()
      ->type_name("PATH");
  command
      .add_option("--python", arguments.python,
                  "The Python that reads Python models, 3.8 or later; else $OMMI_DOCTOR_PYTHON, "
                  "a .venv beside the models, python3")
      ->type_name("PROGRAM");
  command
      .add_option("--python-timeout", arguments.python_timeout,
                  "Stop reading Python models after so many seconds, 0 = never")
      ->check(seconds())
      ->type_name("SECONDS")
      ->capture_default_str();
  std::vector<std::string> releases;
  for (const std::string_view name : doctor::ommi_release_names()) releases.emplace_back(name);
  command
      .add_option("--ommi-version", arguments.ommi_version,
                  "The release of Ommi that runs the Python models; else the one that the tables "
                  "look like, or the newest")
      ->check(one_of("release of Ommi", releases))
      ->type_name("VERSION");
  command.add_flag("--views", arguments.views, "Take views for models too");
  command.add_flag("--no-infer", arguments.no_infer,
                   "Believe declared references only, do not infer any from values");
  command.add_flag("--copy", arguments.copy, "Work on a private copy of the database");
  command
      .add_option("--timeout", arguments.timeout,
                  "Stop after so many seconds and report what there is, 0 = never")
      ->check(seconds())
      ->type_name("SECONDS")
      ->capture_default_str();
  command
      .add_option("--lock-timeout", arguments.lock_timeout,
                  "Wait so many seconds for another program's lock")
      ->check(seconds())
      ->type_name("SECONDS")
      ->capture_default_str();
  command.add_option("--color", arguments.color, "Colours: auto, always or never")
      ->check(one_of("colour mode", {"auto", "always", "never"}))
      ->type_name("WHEN")
      ->capture_default_str();
  command
      .add_option("--log-level", arguments.log_level,
                  "Log driver calls to stderr: trace, debug, info, warn or off")
      ->check(one_of("log level", log_levels()))
      ->type_name("LEVEL");
  command
      .add_option("--log-file", arguments.log_file,
                  "Log to a file (at level debug if none is given)")
      ->type_name("FILE");
  return database;
}

void declare_output(CLI::App& command, DatabaseArguments& arguments) {
  command.add_option("--output,-o", arguments.output, "Write the document to a file")
      ->type_name("FILE");
}

bool wants_color(const DatabaseArguments& arguments, const Terminal& terminal) {
  if (arguments.color != "auto") return arguments.color == "always";
  const char* no_color = std::getenv("NO_COLOR");
  const char* kind = std::getenv("TERM");
  const bool dumb = kind != nullptr && std::strcmp(kind, "dumb") == 0;
  return terminal.out_is_terminal && arguments.output.empty() && !dumb &&
         (no_color == nullptr || *no_color == '\0');
}

}  // namespace cli
