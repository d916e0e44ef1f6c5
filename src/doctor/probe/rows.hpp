#pragma once

/// \file
/// Reading a few rows, or all, for a second look.

#include <string>
#include <utility>
#include <vector>

#include "doctor/evidence.hpp"
#include "doctor/sweep/batch.hpp"
#include "ommi/database.hpp"

namespace doctor {

/// Hands every row to `visit`, which gives false to end.
template <class Visit>
class EachRow final : public ommi::RowVisitor {
 public:
  explicit EachRow(Visit visit) : visit_(std::move(visit)) {}
  bool row(std::span<const ommi::Cell> cells) override { return visit_(cells); }
  [[nodiscard]] std::size_t most_rows() const noexcept override { return 256; }

 private:
  Visit visit_;
};

/// Hands every row to `visit`, many at a time.
template <class Visit>
class EachBatch final : public ommi::RowVisitor {
 public:
  explicit EachBatch(Visit visit) : visit_(std::move(visit)) {}
  bool row(std::span<const ommi::Cell> cells) override {
    return rows({cells.data(), cells.size(), 1});
  }
  bool rows(const ommi::RowBatch& rows) override {
    batch_.reset(rows, 0);
    visit_(batch_);
    return true;
  }
  [[nodiscard]] std::size_t most_rows() const noexcept override { return 1024; }

 private:
  Visit visit_;
  Batch batch_;
};

/// For each field, whether its table has it, so that it can be read.
[[nodiscard]] std::vector<bool> readable_fields(const ommi::Schema* schema,
                                                const ommi::Model& model);

/// The first rows for which `condition` (SQL) holds; they show `shown`.
[[nodiscard]] std::vector<RowSample> sample_rows(const ommi::Database& database,
                                                 const ommi::Schema* schema,
                                                 const ommi::Model& model,
                                                 const std::vector<std::size_t>& shown,
                                                 const std::string& condition, std::size_t limit);

/// The numbers in the one row that `statement` gives.
[[nodiscard]] ommi::DBResult<std::vector<std::uint64_t>> numbers(const ommi::Database& database,
                                                                 const std::string& statement,
                                                                 std::size_t width);

}  // namespace doctor
