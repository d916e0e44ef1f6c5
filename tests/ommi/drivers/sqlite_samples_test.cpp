#include <catch2/catch.hpp>

#include "ommi/drivers/sqlite_files.hpp"
#include "support/folders.hpp"

// Files that are damaged or odd on purpose, where there are some beside the checkout: whatever is
// in one, the driver answers or throws a DatabaseError, in time, and changes nothing.

namespace ommi {
namespace {

using testing::error_from;
using testing::number;

class Reader final : public RowVisitor {
 public:
  bool row(std::span<const Cell> cells) override {
    for (const Cell& cell : cells) bytes += cell.view().size();
    ++rows;
    return true;
  }
  std::size_t bytes = 0;
  std::size_t rows = 0;
};

std::string shared(std::string_view name) {
  return folders::shared_data() + "/" + std::string(name);
}

bool absent() {
  if (std::filesystem::is_directory(folders::shared_data())) return false;
  WARN("skipped: the shared data are not beside the checkout");
  return true;
}

std::size_t read_all(Driver& driver) {
  Reader reader;
  for (const Table& table : driver.describe().tables) {
    if (!table.unreadable.empty() || table.kind == TableKind::view) continue;
    Scan scan{.table = table.name, .columns = {}};
    for (const Column& column : table.columns) {
      if (!column.generated && !column.hidden) scan.columns.push_back(column.name);
    }
    try {
      driver.scan(scan, reader);
    } catch (const DatabaseError& error) {
      CHECK_FALSE(error.message().empty());
    }
  }
  (void)driver.integrity(10);
  return reader.rows;
}

std::map<std::string, std::string> bytes_of(const std::string& folder) {
  std::map<std::string, std::string> result;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    std::ifstream in(entry.path(), std::ios::binary);
    result[entry.path().filename().string()].assign(std::istreambuf_iterator<char>(in), {});
  }
  return result;
}

TEST_CASE("sqlite: no odd or damaged file crashes, hangs or changes") {
  if (absent()) return;
  const std::string folder = shared(GENERATE(as<std::string>(), "odd", "oddities"));
  const bool copy = GENERATE(false, true);
  const auto before = bytes_of(folder);
  for (const auto& [name, bytes] : before) {
    if (!name.ends_with(".db")) continue;
    INFO(name);
    try {
      const auto driver = sqlite::open(folder + "/" + name, {.copy = copy});
      driver->set_deadline(std::chrono::steady_clock::now() + std::chrono::seconds(20));
      (void)read_all(*driver);
      CHECK(driver->changed_since_open().empty());
    } catch (const DatabaseError& error) {
      CHECK(error.message().find('\n') == std::string::npos);
      CHECK((error.is(ErrorCode::connection) || error.is(ErrorCode::corrupt)));
    }
  }
  CHECK(bytes_of(folder) == before);
}

TEST_CASE("sqlite: the odd samples are opened as a sound tool should") {
  if (absent()) return;
  const auto code = [](std::string_view name) {
    return error_from([&] { (void)sqlite::open(shared(name)); }).code();
  };
  CHECK(code("odd/empty.db") == ErrorCode::connection);
  CHECK(code("odd/not_a_database.db") == ErrorCode::not_a_database);
  CHECK(code("odd/random_bytes.db") == ErrorCode::not_a_database);
  CHECK(code("odd/truncated.db") == ErrorCode::corrupt);
  CHECK(code("odd/hot_journal.db") == ErrorCode::connection);
  const auto wal = sqlite::open(shared("odd/wal_uncheckpointed.db"));
  CHECK(number(*wal, "SELECT count(*) FROM album WHERE artist_id = 42") == 1);
  const auto recovered = sqlite::open(shared("odd/hot_journal.db"), {.copy = true});
  CHECK(number(*recovered, "SELECT count(*) FROM artist") == 200);
  CHECK(number(*recovered, "SELECT count(*) FROM album") == 1);
}

TEST_CASE("sqlite: the odd samples are described as they are") {
  if (absent()) return;
  CHECK(sqlite::open(shared("odd/zero_tables.db"))->describe().tables.empty());
  CHECK(sqlite::open(shared("odd/odd_names.db"))->describe().tables.size() == 52);
  const auto odd = sqlite::open(shared("odd/odd_names.db"));
  CHECK(read_all(*odd) == 51 * 2 + 1);
  const auto unknown = sqlite::open(shared("odd/unknown_functions.db"));
  const Schema schema = unknown->describe();
  CHECK(schema.find_table("loud")->unreadable == "no such function: app_norm");
  CHECK(schema.find_table("album")->unreadable.empty());
  CHECK(schema.find_table("by_name")->unreadable.empty());
  CHECK(schema.find_table("album")->find_column("n")->generated);
  CHECK(unknown->integrity(10).empty());
  const Schema mismatches = sqlite::open(shared("odd/mismatches.db"))->describe();
  CHECK(mismatches.tables.size() == 15);
  for (const Table& table : mismatches.tables) CHECK(table.unreadable.empty());
  const auto damaged = sqlite::open(shared("odd/corrupt_page.db"));
  CHECK_FALSE(damaged->integrity(10).empty());
  CHECK(number(*damaged, "SELECT count(*) FROM ok_child") == 2);
}

TEST_CASE("sqlite: every real sample is described and read whole") {
  if (absent()) return;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folders::shared_data())) {
    const std::string ending = entry.path().extension().string();
    const std::string folder = entry.path().parent_path().filename().string();
    const bool database =
        ending == ".db" || ending == ".sqlite" || ending == ".gpkg" || ending == ".grist";
    if (!database || folder == "odd" || folder == "oddities") continue;
    INFO(entry.path());
    const auto driver = sqlite::open(entry.path().string());
    for (const Table& table : driver->describe().tables) {
      INFO(table.name);
      CHECK(table.unreadable.empty());
      CHECK_FALSE(table.columns.empty());
    }
    CHECK(read_all(*driver) > 0);
  }
}

}  // namespace
}  // namespace ommi
