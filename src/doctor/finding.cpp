#include "doctor/finding.hpp"

namespace doctor {

std::string_view to_string(Level level) noexcept {
  switch (level) {
    case Level::info:
      return "info";
    case Level::warning:
      return "warning";
    case Level::error:
      return "error";
  }
  return "error";
}

std::string_view to_string(Standing standing) noexcept {
  switch (standing) {
    case Standing::open:
      return "open";
    case Standing::baselined:
      return "baselined";
    case Standing::suppressed:
      return "suppressed";
  }
  return "open";
}

std::string_view to_string(Safety safety) noexcept {
  switch (safety) {
    case Safety::safe:
      return "safe";
    case Safety::unsafe:
      return "unsafe";
    case Safety::manual:
      return "manual";
  }
  return "manual";
}

}  // namespace doctor
