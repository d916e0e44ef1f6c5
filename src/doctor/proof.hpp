#pragma once

/// \file
/// The SQL that findings show: queries that yield exactly the rows that were counted, and remedies.
///
/// A JOIN of two columns converts both sides, a look-up by key only the value that it is given. So
/// that a query finds what the look-up misses, the referring column is written as an expression
/// (`+column`), which has no affinity of its own, wherever the two columns compare by different
/// rules.

#include <string>
#include <string_view>
#include <vector>

#include "doctor/evidence.hpp"
#include "ommi/schema.hpp"

namespace doctor {

/// Columns of one table that name rows of another.
struct ReferenceColumns {
  const ommi::Model* model;
  std::vector<std::size_t> fields;
  const ommi::Model* target;
  std::vector<std::size_t> target_fields;
};

[[nodiscard]] ReferenceColumns columns_of(const ReferenceSweep& reference);
[[nodiscard]] ReferenceColumns owner_side(const ommi::Relation& association);
[[nodiscard]] ReferenceColumns target_side(const ommi::Relation& association);

/// `name` as an SQL identifier.
[[nodiscard]] std::string quoted_name(std::string_view name);
/// `"table"."column"` of a field.
[[nodiscard]] std::string quoted_column(const ommi::Model& model, std::size_t field);
[[nodiscard]] std::string quoted_table(const ommi::Model& model);
/// `"a", "b"`, without the table.
[[nodiscard]] std::string quoted_columns(const ommi::Model& model,
                                         const std::vector<std::size_t>& fields);

/// True for the rows in which a part is NULL.
[[nodiscard]] std::string null_condition(const ommi::Model& model,
                                         const std::vector<std::size_t>& fields);
/// True for the rows whose reference is set and names no row.
[[nodiscard]] std::string dangling_condition(const ReferenceColumns& reference);
/// True for the rows that a look-up and a JOIN resolve differently.
[[nodiscard]] std::string differing_condition(const ReferenceColumns& reference, bool both_ways);

/// `value` as SQL writes it.
[[nodiscard]] std::string literal(const ommi::Value& value);
/// True for the dangling rows that hold a stand-in for none.
[[nodiscard]] std::string sentinel_condition(const ReferenceSweep& reference);
/// True for the dangling rows that hold one of the kept misspelt keys.
[[nodiscard]] std::string near_miss_condition(const ReferenceSweep& reference);
/// True for the dangling rows that are neither.
[[nodiscard]] std::string missing_condition(const ReferenceSweep& reference);
/// True for the rows whose value is stored as one of the rarer of several classes (numbers, texts,
/// blobs); empty where there is one class. Values that are not of the field's type do not count.
[[nodiscard]] std::string rarer_kinds_condition(const FieldSweep& field);

/// The key (without one: every column) and `shown` of the rows for which `condition` holds.
[[nodiscard]] std::string select_rows(const ommi::Model& model,
                                      const std::vector<std::size_t>& shown,
                                      std::string_view condition);
/// Keeps a copy of the rows for which `condition` holds, in a new table named after the columns at
/// fault and the rule: copies of two findings do not collide.
[[nodiscard]] std::string keep_copy(const ommi::Model& model,
                                    const std::vector<std::size_t>& fields, std::string_view code,
                                    std::string_view condition, const ommi::Schema* schema);

}  // namespace doctor
