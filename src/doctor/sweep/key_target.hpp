#pragma once

/// \file
/// The keys of a model that references are held against.

#include <memory>
#include <string>
#include <vector>

#include "doctor/sweep/key_set.hpp"
#include "doctor/sweep/sampler.hpp"
#include "ommi/model.hpp"

namespace doctor {

using Fields = std::vector<std::size_t>;

/// The keys of a model by some of its fields, equal by `rules`.
class KeyTarget {
 public:
  KeyTarget(const ommi::Model& model, Fields fields, std::vector<ommi::Comparison> rules,
            const Share& share = {})
      : model_(&model), fields_(std::move(fields)), rules_(std::move(rules)) {
    open(share);
  }

  [[nodiscard]] bool is(const ommi::Model& model, const Fields& fields,
                        const std::vector<ommi::Comparison>& rules) const {
    return model_ == &model && fields_ == fields && rules_ == rules;
  }
  [[nodiscard]] const ommi::Model& model() const noexcept { return *model_; }
  [[nodiscard]] const KeyTally& keys() const noexcept { return *keys_; }
  /// From now on `keys().count` tells one from several.
  void count_keys() noexcept { counted_ = true; }
  /// Whether its table was read, with or without success.
  [[nodiscard]] bool ready() const noexcept { return ready_; }
  [[nodiscard]] const std::string& failure() const noexcept { return failure_; }
  /// Whether it did not fit in memory.
  [[nodiscard]] bool gave_up() const noexcept { return gave_up_; }

  [[nodiscard]] Fields fields() const { return fields_; }
  void bind(ScanColumns& columns) { places_ = columns.places(fields_); }
  /// About how many rows there are to come.
  void expect(std::uint64_t rows) noexcept { keys_->once().expect(rows); }
  void rows(const Batch& batch);
  void finish();
  void fail(const std::string& reason);

  /// An empty one for other rows of the same scan, or null if one must see all; and the way back.
  [[nodiscard]] std::unique_ptr<KeyTarget> part() const;
  void merge(const KeyTarget& other) { keys_->add_all(*other.keys_); }
  /// Starts anew, for the keys of a slice.
  void open(const Share& share);
  /// Gives the memory back.
  void release() noexcept { keys_->clear(); }

 private:
  const ommi::Model* model_;
  Fields fields_;
  std::vector<ommi::Comparison> rules_;
  Share share_;
  std::unique_ptr<KeyTally> keys_;
  Fields places_;
  std::vector<ommi::Cell> key_;
  std::string failure_;
  bool counted_ = false;
  bool ready_ = false;
  bool gave_up_ = false;
};

}  // namespace doctor
