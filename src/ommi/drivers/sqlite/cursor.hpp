#pragma once

/// \file
/// Rows of one statement.

#include <memory>
#include <string>

#include "drivers/sqlite/connection.hpp"
#include "ommi/driver.hpp"

namespace ommi::sqlite {

/// A cursor over a bound statement whose rows have `width` columns; throws if they have not. The
/// statement goes back to the connection when the cursor ends.
[[nodiscard]] std::unique_ptr<Cursor> make_cursor(std::shared_ptr<Connection> connection,
                                                  Statement statement, std::size_t width,
                                                  std::string_view operation,
                                                  std::string_view model);

}  // namespace ommi::sqlite
