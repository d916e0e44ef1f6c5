#pragma once

/// \file
/// What a check does, where nobody says otherwise on the command line: `ommi-doctor.toml`.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "doctor/custom.hpp"
#include "doctor/finding.hpp"
#include "ommi/model.hpp"
#include "ommi/result.hpp"

namespace doctor {

/// A value and where it came from: "default", "ommi-doctor.toml:7", "--jobs".
template <class T>
struct Setting {
  T value;
  std::string origin = "default";
};

/// A day of the Gregorian calendar; days compare by time.
struct Day {
  int year = 0;
  unsigned month = 0;
  unsigned day = 0;
  friend auto operator<=>(const Day&, const Day&) = default;
};
[[nodiscard]] Day today();
[[nodiscard]] std::string to_string(const Day& day);

/// Findings that are known and accepted.
struct Suppression {
  std::string rule;    // a selector
  std::string object;  // a relationship, Model.field, model, table or table.column; `*` stands for
                       // any text
  std::string reason;
  std::optional<Day> expires = {};  // counts until the end of that day
  ommi::Place place;
};

struct Settings {
  std::string file;  // the configuration that was read, or empty

  Setting<std::string> name = {""};  // of the database in fingerprints; empty: its file name
  Setting<std::vector<std::string>> models = {{}};
  Setting<std::string> python = {""};     // that reads Python models; empty: the one that is found
  Setting<double> python_timeout = {60};  // seconds, 0 = none
  Setting<std::string> ommi_version = {""};  // that runs the models; empty: as the tables look
  Setting<bool> views = {false};
  Setting<bool> infer = {true};
  Setting<std::vector<std::string>> select = {{"ALL"}};
  Setting<std::vector<std::string>> extend_select = {{}};
  Setting<std::vector<std::string>> ignore = {{}};
  Setting<std::map<std::string, Level>> levels = {{}};
  Setting<std::string> fail_on = {"warning"};
  Setting<std::optional<std::uint64_t>> max_warnings = {std::nullopt};
  Setting<std::uint64_t> sample = {200};
  Setting<std::uint64_t> jobs = {1};
  Setting<std::uint64_t> memory = {std::uint64_t{256} << 20U};  // bytes
  Setting<double> timeout = {120};                              // seconds, 0 = none
  Setting<double> lock_timeout = {5};
  Setting<double> sweep_timeout = {0};  // seconds for one table, 0 = none
  Setting<std::string> baseline = {""};
  Setting<std::string> snapshot = {""};  // the manifest that findings point into
  Setting<std::vector<std::string>> output = {{}};

  std::vector<Suppression> suppressions;
  std::vector<CustomRule> rules;
  std::vector<Scenario> scenarios;
};

inline constexpr std::int64_t most_jobs = 16;

/// The names that `fail-on` takes.
[[nodiscard]] std::vector<std::string> fail_on_names();

/// "256MiB", "1GB", "4096" as bytes; nothing where it is none or less than a MiB.
[[nodiscard]] std::optional<std::uint64_t> parse_size(std::string_view text);

/// What is wrong with "FORMAT=FILE", where `formats` are the ones there are; empty if nothing is.
[[nodiscard]] std::string problem_of_output(std::string_view text,
                                            const std::vector<std::string>& formats);

/// `ommi-doctor.toml` in `folder` or the nearest folder above it, up to the root of its repository;
/// empty if there is none.
[[nodiscard]] std::string find_settings(const std::string& folder);

/// The nearest folder, from the current one upward, that is the top of a repository; the current
/// one where there is none.
[[nodiscard]] std::string top_of_repository();

/// Reads a configuration. Files that it names are taken from its own folder. Fails with
/// ErrorCode::model and "FILE:LINE: what is wrong", also for a key, a rule or one of `formats` that
/// is not known.
[[nodiscard]] ommi::DBResult<Settings> read_settings(std::string_view text, const std::string& file,
                                                     const std::vector<std::string>& formats);

/// One setting as a person reads it.
struct ShownSetting {
  std::string key;
  std::string value;  // as TOML
  std::string origin;
};
/// All settings, in the order of the documentation.
[[nodiscard]] std::vector<ShownSetting> show(const Settings& settings);

}  // namespace doctor
