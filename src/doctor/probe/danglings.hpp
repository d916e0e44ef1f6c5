#pragma once

/// \file
/// What dangling rows are: stand-ins for none, keys written differently, or references to rows that
/// are missing.

#include <string>

#include "doctor/evidence.hpp"
#include "ommi/database.hpp"

namespace doctor {

/// Whether the value is one that people write for "none": 0, -1, an empty text, an all-zero UUID.
[[nodiscard]] bool is_sentinel(const ommi::Cell& cell);

/// Tells the dangling rows of `reference` apart; the target's keys take at most `memory` bytes at
/// a time. Gives why that could not be done, or nothing.
[[nodiscard]] std::string tell_danglings_apart(const ommi::Database& database,
                                               const Evidence& evidence, ReferenceSweep& reference,
                                               std::size_t samples, std::uint64_t memory);

}  // namespace doctor
