#include "drivers/sqlite/file_state.hpp"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <unistd.h>

#include <fmt/format.h>

#include "drivers/sqlite/handles.hpp"
#include "ommi/value.hpp"

namespace ommi::sqlite {
namespace {

using namespace std::string_view_literals;

constexpr std::string_view magic = "SQLite format 3\0"sv;

DatabaseError refusal(ErrorCode code, const std::string& path, std::string_view why) {
  return failure(code, fmt::format("{}: {}", escaped(path), why), "open");
}

std::string why_not_found(int error) {
  switch (error) {
    case ENOENT:
    case ENOTDIR:
      return "no such file; check the path (nothing was created)";
    case EACCES:
      return "no permission to look into its folder; ask its owner for it";
    default:
      return fmt::format("cannot be looked at ({}); check the path", std::strerror(error));
  }
}

// Refuses what SQLite would wait for (a FIFO), create, or take for an empty database.
std::string checked_path(const std::string& path) {
  struct stat status = {};
  if (path.find('\0') != std::string::npos) {
    throw refusal(ErrorCode::connection, path, why_not_found(ENOENT));
  }
  if (::stat(path.c_str(), &status) != 0) {
    throw refusal(ErrorCode::connection, path, why_not_found(errno));
  }
  if (S_ISDIR(status.st_mode)) {
    throw refusal(ErrorCode::connection, path, "is a directory; name a database file in it");
  }
  if (!S_ISREG(status.st_mode)) {
    throw refusal(ErrorCode::connection, path, "is not a regular file; name a database file");
  }
  if (::access(path.c_str(), R_OK) != 0) {
    throw refusal(ErrorCode::connection, path, "no permission to read it; ask its owner for it");
  }
  if (status.st_size == 0) {
    throw refusal(ErrorCode::connection, path, "empty file: no tables, nothing to check");
  }
  std::error_code error;
  const std::filesystem::path real = std::filesystem::canonical(path, error);
  if (error) throw refusal(ErrorCode::connection, path, error.message());
  return real.string();
}

sqlite3_file* file_of(sqlite3* handle) noexcept {
  sqlite3_file* file = nullptr;
  sqlite3_file_control(handle, "main", SQLITE_FCNTL_FILE_POINTER, &file);
  return file != nullptr && file->pMethods != nullptr ? file : nullptr;
}

bool exists(const std::string& path) noexcept {
  struct stat status = {};
  return ::stat(path.c_str(), &status) == 0;
}

// A journal whose header is zeroed was committed (journal_mode=PERSIST); one that cannot be read is
// taken for the worst.
bool journal_counts(const std::string& path) {
  if (size_of(path + "-journal") == 0) return false;
  std::ifstream journal(path + "-journal", std::ios::binary);
  return !journal.is_open() || journal.get() != 0;
}

// Looked at twice: a writer may have finished between the first look and the look at its lock.
bool has_hot_journal(const std::string& path, sqlite3* handle) {
  if (!journal_counts(path)) return false;
  sqlite3_file* const file = file_of(handle);
  int reserved = 0;
  if (file != nullptr) file->pMethods->xCheckReservedLock(file, &reserved);
  return reserved == 0 && journal_counts(path);
}

Reading reading_of(const std::string& path, const Header& header) {
  const bool shared_memory = exists(path + "-shm");
  if (size_of(path + "-wal") > 0) {
    return shared_memory ? Reading::shared_index : Reading::private_index;
  }
  if (header[19] != 2) return Reading::shared;
  return shared_memory && exists(path + "-wal") ? Reading::shared_index : Reading::immutable;
}

std::uint32_t number_at(const Header& header, std::size_t offset) noexcept {
  return std::uint32_t{header[offset]} << 24 | std::uint32_t{header[offset + 1]} << 16 |
         std::uint32_t{header[offset + 2]} << 8 | std::uint32_t{header[offset + 3]};
}

}  // namespace

std::uint64_t size_of(const std::string& path) noexcept {
  struct stat status = {};
  return ::stat(path.c_str(), &status) == 0 ? static_cast<std::uint64_t>(status.st_size) : 0;
}

bool read_header(sqlite3* handle, Header& header) {
  sqlite3_file* const file = file_of(handle);
  return file != nullptr && file->pMethods->xRead(file, header.data(),
                                                  static_cast<int>(header.size()), 0) == SQLITE_OK;
}

FileState look_at(const std::string& path) {
  FileState state;
  state.name = path;
  state.path = checked_path(path);
  sqlite3* raw = nullptr;
  const int result =
      sqlite3_open_v2(uri_of(state.path, "mode=ro").c_str(), &raw,
                      SQLITE_OPEN_READONLY | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX, nullptr);
  const Handle handle(raw);
  if (result != SQLITE_OK) {
    throw refusal(ErrorCode::connection, path,
                  fmt::format("cannot be opened: {}", escaped(sqlite3_errmsg(raw))));
  }
  const bool whole = read_header(raw, state.header);
  if (std::memcmp(state.header.data(), magic.data(), magic.size()) != 0) {
    throw refusal(ErrorCode::not_a_database, path, "file is not a database, or it is encrypted");
  }
  if (!whole) {
    throw refusal(ErrorCode::corrupt, path,
                  "the file is truncated within its header; restore it from a backup");
  }
  state.hot_journal = has_hot_journal(state.path, raw);
  state.reading = reading_of(state.path, state.header);
  return state;
}

std::string uri_of(std::string_view path, std::string_view parameters) {
  constexpr std::string_view plain = "/-_.~";
  std::string uri = "file://";
  for (const char letter : path) {
    const bool word = (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
                      (letter >= '0' && letter <= '9');
    if (word || plain.find(letter) != std::string_view::npos) {
      uri += letter;
    } else {
      uri += fmt::format("%{:02x}", static_cast<unsigned char>(letter));
    }
  }
  uri += '?';
  return uri.append(parameters);
}

// The count of pages in the header is valid only where the version behind it is the file's own.
std::string truncation(sqlite3* handle) {
  Header header = {};
  sqlite3_file* const file = file_of(handle);
  sqlite3_int64 size = 0;
  if (!read_header(handle, header) || file->pMethods->xFileSize(file, &size) != SQLITE_OK) {
    return {};
  }
  if (number_at(header, 24) != number_at(header, 92)) return {};
  const std::int64_t stored = header[16] << 8 | header[17];
  const std::int64_t page_size = stored == 1 ? 65536 : stored;
  const std::int64_t pages = number_at(header, 28);
  if (page_size < 512 || pages * page_size <= size) return {};
  return fmt::format(
      "the file is truncated: its header promises {} pages of {} bytes, and it holds {} bytes; "
      "restore it from a backup",
      pages, page_size, size);
}

Watched::Watched(std::string path, sqlite3* handle, Watch what)
    : path_(std::move(path)), what_(what), main_(stamp(path_)), wal_(stamp(path_ + "-wal")) {
  (void)read_header(handle, header_);
}

Watched::Stamp Watched::stamp(const std::string& path) noexcept {
  struct stat status = {};
  if (::stat(path.c_str(), &status) != 0) return {};
#ifdef __APPLE__
  const timespec& time = status.st_mtimespec;
#else
  const timespec& time = status.st_mtim;
#endif
  return {.there = true,
          .device = static_cast<std::uint64_t>(status.st_dev),
          .number = static_cast<std::uint64_t>(status.st_ino),
          .size = static_cast<std::uint64_t>(status.st_size),
          .seconds = std::int64_t{time.tv_sec},
          .nanoseconds = std::int64_t{time.tv_nsec}};
}

std::string Watched::changed(sqlite3* handle) const {
  const Stamp main = stamp(path_);
  const Stamp wal = stamp(path_ + "-wal");
  Header header = {};
  const bool readable = read_header(handle, header);
  std::string_view what;
  if (!main.there) {
    what = "was removed";
  } else if (main.number != main_.number || main.device != main_.device) {
    what = "was replaced by another file";
  } else if (main != main_ || !readable || number_at(header, 24) != number_at(header_, 24)) {
    what = "was written to";
  } else if (what_ == Watch::file_and_wal && wal != wal_ && (wal.size > 0 || wal_.size > 0)) {
    what = "was written to (its -wal changed)";
  } else {
    return {};
  }
  return fmt::format("{} {} while it was read, so what was read may be torn; run again",
                     escaped(path_), what);
}

}  // namespace ommi::sqlite
