#include "cli/log.hpp"

#include <mutex>

#include <fmt/format.h>
#include <spdlog/logger.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/base_sink.h>

#include "doctor/report_parts/printable.hpp"

namespace cli {
namespace {

// spdlog's own file sinks open files by name; ours writes to a stream that is open already.
class StreamSink : public spdlog::sinks::base_sink<spdlog::details::null_mutex> {
 public:
  explicit StreamSink(std::FILE* file) : file_(file) {}

 protected:
  void sink_it_(const spdlog::details::log_msg& message) override {
    spdlog::memory_buf_t line;
    formatter_->format(message, line);
    std::fwrite(line.data(), 1, line.size(), file_);
  }
  void flush_() override { std::fflush(file_); }

 private:
  std::FILE* file_;
};

spdlog::level::level_enum level_of(const ommi::Event& event) noexcept {
  switch (event.kind) {
    case ommi::EventKind::failed:
    case ommi::EventKind::malformed:
    case ommi::EventKind::blocked:
      return spdlog::level::info;
    case ommi::EventKind::query:
    case ommi::EventKind::rows_done:
    case ommi::EventKind::fallback:
    case ommi::EventKind::schema:
    case ommi::EventKind::begin:
    case ommi::EventKind::commit:
    case ommi::EventKind::rollback:
      return spdlog::level::debug;
    case ommi::EventKind::lazy_load:
    case ommi::EventKind::cache_hit:
      break;
  }
  return spdlog::level::trace;
}

std::string subject_of(const ommi::Event& event) {
  std::string text;
  if (event.call != 0) text += fmt::format("call {} ", event.call);
  text += event.driver;
  if (!event.operation.empty()) text += fmt::format(" {}", event.operation);
  if (!event.model.empty()) text += fmt::format(" {}", ommi::escaped(event.model));
  if (!event.relation.empty()) text += fmt::format(".{}", ommi::escaped(event.relation));
  return text;
}

std::string describe(const ommi::Event& event, bool values) {
  const double milliseconds = static_cast<double>(event.duration_ns) / 1e6;
  std::string text = fmt::format("{}: {}", subject_of(event), to_string(event.kind));
  if (event.owners > 0) text += fmt::format(", {} owners", event.owners);
  if (event.kind == ommi::EventKind::rows_done || event.kind == ommi::EventKind::lazy_load) {
    text += fmt::format(", {} rows", event.rows);
  }
  if (!event.returned.empty())
    text += fmt::format(", {}", doctor::report_parts::printable(event.returned));
  if (event.duration_ns > 0) text += fmt::format(", {:.3f} ms", milliseconds);
  if (event.error != nullptr) {
    text += fmt::format(", {}: {}", to_string(event.error->code()),
                        doctor::report_parts::printable(event.error->message()));
  }
  if (!event.statement.empty())
    text += fmt::format(": {}", doctor::report_parts::printable(event.statement));
  if (!values) return text;
  for (std::size_t at = 0; at < event.values.size(); ++at) {
    text += fmt::format("{}{}", at == 0 ? " with " : ", ", ommi::to_display(event.values[at]));
  }
  return text;
}

}  // namespace

const std::vector<std::string>& log_levels() {
  static const std::vector<std::string> names = {"trace", "debug", "info", "warn", "off"};
  return names;
}

struct LogTracer::State {
  spdlog::logger logger;
  bool values;
};

LogTracer::LogTracer(std::FILE* file, const LogOptions& options)
    : state_(new State{spdlog::logger("ommi-doctor", std::make_shared<StreamSink>(file)), false}) {
  const auto level = spdlog::level::from_str(options.level);
  state_->values = options.show_values && level == spdlog::level::trace;
  state_->logger.set_formatter(std::make_unique<spdlog::pattern_formatter>("%H:%M:%S.%e %l %v"));
  state_->logger.set_level(level);
}

LogTracer::~LogTracer() { state_->logger.flush(); }

void LogTracer::on(const ommi::Event& event) {
  const auto level = level_of(event);
  if (!state_->logger.should_log(level)) return;
  state_->logger.log(level, describe(event, state_->values));
}

void LogTracer::warn(std::string_view what, std::string_view why) {
  state_->logger.warn("{}: {}", doctor::report_parts::printable(what),
                      doctor::report_parts::printable(why));
}

}  // namespace cli
