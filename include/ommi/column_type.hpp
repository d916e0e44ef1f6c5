#pragma once

/// \file
/// How a C++ type is stored in a column: the one extension point of typed models.
///
///     template <>
///     struct ommi::ColumnType<Money> {
///       static constexpr Type type = Type::integer;
///       static Cell to(const Money& value, std::string&) { return Cell::of(value.cents); }
///       static bool from(const Cell& cell, Money& value) { … }   // false: not a Money
///     };
///
/// `to` borrows from the value, or from the text that it may write into its second argument.
/// `from` never guesses: a stored value that is not exactly representable gives false, which
/// becomes ErrorCode::decode naming row and field. An std::optional of a stored type is a column
/// that may be NULL.

#include <chrono>
#include <concepts>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "ommi/error.hpp"
#include "ommi/model.hpp"
#include "ommi/value.hpp"

namespace ommi {

template <class T>
struct ColumnType;

/// A type that a field may have.
template <class T>
concept Storable = requires(const T& value, T& target, const Cell& cell, std::string& text) {
  { ColumnType<T>::type } -> std::convertible_to<Type>;
  { ColumnType<T>::to(value, text) } -> std::same_as<Cell>;
  { ColumnType<T>::from(cell, target) } -> std::same_as<bool>;
};

template <class T>
inline constexpr bool is_optional = false;
template <class T>
inline constexpr bool is_optional<std::optional<T>> = true;

template <>
struct ColumnType<bool> {
  static constexpr Type type = Type::boolean;
  static Cell to(bool value, std::string&) noexcept { return Cell::of(std::int64_t{value}); }
  static bool from(const Cell& cell, bool& value) noexcept {
    value = cell.integer == 1;
    return cell.kind == Kind::integer && (cell.integer == 0 || cell.integer == 1);
  }
};

/// An integer that is a number: no character, no truth value.
template <class T>
concept Integer = std::integral<T> && !std::same_as<T, bool> && !std::same_as<T, char> &&
                  !std::same_as<T, wchar_t> && !std::same_as<T, char8_t> &&
                  !std::same_as<T, char16_t> && !std::same_as<T, char32_t>;

/// Integers of any width: what does not fit is an error, never another number.
template <Integer T>
struct ColumnType<T> {
  static constexpr Type type = Type::integer;
  static Cell to(T value, std::string&) {
    if (std::in_range<std::int64_t>(value)) return Cell::of(static_cast<std::int64_t>(value));
    throw DatabaseError(ErrorCode::decode,
                        std::to_string(value) + " does not fit the 64 bits of a database integer");
  }
  static bool from(const Cell& cell, T& value) noexcept {
    if (cell.kind != Kind::integer || !std::in_range<T>(cell.integer)) return false;
    value = static_cast<T>(cell.integer);
    return true;
  }
};

/// Reals. An integer is taken where the type holds it exactly.
template <std::floating_point T>
struct ColumnType<T> {
  static constexpr Type type = Type::real;
  static Cell to(T value, std::string&) noexcept { return Cell::of(static_cast<double>(value)); }
  static bool from(const Cell& cell, T& value) noexcept {
    if (cell.kind == Kind::real) {
      value = static_cast<T>(cell.real);
      return true;
    }
    constexpr std::int64_t exact = std::int64_t{1} << std::numeric_limits<T>::digits;
    if (cell.kind != Kind::integer || cell.integer > exact || cell.integer < -exact) return false;
    value = static_cast<T>(cell.integer);
    return true;
  }
};

template <>
struct ColumnType<std::string> {
  static constexpr Type type = Type::text;
  static Cell to(const std::string& value, std::string&) noexcept { return Cell::text(value); }
  static bool from(const Cell& cell, std::string& value) {
    if (cell.kind != Kind::text) return false;
    value.assign(cell.data, cell.size);
    return true;
  }
};

template <>
struct ColumnType<Blob> {
  static constexpr Type type = Type::blob;
  static Cell to(const Blob& value, std::string&) noexcept { return Cell::blob(value.bytes); }
  static bool from(const Cell& cell, Blob& value) {
    if (cell.kind != Kind::blob) return false;
    value.bytes.assign(cell.data, cell.size);
    return true;
  }
};

/// Dates as ISO text: 2026-02-28.
template <>
struct ColumnType<std::chrono::sys_days> {
  static constexpr Type type = Type::date;
  static Cell to(const std::chrono::sys_days& value, std::string& text);
  static bool from(const Cell& cell, std::chrono::sys_days& value) noexcept;
};

/// Moments in UTC as ISO text: 2026-02-28 13:45:00, with a fraction where there is one. `T` for the
/// blank and a final Z are read, too.
template <>
struct ColumnType<std::chrono::sys_time<std::chrono::microseconds>> {
  using Moment = std::chrono::sys_time<std::chrono::microseconds>;
  static constexpr Type type = Type::datetime;
  static Cell to(const Moment& value, std::string& text);
  static bool from(const Cell& cell, Moment& value) noexcept;
};

template <Storable T>
struct ColumnType<std::optional<T>> {
  static constexpr Type type = ColumnType<T>::type;
  static Cell to(const std::optional<T>& value, std::string& text) {
    return value ? ColumnType<T>::to(*value, text) : Cell();
  }
  static bool from(const Cell& cell, std::optional<T>& value) {
    if (cell.is_null()) {
      value.reset();
      return true;
    }
    return ColumnType<T>::from(cell, value.emplace());
  }
};

}  // namespace ommi
