/// \file
/// Python models as facts: finds an interpreter, gives it the reader, and reads what it prints.

#include <array>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <unistd.h>

#include <fmt/format.h>

#include "doctor/source.hpp"
#include "doctor/sources/python_reader.hpp"

namespace doctor {
namespace sources {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t most_output = std::size_t{128} << 20U;

[[noreturn]] void fail(const std::string& message) {
  throw ommi::DatabaseError(ommi::ErrorCode::model, message);
}

/// The folders beside which a `.venv` is looked for.
std::array<fs::path, 2> folders_of(const std::string& models) {
  fs::path folder = models.substr(0, models.find_first_of("*?["));
  std::error_code error;
  if (!fs::is_directory(folder, error)) folder = folder.parent_path();
  fs::path absolute = fs::absolute(folder, error).lexically_normal();
  if (!absolute.has_filename()) absolute = absolute.parent_path();  // "app/"
  return {absolute, absolute.parent_path()};
}

/// The last line of what a program complained about: of a traceback, the error.
std::string last_line(std::string_view text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.remove_suffix(1);
  const std::size_t line = text.rfind('\n');
  return ommi::escaped(text.substr(line == std::string_view::npos ? 0 : line + 1));
}

std::string why_not_started(const std::string& python, int error) {
  if (python == "python3" && error == ENOENT) {
    return "no Python was found to read the models with: python3 is not on the PATH (name one with "
           "--python or $OMMI_DOCTOR_PYTHON)";
  }
  return fmt::format("the Python {} cannot be started: {}", ommi::escaped(python),
                     std::strerror(error));
}

std::string why_failed(const std::string& python, const Ended& ended,
                       std::chrono::milliseconds deadline) {
  const std::string name = ommi::escaped(python);
  if (ended.late) {
    return fmt::format(
        "the models could not be read by {} within {} s; --python-timeout gives it more", name,
        static_cast<double>(deadline.count()) / 1000.0);
  }
  if (ended.too_much) {
    return fmt::format("what {} says of the models is longer than {} MiB", name,
                       most_output >> 20U);
  }
  const std::string said = ended.errors.empty() ? "" : ": " + last_line(ended.errors);
  return ended.signal != 0
             ? fmt::format("the models could not be read: {} was ended by signal {}{}", name,
                           ended.signal, said)
             : fmt::format("the models could not be read: {} gave up with {}{}", name,
                           ended.exit_code, said);
}

python::Facts facts_of(const SourceOptions& options) {
  const std::string python = find_python(options.python, options.models);
  std::vector<std::string> arguments = {python, "-I", "-", "--"};
  arguments.insert(arguments.end(), options.models.begin(), options.models.end());
  const Process process{std::move(arguments), python_reader(), options.python_deadline,
                        most_output};
  const Ended ended = run_process(process);
  if (ended.start_error != 0) fail(why_not_started(python, ended.start_error));
  if (ended.late || ended.too_much || ended.signal != 0 || ended.exit_code != 0)
    fail(why_failed(python, ended, options.python_deadline));
  return parse_python_facts(ended.output);
}

std::string place_of(const python::Problem& problem) {
  return problem.line == 0 ? ommi::escaped(problem.file)
                           : fmt::format("{}:{}", ommi::escaped(problem.file), problem.line);
}

}  // namespace

std::string find_python(const std::string& given, const std::vector<std::string>& models) {
  if (!given.empty()) return given;
  const char* const named = std::getenv("OMMI_DOCTOR_PYTHON");
  if (named != nullptr && *named != '\0') return named;
  for (const std::string& path : models) {
    for (const fs::path& folder : folders_of(path)) {
      for (const char* const name : {"python3", "python"}) {
        const std::string python = (folder / ".venv" / "bin" / name).string();
        if (::access(python.c_str(), X_OK) == 0) return python;
      }
    }
  }
  return "python3";
}

}  // namespace sources

ommi::DBResult<python::Facts> read_python(const SourceOptions& options) {
  return ommi::capture({{}, "read Python models", {}, {}}, [&] {
    python::Facts facts = sources::facts_of(options);
    if (!facts.models.empty()) return facts;
    if (!facts.problems.empty()) {
      const python::Problem& problem = facts.problems.front();
      sources::fail(fmt::format("no models could be read: {}: {}", sources::place_of(problem),
                                ommi::escaped(problem.message)));
    }
    const std::size_t files = facts.files.size();
    sources::fail(fmt::format("{}: {}",
                              ommi::escaped(fmt::format("{}", fmt::join(options.models, ", "))),
                              files == 0   ? "no Python files"
                              : files == 1 ? "no Ommi models in this file"
                                           : fmt::format("no Ommi models in {} files", files)));
  });
}

}  // namespace doctor
