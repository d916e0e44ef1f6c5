#pragma once

/// \file
/// Changing rows of tables in memory. A table is left as it was when something fails.

#include <functional>

#include "drivers/memory/table.hpp"

namespace ommi::memory {

[[nodiscard]] std::uint64_t add_rows(Tables& tables, const Model& model,
                                     std::span<const std::size_t> fields, RowSource& rows,
                                     KeySink& keys);

/// `tick` is called for every row looked at, and may throw.
[[nodiscard]] std::uint64_t update_rows(Tables& tables, const Query& query,
                                        std::span<const Assignment> values,
                                        std::function<void()> tick);

[[nodiscard]] std::uint64_t remove_rows(Tables& tables, const Query& query,
                                        std::function<void()> tick);

}  // namespace ommi::memory
