// The same somebody's second program, which logs what libommi does.

#include <iostream>
#include <memory>
#include <ommi/ommi.hpp>
#include <ommi/spdlog.hpp>

#include <spdlog/logger.h>
#include <spdlog/sinks/ostream_sink.h>

int main() {
  auto logger = std::make_shared<spdlog::logger>(
      "ommi", std::make_shared<spdlog::sinks::ostream_sink_st>(std::cout));
  logger->set_level(spdlog::level::debug);
  logger->set_pattern("%l");
  ommi::Spdlog log(logger);
  ommi::Database database(ommi::sqlite::open_memory("CREATE TABLE User (id INTEGER PRIMARY KEY);"));
  database.set_tracer(&log);
  const bool read = database.describe().ok();
  return read ? 0 : 1;
}
