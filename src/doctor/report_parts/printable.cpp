#include "doctor/report_parts/printable.hpp"

#include "ommi/value.hpp"

namespace doctor::report_parts {

std::string printable(std::string_view text) {
  std::string out;
  while (true) {
    const std::size_t end = text.find('\\');
    out += ommi::escaped(text.substr(0, end));
    if (end == std::string_view::npos) return out;
    out += '\\';
    text.remove_prefix(end + 1);
  }
}

}  // namespace doctor::report_parts
