#pragma once

/// \file
/// What a schema holds a table to: which columns tell its rows apart, which have an index, and
/// which references it knows.

#include <cstdint>
#include <string>
#include <vector>

#include "doctor/evidence.hpp"
#include "ommi/schema.hpp"

namespace doctor {

using FieldList = std::vector<std::size_t>;

/// The model's table if it is one whose rows the schema can hold to something, else null: of a view
/// or a virtual table nothing is known.
[[nodiscard]] const ommi::Table* ordinary_table(const ommi::Schema* schema,
                                                const ommi::Model& model);

enum class Uniqueness : std::uint8_t {
  none,
  partial,  // an index over some of the rows: these may be all that matter
  full,
};
/// Whether no two rows can hold the same values in `fields`, NULLs aside: the primary key or a
/// unique index lies within them.
[[nodiscard]] Uniqueness uniqueness(const ommi::Table& table, const ommi::Model& model,
                                    const FieldList& fields);

/// Whether a look-up of all of `fields` can be served by an index: the key or an index that begins
/// with one of them.
[[nodiscard]] bool has_leading_index(const ommi::Table& table, const ommi::Model& model,
                                     const FieldList& fields);

/// The name of an index that holds all of `fields` but begins with another column, so that it
/// cannot serve a look-up of them; "the primary key" for that; empty if there is none.
[[nodiscard]] std::string trailing_index(const ommi::Table& table, const ommi::Model& model,
                                         const FieldList& fields);

/// Whether rows of the table can be told apart by `columns` as a foreign key demands it of its
/// target: they are the primary key, or have a unique index of their own.
[[nodiscard]] bool can_be_referred_to(const ommi::Table& table,
                                      const std::vector<std::string>& columns);

/// The columns of the primary key, in its order.
[[nodiscard]] std::vector<std::string> primary_key(const ommi::Table& table);

/// The foreign key that says what `reference` says, or null.
[[nodiscard]] const ommi::ForeignKey* declared_key(const ommi::Table& table,
                                                   const ReferenceSweep& reference);

/// "Post.user_id compares with affinity integer and collation binary".
[[nodiscard]] std::string comparison_of(const ommi::Model& model, std::size_t field);

/// Whether rows of the model are the links of a relationship.
[[nodiscard]] bool is_association(const ommi::Catalog& catalog, const ommi::Model& model);

/// A name for an index that no table or index has yet.
[[nodiscard]] std::string free_index_name(const ommi::Schema* schema, const ommi::Model& model,
                                          const FieldList& fields);

}  // namespace doctor
