#pragma once

/// \file
/// What a lazy field does beside its first load: looked at again, refreshed, failing, with another
/// owner, with no owner's key, after the end of its database. The second look and the refresh are
/// made on the database itself, at the price of one query; all else on a database in memory that
/// knows the few rows which were loaded, so that nothing of the user's is asked, let alone changed.

#include "doctor/evidence.hpp"
#include "doctor/traverse/lazy_interface.hpp"
#include "ommi/database.hpp"

namespace doctor {

/// `owners` were loaded already. A refresh that would be `costly` is made in memory, too.
[[nodiscard]] LazyObservation probe_lazy_field(const LazyInterface& fields,
                                               const ommi::Database& database,
                                               const ommi::RecordList& owners,
                                               const ommi::Relation& relation, bool costly);

}  // namespace doctor
