#pragma once

/// \file
/// One line on a terminal that says what is being done, gone when it is done.

#include <chrono>
#include <cstdio>
#include <string_view>

#include "doctor/sweep.hpp"

namespace cli {

class Progress {
 public:
  Progress(std::FILE* err, bool shown, unsigned width) : err_(err), shown_(shown), width_(width) {}
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  ~Progress() { clear(); }

  /// At most ten times a second.
  void operator()(std::string_view what);
  /// A sweep over many rows: how far it is, how fast, and how long it will take. At most ten times
  /// a second.
  void sweep(const doctor::SweepProgress& seen);
  void clear();

 private:
  std::FILE* err_;
  bool shown_;
  unsigned width_;
  [[nodiscard]] bool due();
  void draw(std::string_view what);

  bool drawn_ = false;
  std::chrono::steady_clock::time_point sweep_started_ = {};
  std::chrono::steady_clock::time_point next_ = {};
};

}  // namespace cli
