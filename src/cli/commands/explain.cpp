// ommi-doctor explain: what a traceback or a message means, and which of its causes it is.

#include <algorithm>
#include <memory>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "cli/checks.hpp"
#include "cli/command.hpp"
#include "cli/database_run.hpp"
#include "cli/message.hpp"
#include "cli/settings_file.hpp"
#include "doctor/exceptions.hpp"

namespace cli::commands {
namespace {

namespace exceptions = doctor::exceptions;

struct Options {
  DatabaseArguments database;
  std::string text;
  std::string format = "text";
};

/// All of stdin, or one byte more than is read of a text.
std::string read_all(std::FILE* in) {
  std::string text(exceptions::most_text + 1, '\0');
  text.resize(std::fread(text.data(), 1, text.size(), in));
  return text;
}

class Explain {
 public:
  Explain(const Options& options, Terminal& terminal)
      : options_(options), terminal_(terminal), run_(options.database, terminal) {}

  int run() {
    std::string text;
    if (!read(text)) return exit_trouble;
    const exceptions::Explanation explanation = exceptions::explain(text);
    if (!explanation.recognised()) return give_up(explanation);
    if (!run_.open()) return run_.failed();
    if ((run_.has_database() || !options_.database.models.empty()) && !look(explanation))
      return run_.conclude(run_.failed());
    return report(explanation);
  }

 private:
  bool read(std::string& text) {
    const bool piped = options_.text.empty() || options_.text == "-";
    if (piped && (terminal_.in == nullptr || terminal_.in_is_terminal)) {
      complain(
          terminal_.err, "explain", "there is no text to explain",
          "give the traceback in quotes, or through a pipe: program 2>&1 | ommi-doctor explain");
      return false;
    }
    text = piped ? read_all(terminal_.in) : options_.text;
    if (text.size() > exceptions::most_text) {
      complain(terminal_.err, "explain", "the text is longer than 1 MiB",
               "paste the traceback alone: its last lines are enough");
      return false;
    }
    if (text.find_first_not_of(" \t\r\n") != std::string::npos) return true;
    complain(terminal_.err, "explain", "the text is empty",
             "give the traceback in quotes, or through a pipe: program 2>&1 | ommi-doctor explain");
    return false;
  }

  int give_up(const exceptions::Explanation& explanation) {
    const auto& pasted = explanation.pasted.exceptions;
    const auto last = std::find_if(pasted.rbegin(), pasted.rend(),
                                   [](const auto& one) { return !one.type.empty(); });
    const bool is_file = contents_of(options_.text).has_value();
    complain(
        terminal_.err, "explain",
        last == pasted.rend()
            ? std::string("no exception of Ommi or of a lazy load is in this text")
            : fmt::format("{} is no exception that a lazy load is known to end with", last->type),
        is_file ? fmt::format("is this a file with the traceback? ommi-doctor explain - < {}",
                              options_.text)
                : std::string("'ommi-doctor check DB --models PATH' looks at everything"));
    return exit_trouble;
  }

  /// Runs the rules that can tell the causes apart.
  bool look(const exceptions::Explanation& explanation) {
    doctor::SourcedCatalog sources;
    if (!run_.read_models(sources)) return false;
    const std::vector<std::string> rules = explanation.rules();
    if (!run_.has_database()) {
      diagnosis_ = doctor::examine_models(std::move(sources), "models", rules);
    } else if (!examine(std::move(sources), rules)) {
      return false;
    }
    run_.close();
    diagnosis_->skipped.insert(diagnosis_->skipped.end(), run_.skipped.begin(), run_.skipped.end());
    return true;
  }

  bool examine(doctor::SourcedCatalog sources, const std::vector<std::string>& rules) {
    doctor::DatabaseFacts facts;
    facts.driver = run_.database().capabilities().name;
    facts.name = run_.shown();
    facts.damage = run_.damage;
    doctor::TraversalOptions traversal;
    traversal.progress = [this](std::string_view what) { run_.progress()(what); };
    doctor::CheckOptions check;
    doctor::Selectors selectors;
    selectors.select = rules;
    check.rules = doctor::RuleSelection(std::move(selectors));
    check.sweep_progress = [this](const doctor::SweepProgress& seen) {
      run_.progress().sweep(seen);
    };
    auto examined = doctor::examine(run_.database(), std::move(sources), std::move(facts),
                                    traversal, std::nullopt, check);
    if (const ommi::Failure* failure = examined.failure()) {
      complain(terminal_.err, run_.shown(), failure->message());
      return false;
    }
    diagnosis_ = std::move(examined).value();
    return true;
  }

  int report(const exceptions::Explanation& explanation) {
    const exceptions::Looked looked{diagnosis_ ? &*diagnosis_ : nullptr, run_.has_database()};
    const std::vector<exceptions::Cause> causes = exceptions::weigh(explanation, looked);
    const exceptions::Report report{explanation, causes, looked};
    run_.document().write(options_.format == "json"       ? exceptions::as_json(report)
                          : options_.format == "markdown" ? exceptions::as_markdown(report)
                                                          : as_text(report));
    if (!diagnosis_ || diagnosis_->complete()) return run_.conclude(code_of(causes));
    for (const doctor::Skipped& skipped : diagnosis_->skipped)
      complain(terminal_.err, skipped.what, fmt::format("not looked at: {}", skipped.why));
    return run_.conclude(exit_trouble);
  }

  [[nodiscard]] std::string as_text(const exceptions::Report& report) const {
    return exceptions::as_text(
        report, {.color = wants_color(options_.database, terminal_), .width = terminal_.width});
  }

  static int code_of(const std::vector<exceptions::Cause>& causes) {
    const bool found =
        std::any_of(causes.begin(), causes.end(), [](const exceptions::Cause& cause) {
          return cause.certainty == exceptions::Certainty::confirmed &&
                 std::any_of(
                     cause.found.begin(), cause.found.end(),
                     [](const doctor::Finding* one) { return one->level == doctor::Level::error; });
        });
    return found ? exit_findings : exit_clean;
  }

  const Options& options_;
  Terminal& terminal_;
  DatabaseRun run_;
  std::optional<doctor::Diagnosis> diagnosis_;
};

void declare(CLI::App& app, Action& chosen) {
  const auto options = std::make_shared<Options>();
  CLI::App* command =
      app.add_subcommand("explain", "Explain a traceback or a message of a lazy load that failed");
  command->add_option("TEXT", options->text,
                      "The traceback or message, in quotes; '-' or nothing: it is read from stdin");
  declare_database_options(*command, options->database)->required(false);
  declare_output(*command, options->database);
  command->add_option("--format,-f", options->format, "How to report: text, json or markdown")
      ->check(one_of("format", {"text", "json", "markdown"}))
      ->type_name("FORMAT")
      ->capture_default_str();
  command->footer(
      "With --models or DB the rules that can tell the causes apart are run.\n\n"
      "Exit codes: 0 explained, 1 a cause of level error is confirmed, 2 nothing was recognised, "
      "or "
      "not all could be\nlooked at.\n\n"
      "Examples:\n"
      "  ommi-doctor explain \"DBResult.DBFailure does not wrap a result\"\n"
      "  python app.py 2>&1 | ommi-doctor explain - --models app/\n"
      "  ommi-doctor explain \"$(tail -30 app.log)\" app.db --models app/");
  command->callback([&chosen, options] {
    chosen = [options](Terminal& terminal) { return Explain(*options, terminal).run(); };
  });
}

}  // namespace

extern constinit const Command explain = {.declare = declare};

}  // namespace cli::commands
