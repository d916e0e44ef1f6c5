#include "doctor/evidence.hpp"

namespace doctor {

std::string_view to_string(Outcome outcome) noexcept {
  switch (outcome) {
    case Outcome::loaded:
      return "loaded";
    case Outcome::empty:
      return "empty";
    case Outcome::null:
      return "null";
    case Outcome::dangling:
      return "dangling";
    case Outcome::partial:
      return "partial";
    case Outcome::unreadable:
      return "unreadable";
    case Outcome::failed:
      return "failed";
  }
  return "failed";
}

}  // namespace doctor
