#pragma once

/// \file
/// The rows of one answer as cells in pages, texts in an arena: nothing is allocated per row or per
/// value, and nothing that is kept moves when more rows come.

#include "engine/answer.hpp"
#include "engine/arena.hpp"

namespace ommi::engine {

class Rows final : public Answer {
 public:
  Rows(const std::shared_ptr<Session>& session, const Model& model, Fetch fetch);

  [[nodiscard]] Cell cell(std::uint32_t row, std::size_t field) const noexcept {
    return pages_[row >> page_shift_][(row & page_mask_) * width_ + field];
  }

  std::uint32_t append(std::span<const Cell> cells) override;
  [[nodiscard]] Cell key_cell(std::uint32_t row, std::size_t field) const noexcept override {
    return cell(row, field);
  }
  [[nodiscard]] DatabaseError error_of(const Fault& fault) const override;
  [[nodiscard]] Brought fresh(const std::shared_ptr<Session>& session,
                              const Model& model) const override;

 private:
  /// The page of the next row.
  std::vector<Cell>& page_to_fill();

  std::size_t width_;
  std::uint32_t page_shift_;  // a page holds 2^shift rows
  std::uint32_t page_mask_;
  std::vector<std::vector<Cell>> pages_;  // the first grows as a vector does: few rows cost little
  Arena arena_;
  std::vector<std::uint16_t> accepted_;  // per field, a bit for each ommi::Kind
};

/// The fault of `row`'s field, whose value `found` is not of its declared type.
[[nodiscard]] DatabaseError decode_error(const Model& model, const std::string& row,
                                         std::size_t field, const Cell& found);

}  // namespace ommi::engine
