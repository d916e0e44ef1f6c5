#pragma once

/// \file
/// How many rows owners have, where some have very many.

#include <string>
#include <vector>

#include "doctor/evidence.hpp"
#include "ommi/database.hpp"

namespace doctor {

/// An owner with more rows than this is worth a remark.
inline constexpr std::uint64_t fan_out_limit = 1000;

/// The to-many relationships of which an owner has more than the limit; why any could not be
/// counted is added to `problems`. A large table is counted only where an index keeps its rows in
/// order and a load met such an owner.
[[nodiscard]] std::vector<FanOut> fan_outs(const ommi::Database& database, const Evidence& evidence,
                                           const std::vector<const ommi::Relation*>& only,
                                           std::size_t samples, std::vector<std::string>& problems);

}  // namespace doctor
