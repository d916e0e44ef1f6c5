#pragma once

/// \file
/// Reading rows of tables in memory.

#include "drivers/memory/evaluate.hpp"

namespace ommi::memory {

/// The answer to `query`, found now: later changes do not show in it.
[[nodiscard]] std::unique_ptr<Cursor> make_cursor(std::shared_ptr<Evaluator> evaluator,
                                                  const Query& query,
                                                  std::shared_ptr<DriverStatistics> statistics);

/// How `query` would be answered: the tables that are read whole.
[[nodiscard]] QueryPlan plan_of(Evaluator& evaluator, const Query& query);

void scan_table(const Tables& tables, const Scan& scan, RowVisitor& visitor,
                DriverStatistics& statistics);

}  // namespace ommi::memory
