#pragma once

/// \file
/// What is done with every row of a scan. Each check fills one piece of evidence.
///
/// A scan asks a check which `fields` it reads, lets it `bind` to the columns, hands it the `rows`,
/// and then lets it `finish`, or `fail` with the reason why there are no numbers. A check that can
/// make `part`s of itself is worked on by several threads, a stretch of the table each; one that
/// can work on a slice of the keys is exact however little memory there is.

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "doctor/evidence.hpp"
#include "doctor/sweep/key_set.hpp"
#include "doctor/sweep/key_target.hpp"
#include "doctor/sweep/repeat_filter.hpp"
#include "doctor/sweep/sampler.hpp"

namespace doctor {

class Check {
 public:
  Check() = default;
  virtual ~Check() = default;
  Check(const Check&) = delete;
  Check& operator=(const Check&) = delete;

  /// Whose keys must be known before the first row.
  [[nodiscard]] virtual std::vector<const KeyTarget*> targets() const { return {}; }
  [[nodiscard]] virtual Fields fields() const = 0;
  virtual void bind(ScanColumns& columns) = 0;
  /// Rows in their order; `row` for each, unless a check has something faster.
  virtual void rows(const Batch& batch);
  virtual void row(Row row);
  virtual void finish(const ScanColumns& columns) = 0;
  virtual void fail(const std::string& reason) = 0;

  /// An empty one for a stretch of the same scan; null if the rows must be seen by one.
  [[nodiscard]] virtual std::unique_ptr<Check> part() const { return nullptr; }
  /// Takes over what a part, or one for a slice, has counted.
  virtual void merge(Check& other);

  /// Whether it did not fit in memory: then what it counted is void.
  [[nodiscard]] virtual bool gave_up() const { return false; }
  /// As if it had not seen a row, without memory.
  virtual void start_over() {}
  /// What looks at all rows before the slices, so that these leave most of them out; null where
  /// that is no help. It may take a part of the memory, which goes with the next `start_over`.
  [[nodiscard]] virtual std::unique_ptr<Check> look_ahead(MemoryBudget&) { return nullptr; }
  /// An empty one for a slice of the keys, bound as this one.
  [[nodiscard]] virtual std::unique_ptr<Check> for_slice(const Share& share) const;
  /// What one for a slice has kept to.
  [[nodiscard]] virtual Slice covered() const { return {}; }
  /// Whether it counted also what it no longer covers.
  [[nodiscard]] virtual bool overcounted() const { return false; }
};

/// Where else the dangling rows of a reference are told: as a missing side of an association.
struct MissingSide {
  AssociationSweep* association = nullptr;
  std::uint64_t AssociationSweep::*count = nullptr;
  std::vector<RowSample> AssociationSweep::*samples = nullptr;
  Fields shown;
};

/// Holds every row against the rows that it should name.
class ReferenceCheck final : public Check {
 public:
  /// `joined` and `reverse` are the target's keys under a JOIN's rule and under the rule of the
  /// referring columns; null where they compare as `looked_up` does.
  ReferenceCheck(ReferenceSweep& result, const KeyTarget& looked_up, const KeyTarget* joined,
                 const KeyTarget* reverse, std::size_t samples, const Share& share = {});

  [[nodiscard]] const ommi::Model& model() const noexcept { return *result_->model; }
  [[nodiscard]] const ommi::Model& target() const noexcept { return *result_->target; }
  void also_tell(MissingSide side) { sides_.push_back(std::move(side)); }
  /// Tells no longer what shows this field.
  void tell_nothing_with(std::size_t field);
  [[nodiscard]] std::vector<const KeyTarget*> targets() const override;
  [[nodiscard]] Fields fields() const override { return result_->fields; }
  void bind(ScanColumns& columns) override;
  void rows(const Batch& batch) override;
  void finish(const ScanColumns& columns) override;
  void fail(const std::string& reason) override;

  [[nodiscard]] std::unique_ptr<Check> part() const override;
  void merge(Check& other) override;
  [[nodiscard]] bool gave_up() const override { return distinct_.gave_up() || missed_.gave_up(); }
  void start_over() override;
  [[nodiscard]] std::unique_ptr<Check> for_slice(const Share& share) const override;
  [[nodiscard]] Slice covered() const override { return distinct_.slice(); }
  [[nodiscard]] bool overcounted() const override;

  /// Whether it can run before its target is known: what is not found by then is remembered.
  [[nodiscard]] bool can_run_ahead() const noexcept {
    return joined_ == nullptr && reverse_ == nullptr;
  }
  void run_ahead() noexcept { ahead_ = true; }
  /// Whether all that was remembered is there now.
  [[nodiscard]] bool settled() const;
  void forget_missed() noexcept { missed_.clear(); }

 private:
  struct Counts {
    std::uint64_t rows = 0, nulls = 0, dangling = 0, distinct = 0, differing = 0;
  };
  void look_at(Row row, std::uint64_t number);
  [[nodiscard]] bool join_differs() const;

  ReferenceSweep* result_;
  const KeyTarget* looked_up_;
  const KeyTarget* joined_;
  const KeyTarget* reverse_;
  std::size_t limit_;
  Share share_;
  std::vector<MissingSide> sides_;
  Fields places_;
  Counts counts_;
  KeySet distinct_;  // values that dangle
  KeySet missed_;    // values that were not there when it ran ahead
  bool ahead_ = false;
  Sampler nulls_, danglings_, differing_;
  std::vector<ommi::Cell> key_;
  std::vector<std::uint32_t> odd_;
  KeyLookup lookup_;
};

/// Rows that have the same key as one before them.
class Repeats {
 public:
  Repeats(std::vector<ommi::Comparison> rules, std::size_t samples, const Share& share);

  /// Counts the rows of a batch by the key at `places`, and calls `null(row)` for those without.
  template <class Null>
  void add_all(const Batch& batch, std::span<const std::size_t> places, Null&& null);
  void add(Row row, std::span<const ommi::Cell> key, std::uint64_t number);
  /// Notes the keys of a batch: what occurs once is not kept from then on.
  void look_ahead(const Batch& batch, std::span<const std::size_t> places);
  /// Makes a filter to note them in; false if the budget has no room for one.
  [[nodiscard]] bool open_filter(MemoryBudget& budget);
  void merge(const Repeats& other);
  void start_over();
  [[nodiscard]] std::unique_ptr<Repeats> for_slice(const Share& share) const;
  void clear() noexcept { tally_.clear(); }

  [[nodiscard]] std::uint64_t surplus() const noexcept { return surplus_; }
  [[nodiscard]] std::uint64_t repeated() const noexcept { return repeated_; }
  [[nodiscard]] const Sampler& sampler() const noexcept { return sampler_; }
  [[nodiscard]] const KeyTally& tally() const noexcept { return tally_; }
  [[nodiscard]] const Slice& slice() const noexcept { return share_.slice; }
  /// What was counted may be of keys that had to be forgotten.
  [[nodiscard]] bool overcounted() const noexcept {
    return surplus_ > 0 && tally_.slice() != share_.slice;
  }

 private:
  template <class Null>
  void hash_all(const Batch& batch, std::span<const std::size_t> places, Null&& null);

  std::vector<ommi::Comparison> rules_;
  std::size_t limit_;
  Share share_;
  KeyTally tally_;
  std::uint64_t surplus_ = 0, repeated_ = 0;
  Sampler sampler_;
  std::shared_ptr<RepeatFilter> filter_;  // null: every key may repeat
  KeyHash hash_;
  std::vector<std::uint64_t> hashes_;
  std::vector<std::uint32_t> hashed_;  // their rows
  std::vector<ommi::Cell> key_;
};

/// Looks at all rows once, for a check that counts repeats.
class RepeatLook final : public Check {
 public:
  /// `repeats` outlive it.
  RepeatLook(Repeats& repeats, Fields fields) : repeats_(&repeats), fields_(std::move(fields)) {}

  [[nodiscard]] Fields fields() const override { return fields_; }
  void bind(ScanColumns& columns) override { places_ = columns.places(fields_); }
  void rows(const Batch& batch) override { repeats_->look_ahead(batch, places_); }
  void finish(const ScanColumns&) override {}
  void fail(const std::string&) override {}

 private:
  Repeats* repeats_;
  Fields fields_;
  Fields places_;
};

/// Counts the rows of the many side that share an owner.
class OneToOneCheck final : public Check {
 public:
  OneToOneCheck(OneToOneSweep& result, std::size_t samples, const Share& share = {});

  [[nodiscard]] Fields fields() const override { return result_->relation->target_fields; }
  void bind(ScanColumns& columns) override { places_ = columns.places(fields()); }
  void rows(const Batch& batch) override;
  void finish(const ScanColumns& columns) override;
  void fail(const std::string& reason) override;

  void merge(Check& other) override;
  [[nodiscard]] bool gave_up() const override { return owners_->tally().gave_up(); }
  void start_over() override;
  [[nodiscard]] std::unique_ptr<Check> look_ahead(MemoryBudget& budget) override;
  [[nodiscard]] std::unique_ptr<Check> for_slice(const Share& share) const override;
  [[nodiscard]] Slice covered() const override { return owners_->tally().slice(); }
  [[nodiscard]] bool overcounted() const override { return owners_->overcounted(); }

 private:
  OneToOneSweep* result_;
  std::uint64_t rows_ = 0;
  std::unique_ptr<Repeats> owners_;
  Fields places_;
};

/// Looks at the pair in every row of an association. Its missing sides are its references' affair.
class PairCheck final : public Check {
 public:
  PairCheck(AssociationSweep& result, std::size_t samples, const Share& share = {});

  [[nodiscard]] Fields fields() const override;
  void bind(ScanColumns& columns) override { places_ = columns.places(fields()); }
  void rows(const Batch& batch) override;
  void finish(const ScanColumns& columns) override;
  void fail(const std::string& reason) override { result_->unchecked = reason; }

  void merge(Check& other) override;
  [[nodiscard]] bool gave_up() const override { return pairs_->tally().gave_up(); }
  void start_over() override;
  [[nodiscard]] std::unique_ptr<Check> look_ahead(MemoryBudget& budget) override;
  [[nodiscard]] std::unique_ptr<Check> for_slice(const Share& share) const override;
  [[nodiscard]] Slice covered() const override { return pairs_->tally().slice(); }
  [[nodiscard]] bool overcounted() const override { return pairs_->overcounted(); }

 private:
  AssociationSweep* result_;
  std::size_t limit_;
  std::uint64_t rows_ = 0, nulls_ = 0;
  Sampler null_rows_;
  std::unique_ptr<Repeats> pairs_;
  Fields places_;
};

/// Counts how one field's values are stored.
class FieldCheck final : public Check {
 public:
  FieldCheck(FieldSweep& result, std::size_t samples);

  [[nodiscard]] Fields fields() const override { return {result_->field}; }
  void bind(ScanColumns& columns) override { place_ = columns.place(result_->field); }
  void rows(const Batch& batch) override;
  void finish(const ScanColumns& columns) override;
  /// A field without numbers is no evidence: the caller leaves it out.
  void fail(const std::string&) override { failed_ = true; }
  [[nodiscard]] bool failed() const noexcept { return failed_; }

  [[nodiscard]] std::unique_ptr<Check> part() const override;
  void merge(Check& other) override;

 private:
  void look_at(const Batch& batch, std::size_t place);

  FieldSweep* result_;
  std::size_t limit_;
  std::size_t place_ = 0;
  std::uint64_t rows_ = 0, unacceptable_ = 0;
  std::uint64_t by_kind_[5] = {};
  bool accepted_[5] = {};
  Sampler samples_;
  bool failed_ = false;
};

}  // namespace doctor
