#pragma once

/// \file
/// Ommi's own query for a lazy field, run for real owners, beside what our load of it gives.

#include <cstddef>

#include "doctor/evidence.hpp"
#include "doctor/traversal.hpp"
#include "ommi/database.hpp"

namespace doctor {

/// Compares for at most `most` of `owners`. Of what differs at most `samples` are kept, and one of
/// each exception. What cannot be compared is in OmmiComparison::unchecked. Throws
/// DatabaseError where the time is over or the file cannot be read on.
[[nodiscard]] OmmiComparison compare_with_ommi(const ommi::Database& database,
                                               const OmmiApplication& application,
                                               const ommi::Relation& relation,
                                               const ommi::RecordList& owners, std::size_t most,
                                               std::size_t samples);

}  // namespace doctor
