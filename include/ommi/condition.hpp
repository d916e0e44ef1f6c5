#pragma once

/// \file
/// Conditions on the members of typed models, checked by the compiler.
///
///     at<&Post::title>() == "x" && at<&Post::author, &User::name>().starts_with("A")
///
/// A path of lazy fields is true of a row if some row that it leads to matches. Which columns and
/// tables are meant is looked up when the condition is handed to a finder.

#include <array>
#include <functional>
#include <span>

#include "ommi/describe.hpp"
#include "ommi/query.hpp"

namespace ommi {

/// A condition on rows of the model `T`.
template <class T>
class Condition {
 public:
  using Build = std::function<Expression(const Model&)>;
  explicit Condition(Build build) : build_(std::move(build)) {}
  /// The condition on `model`, which is the one of `T`. Throws DatabaseError (ErrorCode::model).
  [[nodiscard]] Expression on(const Model& model) const { return build_(model); }

  friend Condition operator&&(Condition left, Condition right) {
    return Condition([left = std::move(left), right = std::move(right)](const Model& model) {
      return left.on(model) && right.on(model);
    });
  }
  friend Condition operator||(Condition left, Condition right) {
    return Condition([left = std::move(left), right = std::move(right)](const Model& model) {
      return left.on(model) || right.on(model);
    });
  }
  friend Condition operator!(Condition inner) {
    return Condition([inner = std::move(inner)](const Model& model) { return !inner.on(model); });
  }

 private:
  Build build_;
};

namespace engine {

/// The number of a member's field. Throws DatabaseError (ErrorCode::model) if it was not described.
[[nodiscard]] std::size_t field_of(const Model& model, const void* member);
/// The relationship of a member.
[[nodiscard]] const Relation& relation_of(const Model& model, const void* member);
/// `compare` applied to the field `member` of the model that `path` leads to from `model`.
[[nodiscard]] Expression along(const Model& model, std::span<const void* const> path,
                               const void* member,
                               const std::function<Expression(const FieldTerm&)>& compare);

template <class T>
struct Plain {
  using type = T;
};
template <class T>
struct Plain<std::optional<T>> {
  using type = T;
};

}  // namespace engine

/// The type of a field without its std::optional.
template <class T>
using plain_type = typename engine::Plain<T>::type;

template <class T>
concept Number = Integer<T> || std::floating_point<T>;

/// What a field of type `Field` can be compared with: its own type, any number for a number, any
/// string for a text, nothing (std::nullopt) where it may be NULL, and a Value.
template <class Other, class Field>
concept ComparableWith = std::same_as<Other, Value> ||(Number<Other>&& Number<plain_type<Field>>) ||
                         (std::same_as<Other, bool> && std::same_as<plain_type<Field>, bool>) ||
                         (std::convertible_to<const Other&, std::string_view> &&
                          !std::same_as<Other, std::nullptr_t> &&
                          std::same_as<plain_type<Field>, std::string>) ||
                         (std::same_as<Other, std::nullopt_t> && is_optional<Field>) ||
                         (std::same_as<Other, Field> || std::same_as<Other, plain_type<Field>>);

/// `other` as the value that a field of type `Field` is compared with.
template <class Field, ComparableWith<Field> Other>
[[nodiscard]] Value compared_value(const Other& other) {
  if constexpr (std::same_as<Other, Value>) {
    return other;
  } else if constexpr (std::same_as<Other, std::nullopt_t>) {
    return {};
  } else if constexpr (std::convertible_to<const Other&, std::string_view>) {
    return Value(std::string_view(other));
  } else {
    std::string text;
    return Value(ColumnType<Other>::to(other, text));
  }
}

/// A member in a condition on rows of `Owner`; `Hops` lazy fields lead to it.
template <class Owner, class Field, std::size_t Hops>
class Term {
 public:
  Term(std::array<const void*, Hops> path, const void* member) : path_(path), member_(member) {}
  [[nodiscard]] const void* member() const noexcept { return member_; }

  [[nodiscard]] Condition<Owner> in(const std::vector<plain_type<Field>>& values) const {
    std::vector<Value> all;
    for (const auto& value : values) all.push_back(compared_value<Field>(value));
    return with([all = std::move(all)](const FieldTerm& field) { return field.in(all); });
  }
  template <ComparableWith<Field> From, ComparableWith<Field> To>
  [[nodiscard]] Condition<Owner> between(const From& from, const To& to) const {
    return with([from = compared_value<Field>(from), to = compared_value<Field>(to)](
                    const FieldTerm& field) { return field.between(from, to); });
  }
  [[nodiscard]] Condition<Owner> is_null() const {
    return with([](const FieldTerm& field) { return field.is_null(); });
  }
  [[nodiscard]] Condition<Owner> like(
      std::string pattern) const requires std::same_as<plain_type<Field>, std::string> {
    return with([pattern = std::move(pattern)](const FieldTerm& f) { return f.like(pattern); });
  }
  [[nodiscard]] Condition<Owner> contains(
      std::string text) const requires std::same_as<plain_type<Field>, std::string> {
    return with([text = std::move(text)](const FieldTerm& f) { return f.contains(text); });
  }
  [[nodiscard]] Condition<Owner> starts_with(
      std::string text) const requires std::same_as<plain_type<Field>, std::string> {
    return with([text = std::move(text)](const FieldTerm& f) { return f.starts_with(text); });
  }
  [[nodiscard]] Condition<Owner> ends_with(
      std::string text) const requires std::same_as<plain_type<Field>, std::string> {
    return with([text = std::move(text)](const FieldTerm& f) { return f.ends_with(text); });
  }

  template <class Other>
  friend Condition<Owner> operator==(const Term& term, const Other& other) {
    return term.compared(other, [](const FieldTerm& f, const Value& v) { return f == v; });
  }
  template <class Other>
  friend Condition<Owner> operator!=(const Term& term, const Other& other) {
    return term.compared(other, [](const FieldTerm& f, const Value& v) { return f != v; });
  }
  template <class Other>
  friend Condition<Owner> operator<(const Term& term, const Other& other) {
    return term.compared(other, [](const FieldTerm& f, const Value& v) { return f < v; });
  }
  template <class Other>
  friend Condition<Owner> operator<=(const Term& term, const Other& other) {
    return term.compared(other, [](const FieldTerm& f, const Value& v) { return f <= v; });
  }
  template <class Other>
  friend Condition<Owner> operator>(const Term& term, const Other& other) {
    return term.compared(other, [](const FieldTerm& f, const Value& v) { return f > v; });
  }
  template <class Other>
  friend Condition<Owner> operator>=(const Term& term, const Other& other) {
    return term.compared(other, [](const FieldTerm& f, const Value& v) { return f >= v; });
  }

 private:
  [[nodiscard]] Condition<Owner> with(std::function<Expression(const FieldTerm&)> compare) const {
    return Condition<Owner>([*this, compare = std::move(compare)](const Model& model) {
      return engine::along(model, path_, member_, compare);
    });
  }
  template <class Other, class Compare>
  [[nodiscard]] Condition<Owner> compared(const Other& other, Compare compare) const {
    // Not a constraint of the operators: the compiler would list every == that there is.
    constexpr bool comparable = ComparableWith<Other, Field>;
    static_assert(comparable,
                  "a field is compared with a value of its own type, and with std::nullopt only "
                  "where it may be NULL");
    if constexpr (comparable) {
      return with([value = compared_value<Field>(other), compare](const FieldTerm& field) {
        return compare(field, value);
      });
    }
  }

  std::array<const void*, Hops> path_;
  const void* member_;
};

namespace engine {

/// Walks the members of a path: `Owner` of the first, type of the last, and whether each lazy field
/// leads to the struct that the next member is of.
template <auto Member, auto... Rest>
struct Path {
  using Lazy = member_type<Member>;
  static_assert(std::is_base_of_v<LazyField, Lazy>, "only lazy fields lead on");
  static_assert(
      std::is_base_of_v<typename Path<Rest...>::Owner, typename Lazy::Target>,
      "a lazy field leads to its target: the next member of the path must be one of that struct");
  using Owner = member_owner<Member>;
  using Field = typename Path<Rest...>::Field;
  static constexpr const void* last = Path<Rest...>::last;
};
template <auto Member>
struct Path<Member> {
  using Owner = member_owner<Member>;
  using Field = member_type<Member>;
  static constexpr bool stored = Storable<Field>;
  static_assert(stored, "a condition is on a field that is stored");
  static constexpr const void* last = &member_tag<Member>;
};

}  // namespace engine

/// A member in a condition: `at<&Post::title>()`, or after lazy fields
/// `at<&Post::author, &User::name>()`.
template <MemberPointer auto... Members>
[[nodiscard]] auto at() {
  using Path = engine::Path<Members...>;
  constexpr std::size_t hops = sizeof...(Members) - 1;
  const std::array<const void*, hops + 1> all = {&member_tag<Members>...};
  std::array<const void*, hops> path{};
  for (std::size_t i = 0; i < hops; ++i) path[i] = all[i];
  return Term<typename Path::Owner, typename Path::Field, hops>(path, Path::last);
}

}  // namespace ommi
