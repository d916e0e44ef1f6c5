#include "doctor/traverse/window.hpp"

#include <algorithm>

namespace doctor {

double WindowGuess::row_bytes(const ommi::Model& model) {
  const auto known = row_bytes_.find(&model);
  if (known != row_bytes_.end()) return known->second;
  constexpr std::uint64_t enough_rows = 64;
  constexpr std::uint64_t enough_bytes = 4U << 20U;
  std::uint64_t rows = 0;
  std::uint64_t bytes = 0;
  const auto weigh = [&](const ommi::RecordList& list) {
    for (const ommi::Record record : list) {
      ++rows;
      for (std::size_t field = 0; field < model.fields().size(); ++field) {
        const ommi::Cell cell = record.cell(field);
        bytes += sizeof cell + (cell.kind >= ommi::Kind::text ? cell.size : 0);
      }
    }
    return rows < enough_rows && bytes < enough_bytes;
  };
  // What cannot be read will be told by the load itself.
  static_cast<void>(database_.find(model.name()).limit(enough_rows).stream(1, weigh));
  const double mean = rows == 0 ? 0.0 : static_cast<double>(bytes) / static_cast<double>(rows);
  return row_bytes_.emplace(&model, mean).first->second;
}

}  // namespace doctor
