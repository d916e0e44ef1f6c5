#pragma once

/// \file
/// The log of a run for people: what the driver was asked, what came back, how long it took.
///
/// Nothing is set up until a log was asked for.

#include <cstdio>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "ommi/spdlog.hpp"

namespace cli {

/// The names that --log-level takes.
[[nodiscard]] const std::vector<std::string>& log_levels();

struct LogOptions {
  std::string level;         // one of log_levels()
  bool show_values = false;  // bound values too, at level trace
};

class Log {
 public:
  /// `file` is borrowed.
  Log(std::FILE* file, const LogOptions& options);
  ~Log();
  Log(const Log&) = delete;
  Log& operator=(const Log&) = delete;
  /// What writes the driver's calls here.
  [[nodiscard]] ommi::Tracer& tracer() noexcept { return tracer_; }
  /// Something about the run itself, at level warn.
  void warn(std::string_view what, std::string_view why);

 private:
  std::shared_ptr<spdlog::logger> logger_;
  ommi::Spdlog tracer_;
};

}  // namespace cli
