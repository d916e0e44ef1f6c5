#pragma once

/// \file
/// Whether the boundary catches what a driver may get wrong: every malformed answer is told once,
/// by a driver that lies on order, where a relationship is loaded.

#include <string>
#include <vector>

#include "ommi/error.hpp"
#include "ommi/wire.hpp"

namespace cli {

/// One thing that a driver does wrong, and what came of it.
struct SelftestCase {
  std::string name;       // "empty_wrapper", "late_answer"
  std::string operation;  // the driver call it happened in
  std::string told;       // what the driver did, in words
  std::string expected;   // the outcome that is right: "malformed_result", "rows"
  std::string got = {};   // the outcome that was
  std::string said = {};  // the boundary's words
  bool caught = false;
};

/// Runs every case, each with a fresh driver over a database in memory.
[[nodiscard]] std::vector<SelftestCase> run_selftest();

}  // namespace cli
