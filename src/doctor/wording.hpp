#pragma once

/// \file
/// How findings put things: counts, names, scopes. Names that go into sentences are escaped here;
/// a Subject keeps them as they are, for programs to read.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "doctor/evidence.hpp"
#include "doctor/finding.hpp"

namespace doctor {

/// "1 row", "8 rows".
[[nodiscard]] std::string counted(std::uint64_t number, std::string_view singular);
/// "412 of 412 rows": a sweep looks at all of them.
[[nodiscard]] std::string coverage(std::uint64_t rows);

/// Names of fields or columns, joined by ", ".
[[nodiscard]] std::string field_names(const ommi::Model& model,
                                      const std::vector<std::size_t>& fields);
[[nodiscard]] std::string column_names(const ommi::Model& model,
                                       const std::vector<std::size_t>& fields);
/// "Post.author, User.posts".
[[nodiscard]] std::string relation_names(const std::vector<const ommi::Relation*>& relations);

/// What a finding about these fields of a model is about; `relation` may be null.
[[nodiscard]] Subject subject_of(const ommi::Model& model, const std::vector<std::size_t>& fields,
                                 const ommi::Relation* relation);
/// What a finding about a relationship is about.
[[nodiscard]] Subject subject_of(const ommi::Relation& relation);

/// The relationship that a reference is best known by: the to-one that follows it, else the first.
[[nodiscard]] const ommi::Relation* main_relation(const ReferenceSweep& reference);
/// Whether the reference is a side of an association, whose rows are links and nothing else.
[[nodiscard]] bool is_association_side(const ReferenceSweep& reference);
/// The relationships that read rows of `model`, as owner, target or association.
[[nodiscard]] std::vector<const ommi::Relation*> relations_touching(const ommi::Catalog& catalog,
                                                                    const ommi::Model& model);
using ommi::same_name;

}  // namespace doctor
