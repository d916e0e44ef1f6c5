#pragma once

/// \file
/// The SQLite driver, and what it is made of.

#include <functional>
#include <memory>
#include <optional>

#include "drivers/sqlite/connection.hpp"
#include "drivers/sqlite/file_state.hpp"
#include "drivers/sqlite/private_copy.hpp"
#include "ommi/driver.hpp"
#include "ommi/sql.hpp"

namespace ommi::sqlite {

/// A connection and how it came to be.
struct Opened {
  std::optional<PrivateCopy> copy = {};  // first, so that it is removed after the connection closed
  std::shared_ptr<Connection> connection;
  std::optional<Watched> watched = {};  // what must not change while we read
  /// Opens it once more, to see the same rows; empty where that is not certain.
  std::function<std::shared_ptr<Connection>()> again = {};
};

[[nodiscard]] std::unique_ptr<Driver> make_driver(Opened opened);
/// A private copy of the file at `path`, with nobody connected to it.
[[nodiscard]] PrivateCopy copy_of(const std::string& path);

[[nodiscard]] Schema describe(Connection& connection);
[[nodiscard]] QueryPlan explain(Connection& connection, const Query& query,
                                const sql::Statement& statement);
[[nodiscard]] std::vector<std::string> integrity(Connection& connection, std::size_t limit);

}  // namespace ommi::sqlite
