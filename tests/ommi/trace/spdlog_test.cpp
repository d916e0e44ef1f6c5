#include "ommi/spdlog.hpp"

#include <sstream>

#include <catch2/catch.hpp>
#include <spdlog/logger.h>
#include <spdlog/sinks/ostream_sink.h>

#include "conformance/fixture.hpp"

namespace ommi {
namespace {

struct Logged {
  explicit Logged(spdlog::level::level_enum level)
      : logger(std::make_shared<spdlog::logger>(
            "test", std::make_shared<spdlog::sinks::ostream_sink_st>(text))) {
    logger->set_pattern("%l %v");
    logger->set_level(level);
  }
  std::ostringstream text;
  std::shared_ptr<spdlog::logger> logger;
};

/// What is written of an event of that kind, with a statement, a value and an error.
std::string line_of(EventKind kind, spdlog::level::level_enum level,
                    BoundValues values = BoundValues::hidden) {
  const DatabaseError error(ErrorCode::missing_table, "no such table: x\x1b");
  const std::vector<Cell> bound = {Cell::of(std::int64_t{7}), Cell::text("x")};
  Event event;
  event.kind = kind;
  event.driver = "sqlite";
  event.operation = "fetch";
  event.model = "User\n";
  event.relation = "posts";
  event.call = 3;
  event.rows = 5;
  event.owners = 2;
  event.duration_ns = 1'500'000;
  event.statement = "SELECT ?";
  event.values = bound;
  if (kind == EventKind::failed) event.error = &error;
  Logged logged(level);
  Spdlog tracer(logged.logger, values);
  tracer.on(event);
  return logged.text.str();
}

TEST_CASE("Spdlog says what happened on one line, and nothing that a terminal would obey") {
  CHECK(line_of(EventKind::rows_done, spdlog::level::debug) ==
        "debug call 3 sqlite fetch User\\n.posts: rows_done, 2 owners, 5 rows, 1.500 ms: SELECT "
        "?\n");
  CHECK(line_of(EventKind::failed, spdlog::level::debug) ==
        "info call 3 sqlite fetch User\\n.posts: failed, 2 owners, 1.500 ms, missing_table: no "
        "such table: x\\x1b: SELECT ?\n");
}

TEST_CASE("Spdlog shows bound values only where that was asked for") {
  CHECK(line_of(EventKind::query, spdlog::level::debug, BoundValues::shown) ==
        "debug call 3 sqlite fetch User\\n.posts: query, 2 owners, 1.500 ms: SELECT ? with 7, "
        "'x'\n");
}

TEST_CASE("Spdlog keeps to the level of the logger") {
  CHECK(line_of(EventKind::lazy_load, spdlog::level::debug).empty());
  CHECK_FALSE(line_of(EventKind::lazy_load, spdlog::level::trace).empty());
  CHECK(line_of(EventKind::query, spdlog::level::info).empty());
  CHECK_FALSE(line_of(EventKind::malformed, spdlog::level::info).empty());
  CHECK(line_of(EventKind::failed, spdlog::level::warn).empty());
}

TEST_CASE("Spdlog follows a database, and cannot be without a logger") {
  Logged logged(spdlog::level::debug);
  Spdlog tracer(logged.logger);
  conformance::Opened blog = conformance::fixtures().front().open(conformance::blog_models());
  blog.database.set_tracer(&tracer);
  CHECK(blog.database.find("User").count().ok());
  CHECK(logged.text.str().find("debug call ") == 0);
  CHECK(logged.text.str().find("sqlite count User: rows_done, 1 rows") != std::string::npos);
  CHECK_THROWS_AS(Spdlog(nullptr), std::invalid_argument);
}

}  // namespace
}  // namespace ommi
