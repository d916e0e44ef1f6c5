#pragma once

/// \file
/// The log of driver calls for people: what was asked, what came back, how long it took.
///
/// Nothing is set up until a log was asked for.

#include <cstdio>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "ommi/trace.hpp"

namespace cli {

/// The names that --log-level takes.
[[nodiscard]] const std::vector<std::string>& log_levels();

struct LogOptions {
  std::string level;         // one of log_levels()
  bool show_values = false;  // bound values too, at level trace
};

/// Writes driver calls at level debug, failed ones at info, lazy loads and cache hits at trace.
class LogTracer : public ommi::Tracer {
 public:
  /// `file` is borrowed.
  LogTracer(std::FILE* file, const LogOptions& options);
  ~LogTracer() override;
  void on(const ommi::Event& event) override;
  /// Something about the run itself, at level warn.
  void warn(std::string_view what, std::string_view why);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace cli
