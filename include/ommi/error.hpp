#pragma once

/// \file
/// The one exception of libommi, and the tree of codes it carries.
///
/// Drivers throw a DatabaseError and nothing else; the boundary (ommi/result.hpp) catches it and
/// keeps it as data. It is a value: copying never slices, because there are no subclasses. What
/// kind it is says `code()`, and `is(code)` answers for a whole branch of the tree:
///
///     if (error.is(ErrorCode::connection)) retry();     // also lock and timeout

#include <cstdint>
#include <exception>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace ommi {

/// What went wrong. Each has one parent; `database` is the root.
enum class ErrorCode : std::uint8_t {
  database,
  connection,  // cannot reach or open it
  not_a_database,
  timeout,
  locked,
  corrupt,  // the file is damaged; what was read is not to be trusted
  query,    // the statement could not be prepared or run
  missing_table,
  missing_column,
  missing_collation,
  missing_function,
  unsupported,
  read_only,
  constraint,
  unique_violation,
  foreign_key_violation,
  not_null_violation,
  check_violation,
  not_found,
  dangling_reference,
  multiple_rows,
  decode,  // a stored value is not of the declared type
  model,   // a declaration that does not hold together
  detached,
  lazy_load_blocked,
  reentrant_load,
  transaction,
  in_doubt,
  schema,
  incompatible_schema_evolution,
  malformed_result,
  foreign,  // a driver threw something that is not a DatabaseError
};

/// The stable name, such as "dangling_reference": what rules match on and reports print.
[[nodiscard]] std::string_view to_string(ErrorCode code) noexcept;
/// The code one level up the tree; `database` is its own parent.
[[nodiscard]] ErrorCode parent(ErrorCode code) noexcept;

struct Malformation;  // ommi/malformation.hpp

/// Where an operation failed; whatever is not known is empty.
struct ErrorPlace {
  std::string driver = {};     // "sqlite"
  std::string operation = {};  // "fetch", "open"
  std::string model = {};      // with a relation its owner, so that "User.posts" can be read off
  std::string relation = {};
};

/// A failed database operation.
class DatabaseError : public std::exception {
 public:
  /// `message` is one sentence without a newline: what was expected and what was there.
  DatabaseError(ErrorCode code, std::string message, ErrorPlace place = {},
                std::string statement = {});

  [[nodiscard]] ErrorCode code() const noexcept { return state_->code; }
  /// Whether the code is `branch` or below it.
  [[nodiscard]] bool is(ErrorCode branch) const noexcept;
  /// Whether the same call may succeed later: locked, timeout, connection.
  [[nodiscard]] bool retryable() const noexcept;
  [[nodiscard]] const std::string& message() const noexcept { return state_->message; }
  [[nodiscard]] const ErrorPlace& place() const noexcept { return state_->place; }
  /// The SQL (or other request) that failed, or empty.
  [[nodiscard]] const std::string& statement() const noexcept { return state_->statement; }
  /// The error behind this one, or null.
  [[nodiscard]] const DatabaseError* cause() const noexcept { return state_->cause.get(); }
  /// What callers added on the way up, innermost first.
  [[nodiscard]] const std::vector<std::string>& notes() const noexcept { return state_->notes; }

  /// What was wrong with an answer: of ErrorCode::malformed_result only, else null.
  [[nodiscard]] const Malformation* malformation() const noexcept {
    return state_->malformation.get();
  }

  /// The message, for std::exception's users.
  [[nodiscard]] const char* what() const noexcept override { return state_->message.c_str(); }

  /// A copy that knows what lay behind it.
  [[nodiscard]] DatabaseError caused_by(DatabaseError cause) const;
  /// A copy that carries the evidence of a malformed answer.
  [[nodiscard]] DatabaseError with(std::shared_ptr<const Malformation> evidence) const;
  /// A copy with a note added.
  [[nodiscard]] DatabaseError with_note(std::string note) const;
  /// A copy whose empty parts of the place are filled from `place`. A relation brings its model
  /// with it: what a driver says of the target is then said of the owner's relation.
  [[nodiscard]] DatabaseError at(const ErrorPlace& place) const;

 private:
  struct State {
    ErrorCode code;
    std::string message;
    ErrorPlace place;
    std::string statement;
    std::shared_ptr<const DatabaseError> cause;
    std::vector<std::string> notes;
    std::shared_ptr<const Malformation> malformation;
  };
  explicit DatabaseError(std::shared_ptr<const State> state) : state_(std::move(state)) {}
  std::shared_ptr<const State> state_;  // shared, so that copying an exception cannot throw
};

}  // namespace ommi
