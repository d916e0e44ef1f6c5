#pragma once

/// \file
/// A tracer that writes to a log of spdlog. It is a library of its own, so that libommi does not
/// need spdlog:
///
///     find_package(ommi REQUIRED COMPONENTS spdlog)
///     target_link_libraries(app PRIVATE ommi::ommi ommi::spdlog)
///
///     ommi::Spdlog log(spdlog::stderr_logger_st("ommi"));
///     database.set_tracer(&log);

#include <memory>

#include "ommi/trace.hpp"

namespace spdlog {
class logger;
}

namespace ommi {

/// Driver calls and transactions at level debug, what failed or was refused at info, lazy loads and
/// cache hits at trace. Nothing is put into words that the logger's level leaves out. Text from the
/// database is written so that a terminal does not obey it.
class Spdlog final : public Tracer {
 public:
  /// Throws std::invalid_argument without a logger.
  explicit Spdlog(std::shared_ptr<spdlog::logger> logger, BoundValues values = BoundValues::hidden);
  void on(const Event& event) override;

 private:
  std::shared_ptr<spdlog::logger> logger_;
  BoundValues values_;
};

}  // namespace ommi
