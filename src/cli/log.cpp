#include "cli/log.hpp"

#include <spdlog/logger.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/base_sink.h>

#include "ommi/value.hpp"

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

std::shared_ptr<spdlog::logger> logger_for(std::FILE* file, const std::string& level) {
  auto logger = std::make_shared<spdlog::logger>("ommi-doctor", std::make_shared<StreamSink>(file));
  logger->set_formatter(std::make_unique<spdlog::pattern_formatter>("%H:%M:%S.%e %l %v"));
  logger->set_level(spdlog::level::from_str(level));
  return logger;
}

ommi::BoundValues values_for(const LogOptions& options) {
  return options.show_values && options.level == "trace" ? ommi::BoundValues::shown
                                                         : ommi::BoundValues::hidden;
}

}  // namespace

const std::vector<std::string>& log_levels() {
  static const std::vector<std::string> names = {"trace", "debug", "info", "warn", "off"};
  return names;
}

Log::Log(std::FILE* file, const LogOptions& options)
    : logger_(logger_for(file, options.level)), tracer_(logger_, values_for(options)) {}

Log::~Log() { logger_->flush(); }

void Log::warn(std::string_view what, std::string_view why) {
  logger_->warn("{}: {}", ommi::printable(what), ommi::printable(why));
}

}  // namespace cli
