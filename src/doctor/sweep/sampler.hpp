#pragma once

/// \file
/// Which columns a scan reads, and the few rows of it that are kept to be shown.

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "doctor/finding.hpp"
#include "ommi/model.hpp"

namespace doctor {

/// The columns of one scan; each field of the model is read at most once.
class ScanColumns {
 public:
  explicit ScanColumns(const ommi::Model& model) : model_(&model) {}

  /// Where `field` is in a row; added if it is not read yet.
  std::size_t place(std::size_t field);
  [[nodiscard]] std::vector<std::size_t> places(std::span<const std::size_t> fields);
  /// Reads also what a sample shows to name its row: the key, or else the first fields. Fields for
  /// which `usable` is false are left out.
  void add_naming_fields(const std::vector<bool>& usable);

  [[nodiscard]] std::vector<std::string> names() const;
  [[nodiscard]] const std::vector<std::size_t>& fields() const noexcept { return fields_; }
  /// A scanned row as a sample that shows `shown`.
  [[nodiscard]] RowSample sample(std::span<const ommi::Value> row,
                                 std::span<const std::size_t> shown) const;

 private:
  [[nodiscard]] NamedValue named(std::span<const ommi::Value> row, std::size_t field) const;

  const ommi::Model* model_;
  std::vector<std::size_t> fields_;
  std::vector<std::size_t> naming_;
};

/// Keeps the first few rows it is given, and the last. The last is overwritten in place, so that a
/// million bad rows cost no million allocations.
class Sampler {
 public:
  explicit Sampler(std::size_t limit) : limit_(limit) {}
  /// Rows come in the order of their numbers.
  void take(std::span<const ommi::Cell> row, std::uint64_t number = 0);
  /// Takes over what another one kept of other rows of the same scan.
  void merge(const Sampler& other);
  /// What is kept, in order.
  [[nodiscard]] std::vector<std::vector<ommi::Value>> rows() const;
  [[nodiscard]] std::vector<RowSample> samples(const ScanColumns& columns,
                                               std::span<const std::size_t> shown) const;

 private:
  struct Kept {
    std::uint64_t number;
    std::vector<ommi::Value> row;
  };
  [[nodiscard]] std::vector<ommi::Value> last() const;
  void keep_last(const std::vector<ommi::Value>& row, std::uint64_t number);

  std::size_t limit_;
  std::vector<Kept> first_;
  std::vector<ommi::Cell> last_;  // texts and blobs: their bytes follow each other in bytes_
  std::string bytes_;
  std::uint64_t last_number_ = 0;
};

}  // namespace doctor
