#pragma once

/// \file
/// What a foreign driver returned, before anybody believes it.
///
/// A driver written in another language may return anything: a wrapper without a result, a result
/// inside a result, a coroutine that nobody awaited. A Wire keeps it as it came, as a tree of data;
/// `inspect_rows` and its kin turn it into what was due, or throw ErrorCode::malformed_result with
/// the evidence (DatabaseError::malformation). So a malformed result is representable, and never
/// as one of our own types.
///
///     ommi::Wire answer = ommi::Wire::object("ommi.database.results.DBSuccess");
///     ommi::inspect_rows(answer, {.width = 3, .query = &query}, {});   // throws: empty_wrapper
///
/// Plain values: copy them, compare their parts, keep them as evidence. Whoever builds one from
/// input bounds its depth: trees are walked and destroyed recursively.

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ommi/driver.hpp"
#include "ommi/error.hpp"
#include "ommi/malformation.hpp"
#include "ommi/value.hpp"

namespace ommi {

/// What a foreign object is, as far as results go.
enum class Role : std::uint8_t { other, success, failure, result, awaitable };

/// The role of an object of that type, by the last part of its dotted name: DBSuccess and Success,
/// DBFailure and Failure, DBResult and DatabaseResult, coroutine, generator, Future, Task …
[[nodiscard]] Role role_of(std::string_view type) noexcept;

/// Anything that a driver may return.
struct Wire {
  enum class Kind : std::uint8_t {
    absent,  // nothing was returned: an error was raised instead
    value,   // null, a number, a text, a blob
    list,
    map,
    object,     // an instance of `type`; what it wraps are its items
    truncated,  // the answer ends here
  };

  Kind kind = Kind::absent;
  Value scalar = {};
  std::string type = {};                                   // of an object, as its language names it
  std::vector<Wire> items = {};                            // of a list; of an object: what it wraps
  std::vector<std::pair<std::string, Wire>> entries = {};  // of a map; of an object its attributes
  std::vector<Wire> raised = {};  // the error that came with it: none or one

  [[nodiscard]] static Wire value(Value scalar);
  [[nodiscard]] static Wire list(std::vector<Wire> items = {});
  [[nodiscard]] static Wire map(std::vector<std::pair<std::string, Wire>> entries = {});
  [[nodiscard]] static Wire object(std::string type, std::vector<Wire> wraps = {});
  [[nodiscard]] static Wire cut_off();
  /// An error as a driver reports one: a map of "code" (as ErrorCode is written) and "message".
  [[nodiscard]] static Wire error(ErrorCode code, std::string message);
  /// This answer, and `error` raised beside it.
  [[nodiscard]] Wire raising(Wire error) &&;

  /// The entry of that name, or null.
  [[nodiscard]] const Wire* find(std::string_view name) const noexcept;
};

/// `wire` on one line for a person, about `limit` bytes: escaped, cut with `…`, and what looks like
/// a password, token or key masked.
[[nodiscard]] std::string excerpt(const Wire& wire, std::size_t limit = 200);

/// For whom and how an answer is inspected.
struct Inspection {
  ErrorPlace place = {};
  /// Unwraps wrapped_success and double_wrapped and goes on; each is reported to `tolerated`.
  bool tolerant = false;
  std::function<void(const Malformation&)> tolerated = {};
};

/// Which rows are due.
struct RowsDue {
  std::size_t width = 0;
  const Query* query = nullptr;  // whose rows they are; null for a statement in the driver's words
  std::string statement = {};    // what was sent, for the trace
};

/// The rows of `answer`, as a cursor that owns them. Throws malformed_result, or the error that the
/// driver raised. `due.query` (its keys included) must live until this returns.
[[nodiscard]] std::unique_ptr<Cursor> inspect_rows(Wire answer, const RowsDue& due,
                                                   const Inspection& inspection);

/// The number of rows that `answer` says.
[[nodiscard]] std::uint64_t inspect_count(const Wire& answer, const Inspection& inspection);

/// Hands the keys of `rows` added rows of `model` (the values of its automatic fields) to `keys`.
/// Gives `rows`.
std::uint64_t inspect_keys(const Wire& answer, const Model& model, std::size_t rows, KeySink& keys,
                           const Inspection& inspection);

}  // namespace ommi
