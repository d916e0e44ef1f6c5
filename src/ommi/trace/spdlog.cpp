#include "ommi/spdlog.hpp"

#include <stdexcept>

#include <fmt/format.h>
#include <spdlog/logger.h>

#include "ommi/value.hpp"

namespace ommi {
namespace {

spdlog::level::level_enum level_of(const Event& event) noexcept {
  switch (event.kind) {
    case EventKind::failed:
    case EventKind::malformed:
    case EventKind::blocked:
      return spdlog::level::info;
    case EventKind::query:
    case EventKind::rows_done:
    case EventKind::fallback:
    case EventKind::schema:
    case EventKind::begin:
    case EventKind::commit:
    case EventKind::rollback:
      return spdlog::level::debug;
    case EventKind::lazy_load:
    case EventKind::cache_hit:
      break;
  }
  return spdlog::level::trace;
}

std::string subject_of(const Event& event) {
  std::string text;
  if (event.call != 0) text += fmt::format("call {} ", event.call);
  text += event.driver;
  if (!event.operation.empty()) text += fmt::format(" {}", event.operation);
  if (!event.model.empty()) text += fmt::format(" {}", escaped(event.model));
  if (!event.relation.empty()) text += fmt::format(".{}", escaped(event.relation));
  return text;
}

std::string in_words(const Event& event, BoundValues values) {
  const double milliseconds = static_cast<double>(event.duration_ns) / 1e6;
  std::string text = fmt::format("{}: {}", subject_of(event), to_string(event.kind));
  if (event.owners > 0) text += fmt::format(", {} owners", event.owners);
  if (event.kind == EventKind::rows_done || event.kind == EventKind::lazy_load) {
    text += fmt::format(", {} rows", event.rows);
  }
  if (!event.returned.empty()) text += fmt::format(", {}", printable(event.returned));
  if (event.duration_ns > 0) text += fmt::format(", {:.3f} ms", milliseconds);
  if (event.error != nullptr) {
    text +=
        fmt::format(", {}: {}", to_string(event.error->code()), printable(event.error->message()));
  }
  if (!event.statement.empty()) text += fmt::format(": {}", printable(event.statement));
  if (values == BoundValues::hidden) return text;
  for (std::size_t at = 0; at < event.values.size(); ++at) {
    text += fmt::format("{}{}", at == 0 ? " with " : ", ", to_display(event.values[at]));
  }
  return text;
}

}  // namespace

Spdlog::Spdlog(std::shared_ptr<spdlog::logger> logger, BoundValues values)
    : logger_(std::move(logger)), values_(values) {
  if (!logger_) throw std::invalid_argument("ommi::Spdlog needs a logger");
}

void Spdlog::on(const Event& event) {
  const auto level = level_of(event);
  if (logger_->should_log(level)) logger_->log(level, in_words(event, values_));
}

}  // namespace ommi
