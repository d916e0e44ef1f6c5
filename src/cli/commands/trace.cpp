// ommi-doctor trace: follow relationships for real and say what breaks them.

#include <filesystem>
#include <memory>
#include <optional>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "cli/checks.hpp"
#include "cli/command.hpp"
#include "cli/database_name.hpp"
#include "cli/database_run.hpp"
#include "cli/file_hash.hpp"
#include "cli/message.hpp"
#include "cli/settings_file.hpp"
#include "doctor/report.hpp"
#include "ommi/tracers.hpp"

namespace cli::commands {
namespace {

constexpr std::uint64_t most_hops = 32;
constexpr std::uint64_t most_rows = 1'000'000'000;

struct Options {
  DatabaseArguments database;
  std::string path;
  std::string format = "text";
  std::string fetch = "peers";
  std::string as;
  bool quiet = false;
  bool verbose = false;
  doctor::TraversalOptions traversal = {};
};

int exit_code(const doctor::Diagnosis& diagnosis) {
  if (!diagnosis.complete()) return exit_trouble;
  const bool found =
      diagnosis.count(doctor::Level::error) > 0 || diagnosis.count(doctor::Level::warning) > 0;
  return found ? exit_findings : exit_clean;
}

class Trace {
 public:
  Trace(const Options& options, Terminal& terminal)
      : options_(options),
        terminal_(terminal),
        run_(options.database, terminal),
        format_(*doctor::find_report_format(options.format)) {}

  int run() {
    const bool hashed = format_.name == "json";
    // Before the driver has the file open: closing any descriptor on it would drop its lock.
    if (hashed)
      facts_.sha256_before = sha256_of_file(parse_database_name(options_.database.database).path);
    if (!run_.open()) return run_.failed();
    if (format_.name == "ndjson") stream();
    doctor::SourcedCatalog sources;
    if (!run_.read_models(sources)) return give_up();
    if (options_.as == "ommi" && !sources.python) {
      complain(terminal_.err, run_.shown(), "--as ommi needs the application's Python models",
               "name them with --models PATH");
      return give_up();
    }
    std::optional<doctor::Path> path;
    if (!options_.path.empty() && !find(path)) return give_up();

    auto examined = examine(std::move(sources), path);
    run_.close();
    if (const ommi::Failure* failure = examined.failure()) {
      complain(terminal_.err, run_.shown(), failure->message());
      return run_.failed();
    }
    doctor::Diagnosis diagnosis = std::move(examined).value();
    if (hashed) diagnosis.database.sha256_after = sha256_of_file(run_.path());
    append(diagnosis.notes, run_.notes);
    if (InterruptGuard::interrupted()) diagnosis.notes.push_back("interrupted by the user");
    append(diagnosis.skipped, run_.skipped);
    return report(diagnosis, !path);
  }

 private:
  // Events go out while the run goes on; the report's lines follow them.
  void stream() {
    const auto write = [this](std::string_view lines) {
      if (run_.document().write(lines)) return true;
      run_.database().set_deadline(std::chrono::steady_clock::now());
      return false;
    };
    events_.emplace(write, options_.database.show_values ? ommi::BoundValues::shown
                                                         : ommi::BoundValues::hidden);
    run_.follow(&*events_);
  }

  // What was seen until then is still evidence.
  int give_up() {
    if (events_) events_->flush();
    return run_.conclude(run_.failed());
  }

  bool find(std::optional<doctor::Path>& path) {
    auto parsed = doctor::parse_path(options_.path, run_.database().catalog());
    if (const ommi::Failure* failure = parsed.failure()) {
      complain(terminal_.err, options_.path, failure->message(),
               fmt::format("'ommi-doctor models {}' lists what there is", run_.shown()));
      return false;
    }
    path = std::move(parsed).value();
    return true;
  }

  ommi::DBResult<doctor::Diagnosis> examine(doctor::SourcedCatalog sources,
                                            const std::optional<doctor::Path>& path) {
    run_.database().set_fetch(options_.fetch == "one" ? ommi::Fetch::one : ommi::Fetch::peers);
    facts_.driver = run_.database().capabilities().name;
    facts_.name = run_.shown();
    facts_.damage = run_.damage;
    doctor::TraversalOptions traversal = options_.traversal;
    if (options_.as == "ommi") {
      traversal.as_ommi =
          doctor::OmmiApplication{sources.python.get(), sources.schema.get(), sources.ommi.release};
    }
    traversal.try_indexes = run_.index_tests();
    traversal.progress = [this](std::string_view what) { run_.progress()(what); };
    std::error_code unknown;
    const std::uintmax_t bytes = std::filesystem::file_size(run_.path(), unknown);
    if (!unknown) traversal.database_bytes = bytes;
    // What is only good to know is for check to say.
    doctor::CheckOptions check;
    check.rules = check.rules.at_least(doctor::Level::warning);
    check.sweep_progress = [this](const doctor::SweepProgress& seen) {
      run_.progress().sweep(seen);
    };
    return doctor::examine(run_.database(), std::move(sources), std::move(facts_), traversal, path,
                           check);
  }

  template <class List>
  static void append(List& list, const List& more) {
    list.insert(list.end(), more.begin(), more.end());
  }

  int report(const doctor::Diagnosis& diagnosis, bool whole_database) {
    doctor::ReportOptions options;
    options.color = wants_color(options_.database, terminal_);
    options.show_values = options_.database.show_values;
    options.verbose = options_.verbose;
    options.quiet = options_.quiet;
    options.width = terminal_.width;
    if (events_) events_->flush();
    run_.document().write(format_.write(diagnosis, options));
    if (whole_database && diagnosis.sources.catalog->relation_count() == 0) {
      complain(terminal_.err, run_.shown(), "nothing to trace: no relationship was found",
               "say what refers to what with --models FILE");
      return run_.conclude(exit_trouble);
    }
    return run_.conclude(exit_code(diagnosis));
  }

  const Options& options_;
  Terminal& terminal_;
  DatabaseRun run_;
  const doctor::ReportFormat& format_;
  std::optional<ommi::JsonLines> events_;
  doctor::DatabaseFacts facts_;
};

void declare_traversal(CLI::App& command, Options& options) {
  command.add_flag("--all", options.traversal.all,
                   "Load every row of every relationship, not a sample");
  command
      .add_option("--sample", options.traversal.sample,
                  "Random owners per model; smaller tables are loaded whole")
      ->check(whole_number(most_rows))
      ->type_name("N")
      ->capture_default_str();
  command.add_option("--seed", options.traversal.seed, "What the random choice starts from")
      ->check(whole_number(UINT64_MAX))
      ->type_name("N")
      ->capture_default_str();
  command
      .add_option("--limit", options.traversal.limit,
                  "Rows shown of one load, samples kept of one fault")
      ->check(whole_number(most_rows))
      ->type_name("N")
      ->capture_default_str();
  command
      .add_option_function<unsigned>(
          "--depth", [&options](const unsigned& depth) { options.traversal.depth = depth; },
          "Relationships followed beyond the end of PATH (1 where it names none, else 0)")
      ->check(whole_number(most_hops))
      ->type_name("N");
  command
      .add_option("--as", options.as,
                  "Run the query of the application's own ORM beside ours, and show what differs: "
                  "ommi")
      ->check(one_of("ORM", {"ommi"}))
      ->type_name("ORM");
  command
      .add_option("--fetch", options.fetch,
                  "Load a lazy field for all rows of an answer (peers) or for one")
      ->check(one_of("way to fetch", {"peers", "one"}))
      ->type_name("HOW")
      ->capture_default_str();
}

void declare(CLI::App& app, Action& chosen) {
  const auto options = std::make_shared<Options>();
  CLI::App* command =
      app.add_subcommand("trace", "Follow relationships for real and say what breaks them");
  declare_database_options(*command, options->database);
  declare_output(*command, options->database);
  command->add_option("PATH", options->path, "What to follow, such as User[1].posts.author");
  const auto names = format_names();
  command
      ->add_option("--format,-f", options->format,
                   fmt::format("How to report: {}", fmt::join(names, ", ")))
      ->check(one_of("format", names))
      ->type_name("FORMAT")
      ->capture_default_str();
  declare_traversal(*command, *options);
  command->add_flag("--show-values", options->database.show_values,
                    "Show what rows hold, not only their keys and references");
  command->add_flag("--quiet,-q", options->quiet, "Findings only");
  command->add_flag("--verbose,-v", options->verbose, "Every sample, plan and suggestion")
      ->excludes("--quiet");
  command->footer(
      "Examples:\n"
      "  ommi-doctor trace app.db\n"
      "  ommi-doctor trace app.db 'User[1].posts.author'\n"
      "  ommi-doctor trace app.db \"Post[status='open'].author\" --show-values\n"
      "  ommi-doctor trace app.db --all --format json --output report.json");
  command->callback([&chosen, options] {
    chosen = [options](Terminal& terminal) { return Trace(*options, terminal).run(); };
  });
}

}  // namespace

extern constinit const Command trace = {.declare = declare};

}  // namespace cli::commands
