#pragma once

/// \file
/// The same question asked in two ways: what the lazy loads of some owners gave, against one JOIN.

#include "doctor/evidence.hpp"
#include "ommi/database.hpp"

namespace doctor {

/// Compares the rows per owner. `owners` have had `relation` loaded already; at most `limit`
/// differences are kept.
[[nodiscard]] OracleCheck compare_with_join(const ommi::Database& database,
                                            const ommi::Relation& relation,
                                            const ommi::RecordList& owners, std::size_t limit);

/// The JOIN of `relation` as SQL, its owners' key columns and a count per owner; `filter` goes into
/// WHERE.
[[nodiscard]] std::string join_sql(const ommi::Relation& relation, const std::string& filter);

}  // namespace doctor
