#pragma once

/// \file
/// Marks: what a description says of a field or a lazy field besides its name (ommi/describe.hpp).

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace ommi {

/// The field is (part of) the key.
struct KeyMark {};
inline constexpr KeyMark Key{};
/// The database makes the value: it is not sent when the object is added, and read back.
struct AutoMark {};
inline constexpr AutoMark Auto{};
/// No two rows have the same value.
struct UniqueMark {};
inline constexpr UniqueMark Unique{};

/// The column, where it is not named like the field.
struct StoreAs {
  std::string_view column;
};

/// The field that this one names a row by: "User.id".
struct ReferenceTo {
  std::string_view model;
  std::string_view field;
  consteval ReferenceTo(const char* target) {
    const std::string_view text(target);
    const std::size_t dot = text.rfind('.');
    if (dot == std::string_view::npos || dot == 0 || dot + 1 == text.size()) {
      throw "ReferenceTo needs a model and a field: \"User.id\"";
    }
    model = text.substr(0, dot);
    field = text.substr(dot + 1);
  }
};

/// The model whose rows pair the two sides. A lazy field of Linked<T, Association> says so itself.
template <class Association>
struct AssociateUsing {};

enum class Sort : std::uint8_t { ascending, descending };
inline constexpr Sort Ascending = Sort::ascending;
inline constexpr Sort Descending = Sort::descending;

/// Related rows come ordered by this member of the target, or of the association:
/// `OrderBy<&Post::title>{}`, `OrderBy<&PostTag::weight>{Descending}`. A further OrderBy decides
/// between equal ones, and in the end the key does.
template <auto Member>
struct OrderBy {
  Sort sort = Ascending;
};

/// At most so many related rows for each owner, the first in the order of the relationship.
struct Limit {
  std::uint64_t rows;
  consteval Limit(std::uint64_t most) : rows(most) {
    if (most == 0) throw "a Limit of no rows: leave the lazy field out";
  }
};

/// Which reference is followed, by its fields, where several could be meant: ours for a to-one, the
/// target's for a to-many, the association's to us for an association.
struct Via {
  std::vector<std::string> fields;
  Via(std::initializer_list<std::string> names) : fields(names) {}
};
/// The association's reference to the target, by its fields.
struct ViaTarget {
  std::vector<std::string> fields;
  ViaTarget(std::initializer_list<std::string> names) : fields(names) {}
};

template <class T>
inline constexpr bool is_field_mark = false;
template <>
inline constexpr bool is_field_mark<KeyMark> = true;
template <>
inline constexpr bool is_field_mark<AutoMark> = true;
template <>
inline constexpr bool is_field_mark<UniqueMark> = true;
template <>
inline constexpr bool is_field_mark<StoreAs> = true;
template <>
inline constexpr bool is_field_mark<ReferenceTo> = true;
template <class T>
concept FieldMark = is_field_mark<T>;

template <class T>
inline constexpr bool is_association_mark = false;
template <class T>
inline constexpr bool is_association_mark<AssociateUsing<T>> = true;
template <class T>
inline constexpr bool is_relation_mark = is_association_mark<T>;
template <>
inline constexpr bool is_relation_mark<Via> = true;
template <>
inline constexpr bool is_relation_mark<ViaTarget> = true;
template <auto Member>
inline constexpr bool is_relation_mark<OrderBy<Member>> = true;
template <>
inline constexpr bool is_relation_mark<Limit> = true;
template <class T>
concept RelationMark = is_relation_mark<T>;

}  // namespace ommi
