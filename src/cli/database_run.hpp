#pragma once

/// \file
/// What every command that looks at a database has in common: its options, opening, following what
/// is done, reading the models, and saying so when a part of that fails.

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cli/command.hpp"
#include "cli/document.hpp"
#include "cli/interrupt.hpp"
#include "cli/log.hpp"
#include "cli/progress.hpp"
#include "doctor/source.hpp"
#include "doctor/sweep.hpp"
#include "doctor/traversal.hpp"
#include "ommi/database.hpp"
#include "ommi/tracers.hpp"

namespace cli {

struct DatabaseArguments {
  std::string database;
  std::vector<std::string> models;
  std::string python;
  double python_timeout = 60;
  std::string ommi_version;
  bool views = false;
  bool no_infer = false;
  bool copy = false;
  double timeout = 120;
  double lock_timeout = 5;
  std::uint64_t memory = std::uint64_t{256} << 20U;  // bytes
  std::string log_level;
  std::string log_file;
  std::string output;
  bool show_values = false;
  std::string color = "auto";
};

/// Adds the options of `arguments` to a command, but for the document's file; gives the database's,
/// which is required.
CLI::Option* declare_database_options(CLI::App& command, DatabaseArguments& arguments);
/// Adds `--output FILE`.
void declare_output(CLI::App& command, DatabaseArguments& arguments);

/// Whether the document is coloured.
[[nodiscard]] bool wants_color(const DatabaseArguments& arguments, const Terminal& terminal);

/// One run over one database. Each step complains on stderr and gives false when it fails; then the
/// exit code is exit_trouble, or exit_interrupted. Where no database is named there are only
/// models: then database() must not be called.
class DatabaseRun {
 public:
  DatabaseRun(const DatabaseArguments& arguments, Terminal& terminal);

  /// Opens the document, the log and the database, and looks for damage.
  [[nodiscard]] bool open();
  /// Sends what is done to `tracer` too (not owned).
  void follow(ommi::Tracer* tracer);
  /// Reads the models into `sources` and uses them.
  [[nodiscard]] bool read_models(doctor::SourcedCatalog& sources);
  /// Looks once more whether the database is what it was, and lets go of it.
  void close();
  /// Writes what is left of the document; gives the exit code, which is `code` if all went well.
  [[nodiscard]] int conclude(int code);
  /// The exit code of a run that failed at some step.
  [[nodiscard]] int failed() const;

  /// A file to be written, which `option` named; null and a complaint where it cannot be, or must
  /// not be because it is the database's.
  [[nodiscard]] OwnedFile create(const std::string& file, const char* option) const;
  /// Measures what indexes would save, on a private copy of the file (TraversalOptions).
  [[nodiscard]] std::function<void(std::vector<doctor::IndexTest>&)> index_tests() const;

  void complain_about(const ommi::DatabaseError& error) const;
  [[nodiscard]] bool has_database() const noexcept { return database_.has_value(); }
  [[nodiscard]] ommi::Database& database() { return *database_; }
  [[nodiscard]] Document& document() { return *document_; }
  [[nodiscard]] Progress& progress() { return progress_; }
  [[nodiscard]] const std::string& path() const noexcept { return path_; }
  [[nodiscard]] const std::string& shown() const noexcept { return shown_; }

  std::vector<std::string> notes;        // what the user should know
  std::vector<doctor::Skipped> skipped;  // what could not be looked at
  std::vector<std::string> damage;       // what a check of the file found

 private:
  [[nodiscard]] bool open_database();
  [[nodiscard]] bool open_document();
  [[nodiscard]] bool open_log();
  [[nodiscard]] std::string_view without_place(std::string_view message) const;
  [[nodiscard]] ommi::DBResult<doctor::SourcedCatalog> read_sources(
      const doctor::SourceOptions& options);
  void look_for_damage();
  void skip(std::string what, std::string why);
  void skip_unread(const doctor::python::Facts& facts);

  const DatabaseArguments& arguments_;
  Terminal& terminal_;
  std::string path_;
  std::string shown_;
  OwnedFile log_stream_;
  std::unique_ptr<Log> log_;
  std::optional<ommi::Tee> both_;
  std::optional<Document> document_;
  std::optional<ommi::Database> database_;
  std::chrono::steady_clock::time_point deadline_ = {};  // of the database
  std::optional<InterruptGuard> guard_;
  Progress progress_;
};

}  // namespace cli
