#pragma once

/// \file
/// One pass over a table, by one connection or by several that share its rows out.

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "doctor/sweep.hpp"
#include "doctor/sweep/checks.hpp"
#include "doctor/sweep/key_target.hpp"
#include "ommi/database.hpp"

namespace doctor {

/// What is to be done with the rows of one table.
struct Work {
  std::vector<KeyTarget*> keys;
  std::vector<Check*> checks;

  [[nodiscard]] bool empty() const noexcept { return keys.empty() && checks.empty(); }
  void bind(ScanColumns& columns) const;
};

/// Adds up what all connections have read, and passes it on.
class Progress {
 public:
  explicit Progress(const SweepOptions& options)
      : tell_(options.progress), table_timeout_(options.table_timeout) {}

  [[nodiscard]] bool wanted() const noexcept { return static_cast<bool>(tell_); }
  void start(const std::string& table);
  void expect(std::uint64_t rows) noexcept { total_ += rows; }
  void unexpect(std::uint64_t rows) noexcept { total_ -= rows < total_ ? rows : total_; }
  /// False when the sweep is to be ended, or that of the table.
  [[nodiscard]] bool add(std::uint64_t rows);
  [[nodiscard]] bool ended() const noexcept { return ended_; }
  /// Whether the table took longer than it may.
  [[nodiscard]] bool overran() const noexcept { return overran_; }

 private:
  void tell();

  std::function<bool(const SweepProgress&)> tell_;
  std::mutex mutex_;
  std::string table_;
  std::uint64_t done_ = 0;
  std::uint64_t total_ = 0;
  std::atomic<bool> ended_ = false;
  std::chrono::milliseconds table_timeout_;
  std::chrono::steady_clock::time_point table_end_ = {};
  std::atomic<bool> overran_ = false;
};

class TableScanner {
 public:
  TableScanner(const ommi::Database& database, const SweepOptions& options)
      : database_(database), options_(options), progress_(options) {}

  /// Does the work, which is bound to `columns`, on every row; gives how many there are.
  [[nodiscard]] ommi::DBResult<std::uint64_t> scan(const std::string& table,
                                                   const ScanColumns& columns, const Work& work);
  [[nodiscard]] Progress& progress() noexcept { return progress_; }

 private:
  [[nodiscard]] std::vector<ommi::RowRange> ranges_of(const std::string& table, const Work& work);
  void open_readers(std::size_t wanted);
  [[nodiscard]] ommi::DBResult<std::uint64_t> scan_ranges(const ommi::Scan& scan,
                                                          const std::vector<ommi::RowRange>& ranges,
                                                          const Work& work);

  const ommi::Database& database_;
  const SweepOptions& options_;
  Progress progress_;
  std::vector<std::unique_ptr<ommi::Database>> readers_;
  bool no_more_readers_ = false;
};

}  // namespace doctor
