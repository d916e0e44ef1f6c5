#pragma once

/// \file
/// Queries answered row by row.

#include <functional>
#include <map>
#include <unordered_map>
#include <utility>

#include "drivers/memory/table.hpp"

namespace ommi::memory {

/// SQL's three values: of what is compared with NULL nothing is known.
enum class Truth : std::uint8_t { no, unknown, yes };

/// A row of an answer. Without an association there is no link; a link without a target has none.
struct Found {
  const Row* link = nullptr;
  const Row* target = nullptr;
};

/// Looks at the tables as they were when it was made; rows it found live as long as it.
class Evaluator {
 public:
  /// `tick` is called for every row looked at, and may throw.
  Evaluator(Tables tables, std::function<void()> tick)
      : tables_(std::move(tables)), tick_(std::move(tick)) {}

  /// What matches `where`, `keys` and `through`, in the order of the tables.
  [[nodiscard]] std::vector<Found> matching(const Query& query);
  /// The same in the query's order and within its limit.
  [[nodiscard]] std::vector<Found> answer(const Query& query);
  [[nodiscard]] const Source& source(const Model& model);

 private:
  [[nodiscard]] Truth test(const Expression& expression, const Source& source, const Row* row);
  [[nodiscard]] Truth compared(const Node& node, const Source& source, const Row* row);
  [[nodiscard]] Truth text_test(const Node& node, const Source& source, const Row* row);
  [[nodiscard]] Truth listed(const Node& node, const Source& source, const Row* row);
  [[nodiscard]] bool related(const Node& node, std::size_t hop, const Source& source,
                             const Row* row);
  [[nodiscard]] bool reached(const Node& node, std::size_t hop, const Source& source,
                             const Row* row);
  [[nodiscard]] std::span<const std::size_t> behind(const Source& from, const Row* row,
                                                    const std::vector<std::size_t>& fields,
                                                    const Source& to,
                                                    const std::vector<std::size_t>& to_fields);
  [[nodiscard]] std::vector<Found> candidates(const Query& query);

  struct List {
    KeyIndex values;
    bool null = false;
  };

  Tables tables_;
  std::function<void()> tick_;
  std::map<const Model*, Source> sources_;
  std::map<std::pair<const Model*, std::vector<std::size_t>>, RowIndex> indexes_;
  std::unordered_map<const Node*, List> lists_;
};

}  // namespace ommi::memory
