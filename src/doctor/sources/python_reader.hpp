#pragma once

/// \file
/// The steps from Python sources to facts; read_python (doctor/source.hpp) takes them all.

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "doctor/python_facts.hpp"

namespace doctor::sources {

/// The script whose parts are in python/reader, which reads models without running them.
[[nodiscard]] std::string_view python_reader() noexcept;

/// The interpreter to take: `given`, $OMMI_DOCTOR_PYTHON, that of the first `.venv` beside one of
/// `models`, else "python3".
[[nodiscard]] std::string find_python(const std::string& given,
                                      const std::vector<std::string>& models);

/// What the reader printed, as facts. Throws DatabaseError (ErrorCode::model) where it is no such
/// document.
[[nodiscard]] python::Facts parse_python_facts(std::string_view document);

struct Process {
  std::vector<std::string> arguments;  // the program first: a path, or a name to be looked for
  std::string_view input;
  std::chrono::milliseconds deadline;
  std::size_t most_output;  // bytes
};

/// How a program ended, and what it printed.
struct Ended {
  int start_error = 0;  // errno of a program that could not be started
  int exit_code = 0;
  int signal = 0;
  bool late = false;
  bool too_much = false;
  std::string output;
  std::string errors;  // the first of them
};

/// Runs a program to its end, or kills it at the deadline or when it prints too much.
[[nodiscard]] Ended run_process(const Process& process);

}  // namespace doctor::sources
