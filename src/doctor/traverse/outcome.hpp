#pragma once

/// \file
/// One lazy load, and how it ended.

#include <optional>

#include "doctor/evidence.hpp"
#include "ommi/record.hpp"

namespace doctor {

struct LoadResult {
  Outcome outcome = Outcome::loaded;
  std::uint64_t rows = 0;
  std::optional<ommi::DatabaseError> error = {};
  std::optional<ommi::RecordList> related = {};
};

/// Reads the lazy field `relation` of `owner` and says how it ended.
[[nodiscard]] LoadResult load_once(const ommi::Record& owner, const ommi::Relation& relation);

/// What a report shows of it.
[[nodiscard]] HopSample hop_sample(const ommi::Record& owner, const ommi::Relation& relation,
                                   const LoadResult& loaded);

}  // namespace doctor
