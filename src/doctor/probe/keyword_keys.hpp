#pragma once

/// \file
/// Keys that are words of SQL, which Ommi writes into its statements instead of binding them.

#include <string>
#include <vector>

#include "doctor/evidence.hpp"
#include "ommi/database.hpp"

namespace doctor {

/// Looks through the text fields by which lazy fields of the Python models ask. `only` empty = all
/// relationships. What could not be read is in `problems`.
[[nodiscard]] std::vector<KeywordKeys> keyword_keys(const ommi::Database& database,
                                                    const Evidence& evidence,
                                                    const std::vector<const ommi::Relation*>& only,
                                                    std::size_t samples,
                                                    std::vector<std::string>& problems);

}  // namespace doctor
