#include "cli/progress.hpp"

#include <string>

#include "doctor/report_parts/layout.hpp"
#include "ommi/value.hpp"

namespace cli {

void Progress::operator()(std::string_view what) {
  if (!shown_) return;
  const auto now = std::chrono::steady_clock::now();
  if (now < next_) return;
  next_ = now + std::chrono::milliseconds(100);
  const std::string line =
      "\r\x1b[K" + doctor::report_parts::cut(ommi::printable(what), width_ - 1);
  std::fwrite(line.data(), 1, line.size(), err_);
  std::fflush(err_);
  drawn_ = true;
}

void Progress::clear() {
  if (!drawn_) return;
  std::fputs("\r\x1b[K", err_);
  std::fflush(err_);
  drawn_ = false;
}

}  // namespace cli
