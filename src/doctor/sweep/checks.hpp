#pragma once

/// \file
/// What is done with every row of a scan. Each check fills one piece of evidence.
///
/// All have the same five members, so that a scan can treat them alike: `fields` it reads, `bind`
/// to the columns of a scan, `row` for each row, then `finish`, or `fail` with the reason why there
/// are no numbers.

#include <string>
#include <vector>

#include "doctor/evidence.hpp"
#include "doctor/sweep/key_set.hpp"
#include "doctor/sweep/sampler.hpp"

namespace doctor {

using Fields = std::vector<std::size_t>;
using Row = std::span<const ommi::Cell>;

/// The keys of a model by some of its fields, equal by `rules`.
class KeyTarget {
 public:
  KeyTarget(const ommi::Model& model, Fields fields, std::vector<ommi::Comparison> rules)
      : model_(&model), fields_(std::move(fields)), rules_(rules), keys_(std::move(rules)) {}

  [[nodiscard]] bool is(const ommi::Model& model, const Fields& fields,
                        const std::vector<ommi::Comparison>& rules) const {
    return model_ == &model && fields_ == fields && rules_ == rules;
  }
  [[nodiscard]] const ommi::Model& model() const noexcept { return *model_; }
  [[nodiscard]] const KeyTally& keys() const noexcept { return keys_; }
  /// Whether its table was read, with or without success.
  [[nodiscard]] bool ready() const noexcept { return ready_; }
  [[nodiscard]] const std::string& failure() const noexcept { return failure_; }

  [[nodiscard]] Fields fields() const { return fields_; }
  void bind(ScanColumns& columns) { places_ = columns.places(fields_); }
  void row(Row row);
  void finish(const ScanColumns&) { ready_ = true; }
  void fail(const std::string& reason);

 private:
  const ommi::Model* model_;
  Fields fields_;
  std::vector<ommi::Comparison> rules_;
  KeyTally keys_;
  Fields places_;
  std::vector<ommi::Cell> key_;
  std::string failure_;
  bool ready_ = false;
};

/// Holds every row against the rows that it should name.
class ReferenceCheck {
 public:
  /// `joined` and `reverse` are the target's keys under a JOIN's rule and under the rule of the
  /// referring columns; null where they compare as `looked_up` does.
  ReferenceCheck(ReferenceSweep& result, const KeyTarget& looked_up, const KeyTarget* joined,
                 const KeyTarget* reverse, std::size_t samples);

  [[nodiscard]] std::vector<const KeyTarget*> targets() const;
  [[nodiscard]] Fields fields() const { return result_->fields; }
  void bind(ScanColumns& columns) { places_ = columns.places(result_->fields); }
  void row(Row row);
  void finish(const ScanColumns& columns);
  void fail(const std::string& reason);

 private:
  [[nodiscard]] bool join_differs() const;

  ReferenceSweep* result_;
  const KeyTarget* looked_up_;
  const KeyTarget* joined_;
  const KeyTarget* reverse_;
  Fields places_;
  std::vector<ommi::Cell> key_;
  KeySet dangling_values_;
  Sampler nulls_, danglings_, differing_;
};

/// Counts the rows of the many side that share an owner.
class OneToOneCheck {
 public:
  OneToOneCheck(OneToOneSweep& result, std::size_t samples);

  [[nodiscard]] std::vector<const KeyTarget*> targets() const { return {}; }
  [[nodiscard]] Fields fields() const { return result_->relation->target_fields; }
  void bind(ScanColumns& columns) { places_ = columns.places(fields()); }
  void row(Row row);
  void finish(const ScanColumns& columns);
  void fail(const std::string& reason);

 private:
  OneToOneSweep* result_;
  KeyTally owners_;
  Fields places_;
  std::vector<ommi::Cell> key_;
  Sampler repeated_;
};

/// Looks at both sides of every row of an association, and at the pair.
class AssociationCheck {
 public:
  AssociationCheck(AssociationSweep& result, const KeyTarget& owners, const KeyTarget& targets,
                   std::size_t samples);

  [[nodiscard]] std::vector<const KeyTarget*> targets() const { return {owners_, targets_}; }
  [[nodiscard]] Fields fields() const;
  void bind(ScanColumns& columns);
  void row(Row row);
  void finish(const ScanColumns& columns);
  void fail(const std::string& reason);

 private:
  AssociationSweep* result_;
  const KeyTarget* owners_;
  const KeyTarget* targets_;
  KeyTally pairs_;
  Fields owner_places_, target_places_;
  std::vector<ommi::Cell> owner_key_, target_key_;
  Sampler nulls_, missing_owners_, missing_targets_, repeated_;
};

/// Counts how one field's values are stored.
class FieldCheck {
 public:
  FieldCheck(FieldSweep& result, std::size_t samples) : result_(&result), samples_(samples) {}

  [[nodiscard]] std::vector<const KeyTarget*> targets() const { return {}; }
  [[nodiscard]] Fields fields() const { return {result_->field}; }
  void bind(ScanColumns& columns) { place_ = columns.place(result_->field); }
  void row(Row row);
  void finish(const ScanColumns& columns);
  /// A field without numbers is no evidence: the caller leaves it out.
  void fail(const std::string&) { failed_ = true; }
  [[nodiscard]] bool failed() const noexcept { return failed_; }

 private:
  FieldSweep* result_;
  std::size_t place_ = 0;
  Sampler samples_;
  bool failed_ = false;
};

}  // namespace doctor
