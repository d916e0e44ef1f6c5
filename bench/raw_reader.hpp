#pragma once

/// \file
/// The yardstick: the leaf pages of the tables read with pread and decoded by hand, the keys in
/// bitmaps.
///
/// It knows the tables that bench/sweep makes, with dense keys, and nothing else: no overflowing
/// keys, no short records, no WAL.

#include <string>

#include "sweep_data.hpp"

namespace bench {

[[nodiscard]] Faults read_raw(const std::string& file);

}  // namespace bench
