#include <algorithm>
#include <charconv>
#include <chrono>
#include <filesystem>

#include <fmt/format.h>

#include "doctor/selection.hpp"
#include "doctor/settings.hpp"

namespace doctor {
namespace {

constexpr std::uint64_t mebibyte = std::uint64_t{1} << 20U;

std::string in_quotes(std::string_view text) { return fmt::format("\"{}\"", ommi::escaped(text)); }

std::string list_of(const std::vector<std::string>& texts) {
  std::string out = "[";
  for (const std::string& text : texts) out += (out.size() > 1 ? ", " : "") + in_quotes(text);
  return out + "]";
}

std::string size_text(std::uint64_t bytes) {
  return bytes % mebibyte == 0 ? fmt::format("\"{}MiB\"", bytes / mebibyte)
                               : fmt::format("\"{}\"", bytes);
}

std::string levels_text(const std::map<std::string, Level>& levels) {
  std::string out = "{";
  for (const auto& [selector, level] : levels)
    out += fmt::format("{}{} = \"{}\"", out.size() > 1 ? ", " : " ", selector, to_string(level));
  return out + (levels.empty() ? "}" : " }");
}

/// The unit of a size, in bytes; 0 for one that there is not.
std::uint64_t unit_of(std::string_view text) {
  constexpr std::uint64_t thousand = 1000;
  if (text.empty() || text == "B") return 1;
  if (text == "KiB" || text == "K") return 1024;
  if (text == "MiB" || text == "M") return mebibyte;
  if (text == "GiB" || text == "G") return 1024 * mebibyte;
  if (text == "KB") return thousand;
  if (text == "MB") return thousand * thousand;
  if (text == "GB") return thousand * thousand * thousand;
  return 0;
}

}  // namespace

Day today() {
  const std::chrono::year_month_day now(
      std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now()));
  return {static_cast<int>(now.year()), static_cast<unsigned>(now.month()),
          static_cast<unsigned>(now.day())};
}

std::string to_string(const Day& day) {
  return fmt::format("{:04}-{:02}-{:02}", day.year, day.month, day.day);
}

std::vector<std::string> fail_on_names() { return {"error", "warning", "info", "never"}; }

std::optional<std::uint64_t> parse_size(std::string_view text) {
  constexpr std::uint64_t greatest = std::uint64_t{1} << 40U;
  std::uint64_t number = 0;
  const auto [at, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || number > greatest) return std::nullopt;
  std::string_view unit = text.substr(static_cast<std::size_t>(at - text.data()));
  while (!unit.empty() && unit.front() == ' ') unit.remove_prefix(1);
  const std::uint64_t bytes = unit_of(unit);
  if (bytes == 0 || number > greatest / bytes || number * bytes < mebibyte) return std::nullopt;
  return number * bytes;
}

std::string problem_of_output(std::string_view text, const std::vector<std::string>& formats) {
  const std::size_t equals = text.find('=');
  if (equals == std::string_view::npos || equals + 1 == text.size())
    return fmt::format("'{}' is not FORMAT=FILE, such as sarif=report.sarif", ommi::escaped(text));
  const std::string format(text.substr(0, equals));
  if (std::find(formats.begin(), formats.end(), format) != formats.end()) return {};
  const std::string near = ommi::nearest(format, formats);
  return fmt::format("no format is named '{}'; {}", ommi::escaped(format),
                     near.empty() ? fmt::format("there are {}", fmt::join(formats, ", "))
                                  : fmt::format("did you mean '{}'?", near));
}

std::string find_settings(const std::string& folder) {
  namespace fs = std::filesystem;
  std::error_code error;
  fs::path at = fs::absolute(folder.empty() ? "." : folder, error).lexically_normal();
  if (!at.has_filename()) at = at.parent_path();
  for (;;) {
    const fs::path file = at / "ommi-doctor.toml";
    if (fs::is_regular_file(file, error)) return file.string();
    const bool root_of_repository = fs::exists(at / ".git", error);
    if (root_of_repository || at == at.parent_path()) return {};
    at = at.parent_path();
  }
}

std::string top_of_repository() {
  namespace fs = std::filesystem;
  std::error_code error;
  const fs::path here = fs::current_path(error);
  for (fs::path at = here; !at.empty(); at = at.parent_path()) {
    if (fs::exists(at / ".git", error)) return at.string();
    if (at == at.parent_path()) break;
  }
  return here.string();
}

std::vector<ShownSetting> show(const Settings& settings) {
  const auto flag = [](bool value) { return std::string(value ? "true" : "false"); };
  std::vector<ShownSetting> all;
  const auto add = [&](const char* key, const auto& setting, std::string value) {
    all.push_back({key, std::move(value), setting.origin});
  };
  add("name", settings.name, in_quotes(settings.name.value));
  const auto& models = settings.models.value;
  add("models", settings.models, models.size() == 1 ? in_quotes(models.front()) : list_of(models));
  add("python", settings.python, in_quotes(settings.python.value));
  add("python-timeout", settings.python_timeout,
      fmt::format("{:g}", settings.python_timeout.value));
  add("ommi-version", settings.ommi_version, in_quotes(settings.ommi_version.value));
  add("views", settings.views, flag(settings.views.value));
  add("infer", settings.infer, flag(settings.infer.value));
  add("select", settings.select, list_of(settings.select.value));
  add("extend-select", settings.extend_select, list_of(settings.extend_select.value));
  add("ignore", settings.ignore, list_of(settings.ignore.value));
  add("levels", settings.levels, levels_text(settings.levels.value));
  add("fail-on", settings.fail_on, in_quotes(settings.fail_on.value));
  const auto& most = settings.max_warnings.value;
  add("max-warnings", settings.max_warnings, most ? fmt::format("{}", *most) : "(no limit)");
  add("sample", settings.sample, fmt::format("{}", settings.sample.value));
  add("jobs", settings.jobs, fmt::format("{}", settings.jobs.value));
  add("memory", settings.memory, size_text(settings.memory.value));
  add("timeout", settings.timeout, fmt::format("{:g}", settings.timeout.value));
  add("lock-timeout", settings.lock_timeout, fmt::format("{:g}", settings.lock_timeout.value));
  add("sweep-timeout", settings.sweep_timeout, fmt::format("{:g}", settings.sweep_timeout.value));
  add("baseline", settings.baseline, in_quotes(settings.baseline.value));
  add("snapshot", settings.snapshot, in_quotes(settings.snapshot.value));
  add("output", settings.output, list_of(settings.output.value));
  for (const Suppression& one : settings.suppressions) {
    std::string text = fmt::format("{} for {}: {}", ommi::escaped(one.rule),
                                   ommi::escaped(one.object), ommi::escaped(one.reason));
    if (one.expires) text += fmt::format(" (until {})", to_string(*one.expires));
    all.push_back({"[[suppress]]", std::move(text), one.place.to_string()});
  }
  for (const CustomRule& one : settings.rules) {
    all.push_back({"[[rule]]", fmt::format("{} {}", one.code, ommi::escaped(one.name)),
                   one.place.to_string()});
  }
  for (const Scenario& one : settings.scenarios) {
    all.push_back({"[[scenario]]",
                   fmt::format("{}: {}", ommi::escaped(one.name), ommi::escaped(one.path)),
                   one.place.to_string()});
  }
  return all;
}

}  // namespace doctor
