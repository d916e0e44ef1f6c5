#pragma once

/// \file
/// SQLite's C handles as owners, and its errors as ours.

#include <memory>
#include <string>
#include <string_view>

#include <sqlite3.h>

#include "ommi/error.hpp"

namespace ommi::sqlite {

struct CloseHandle {
  void operator()(sqlite3* handle) const noexcept { sqlite3_close_v2(handle); }
};
using Handle = std::unique_ptr<sqlite3, CloseHandle>;

struct FinalizeStatement {
  void operator()(sqlite3_stmt* statement) const noexcept { sqlite3_finalize(statement); }
};
using Statement = std::unique_ptr<sqlite3_stmt, FinalizeStatement>;

/// The code of ours for an extended result code and the words that came with it.
[[nodiscard]] ErrorCode error_code(int extended, std::string_view message) noexcept;

/// What the handle's last call failed with, as an exception to throw.
[[nodiscard]] DatabaseError error_of(sqlite3* handle, std::string_view operation,
                                     std::string_view statement = {}, std::string_view model = {});

/// An error of ours, in this driver's place.
[[nodiscard]] DatabaseError failure(ErrorCode code, std::string message, std::string_view operation,
                                    std::string_view statement = {}, std::string_view model = {});

}  // namespace ommi::sqlite
