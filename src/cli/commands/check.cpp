// ommi-doctor check: everything that can be known about a database's relationships, for CI.

#include <algorithm>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "cli/check_options.hpp"
#include "cli/command.hpp"
#include "cli/database_name.hpp"
#include "cli/database_run.hpp"
#include "cli/file_hash.hpp"
#include "cli/message.hpp"
#include "cli/source_changes.hpp"
#include "doctor/judging.hpp"
#include "doctor/report.hpp"
#include "doctor/report_parts/phrases.hpp"

namespace cli::commands {
namespace {

namespace fs = std::filesystem;

/// A report beside the one on stdout.
struct ExtraReport {
  const doctor::ReportFormat* format;
  std::string file;
};

template <class List>
void append(List& list, const List& more) {
  list.insert(list.end(), more.begin(), more.end());
}

class Check {
 public:
  Check(const CheckArguments& arguments, doctor::Settings settings, Terminal& terminal)
      : arguments_(arguments),
        settings_(std::move(settings)),
        database_(database_arguments(arguments, settings_)),
        rules_(rule_selection(settings_)),
        terminal_(terminal),
        run_(database_, terminal),
        format_(*doctor::find_report_format(arguments.format)) {
    const std::string path = parse_database_name(database_.database).path;
    logical_name_ =
        settings_.name.value.empty() ? fs::path(path).filename().string() : settings_.name.value;
    for (const std::string& output : settings_.output.value) {
      const std::size_t equals = output.find('=');
      extras_.push_back(
          {doctor::find_report_format(output.substr(0, equals)), output.substr(equals + 1)});
    }
  }

  /// Everything but the report; nothing and a complaint where it failed.
  std::optional<doctor::Diagnosis> look() {
    if (!read_baseline() || !read_snapshot()) return std::nullopt;
    if (wants_hash())
      facts_.sha256_before = sha256_of_file(parse_database_name(database_.database).path);
    if (!run_.open() || !may_write_files()) return std::nullopt;
    doctor::SourcedCatalog sources;
    if (!run_.read_models(sources)) return std::nullopt;
    auto examined = examine(std::move(sources));
    run_.close();
    if (const ommi::Failure* failure = examined.failure()) {
      complain(terminal_.err, run_.shown(), failure->message());
      return std::nullopt;
    }
    doctor::Diagnosis diagnosis = std::move(examined).value();
    if (wants_hash()) diagnosis.database.sha256_after = sha256_of_file(run_.path());
    append(diagnosis.notes, run_.notes);
    if (InterruptGuard::interrupted()) diagnosis.notes.push_back("interrupted by the user");
    append(diagnosis.skipped, run_.skipped);
    doctor::suppress(diagnosis, settings_.suppressions, rules_, doctor::today());
    if (baseline_) doctor::apply_baseline(diagnosis, *baseline_, rules_);
    return diagnosis;
  }

  /// The exit code after a look that failed.
  [[nodiscard]] int failed() const { return run_.failed(); }

  /// Writes the baseline, if asked, and the report, or `patch` instead; gives the exit code.
  int finish(doctor::Diagnosis& diagnosis, const std::optional<std::string>& patch) {
    const bool updated = update_baseline(diagnosis);
    return report(diagnosis, updated, patch);
  }

  [[nodiscard]] const std::vector<std::string>& models() const { return database_.models; }

 private:
  /// Whether nothing is in the way of the baseline that is asked for.
  bool read_baseline() {
    const std::string& file = settings_.baseline.value;
    if (file.empty()) {
      if (!arguments_.update_baseline) return true;
      complain(terminal_.err, "--update-baseline", "no baseline is named",
               "name one with --baseline FILE");
      return false;
    }
    std::error_code error;
    if (!fs::exists(file, error) && arguments_.update_baseline) return true;
    const auto text = contents_of(file);
    if (!text) {
      complain(terminal_.err, file, "the baseline cannot be read",
               "--update-baseline writes a first one");
      return false;
    }
    auto read = doctor::read_baseline(*text, file, logical_name_);
    if (const ommi::Failure* failure = read.failure()) {
      complain(terminal_.err, "", failure->message(), "name another file with --baseline");
      return false;
    }
    baseline_ = std::move(read).value();
    return true;
  }

  bool read_snapshot() {
    if (settings_.snapshot.value.empty()) return true;
    auto text = contents_of(settings_.snapshot.value);
    if (!text) {
      complain(terminal_.err, settings_.snapshot.value, "the snapshot cannot be read",
               fmt::format("'ommi-doctor models {} --format json' writes one", run_.shown()));
      return false;
    }
    snapshot_ = std::move(*text);
    return true;
  }

  /// Before anything runs: no file that is to be written may be the database's.
  bool may_write_files() {
    std::vector<std::string> files;
    for (const ExtraReport& extra : extras_) files.push_back(extra.file);
    if (arguments_.update_baseline) files.push_back(settings_.baseline.value);
    for (std::size_t at = 0; at < files.size(); ++at) {
      const std::string& file = files[at];
      std::string refusal = refuses(file, run_.path());
      const auto end = files.begin() + static_cast<std::ptrdiff_t>(at);
      if (std::find(files.begin(), end, file) != end) refusal = "is to be written twice";
      const std::string folder = fs::path(file).parent_path().string();
      std::error_code error;
      const bool no_folder = !folder.empty() && !fs::is_directory(folder, error);
      if (refusal.empty() && !no_folder) continue;
      complain(terminal_.err, file, refusal.empty() ? "its folder is not there" : refusal,
               "name another file");
      return false;
    }
    return true;
  }

  [[nodiscard]] bool wants_hash() const {
    const auto shows_it = [](const doctor::ReportFormat& format) { return format.name == "json"; };
    return shows_it(format_) || std::any_of(extras_.begin(), extras_.end(), [&](const auto& extra) {
             return shows_it(*extra.format);
           });
  }

  ommi::DBResult<doctor::Diagnosis> examine(doctor::SourcedCatalog sources) {
    facts_.driver = run_.database().capabilities().name;
    facts_.name = run_.shown();
    facts_.logical = logical_name_;
    facts_.damage = run_.damage;
    doctor::TraversalOptions traversal;
    traversal.all = arguments_.all;
    traversal.sample = settings_.sample.value;
    traversal.seed = arguments_.seed;
    traversal.limit = arguments_.limit;
    traversal.try_indexes = run_.index_tests();
    traversal.progress = [this](std::string_view what) { run_.progress()(what); };
    std::error_code unknown;
    const std::uintmax_t bytes = fs::file_size(run_.path(), unknown);
    if (!unknown) traversal.database_bytes = bytes;
    doctor::CheckOptions check;
    check.rules = rules_;
    check.custom_rules = settings_.rules;
    check.scenarios = settings_.scenarios;
    check.memory_bytes = settings_.memory.value;
    check.sweep_timeout =
        std::chrono::milliseconds(static_cast<std::int64_t>(settings_.sweep_timeout.value * 1000));
    check.jobs = static_cast<unsigned>(settings_.jobs.value);
    check.sweep_progress = [this](const doctor::SweepProgress& seen) {
      run_.progress().sweep(seen);
    };
    return doctor::examine(run_.database(), std::move(sources), std::move(facts_), traversal,
                           std::nullopt, check);
  }

  /// Writes what is left of what was known, if asked. False where that failed.
  bool update_baseline(doctor::Diagnosis& diagnosis) {
    if (!arguments_.update_baseline) return true;
    const std::string& file = settings_.baseline.value;
    if (!diagnosis.complete()) {
      complain(terminal_.err, file, "the baseline is left as it is: not all could be checked");
      return false;
    }
    const doctor::Baseline next = baseline_ ? doctor::next_baseline(diagnosis, *baseline_, rules_)
                                            : doctor::first_baseline(diagnosis, logical_name_);
    if (!write(file, doctor::write_baseline(next))) return false;
    if (!baseline_) doctor::apply_baseline(diagnosis, next, rules_);
    return true;
  }

  bool write(const std::string& file, const std::string& text) {
    OwnedFile created = run_.create(file, "--output");
    if (!created) return false;
    Document document(std::move(created));
    document.write(text);
    if (document.finish()) return true;
    complain(terminal_.err, file, fmt::format("cannot be written: {}", document.problem()));
    return false;
  }

  [[nodiscard]] doctor::ReportOptions report_options(int code,
                                                     std::optional<doctor::Level> gate) const {
    doctor::ReportOptions options;
    options.show_values = database_.show_values;
    options.verbose = arguments_.verbose;
    options.quiet = arguments_.quiet;
    options.statistics = arguments_.statistics;
    options.explain = arguments_.explain;
    options.width = terminal_.width;
    options.gate = gate;
    options.exit_code = code;
    options.against_baseline = baseline_.has_value();
    options.snapshot_file = settings_.snapshot.value;
    options.snapshot_text = snapshot_;
    options.folder = doctor::top_of_repository();
    return options;
  }

  int report(const doctor::Diagnosis& diagnosis, bool all_well,
             const std::optional<std::string>& patch) {
    int code = exit_clean;
    const doctor::Gate gate{settings_.fail_on.value, settings_.max_warnings.value};
    if (doctor::fails(diagnosis, gate)) code = exit_findings;
    const bool nothing_there = diagnosis.sources.catalog->relation_count() == 0;
    if (!diagnosis.complete() || !all_well || nothing_there) code = exit_trouble;
    doctor::ReportOptions options = report_options(code, doctor::failing_level(diagnosis, gate));
    for (const ExtraReport& extra : extras_) {
      if (!write(extra.file, extra.format->write(diagnosis, options))) code = exit_trouble;
    }
    options.exit_code = code;
    options.color = wants_color(database_, terminal_);
    run_.document().write(patch ? *patch : format_.write(diagnosis, options));
    if (nothing_there) {
      complain(terminal_.err, run_.shown(), "nothing to check: no relationship was found",
               "say what refers to what with --models FILE");
    }
    return run_.conclude(code);
  }

  const CheckArguments& arguments_;
  doctor::Settings settings_;
  DatabaseArguments database_;
  doctor::RuleSelection rules_;
  Terminal& terminal_;
  DatabaseRun run_;
  const doctor::ReportFormat& format_;
  std::string logical_name_;
  std::vector<ExtraReport> extras_;
  std::optional<doctor::Baseline> baseline_;
  std::string snapshot_;
  doctor::DatabaseFacts facts_;
};

void tell(const std::vector<doctor::LeftOut>& left_out, Terminal& terminal) {
  for (const doctor::LeftOut& one : left_out) {
    complain(terminal.err, ommi::Place{one.file, one.line}.to_string(),
             fmt::format("left as it is for {}: {}", one.code, one.why));
  }
}

/// Says what was changed; gives the findings that it was changed for, by fingerprint.
std::map<std::string, std::string> tell(const SourceChanges& changes, Terminal& terminal) {
  std::map<std::string, std::string> findings;
  for (const ChangedSource& source : changes.sources) {
    std::vector<std::string> lines;
    for (const doctor::Planned& one : source.edits) {
      const doctor::Finding& finding = *one.finding;
      lines.push_back(fmt::format("line {} for {}", one.edit.line, finding.code));
      findings[finding.fingerprint] =
          fmt::format("{} {}", finding.code, doctor::report_parts::name_text(finding.subject));
    }
    complain(terminal.err, source.file, fmt::format("changed: {}", fmt::join(lines, ", ")));
  }
  tell(changes.left_out, terminal);
  return findings;
}

void tell_what_is_gone(const std::map<std::string, std::string>& findings,
                       const doctor::Diagnosis& after, Terminal& terminal) {
  for (const auto& [fingerprint, name] : findings) {
    const bool there =
        std::any_of(after.findings.begin(), after.findings.end(),
                    [&](const doctor::Finding& one) { return one.fingerprint == fingerprint; });
    complain(terminal.err, name, there ? "is still there" : "is gone");
  }
}

/// Changes the sources for what a first look found, and looks again.
int check_and_apply(const CheckArguments& arguments, const doctor::Settings& settings,
                    Terminal& terminal) {
  Check first(arguments, settings, terminal);
  if (first.models().empty()) {
    complain(terminal.err, "--apply", "no Python models are named", "name them with --models PATH");
    return exit_trouble;
  }
  auto before = first.look();
  if (!before) return first.failed();
  if (InterruptGuard::interrupted()) return first.finish(*before, std::nullopt);
  doctor::EditPlan plan = doctor::plan_edits(before->findings);
  const std::size_t collisions = plan.left_out.size();
  SourceChanges changes = read_sources(std::move(plan));
  std::vector<std::string> files;
  if (before->sources.python) {
    for (const doctor::python::File& file : before->sources.python->files)
      files.push_back(file.path);
  }
  leave_out_foreign(changes, first.models(), files);
  // What a patch cannot show is not changed either; what could not be written is not shown.
  const std::string top = doctor::top_of_repository();
  if (arguments.diff) static_cast<void>(patch_of(changes, top));
  write_sources(changes);
  std::optional<std::string> patch;
  if (arguments.diff) patch = patch_of(changes, top);
  const auto findings = tell(changes, terminal);
  const bool all_written = changes.left_out.size() == collisions;
  if (findings.empty()) {
    const int code = first.finish(*before, patch);
    return all_written ? code : exit_trouble;
  }
  Check second(arguments, settings, terminal);
  auto after = second.look();
  if (!after) return second.failed();
  tell_what_is_gone(findings, *after, terminal);
  const int code = second.finish(*after, patch);
  return all_written ? code : exit_trouble;
}

int check(const CheckArguments& arguments, Terminal& terminal) {
  const auto settings = effective_settings(arguments, terminal);
  if (!settings) return exit_trouble;
  if (arguments.apply) return check_and_apply(arguments, *settings, terminal);
  Check check(arguments, *settings, terminal);
  auto diagnosis = check.look();
  if (!diagnosis) return check.failed();
  std::optional<std::string> patch;
  if (arguments.diff) {
    SourceChanges changes = read_sources(doctor::plan_edits(diagnosis->findings));
    patch = patch_of(changes, doctor::top_of_repository());
    tell(changes.left_out, terminal);
  }
  return check.finish(*diagnosis, patch);
}

void declare(CLI::App& app, Action& chosen) {
  const auto arguments = std::make_shared<CheckArguments>();
  CLI::App* command =
      app.add_subcommand("check", "Check everything that relates, for CI: exact, with exit codes");
  declare_check_options(*command, *arguments);
  command->footer(
      "Exit codes: 0 nothing at or above --fail-on, 1 findings, 2 could not check all of it.\n\n"
      "Examples:\n"
      "  ommi-doctor check app.db\n"
      "  ommi-doctor check app.db --select DAT,REL --fail-on error\n"
      "  ommi-doctor check app.db --output sarif=report.sarif --output html=report.html\n"
      "  ommi-doctor check app.db --models app/ --diff | git apply\n"
      "  ommi-doctor check app.db --baseline known.json --update-baseline");
  command->callback([&chosen, arguments, command] {
    note_given(*command, *arguments);
    chosen = [arguments](Terminal& terminal) { return check(*arguments, terminal); };
  });
}

}  // namespace

extern constinit const Command check = {.declare = declare};

}  // namespace cli::commands
