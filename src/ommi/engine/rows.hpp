#pragma once

/// \file
/// The rows of one answer as cells in one array, texts in an arena: nothing is allocated per row
/// or per value.

#include "engine/answer.hpp"
#include "engine/arena.hpp"

namespace ommi::engine {

class Rows final : public Answer {
 public:
  Rows(const std::shared_ptr<Session>& session, const Model& model, Fetch fetch);

  [[nodiscard]] Cell cell(std::uint32_t row, std::size_t field) const noexcept {
    return cells_[row * width_ + field];
  }

  std::uint32_t append(std::span<const Cell> cells) override;
  [[nodiscard]] Cell key_cell(std::uint32_t row, std::size_t field) const noexcept override {
    return cell(row, field);
  }
  [[nodiscard]] DatabaseError error_of(const Fault& fault) const override;
  [[nodiscard]] Brought fresh(const std::shared_ptr<Session>& session,
                              const Model& model) const override;

 private:
  std::size_t width_;
  std::vector<Cell> cells_;
  Arena arena_;
  std::vector<std::uint16_t> accepted_;  // per field, a bit for each ommi::Kind
};

/// The fault of `row`'s field, whose value `found` is not of its declared type.
[[nodiscard]] DatabaseError decode_error(const Model& model, const std::string& row,
                                         std::size_t field, const Cell& found);

}  // namespace ommi::engine
