#pragma once

/// \file
/// A sweep under way: what is left to do, table by table.
///
/// Referenced tables come first, so that one scan serves a table both as target and as referrer.
/// What does not fit in memory beside everything else is put off, and done alone, a slice of the
/// keys at a time.

#include <deque>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "doctor/sweep.hpp"
#include "doctor/sweep/checks.hpp"
#include "doctor/sweep/plan.hpp"
#include "doctor/sweep/table_scan.hpp"

namespace doctor {

class Sweeper {
 public:
  Sweeper(const ommi::Database& database, const SweepOptions& options);
  SweepResult run();

 private:
  void plan();
  KeyTarget& keys_of(const ommi::Model& model, const Fields& fields,
                     std::vector<ommi::Comparison> rules);
  KeyTarget* keys_under(const ReferenceSweep& reference, std::vector<ommi::Comparison> rules);
  void add(ReferenceSweep& reference);
  void add(OneToOneSweep& sweep);
  void add(AssociationSweep& sweep);
  void tell_missing(const Fields& fields, const ommi::Model& target, MissingSide side);
  std::string undecidable(const ommi::Model& model, const Fields& fields, std::string_view what);
  void estimate();

  [[nodiscard]] static bool waits(const Check& check);
  [[nodiscard]] static bool waits(const Work& work);
  void scan_all();
  [[nodiscard]] Work take_some(const ommi::Model& model);
  void settle();
  void release_keys();
  void drop_unready(const ommi::Model& model, Work& work);
  void scan(const ommi::Model& model, Work work);
  /// The reason why not, or nothing.
  std::string read(const ommi::Model& model, Work& work, ScanColumns& columns);
  void note_rows(const ommi::Model& model, std::uint64_t rows, bool checked);
  void fail(Check& check, const std::string& reason);
  [[nodiscard]] std::vector<bool> usable(const ommi::Model& model) const;
  bool find_missing_columns(const ommi::Model& model);
  [[nodiscard]] std::string missing_column(const ommi::Model& model, const Fields& fields) const;
  void drop_unusable(const ommi::Model& model, Work& work);

  void do_deferred();
  std::string do_in_slices(const ommi::Model& model, Check& check);
  void note_if_short(const ommi::Model& model, const std::string& reason);
  std::string fill_targets(const Check& check, Slice& slice);
  std::string do_slice(const ommi::Model& model, Check& check, Slice& slice, ScanColumns& columns);

  const ommi::Database& database_;
  const SweepOptions& options_;
  TableScanner scanner_;
  MemoryBudget budget_;
  SweepPlan plan_;
  SweepResult result_;
  std::deque<KeyTarget> targets_;
  std::deque<ReferenceCheck> references_;
  std::deque<OneToOneCheck> one_to_ones_;
  std::deque<PairCheck> pairs_;
  std::deque<FieldCheck> fields_;
  // Beside the catalog's models.
  std::vector<Work> work_;
  std::vector<std::map<std::size_t, std::string>> missing_;  // fields without a column, and why
  std::vector<std::uint64_t> expected_;                      // rows
  std::vector<bool> swept_;
  std::vector<ReferenceCheck*> ahead_;  // ran before their target was known
  std::vector<std::pair<const ommi::Model*, Check*>> deferred_;
};

}  // namespace doctor
