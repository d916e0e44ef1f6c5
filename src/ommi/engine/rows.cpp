#include "engine/rows.hpp"

#include <fmt/format.h>

#include "engine/session.hpp"

namespace ommi::engine {

Rows::Rows(const std::shared_ptr<Session>& session, const Model& model, Fetch fetch)
    : Answer(session, model, fetch), width_(model.fields().size()) {
  for (const FieldInfo& field : model.fields()) {
    std::uint16_t kinds = 0;
    for (unsigned kind = 0; kind < 5; ++kind) {
      if (accepts(field.type, static_cast<Kind>(kind)))
        kinds = static_cast<std::uint16_t>(kinds | (1U << kind));
    }
    accepted_.push_back(kinds);
  }
}

std::uint32_t Rows::append(std::span<const Cell> cells) {
  const std::size_t start = cells_.size();
  cells_.insert(cells_.end(), cells.begin(), cells.end());
  for (std::size_t i = 0; i < width_; ++i) {
    Cell& cell = cells_[start + i];
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
