#pragma once

/// \file
/// Database files for the tests of the SQLite driver, in folders that go away with them.

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>

#include <sqlite3.h>

#include "ommi/driver.hpp"
#include "ommi/error.hpp"
#include "ommi/sqlite.hpp"

namespace ommi::testing {

class Folder {
 public:
  Folder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "ommi-test-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary folder");
    path_ = pattern;
  }
  ~Folder() {
    std::error_code ignored;
    std::filesystem::permissions(path_, std::filesystem::perms::owner_all, ignored);
    std::filesystem::remove_all(path_, ignored);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  [[nodiscard]] std::string file(std::string_view name) const {
    return (std::filesystem::path(path_) / name).string();
  }
  [[nodiscard]] const std::string& path() const { return path_; }

  /// Every file's name and bytes, and when it was written.
  [[nodiscard]] std::map<std::string, std::string> content() const {
    std::map<std::string, std::string> result;
    for (const auto& entry : std::filesystem::directory_iterator(path_)) {
      std::string bytes;
      if (entry.is_regular_file()) {
        std::ifstream in(entry.path(), std::ios::binary);
        bytes.assign(std::istreambuf_iterator<char>(in), {});
        bytes += std::to_string(entry.last_write_time().time_since_epoch().count());
      }
      result.emplace(entry.path().filename().string(), std::move(bytes));
    }
    return result;
  }

 private:
  std::string path_;
};

/// A plain connection of SQLite's own, such as an application has.
class Application {
 public:
  explicit Application(const std::string& path) {
    if (sqlite3_open(path.c_str(), &handle_) != SQLITE_OK) throw std::runtime_error("cannot open");
  }
  ~Application() { sqlite3_close_v2(handle_); }
  Application(const Application&) = delete;
  Application& operator=(const Application&) = delete;

  void run(const std::string& sql) {
    if (sqlite3_exec(handle_, sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) {
      throw std::runtime_error(sqlite3_errmsg(handle_));
    }
  }
  [[nodiscard]] sqlite3* handle() const { return handle_; }

 private:
  sqlite3* handle_ = nullptr;
};

inline void write_file(const std::string& path, std::string_view bytes) {
  std::ofstream(path, std::ios::binary) << bytes;
}

inline void make_database(const std::string& path, const std::string& sql) {
  Application(path).run(sql);
}

/// The error that `work` throws.
template <class Work>
DatabaseError error_from(Work work) {
  try {
    work();
  } catch (const DatabaseError& error) {
    return error;
  }
  throw std::logic_error("no DatabaseError was thrown");
}

inline std::int64_t number(Driver& driver, std::string_view statement) {
  const auto cursor = driver.select(statement, {}, 1);
  Cell cell;
  if (!cursor->next({&cell, 1})) throw std::logic_error("no row");
  return cell.integer;
}

}  // namespace ommi::testing
