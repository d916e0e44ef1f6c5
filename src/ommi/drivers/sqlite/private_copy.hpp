#pragma once

/// \file
/// A database copied into a folder of our own, which nobody else can look into and which is removed
/// with this object.

#include <string>

#include <sqlite3.h>

#include "drivers/sqlite/file_state.hpp"

namespace ommi::sqlite {

class PrivateCopy {
 public:
  /// The bytes of the file and of its -journal or -wal. Throws ErrorCode::locked when they change
  /// meanwhile.
  [[nodiscard]] static PrivateCopy of_files(const FileState& state);
  /// What an open connection sees, by SQLite's backup.
  [[nodiscard]] static PrivateCopy of_snapshot(sqlite3* source);

  ~PrivateCopy();
  PrivateCopy(PrivateCopy&& other) noexcept;
  PrivateCopy& operator=(PrivateCopy&& other) noexcept;

  [[nodiscard]] std::string path() const { return folder_ + "/copy.db"; }

 private:
  PrivateCopy();
  std::string folder_;
};

}  // namespace ommi::sqlite
