#include <catch2/catch.hpp>

#include "ommi/drivers/sqlite_files.hpp"

namespace ommi {
namespace {

using testing::error_from;
using testing::number;

class Endless final : public RowVisitor {
 public:
  bool row(std::span<const Cell>) override { return true; }
};

TEST_CASE("sqlite: a deadline ends a query that would never end, and every call after it") {
  const auto driver = sqlite::open_memory(
      "CREATE VIEW endless AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) "
      "SELECT i FROM n");
  driver->set_deadline(std::chrono::steady_clock::now() + std::chrono::milliseconds(50));
  CHECK(error_from([&] { (void)number(*driver, "SELECT count(*) FROM endless"); }).code() ==
        ErrorCode::timeout);
  Endless visitor;
  CHECK(error_from([&] { driver->scan({.table = "endless", .columns = {"i"}}, visitor); }).code() ==
        ErrorCode::timeout);
  CHECK(error_from([&] { (void)driver->describe(); }).code() == ErrorCode::timeout);
  driver->set_deadline(std::chrono::steady_clock::time_point::max());
  CHECK(number(*driver, "SELECT 7") == 7);
}

TEST_CASE("sqlite: a deadline ends a cursor whose rows come one by one, and a scan") {
  const auto driver = sqlite::open_memory(
      "CREATE VIEW endless AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) "
      "SELECT i FROM n");
  const auto cursor = driver->select("SELECT i FROM endless", {}, 1);
  Cell cell;
  REQUIRE(cursor->next({&cell, 1}));
  driver->set_deadline(std::chrono::steady_clock::now() + std::chrono::milliseconds(50));
  CHECK(error_from([&] {
          while (cursor->next({&cell, 1})) {
          }
        }).code() == ErrorCode::timeout);
  CHECK(error_from([&] { (void)cursor->next({&cell, 1}); }).code() == ErrorCode::timeout);
  driver->set_deadline(std::chrono::steady_clock::now() + std::chrono::milliseconds(50));
  Endless visitor;
  CHECK(error_from([&] { driver->scan({.table = "endless", .columns = {"i"}}, visitor); }).code() ==
        ErrorCode::timeout);
}

}  // namespace
}  // namespace ommi
