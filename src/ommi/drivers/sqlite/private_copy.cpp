#include "drivers/sqlite/private_copy.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "drivers/sqlite/handles.hpp"
#include "ommi/value.hpp"

namespace ommi::sqlite {
namespace {

DatabaseError cannot_copy(std::string_view why) {
  return failure(ErrorCode::connection,
                 fmt::format("cannot make a private copy: {}; make room in the folder for "
                             "temporary files, or set TMPDIR to another",
                             why),
                 "open");
}

Handle open_file(const std::string& uri, int flags) {
  sqlite3* raw = nullptr;
  const int result =
      sqlite3_open_v2(uri.c_str(), &raw, flags | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX, nullptr);
  Handle handle(raw);
  if (result != SQLITE_OK) throw cannot_copy(escaped(sqlite3_errmsg(raw)));
  return handle;
}

// Through SQLite, whose way of closing a file keeps the locks of this process's other connections.
void copy_main_file(const std::string& from, const std::string& to) {
  const Handle handle = open_file(uri_of(from, "mode=ro"), SQLITE_OPEN_READONLY);
  sqlite3_file* file = nullptr;
  sqlite3_file_control(handle.get(), "main", SQLITE_FCNTL_FILE_POINTER, &file);
  sqlite3_int64 size = 0;
  if (file == nullptr || file->pMethods->xFileSize(file, &size) != SQLITE_OK) {
    throw cannot_copy("the file cannot be read");
  }
  std::ofstream out(to, std::ios::binary);
  std::vector<char> block(std::size_t{1} << 20);
  for (sqlite3_int64 at = 0; at < size && out;) {
    const auto length =
        std::min<sqlite3_int64>(static_cast<sqlite3_int64>(block.size()), size - at);
    if (file->pMethods->xRead(file, block.data(), static_cast<int>(length), at) != SQLITE_OK) {
      throw cannot_copy("the file cannot be read");
    }
    out.write(block.data(), length);
    at += length;
  }
  out.flush();
  if (!out) throw cannot_copy("it cannot be written");
}

void copy_beside(const std::string& from, const std::string& to) {
  std::error_code error;
  if (size_of(from) == 0) return;
  std::filesystem::copy_file(from, to, std::filesystem::copy_options::overwrite_existing, error);
  if (error) throw cannot_copy(error.message());
  std::filesystem::permissions(to, std::filesystem::perms::owner_write,
                               std::filesystem::perm_options::add, error);
}

}  // namespace

PrivateCopy::PrivateCopy() {
  std::error_code error;
  const std::filesystem::path place = std::filesystem::temp_directory_path(error);
  if (error) throw cannot_copy(error.message());
  std::string pattern = (place / "ommi-XXXXXX").string();
  if (::mkdtemp(pattern.data()) == nullptr) throw cannot_copy("no folder can be made");
  folder_ = std::move(pattern);
}

PrivateCopy::~PrivateCopy() {
  std::error_code ignored;
  if (!folder_.empty()) std::filesystem::remove_all(folder_, ignored);
}

PrivateCopy::PrivateCopy(PrivateCopy&& other) noexcept
    : folder_(std::exchange(other.folder_, std::string())) {}

PrivateCopy& PrivateCopy::operator=(PrivateCopy&& other) noexcept {
  std::swap(folder_, other.folder_);
  return *this;
}

PrivateCopy PrivateCopy::of_files(const FileState& state) {
  PrivateCopy copy;
  const Handle source = open_file(uri_of(state.path, "mode=ro"), SQLITE_OPEN_READONLY);
  const Watched before(state.path, source.get());
  const std::uint64_t journal = size_of(state.path + "-journal");
  copy_main_file(state.path, copy.path());
  copy_beside(state.path + "-wal", copy.path() + "-wal");
  copy_beside(state.path + "-journal", copy.path() + "-journal");
  if (!before.changed(source.get()).empty() || journal != size_of(state.path + "-journal")) {
    throw failure(ErrorCode::locked,
                  fmt::format("{}: written to while it was copied; wait for the writer to finish",
                              escaped(state.name)),
                  "open");
  }
  return copy;
}

PrivateCopy PrivateCopy::of_snapshot(sqlite3* source) {
  PrivateCopy copy;
  const Handle target =
      open_file(uri_of(copy.path(), "mode=rwc"), SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
  sqlite3_exec(target.get(), "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF", nullptr, nullptr,
               nullptr);
  sqlite3_backup* const backup = sqlite3_backup_init(target.get(), "main", source, "main");
  if (backup == nullptr) throw cannot_copy(escaped(sqlite3_errmsg(target.get())));
  const int result = sqlite3_backup_step(backup, -1);
  sqlite3_backup_finish(backup);
  if (result == SQLITE_DONE) return copy;
  const std::string message = escaped(sqlite3_errstr(result));
  const ErrorCode code = error_code(result, message);
  if (code == ErrorCode::corrupt || code == ErrorCode::locked) throw failure(code, message, "open");
  throw cannot_copy(message);
}

}  // namespace ommi::sqlite
