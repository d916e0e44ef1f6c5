#include "engine/rows.hpp"

#include <algorithm>
#include <bit>

#include <fmt/format.h>

#include "engine/session.hpp"

namespace ommi::engine {
namespace {

// Below the size from which the C library maps memory afresh, whose every page is a fault.
constexpr std::size_t page_bytes = std::size_t{64} << 10U;

std::uint32_t shift_for(std::size_t width) noexcept {
  const std::size_t rows = page_bytes / (sizeof(Cell) * std::max<std::size_t>(width, 1));
  return rows < 2 ? 0 : static_cast<std::uint32_t>(std::bit_width(rows) - 1);
}

}  // namespace

Rows::Rows(const std::shared_ptr<Session>& session, const Model& model, Fetch fetch)
    : Answer(session, model, fetch),
      width_(model.fields().size()),
      page_shift_(shift_for(width_)),
      page_mask_((1U << page_shift_) - 1) {
  for (const FieldInfo& field : model.fields()) {
    std::uint16_t kinds = 0;
    for (unsigned kind = 0; kind < 5; ++kind) {
      if (accepts(field.type, static_cast<Kind>(kind)))
        kinds = static_cast<std::uint16_t>(kinds | (1U << kind));
    }
    accepted_.push_back(kinds);
  }
}

std::vector<Cell>& Rows::page_to_fill() {
  if ((size() & page_mask_) == 0 && size() >> page_shift_ == pages_.size()) {
    std::vector<Cell>& page = pages_.emplace_back();
    if (pages_.size() > 1) page.reserve(width_ << page_shift_);
  }
  return pages_.back();
}

std::uint32_t Rows::append(std::span<const Cell> cells) {
  std::vector<Cell>& page = page_to_fill();
  const std::size_t start = page.size();
  page.insert(page.end(), cells.begin(), cells.end());
  for (std::size_t i = 0; i < width_; ++i) {
    Cell& cell = page[start + i];
    if (cell.kind >= Kind::text) cell.data = arena_.keep({cell.data, cell.size});
    if ((unsigned{accepted_[i]} >> static_cast<unsigned>(cell.kind) & 1U) == 0) add_fault(i);
  }
  return count_row();
}

DatabaseError Rows::error_of(const Fault& fault) const {
  return decode_error(model(), name_of(fault.row), fault.field, cell(fault.row, fault.field));
}

Brought Rows::fresh(const std::shared_ptr<Session>& session, const Model& model) const {
  return {std::make_shared<Rows>(session, model, fetch()), nullptr,
          std::make_shared<std::vector<std::uint32_t>>()};
}

DatabaseError decode_error(const Model& model, const std::string& row, std::size_t field,
                           const Cell& found) {
  const FieldInfo& declared = model.fields()[field];
  std::string message =
      fmt::format("{}.{} is declared {} and holds the {} {}", row, escaped(declared.name),
                  to_string(declared.type), to_string(found.kind), to_display(found, 40));
  if (accepts(declared.type, found.kind) && !found.is_null()) {
    message += ", which does not fit its member";
  }
  return {ErrorCode::decode, std::move(message), {.model = model.name()}};
}

}  // namespace ommi::engine
