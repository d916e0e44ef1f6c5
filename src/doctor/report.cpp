#include "doctor/report.hpp"

#include <algorithm>

namespace doctor {

const ReportFormat* find_report_format(std::string_view name) noexcept {
  const auto formats = all_report_formats();
  const auto found =
      std::find_if(formats.begin(), formats.end(),
                   [name](const ReportFormat* format) { return format->name == name; });
  return found == formats.end() ? nullptr : *found;
}

}  // namespace doctor
