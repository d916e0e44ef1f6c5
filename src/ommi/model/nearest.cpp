#include <algorithm>
#include <cctype>
#include <limits>

#include "ommi/model.hpp"

namespace ommi {
namespace {

// Edit distance with neighbours swapped as one edit (Damerau, 1964; optimal string alignment), in
// half steps: a change of case counts one, any other edit two.
std::size_t distance(std::string_view left, std::string_view right) {
  const auto lower = [](char c) { return std::tolower(static_cast<unsigned char>(c)); };
  std::vector<std::size_t> before;
  std::vector<std::size_t> above(right.size() + 1);
  std::vector<std::size_t> row(right.size() + 1);
  for (std::size_t j = 0; j <= right.size(); ++j) row[j] = 2 * j;
  for (std::size_t i = 1; i <= left.size(); ++i) {
    before = std::move(above);
    above = row;
    row[0] = 2 * i;
    for (std::size_t j = 1; j <= right.size(); ++j) {
      const char a = left[i - 1];
      const char b = right[j - 1];
      const std::size_t change = a == b ? 0 : (lower(a) == lower(b) ? 1 : 2);
      row[j] = std::min({above[j - 1] + change, above[j] + 2, row[j - 1] + 2});
      if (i > 1 && j > 1 && lower(a) == lower(right[j - 2]) && lower(left[i - 2]) == lower(b)) {
        row[j] = std::min(row[j], before[j - 2] + 2);
      }
    }
  }
  return row[right.size()];
}

}  // namespace

std::string nearest(std::string_view name, const std::vector<std::string>& names) {
  constexpr std::size_t longest =
      200;  // longer names are not typing errors, and the work is quadratic
  if (name.size() > longest) return {};
  std::string best;
  std::size_t best_distance = std::numeric_limits<std::size_t>::max();
  for (const std::string& candidate : names) {
    if (candidate.size() > longest) continue;
    const std::size_t edits = distance(name, candidate);
    if (edits < best_distance) {
      best = candidate;
      best_distance = edits;
    }
  }
  const std::size_t allowed = std::max<std::size_t>(2, 2 * name.size() / 3);
  return best_distance <= allowed ? best : std::string();
}

}  // namespace ommi
