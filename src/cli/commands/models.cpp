// ommi-doctor models: what the tool takes the tables for.

#include <memory>

#include <CLI/CLI.hpp>

#include "cli/checks.hpp"
#include "cli/command.hpp"
#include "cli/database_run.hpp"
#include "cli/message.hpp"
#include "doctor/model_report.hpp"

namespace cli::commands {
namespace {

struct Options {
  DatabaseArguments database;
  std::string format = "text";
};

std::string document_of(const Options& options, const DatabaseRun& run,
                        const doctor::SourcedCatalog& sources, const Terminal& terminal) {
  if (options.format == "mermaid") return doctor::models_as_mermaid(sources);
  if (options.format == "json") {
    std::string manifest = doctor::write_manifest(*sources.catalog, sources.draft.suggestions,
                                                  "database:" + run.shown());
    if (manifest.empty() || manifest.back() != '\n') manifest += '\n';
    return manifest;
  }
  return doctor::models_as_text(
      sources, {.color = wants_color(options.database, terminal), .width = terminal.width});
}

int show_models(const Options& options, Terminal& terminal) {
  DatabaseRun run(options.database, terminal);
  doctor::SourcedCatalog sources;
  if (!run.open() || !run.read_models(sources)) return run.failed();
  run.close();
  for (const std::string& note : run.notes) complain(terminal.err, run.shown(), note);
  for (const doctor::Skipped& skipped : run.skipped) {
    complain(terminal.err, skipped.what, skipped.why);
  }
  run.document().write(document_of(options, run, sources, terminal));
  return run.conclude(run.skipped.empty() ? exit_clean : exit_trouble);
}

void declare(CLI::App& app, Action& chosen) {
  const auto options = std::make_shared<Options>();
  CLI::App* command =
      app.add_subcommand("models", "Show the models that a database's tables are taken for");
  declare_database_options(*command, options->database);
  declare_output(*command, options->database);
  command->add_option("--format,-f", options->format, "How to show them: text, json or mermaid")
      ->check(one_of("format", {"text", "json", "mermaid"}))
      ->type_name("FORMAT")
      ->capture_default_str();
  command->footer(
      "Examples:\n"
      "  ommi-doctor models app.db\n"
      "  ommi-doctor models app.db --format json > models.json    # to edit, then: --models\n"
      "  ommi-doctor models app.db --format mermaid > models.mmd");
  command->callback([&chosen, options] {
    chosen = [options](Terminal& terminal) { return show_models(*options, terminal); };
  });
}

}  // namespace

extern constinit const Command models = {.declare = declare};

}  // namespace cli::commands
