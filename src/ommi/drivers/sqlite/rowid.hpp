#pragma once

#include <string>
#include <string_view>

#include "drivers/sqlite/connection.hpp"

namespace ommi::sqlite {

/// What the rowid is called in a table, whose columns may have taken its names; empty where they
/// have taken all three.
[[nodiscard]] std::string_view rowid_name(Connection& connection, const std::string& table);

}  // namespace ommi::sqlite
