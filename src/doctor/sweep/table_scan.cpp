#include "doctor/sweep/table_scan.hpp"

#include <algorithm>
#include <future>
#include <optional>
#include <utility>

#include <fmt/format.h>

namespace doctor {

namespace {

// Fewer rows are read before a second connection has begun.
constexpr std::uint64_t worth_sharing = 8192;
constexpr std::size_t rows_at_once = 1024;
constexpr std::uint64_t rows_between_reports = 65536;
// The rows of a stretch are numbered from a multiple of this, so that they come after those of the
// stretch before.
constexpr std::uint64_t rows_of_stretch = std::uint64_t{1} << 48U;

class WorkVisitor final : public ommi::RowVisitor {
 public:
  WorkVisitor(const Work& work, Progress& progress, std::uint64_t first)
      : work_(work), progress_(progress), number_(first) {}

  bool row(Row cells) override { return rows({cells.data(), cells.size(), 1}); }
  bool rows(const ommi::RowBatch& rows) override {
    batch_.reset(rows, number_);
    number_ += rows.rows;
    for (KeyTarget* target : work_.keys) target->rows(batch_);
    for (Check* check : work_.checks) check->rows(batch_);
    unreported_ += rows.rows;
    if (unreported_ < rows_between_reports) return true;
    return progress_.add(std::exchange(unreported_, 0));
  }
  [[nodiscard]] std::size_t most_rows() const noexcept override { return rows_at_once; }
  void report_rest() { (void)progress_.add(std::exchange(unreported_, 0)); }

 private:
  const Work& work_;
  Progress& progress_;
  std::uint64_t number_;
  std::uint64_t unreported_ = 0;
  Batch batch_;
};

/// The work of one stretch of the table, to be merged into the whole.
class Stretch {
 public:
  Stretch(const Work& whole, std::uint64_t rows) {
    for (const KeyTarget* target : whole.keys) {
      work_.keys.push_back(keys_.emplace_back(target->part()).get());
      work_.keys.back()->expect(rows);
    }
    for (const Check* check : whole.checks) {
      work_.checks.push_back(checks_.emplace_back(check->part()).get());
    }
  }
  [[nodiscard]] const Work& work() const noexcept { return work_; }
  void merge_into(const Work& whole) {
    for (std::size_t i = 0; i < keys_.size(); ++i) whole.keys[i]->merge(*keys_[i]);
    keys_.clear();
    for (std::size_t i = 0; i < checks_.size(); ++i) whole.checks[i]->merge(*checks_[i]);
    checks_.clear();
  }

 private:
  std::vector<std::unique_ptr<KeyTarget>> keys_;
  std::vector<std::unique_ptr<Check>> checks_;
  Work work_;
};

ommi::DBResult<std::uint64_t> scan_with(const ommi::Database& database, const ommi::Scan& scan,
                                        const Work& work, Progress& progress,
                                        std::uint64_t first_number) {
  WorkVisitor visitor(work, progress, first_number);
  auto scanned = database.scan(scan, visitor);
  visitor.report_rest();
  return scanned;
}

ommi::Failure ended() {
  return ommi::DatabaseError(ommi::ErrorCode::timeout,
                             "the sweep was ended before all rows were read", {});
}

ommi::Failure overran(std::chrono::milliseconds limit) {
  return ommi::DatabaseError(
      ommi::ErrorCode::timeout,
      fmt::format("its rows took longer than the {:g} s that a table may take",
                  std::chrono::duration<double>(limit).count()),
      {});
}

std::vector<ommi::RowRange> cut(const ommi::RowRange& range, std::uint64_t pieces) {
  const std::uint64_t span =
      static_cast<std::uint64_t>(range.last) - static_cast<std::uint64_t>(range.first);
  std::vector<ommi::RowRange> ranges;
  std::int64_t first = range.first;
  for (std::uint64_t piece = 1; piece < pieces; ++piece) {
    const auto last = static_cast<std::int64_t>(static_cast<std::uint64_t>(range.first) +
                                                (span / pieces * piece));
    ranges.push_back({first, last});
    first = last + 1;
  }
  ranges.push_back({first, range.last});
  return ranges;
}

}  // namespace

void Work::bind(ScanColumns& columns) const {
  for (KeyTarget* target : keys) target->bind(columns);
  for (Check* check : checks) check->bind(columns);
}

void Progress::start(const std::string& table) {
  table_ = table;
  overran_ = false;
  table_end_ = std::chrono::steady_clock::now() + table_timeout_;
  if (wanted()) tell();
}

bool Progress::add(std::uint64_t rows) {
  if (table_timeout_.count() > 0 && std::chrono::steady_clock::now() >= table_end_) {
    overran_ = true;
  }
  if (overran_) return false;
  if (!wanted()) return true;
  const std::scoped_lock lock(mutex_);
  done_ += rows;
  if (!ended_) tell();
  return !ended_;
}

void Progress::tell() {
  const std::uint64_t total = total_ == 0 ? 0 : std::max(total_, done_);
  if (!tell_({table_, done_, total})) ended_ = true;
}

ommi::DBResult<std::uint64_t> TableScanner::scan(const std::string& table,
                                                 const ScanColumns& columns, const Work& work) {
  if (progress_.ended()) return ended();
  progress_.start(table);
  const ommi::Scan scan = {table, columns.names()};
  const std::vector<ommi::RowRange> ranges = ranges_of(table, work);
  auto scanned = ranges.size() > 1 ? scan_ranges(scan, ranges, work)
                                   : scan_with(database_, scan, work, progress_, 0);
  if (scanned && progress_.ended()) return ended();
  if (scanned && progress_.overran()) return overran(options_.table_timeout);
  return scanned;
}

std::vector<ommi::RowRange> TableScanner::ranges_of(const std::string& table, const Work& work) {
  if (options_.jobs < 2 && work.keys.empty()) return {};
  const auto range = database_.row_range(table);
  if (!range || !range.value()) return {};
  const ommi::RowRange all = *range.value();
  const std::uint64_t span =
      static_cast<std::uint64_t>(all.last) - static_cast<std::uint64_t>(all.first);
  // Numbers that are far apart count nothing: no set believes more than it has room for.
  for (KeyTarget* target : work.keys) target->expect(span / std::max(options_.jobs, 1U));
  if (options_.jobs < 2) return {};
  const auto whole = [](const auto* part) { return part->part() == nullptr; };
  if (std::any_of(work.checks.begin(), work.checks.end(), whole)) return {};
  if (std::any_of(work.keys.begin(), work.keys.end(), whole)) return {};
  if (span < worth_sharing) return {};
  open_readers(options_.jobs - 1);
  if (readers_.empty()) return {};
  return cut(all, readers_.size() + 1);
}

void TableScanner::open_readers(std::size_t wanted) {
  while (readers_.size() < wanted && !no_more_readers_) {
    auto reader = database_.another_reader();
    if (reader && reader.value() != nullptr) {
      readers_.push_back(std::move(reader).value());
    } else {
      no_more_readers_ = true;
    }
  }
}

ommi::DBResult<std::uint64_t> TableScanner::scan_ranges(const ommi::Scan& scan,
                                                        const std::vector<ommi::RowRange>& ranges,
                                                        const Work& work) {
  std::vector<Stretch> stretches;
  std::vector<std::future<ommi::DBResult<std::uint64_t>>> others;
  for (std::size_t i = 1; i < ranges.size(); ++i) {
    stretches.emplace_back(work, static_cast<std::uint64_t>(ranges[i].last) -
                                     static_cast<std::uint64_t>(ranges[i].first));
  }
  for (std::size_t i = 1; i < ranges.size(); ++i) {
    others.push_back(std::async(std::launch::async, [&, i] {
      ommi::Scan part = scan;
      part.range = ranges[i];
      return scan_with(*readers_[i - 1], part, stretches[i - 1].work(), progress_,
                       i * rows_of_stretch);
    }));
  }
  ommi::Scan first = scan;
  first.range = ranges[0];
  auto scanned = scan_with(database_, first, work, progress_, 0);
  std::uint64_t rows = scanned ? scanned.value() : 0;
  std::optional<ommi::Failure> failed;
  if (!scanned) failed = *scanned.failure();
  for (auto& other : others) {
    auto more = other.get();
    if (more) {
      rows += more.value();
    } else if (!failed) {
      failed = *more.failure();
    }
  }
  if (failed) return *failed;
  for (Stretch& stretch : stretches) stretch.merge_into(work);
  return rows;
}

}  // namespace doctor
