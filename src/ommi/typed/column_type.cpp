#include "ommi/column_type.hpp"

#include <fmt/format.h>

namespace ommi {
namespace {

using Days = std::chrono::sys_days;
using Micros = std::chrono::microseconds;

/// Reads fixed-width parts of a text from its beginning; once one is missing, all are.
class Parts {
 public:
  explicit Parts(std::string_view text) : text_(text) {}

  int digits(std::size_t count) {
    int number = 0;
    for (std::size_t i = 0; i < count; ++i) {
      const char c = take();
      if (c < '0' || c > '9') good_ = false;
      number = number * 10 + (c - '0');
    }
    return good_ ? number : 0;
  }
  void expect(std::string_view any_of) {
    if (any_of.find(take()) == std::string_view::npos) good_ = false;
  }
  bool skip(char wanted) {
    if (text_.empty() || text_.front() != wanted) return false;
    text_.remove_prefix(1);
    return true;
  }
  /// One to six digits after the point, as microseconds.
  int fraction() {
    int number = 0;
    std::size_t count = 0;
    while (!text_.empty() && text_.front() >= '0' && text_.front() <= '9' && count < 6) {
      number = number * 10 + (take() - '0');
      ++count;
    }
    if (count == 0) good_ = false;
    for (; count < 6; ++count) number *= 10;
    return number;
  }
  [[nodiscard]] bool good() const noexcept { return good_; }
  [[nodiscard]] bool done() const noexcept { return good_ && text_.empty(); }
  void fail() noexcept { good_ = false; }

 private:
  char take() noexcept {
    if (text_.empty()) {
      good_ = false;
      return '\0';
    }
    const char c = text_.front();
    text_.remove_prefix(1);
    return c;
  }
  std::string_view text_;
  bool good_ = true;
};

Days read_date(Parts& parts) {
  const int year = parts.digits(4);
  parts.expect("-");
  const int month = parts.digits(2);
  parts.expect("-");
  const int day = parts.digits(2);
  const std::chrono::year_month_day date(std::chrono::year(year),
                                         std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day)));
  if (!parts.good() || !date.ok()) {
    parts.fail();
    return {};
  }
  return Days(date);
}

Micros read_time(Parts& parts) {
  const int hour = parts.digits(2);
  parts.expect(":");
  const int minute = parts.digits(2);
  parts.expect(":");
  const int second = parts.digits(2);
  if (hour > 23 || minute > 59 || second > 59) parts.fail();
  const Micros fraction(parts.skip('.') ? parts.fraction() : 0);
  parts.skip('Z');
  return std::chrono::hours(hour) + std::chrono::minutes(minute) + std::chrono::seconds(second) +
         fraction;
}

std::string date_text(const Days& value) {
  const std::chrono::year_month_day date(value);
  const int year = static_cast<int>(date.year());
  if (year < 0 || year > 9999) {
    throw DatabaseError(ErrorCode::decode,
                        fmt::format("the year {} does not fit an ISO date of four digits", year));
  }
  return fmt::format("{:04}-{:02}-{:02}", year, static_cast<unsigned>(date.month()),
                     static_cast<unsigned>(date.day()));
}

}  // namespace

Cell ColumnType<Days>::to(const Days& value, std::string& text) {
  text = date_text(value);
  return Cell::text(text);
}

bool ColumnType<Days>::from(const Cell& cell, Days& value) noexcept {
  if (cell.kind != Kind::text) return false;
  Parts parts(cell.view());
  value = read_date(parts);
  return parts.done();
}

using MomentColumn = ColumnType<std::chrono::sys_time<Micros>>;

Cell MomentColumn::to(const Moment& value, std::string& text) {
  const Days day = std::chrono::floor<std::chrono::days>(value);
  const std::chrono::hh_mm_ss<Micros> time(value - day);
  text = fmt::format("{} {:02}:{:02}:{:02}", date_text(day), time.hours().count(),
                     time.minutes().count(), time.seconds().count());
  if (time.subseconds().count() != 0) text += fmt::format(".{:06}", time.subseconds().count());
  return Cell::text(text);
}

bool MomentColumn::from(const Cell& cell, Moment& value) noexcept {
  if (cell.kind != Kind::text) return false;
  Parts parts(cell.view());
  const Days day = read_date(parts);
  parts.expect(" T");
  value = day + read_time(parts);
  return parts.done();
}

}  // namespace ommi
