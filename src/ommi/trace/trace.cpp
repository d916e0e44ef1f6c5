#include "ommi/trace.hpp"

namespace ommi {

std::string_view to_string(EventKind kind) noexcept {
  switch (kind) {
    case EventKind::query:
      return "query";
    case EventKind::rows_done:
      return "rows_done";
    case EventKind::lazy_load:
      return "lazy_load";
    case EventKind::cache_hit:
      return "cache_hit";
    case EventKind::blocked:
      return "blocked";
    case EventKind::fallback:
      return "fallback";
    case EventKind::schema:
      return "schema";
    case EventKind::malformed:
      return "malformed";
    case EventKind::failed:
      return "failed";
    case EventKind::begin:
      return "begin";
    case EventKind::commit:
      return "commit";
    case EventKind::rollback:
      return "rollback";
  }
  return "query";
}

}  // namespace ommi
