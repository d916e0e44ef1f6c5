#pragma once

/// \file
/// The outcome of one database operation, and the boundary that makes it.
///
/// Drivers throw; everything above the boundary returns a DBResult. A DBResult holds a value or a
/// Failure and there is no third state: no default constructor, no setter, and a result inside a
/// result does not compile. So a result that wraps nothing cannot be written.
///
///     const ommi::DBResult<ommi::RecordList> posts = database.find("Post").all();
///     if (!posts) return *posts.failure();
///     for (const ommi::Record& post : posts.value()) { … }
///
/// A DBResult is a plain value: copy it, move it, keep it as evidence. Where a fallback is used
/// instead of a value, the tracer of the database is told, with the cause (EventKind::fallback).

#include <concepts>
#include <functional>
#include <memory>
#include <type_traits>
#include <utility>
#include <variant>

#include "ommi/error.hpp"

namespace ommi {

/// The value of an operation that has nothing to say.
struct Done {
  friend bool operator==(Done, Done) = default;
};

/// Wants to know when somebody goes on without what a failed operation owes.
class FallbackWitness {
 public:
  virtual ~FallbackWitness() = default;
  virtual void fell_back(const DatabaseError& cause) const = 0;
};

/// Why an operation failed, kept as data once the exception is gone.
class Failure {
 public:
  Failure(DatabaseError error, std::shared_ptr<const FallbackWitness> witness = nullptr) noexcept
      : error_(std::move(error)), witness_(std::move(witness)) {}
  [[nodiscard]] const DatabaseError& error() const noexcept { return error_; }
  [[nodiscard]] ErrorCode code() const noexcept { return error_.code(); }
  [[nodiscard]] const std::string& message() const noexcept { return error_.message(); }
  /// Tells the tracer of the database, if it still has one, that a fallback is used: what or_use
  /// does, for who takes another value by other means.
  void fall_back() const {
    if (witness_) witness_->fell_back(error_);
  }

 private:
  DatabaseError error_;
  std::shared_ptr<const FallbackWitness> witness_;  // null: nobody wants to know
};

template <class T>
class DBResult;

template <class T>
inline constexpr bool is_dbresult = false;
template <class T>
inline constexpr bool is_dbresult<DBResult<T>> = true;

template <class T>
class [[nodiscard]] DBResult {
  static_assert(!is_dbresult<T>, "a DBResult inside a DBResult: return the inner one");
  static_assert(!std::is_same_v<T, Failure> && !std::is_same_v<T, DatabaseError>,
                "a success cannot hold a failure");
  static_assert(!std::is_void_v<T> && !std::is_reference_v<T>, "use DBResult<Done>, or a value");
  static_assert(std::is_nothrow_move_constructible_v<T>,
                "or the result could be left without any value");

 public:
  // Implicit on purpose: `return rows;` and `return Failure{…};` both read well.
  DBResult(T value) noexcept : outcome_(std::in_place_index<0>, std::move(value)) {}
  DBResult(Failure failure) noexcept : outcome_(std::in_place_index<1>, std::move(failure)) {}
  DBResult(DatabaseError error) noexcept
      : outcome_(std::in_place_index<1>, Failure(std::move(error))) {}
  DBResult() = delete;

  [[nodiscard]] bool ok() const noexcept { return outcome_.index() == 0; }
  explicit operator bool() const noexcept { return ok(); }

  /// The value. Throws std::bad_variant_access on a failure: a bug in the caller.
  [[nodiscard]] const T& value() const& { return std::get<0>(outcome_); }
  [[nodiscard]] T value() && { return std::get<0>(std::move(outcome_)); }
  /// Why it failed, or null on a success.
  [[nodiscard]] const Failure* failure() const noexcept { return std::get_if<1>(&outcome_); }

  /// The value; on a failure throws the stored DatabaseError itself.
  [[nodiscard]] const T& or_raise() const& {
    if (const Failure* failed = failure()) throw failed->error();
    return std::get<0>(outcome_);
  }
  [[nodiscard]] T or_raise() && {
    if (const Failure* failed = failure()) throw failed->error();
    return std::get<0>(std::move(outcome_));
  }
  /// The value, or `fallback` on any failure, of which the tracer of the database is told.
  [[nodiscard]] T or_use(T fallback) && {
    if (ok()) return std::get<0>(std::move(outcome_));
    failure()->fall_back();
    return fallback;
  }

  /// `on_value(value)` or `on_failure(failure)`.
  template <class OnValue, class OnFailure>
  decltype(auto) match(OnValue&& on_value, OnFailure&& on_failure) const {
    if (const Failure* failed = failure()) return std::invoke(on_failure, *failed);
    return std::invoke(on_value, std::get<0>(outcome_));
  }

 private:
  std::variant<T, Failure> outcome_;
};

/// The boundary: runs `work` and returns its outcome as data, with `place` filled in where the
/// error did not say. Whatever else `work` throws is itself a finding about the driver:
/// ErrorCode::foreign. `witness()` is called on a failure only, and is told of fallbacks.
template <std::invocable Work, std::invocable Witness>
DBResult<std::invoke_result_t<Work>> capture(const ErrorPlace& place, Work&& work,
                                             Witness&& witness) {
  try {
    return std::invoke(std::forward<Work>(work));
  } catch (const DatabaseError& error) {
    return Failure(error.at(place), std::invoke(witness));
  } catch (const std::bad_alloc&) {
    throw;
  } catch (const std::exception& error) {
    return Failure(DatabaseError(ErrorCode::foreign, error.what(), place), std::invoke(witness));
  }
}

/// The same where there is no database to tell.
template <std::invocable Work>
DBResult<std::invoke_result_t<Work>> capture(const ErrorPlace& place, Work&& work) {
  return capture(place, std::forward<Work>(work),
                 [] { return std::shared_ptr<const FallbackWitness>(); });
}

}  // namespace ommi
