#include <csignal>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>

#include "ommi/drivers/sqlite_files.hpp"

namespace ommi {
namespace {

using testing::Application;
using testing::error_from;
using testing::Folder;
using testing::make_database;
using testing::number;
using testing::write_file;

constexpr auto two_rows = "CREATE TABLE t(a); INSERT INTO t VALUES (1), (2)";

// Copies a database that is being written to, as a crash would leave it.
void copy_files(const std::string& from, const std::string& to,
                std::initializer_list<std::string_view> endings) {
  for (const std::string_view ending : endings) {
    std::filesystem::copy_file(from + std::string(ending), to + std::string(ending));
  }
}

void make_wal(const Folder& folder, const std::string& to,
              std::initializer_list<std::string_view> endings) {
  const Folder elsewhere;
  const std::string path = elsewhere.file("live.db");
  Application application(path);
  application.run("PRAGMA journal_mode=WAL; CREATE TABLE t(a); INSERT INTO t VALUES (1)");
  application.run("PRAGMA wal_checkpoint(TRUNCATE)");
  application.run("INSERT INTO t VALUES (2)");
  copy_files(path, folder.file(to), endings);
}

void make_hot_journal(const Folder& folder, const std::string& to) {
  const Folder elsewhere;
  const std::string path = elsewhere.file("live.db");
  Application application(path);
  application.run("CREATE TABLE t(a, b); INSERT INTO t VALUES (1, 'one'), (2, 'two')");
  // A cache of one page makes the writer spill into the file before it commits.
  application.run("PRAGMA cache_size=1; BEGIN; UPDATE t SET a = a + 10");
  application.run(
      "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000) "
      "INSERT INTO t SELECT i, randomblob(100) FROM n");
  copy_files(path, folder.file(to), {"", "-journal"});
}

TEST_CASE("sqlite: what is not a database is refused in one sentence and left alone") {
  const Folder folder;
  std::filesystem::create_directory(folder.file("folder"));
  write_file(folder.file("empty"), "");
  write_file(folder.file("text"), "dear diary, today I found out that I am not a database");
  write_file(folder.file("short"), "SQLite");
  write_file(folder.file("header"), std::string_view("SQLite format 3\0abc", 19));
  REQUIRE(::mkfifo(folder.file("pipe").c_str(), 0600) == 0);
  struct Case {
    std::string name;
    ErrorCode code;
    std::string words;
  };
  const auto given = GENERATE(values<Case>({
      {"missing", ErrorCode::connection, "no such file"},
      {"empty/inside", ErrorCode::connection, "no such file"},
      {std::string("a\0b", 3), ErrorCode::connection, "no such file"},
      {"folder", ErrorCode::connection, "is a directory"},
      {"pipe", ErrorCode::connection, "not a regular file"},
      {"empty", ErrorCode::connection, "empty file: no tables, nothing to check"},
      {"text", ErrorCode::not_a_database, "not a database, or it is encrypted"},
      {"short", ErrorCode::not_a_database, "not a database, or it is encrypted"},
      {"header", ErrorCode::corrupt, "truncated"},
  }));
  const auto before = folder.content();
  const DatabaseError error = error_from([&] { (void)sqlite::open(folder.file(given.name)); });
  INFO(error.message());
  CHECK(error.code() == given.code);
  CHECK(error.message().find(given.words) != std::string::npos);
  CHECK(error.message().find('\n') == std::string::npos);
  CHECK(error.place().driver == "sqlite");
  CHECK(folder.content() == before);
}

TEST_CASE("sqlite: a file without read permission is refused") {
  if (::geteuid() == 0) {
    WARN("skipped: root may read everything");
    return;
  }
  const Folder folder;
  make_database(folder.file("a.db"), two_rows);
  std::filesystem::permissions(folder.file("a.db"), std::filesystem::perms::none);
  const DatabaseError error = error_from([&] { (void)sqlite::open(folder.file("a.db")); });
  CHECK(error.code() == ErrorCode::connection);
  CHECK(error.message().find("no permission") != std::string::npos);
}

TEST_CASE("sqlite: a file cut short is corrupt, and the sentence says by how much") {
  const Folder folder;
  const std::string path = folder.file("cut.db");
  make_database(path, std::string(two_rows) + "; CREATE TABLE u(a); CREATE TABLE v(a)");
  std::filesystem::resize_file(path, 2 * 4096);
  const DatabaseError error = error_from([&] { (void)sqlite::open(path); });
  CHECK(error.code() == ErrorCode::corrupt);
  CHECK(error.message().find("promises 4 pages of 4096 bytes, and it holds 8192 bytes") !=
        std::string::npos);
}

TEST_CASE("sqlite: reading leaves no trace in any state of the file") {
  const Folder folder;
  const std::string path = folder.file("a?b #%20&c.db");
  const auto state = GENERATE(as<std::string>(), "rollback", "wal without -wal", "wal with -wal",
                              "wal with -wal and a left-over -shm");
  if (state == "rollback") make_database(path, two_rows);
  if (state == "wal without -wal")
    make_database(path, std::string("PRAGMA journal_mode=WAL;") + two_rows);
  if (state == "wal with -wal") make_wal(folder, "a?b #%20&c.db", {"", "-wal"});
  if (state == "wal with -wal and a left-over -shm")
    make_wal(folder, "a?b #%20&c.db", {"", "-wal", "-shm"});
  const bool read_only = GENERATE(false, true);
  if (read_only) {
    if (::geteuid() == 0) WARN("skipped in part: nothing keeps root from writing");
    using std::filesystem::perms;
    for (const auto& entry : std::filesystem::directory_iterator(folder.path()))
      std::filesystem::permissions(entry, perms::owner_read);
    std::filesystem::permissions(folder.path(), perms::owner_read | perms::owner_exec);
  }
  INFO(state << (read_only ? ", read only" : ""));
  const auto before = folder.content();
  {
    const auto driver = sqlite::open(path);
    CHECK(number(*driver, "SELECT count(*) FROM t") == 2);
    CHECK(driver->describe().tables.size() == 1);
    CHECK(driver->integrity(10).empty());
    CHECK(folder.content() == before);
    CHECK(driver->changed_since_open().empty());
  }
  CHECK(folder.content() == before);
}

TEST_CASE("sqlite: a file that an application has open in WAL mode is read as it is") {
  const Folder folder;
  const std::string path = folder.file("live.db");
  Application application(path);
  application.run(std::string("PRAGMA journal_mode=WAL;") + two_rows);
  const auto before = folder.content();
  const auto driver = sqlite::open(path);
  CHECK(number(*driver, "SELECT count(*) FROM t") == 2);
  application.run("INSERT INTO t VALUES (3)");
  CHECK(number(*driver, "SELECT count(*) FROM t") == 2);
  CHECK(driver->changed_since_open().empty());
  CHECK(folder.content().size() == before.size());
}

TEST_CASE("sqlite: a symbolic link finds the files beside the real one") {
  const Folder folder;
  std::filesystem::create_directory(folder.file("links"));
  make_wal(folder, "real.db", {"", "-wal"});
  std::filesystem::create_symlink(folder.file("real.db"), folder.file("links/link.db"));
  CHECK(number(*sqlite::open(folder.file("links/link.db")), "SELECT count(*) FROM t") == 2);
}

TEST_CASE("sqlite: a hot journal is refused, and recovered on a copy") {
  const Folder folder;
  make_hot_journal(folder, "hot.db");
  const auto before = folder.content();
  const DatabaseError error = error_from([&] { (void)sqlite::open(folder.file("hot.db")); });
  CHECK(error.code() == ErrorCode::connection);
  CHECK(error.message().find("needs recovery") != std::string::npos);
  const auto driver = sqlite::open(folder.file("hot.db"), {.copy = true});
  CHECK(number(*driver, "SELECT sum(a) FROM t") == 3);
  CHECK(folder.content() == before);
}

TEST_CASE("sqlite: a copy is a snapshot that later writes do not reach") {
  const Folder folder;
  const std::string path = folder.file("a.db");
  const auto mode = GENERATE(as<std::string>(), "DELETE", "WAL");
  Application application(path);
  application.run("PRAGMA journal_mode=" + mode + ";" + two_rows);
  const auto driver = sqlite::open(path, {.copy = true});
  application.run("INSERT INTO t VALUES (3)");
  CHECK(number(*driver, "SELECT count(*) FROM t") == 2);
  CHECK(driver->changed_since_open().empty());
}

TEST_CASE("sqlite: writes while an unlocked file is read are told") {
  const Folder folder;
  const std::string path = folder.file("a.db");
  make_database(path, std::string("PRAGMA journal_mode=WAL;") + two_rows);
  const auto driver = sqlite::open(path);
  make_database(path, "INSERT INTO t VALUES (3)");
  CHECK(driver->changed_since_open().find("was written to") != std::string::npos);
  std::filesystem::remove(path);
  CHECK(driver->changed_since_open().find("was removed") != std::string::npos);
}

TEST_CASE("sqlite: a second connection of this process keeps the first one's snapshot") {
  const Folder folder;
  const std::string path = folder.file("a.db");
  make_database(path, two_rows);
  const auto first = sqlite::open(path);
  { const auto second = sqlite::open(path); }
  const pid_t child = ::fork();
  if (child == 0) {
    sqlite3* handle = nullptr;
    const bool busy =
        sqlite3_open(path.c_str(), &handle) == SQLITE_OK &&
        sqlite3_exec(handle, "DELETE FROM t", nullptr, nullptr, nullptr) == SQLITE_BUSY;
    ::_exit(busy ? 0 : 1);
  }
  int status = -1;
  REQUIRE(::waitpid(child, &status, 0) == child);
  CHECK(status == 0);
}

// Another process that holds an exclusive lock on a database while this lives.
class Locker {
 public:
  explicit Locker(const std::string& path) {
    int ready[2] = {};
    if (::pipe(ready) != 0) throw std::runtime_error("no pipe");
    child_ = ::fork();
    if (child_ == 0) {
      sqlite3* handle = nullptr;
      sqlite3_open(path.c_str(), &handle);
      const int result =
          sqlite3_exec(handle, "BEGIN EXCLUSIVE; DELETE FROM t", nullptr, nullptr, nullptr);
      const char answer = result == SQLITE_OK ? 'y' : 'n';
      if (::write(ready[1], &answer, 1) == 1) ::pause();
      ::_exit(0);
    }
    char answer = 'n';
    const bool locked = ::read(ready[0], &answer, 1) == 1 && answer == 'y';
    ::close(ready[0]);
    ::close(ready[1]);
    if (!locked) throw std::runtime_error("the other process could not lock");
  }
  ~Locker() {
    ::kill(child_, SIGKILL);
    ::waitpid(child_, nullptr, 0);
  }
  Locker(const Locker&) = delete;
  Locker& operator=(const Locker&) = delete;
  [[nodiscard]] pid_t process() const { return child_; }

 private:
  pid_t child_ = -1;
};

TEST_CASE("sqlite: a lock is waited for, then the process that holds it is named") {
  const Folder folder;
  const std::string path = folder.file("a.db");
  make_database(path, two_rows);
  const Locker locker(path);
  const sqlite::Options options{.lock_timeout = std::chrono::milliseconds(100)};
  const DatabaseError error = error_from([&] { (void)sqlite::open(path, options); });
  CHECK(error.code() == ErrorCode::locked);
  INFO(error.message());
#ifdef __linux__
  CHECK(error.message().find("process " + std::to_string(locker.process()) + " (") !=
        std::string::npos);
#endif
  CHECK(error.message().find("wait for it to finish") != std::string::npos);
}

TEST_CASE("sqlite: of a locked file that lies still, a copy has the last commit") {
  const Folder folder;
  const std::string path = folder.file("a.db");
  make_database(path, two_rows);
  const Locker locker(path);
  const auto driver =
      sqlite::open(path, {.lock_timeout = std::chrono::milliseconds(100), .copy = true});
  CHECK(number(*driver, "SELECT count(*) FROM t") == 2);
}

}  // namespace
}  // namespace ommi
