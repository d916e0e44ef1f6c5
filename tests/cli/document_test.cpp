#include "cli/document.hpp"

#include <csignal>
#include <filesystem>
#include <fstream>
#include <unistd.h>

#include <catch2/catch.hpp>

#include "cli/interrupt.hpp"

namespace fs = std::filesystem;

namespace {

/// A folder of its own, gone at the end.
struct Folder {
  fs::path path;
  Folder() {
    std::string pattern = (fs::temp_directory_path() / "ommi-doctor-XXXXXX").string();
    path = mkdtemp(pattern.data());
  }
  ~Folder() { fs::remove_all(path); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  [[nodiscard]] std::string operator/(const char* name) const { return (path / name).string(); }
};

}  // namespace

TEST_CASE("nothing is written over a database or what belongs to it") {
  const Folder folder;
  std::ofstream(folder / "a.db") << "content";
  fs::create_symlink(folder / "a.db", folder / "link");
  fs::create_hard_link(folder / "a.db", folder / "twin");
  for (const char* name : {"a.db", "link", "twin", "./a.db", "../x/../a.db"}) {
    INFO(name);
    const std::string file = std::string(name) == "../x/../a.db"
                                 ? (folder.path / ".." / folder.path.filename() / "a.db").string()
                                 : folder / name;
    CHECK_FALSE(cli::refuses(file, folder / "a.db").empty());
  }
  for (const char* name : {"a.db-wal", "a.db-journal", "a.db-shm"}) {
    CHECK_FALSE(cli::refuses(folder / name, folder / "a.db").empty());
  }
  CHECK(cli::refuses(folder / "b.db", folder / "a.db").empty());
  CHECK(cli::refuses(folder / "report.json", folder / "link").empty());
}

TEST_CASE("a reader that went away is no problem") {
  cli::ignore_broken_pipes();
  int ends[2];
  REQUIRE(pipe(ends) == 0);
  close(ends[0]);
  cli::Document document{cli::OwnedFile(fdopen(ends[1], "w"))};
  document.write("text");
  CHECK_FALSE(document.finish());
  CHECK(document.abandoned());
  CHECK(document.problem().empty());
}

TEST_CASE("a full disk is a problem") {
  std::FILE* full = std::fopen("/dev/full", "wb");
  if (full == nullptr) {
    WARN("skipped: there is no /dev/full");
    return;
  }
  cli::Document document{cli::OwnedFile(full)};
  document.write("text");
  CHECK_FALSE(document.finish());
  CHECK_FALSE(document.abandoned());
  CHECK_FALSE(document.problem().empty());
}
