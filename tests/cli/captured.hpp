#pragma once

/// \file
/// Runs the program with arguments and keeps what it wrote.

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include "cli/command.hpp"

namespace testing {

/// What a run left.
struct Captured {
  int code;
  std::string out;
  std::string err;
};

inline std::string contents(std::FILE* file) {
  std::string text;
  std::rewind(file);
  for (int byte = std::fgetc(file); byte != EOF; byte = std::fgetc(file)) {
    text += static_cast<char>(byte);
  }
  return text;
}

inline Captured run(std::vector<std::string> arguments) {
  struct Close {
    void operator()(std::FILE* file) const noexcept { std::fclose(file); }
  };
  const std::unique_ptr<std::FILE, Close> out(std::tmpfile());
  const std::unique_ptr<std::FILE, Close> err(std::tmpfile());
  std::vector<const char*> argv = {"ommi-doctor"};
  for (const std::string& argument : arguments) argv.push_back(argument.c_str());
  cli::Terminal terminal{out.get(), err.get(), false, false, 100};
  const int code = cli::run(static_cast<int>(argv.size()), argv.data(), terminal);
  std::fflush(out.get());
  std::fflush(err.get());
  return {code, contents(out.get()), contents(err.get())};
}

}  // namespace testing
