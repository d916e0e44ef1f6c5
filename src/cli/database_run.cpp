#include "cli/database_run.hpp"

#include <cerrno>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <system_error>

#include <fmt/format.h>

#include "cli/database_name.hpp"
#include "cli/message.hpp"
#include "ommi/sqlite.hpp"

namespace cli {
namespace {

using std::chrono::steady_clock;

constexpr std::size_t damage_lines = 3;
constexpr std::uint64_t most_copied_bytes = 200'000'000;
constexpr std::chrono::seconds closing_time{10};
constexpr std::size_t most_unread = 20;  // files that are told one by one

std::string_view hint_for(const ommi::DatabaseError& error) {
  if (error.is(ommi::ErrorCode::timeout)) {
    return "give it more time with --timeout SECONDS, 0 means no limit";
  }
  if (error.is(ommi::ErrorCode::locked)) {
    return "wait for the writer to finish, or give it more time with --lock-timeout SECONDS";
  }
  return {};
}

/// 0 is no limit: one that is far away.
std::chrono::milliseconds milliseconds_of(double seconds) {
  return std::chrono::milliseconds(std::llround((seconds > 0 ? seconds : 1e8) * 1000.0));
}

}  // namespace

DatabaseRun::DatabaseRun(const DatabaseArguments& arguments, Terminal& terminal)
    : arguments_(arguments),
      terminal_(terminal),
      progress_(terminal.err, terminal.err_is_terminal, terminal.width) {}

bool DatabaseRun::open() {
  if (arguments_.database.empty()) return open_document() && open_log();
  const DatabaseName name = parse_database_name(arguments_.database);
  path_ = name.path;
  shown_ = name.shown;
  if (name.kind != DatabaseKind::sqlite) {
    const bool postgres = name.kind == DatabaseKind::postgres;
    complain(terminal_.err, shown_,
             postgres ? "PostgreSQL is not in this version, which reads SQLite files"
                      : "no driver is there for this kind of database",
             "name a SQLite file as PATH or sqlite:PATH");
    return false;
  }
  if (!open_document() || !open_log() || !open_database()) return false;
  look_for_damage();
  return true;
}

OwnedFile DatabaseRun::create(const std::string& file, const char* option) const {
  const std::string refusal = refuses(file, path_);
  if (!refusal.empty()) {
    complain(terminal_.err, file, refusal, fmt::format("name another file with {}", option));
    return nullptr;
  }
  OwnedFile created(std::fopen(file.c_str(), "wbe"));
  if (!created) {
    complain(terminal_.err, file, fmt::format("cannot be written: {}", std::strerror(errno)));
  }
  return created;
}

bool DatabaseRun::open_document() {
  if (arguments_.output.empty()) {
    document_.emplace(terminal_.out);
    return true;
  }
  OwnedFile file = create(arguments_.output, "--output");
  if (!file) return false;
  document_.emplace(std::move(file));
  return true;
}

bool DatabaseRun::open_log() {
  if (arguments_.log_level.empty() && arguments_.log_file.empty()) return true;
  std::FILE* stream = terminal_.err;
  if (!arguments_.log_file.empty()) {
    if (!arguments_.output.empty() && refuses(arguments_.log_file, arguments_.output) != "") {
      complain(terminal_.err, arguments_.log_file, "is the report's file too",
               "name another file with --log-file");
      return false;
    }
    log_stream_ = create(arguments_.log_file, "--log-file");
    if (!log_stream_) return false;
    stream = log_stream_.get();
  }
  const std::string level = arguments_.log_level.empty() ? "debug" : arguments_.log_level;
  log_ = std::make_unique<Log>(stream, LogOptions{level, arguments_.show_values});
  return true;
}

bool DatabaseRun::open_database() {
  ommi::sqlite::Options options;
  options.lock_timeout = std::chrono::milliseconds(std::llround(arguments_.lock_timeout * 1000.0));
  options.copy = arguments_.copy;
  options.note = [this](std::string_view note) { notes.emplace_back(note); };
  auto driver =
      ommi::capture({.driver = "sqlite", .operation = "open", .model = {}, .relation = {}},
                    [&] { return ommi::sqlite::open(path_, options); });
  if (const ommi::Failure* failure = driver.failure()) {
    complain_about(failure->error());
    return false;
  }
  database_.emplace(std::move(driver).value());
  // Without a limit too there is a deadline, far away: then an interrupt can bring it nearer in the
  // middle of a statement.
  deadline_ = steady_clock::now() + milliseconds_of(arguments_.timeout);
  database_->set_deadline(deadline_);
  guard_.emplace(*database_);
  if (log_) database_->set_tracer(&log_->tracer());
  return true;
}

void DatabaseRun::look_for_damage() {
  progress_("looking for damage");
  const auto found = database_->integrity(damage_lines);
  if (const ommi::Failure* failure = found.failure()) {
    skip("integrity", failure->message());
    return;
  }
  damage = found.value();
  for (const std::string& line : damage) {
    const std::string why = fmt::format("damaged: {}", line);
    complain(terminal_.err, shown_, why);
    skip("integrity", why);
  }
}

void DatabaseRun::skip(std::string what, std::string why) {
  if (log_) log_->warn(what, why);
  skipped.push_back({std::move(what), std::move(why)});
}

void DatabaseRun::follow(ommi::Tracer* tracer) {
  if (log_) {
    both_.emplace(std::vector<ommi::Tracer*>{&log_->tracer(), tracer});
    tracer = &*both_;
  }
  database_->set_tracer(tracer);
}

bool DatabaseRun::read_models(doctor::SourcedCatalog& sources) {
  progress_("reading the models");
  doctor::SourceOptions options;
  options.models = arguments_.models;
  options.python = arguments_.python;
  options.python_deadline = milliseconds_of(arguments_.python_timeout);
  options.ommi_release = doctor::parse_ommi_release(arguments_.ommi_version);
  options.infer = !arguments_.no_infer;
  options.views = arguments_.views;
  options.memory_bytes = arguments_.memory;
  auto read = read_sources(options);
  progress_.clear();
  if (const ommi::Failure* failure = read.failure()) {
    complain_about(failure->error());
    return false;
  }
  sources = std::move(read).value();
  if (sources.python) skip_unread(*sources.python);
  if (sources.catalog->models().empty()) {
    const bool only_views = !sources.schema->tables.empty();
    complain(terminal_.err, shown_,
             only_views ? "nothing to check: no table is a model"
                        : "nothing to check: the database has no tables",
             only_views ? "--views takes views for models too" : "");
    return false;
  }
  if (database_) database_->use(sources.catalog);
  return true;
}

ommi::DBResult<doctor::SourcedCatalog> DatabaseRun::read_sources(
    const doctor::SourceOptions& options) {
  return database_ ? doctor::read_catalog(*database_, options) : doctor::read_catalog(options);
}

/// The models of a file that cannot be read are missing from all that is said.
void DatabaseRun::skip_unread(const doctor::python::Facts& facts) {
  std::size_t told = 0;
  for (const doctor::python::Problem& problem : facts.problems) {
    if (++told > most_unread) break;
    skip(ommi::Place{problem.file, problem.line}.to_string(), problem.message);
  }
  if (facts.problems.size() > most_unread) {
    skip("the models",
         fmt::format("{} more files could not be read", facts.problems.size() - most_unread));
  }
}

void DatabaseRun::close() {
  progress_.clear();
  if (!database_) return;
  guard_.reset();
  database_->set_tracer(nullptr);
  database_->set_deadline(steady_clock::now() + closing_time);
  const auto changed = database_->changed_since_open();
  if (const ommi::Failure* failure = changed.failure()) {
    skip("whether the database was written to meanwhile", failure->message());
  } else if (!changed.value().empty()) {
    complain(terminal_.err, shown_, changed.value(), "run it again, or on a copy with --copy");
    skip("the database", changed.value());
  }
  database_->close();
}

std::function<void(std::vector<doctor::IndexTest>&)> DatabaseRun::index_tests() const {
  return [path = path_, deadline = deadline_](std::vector<doctor::IndexTest>& tests) {
    std::vector<ommi::sqlite::IndexTest> asked;
    for (const doctor::IndexTest& test : tests) {
      asked.push_back({test.statement, test.values, test.create_index});
    }
    ommi::sqlite::try_indexes(path, asked, most_copied_bytes, [&] {
      return InterruptGuard::interrupted() || steady_clock::now() >= deadline;
    });
    const auto cost = [](const ommi::sqlite::QueryCost& seen) {
      return doctor::Cost{seen.rows_scanned, seen.steps, seen.duration_ns};
    };
    for (std::size_t at = 0; at < tests.size(); ++at) {
      tests[at].before = cost(asked[at].before);
      tests[at].after = cost(asked[at].after);
      tests[at].rows = asked[at].rows;
      tests[at].unmeasured = asked[at].unmeasured;
    }
  };
}

int DatabaseRun::conclude(int code) {
  const bool written = document_->finish();
  if (document_->abandoned()) return exit_clean;
  if (!written) {
    complain(terminal_.err, arguments_.output.empty() ? "stdout" : arguments_.output,
             fmt::format("cannot be written: {}", document_->problem()));
    return exit_trouble;
  }
  return InterruptGuard::interrupted() ? exit_interrupted : code;
}

int DatabaseRun::failed() const {
  return guard_ && InterruptGuard::interrupted() ? exit_interrupted : exit_trouble;
}

void DatabaseRun::complain_about(const ommi::DatabaseError& error) const {
  if (guard_ && InterruptGuard::interrupted()) {
    complain(terminal_.err, shown_, "interrupted before anything could be reported");
    return;
  }
  complain(terminal_.err, shown_, without_place(error.message()), hint_for(error));
}

// The driver's messages begin with the file, sometimes by its full path; the line has it already.
std::string_view DatabaseRun::without_place(std::string_view message) const {
  std::error_code ignored;
  const std::string full = std::filesystem::absolute(path_, ignored).string();
  for (const std::string& place : {path_, full, ommi::escaped(path_), ommi::escaped(full)}) {
    if (message.rfind(place + ": ", 0) == 0) return message.substr(place.size() + 2);
  }
  return message;
}

}  // namespace cli
