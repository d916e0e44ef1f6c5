#pragma once

/// \file
/// A command of the program: one file in commands/, named like the object it defines, listed by the
/// build.

#include <cstdio>
#include <functional>
#include <iosfwd>
#include <span>

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace cli {

inline constexpr int exit_clean = 0;
inline constexpr int exit_findings = 1;
inline constexpr int exit_trouble = 2;  // could not check, or not all of it
inline constexpr int exit_interrupted = 130;

/// The outside world, handed in. `out` carries the document and nothing else.
struct Terminal {
  std::FILE* out;
  std::FILE* err;
  bool out_is_terminal;
  bool err_is_terminal;
  unsigned width;
  std::FILE* in = nullptr;  // null: there is nothing to be read
  bool in_is_terminal = false;
};

/// What the chosen command does; gives the exit code.
using Action = std::function<int(Terminal&)>;

struct Command {
  /// Adds the subcommand to `app`; when it is chosen, parsing sets `chosen`.
  void (*declare)(CLI::App& app, Action& chosen);
};

/// All commands, by file name.
[[nodiscard]] std::span<const Command* const> all_commands() noexcept;

/// The whole program without a process around it.
int run(int argc, const char* const* argv, Terminal& terminal);

}  // namespace cli
