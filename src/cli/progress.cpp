#include "cli/progress.hpp"

#include <string>

#include <fmt/format.h>

#include "doctor/report_parts/layout.hpp"
#include "ommi/value.hpp"

namespace cli {

using std::chrono::steady_clock;

bool Progress::due() {
  if (!shown_) return false;
  const auto now = steady_clock::now();
  if (now < next_) return false;
  next_ = now + std::chrono::milliseconds(100);
  return true;
}

void Progress::draw(std::string_view what) {
  const std::string line =
      "\r\x1b[K" + doctor::report_parts::cut(ommi::printable(what), width_ - 1);
  std::fwrite(line.data(), 1, line.size(), err_);
  std::fflush(err_);
  drawn_ = true;
}

void Progress::operator()(std::string_view what) {
  if (due()) draw(what);
}

void Progress::sweep(const doctor::SweepProgress& seen) {
  if (sweep_started_ == steady_clock::time_point()) sweep_started_ = steady_clock::now();
  if (!due()) return;
  const std::chrono::duration<double> spent = steady_clock::now() - sweep_started_;
  const double rate = spent.count() > 0 ? static_cast<double>(seen.rows_done) / spent.count() : 0;
  std::string line = fmt::format("sweeping {}: {} rows", ommi::escaped(seen.what), seen.rows_done);
  if (seen.rows_total > seen.rows_done && rate > 0) {
    line += fmt::format(" of {} ({} %), {:.1f} million a second, {:.0f} s left", seen.rows_total,
                        seen.rows_done * 100 / seen.rows_total, rate / 1e6,
                        static_cast<double>(seen.rows_total - seen.rows_done) / rate);
  }
  draw(line);
}

void Progress::clear() {
  if (!drawn_) return;
  std::fputs("\r\x1b[K", err_);
  std::fflush(err_);
  drawn_ = false;
}

}  // namespace cli
