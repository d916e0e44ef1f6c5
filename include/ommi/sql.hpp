#pragma once

/// \file
/// Query trees as SQL text and bound values. One translator; dialects differ in data only.

#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "ommi/query.hpp"

namespace ommi::sql {

/// How a database spells what differs between them.
struct Dialect {
  char quote = '"';       // around identifiers; doubled inside
  bool numbered = false;  // $1, $2, … instead of ?
  std::size_t max_parameters = 999;
  /// Key batches are padded to the next of these sizes by repeating the last key, so that few
  /// statement texts serve all; ascending.
  std::vector<std::size_t> batch_sizes = {1, 8, 64, 500};
  /// A function (packed values, number) that gives the value of that number (see ommi/sql.hpp's
  /// `packed_value`); with it a list longer than the largest batch size is one bound value. Empty =
  /// there is none, and each value of a list is bound.
  std::string packed_value = {};
};

struct Statement {
  std::string text;
  std::vector<Cell> values;  // borrowed from the query, or from `owned`
  std::vector<std::shared_ptr<const std::string>> owned = {};
  std::vector<std::pair<std::string, const Model*>> aliases = {};  // the names given to tables
};

/// Values as bytes, exactly as they are; for use within one process.
[[nodiscard]] std::string pack(const std::vector<Value>& values);
/// The value of that number, borrowed from `packed`; NULL if there is none.
[[nodiscard]] Cell packed_value(std::string_view packed, std::uint64_t number) noexcept;

/// `name` quoted for `dialect`.
[[nodiscard]] std::string quoted(std::string_view name, const Dialect& dialect);

/// SELECT of the query's columns. Throws DatabaseError (ErrorCode::query) when the query needs more
/// parameters than the dialect allows.
[[nodiscard]] Statement select(const Query& query, const Dialect& dialect);

/// SELECT count(*) of the rows that match.
[[nodiscard]] Statement count(const Query& query, const Dialect& dialect);

/// A field and its new value, borrowed.
using NewValue = std::pair<std::size_t, Cell>;

/// UPDATE of the rows that `query.where` matches; its keys are not looked at.
[[nodiscard]] Statement update(const Query& query, std::span<const NewValue> values,
                               const Dialect& dialect);

/// DELETE of the rows that `query.where` matches; its keys are not looked at.
[[nodiscard]] Statement remove(const Query& query, const Dialect& dialect);

}  // namespace ommi::sql
