#pragma once

/// \file
/// What libommi does, as it does it. A Tracer is handed to a Database; without one, tracing costs a
/// branch.
///
/// Everything an Event points at is valid during `on` only: a tracer copies what it keeps.

#include <cstdint>
#include <span>
#include <string_view>

#include "ommi/error.hpp"
#include "ommi/value.hpp"

namespace ommi {

enum class EventKind : std::uint8_t {
  query,      // a driver call was made; `statement`, `values`
  rows_done,  // its rows were read; `rows`, `returned`, `duration_ns`
  lazy_load,  // a group of owners was loaded; `owners`, `rows`, `queries`
  cache_hit,  // a lazy field was looked at again, without a load
  blocked,    // a lazy load was refused (Fetch::raise); `error`
  fallback,   // somebody went on with another value (or_use); `error` is the cause
  schema,     // the schema was changed; `operation` says how: "create_table", "drop_table" …
  malformed,  // an answer was not what a driver may return: `error` with its malformation(). The
              // call ends with the `failed` that follows
  failed,     // a driver call failed; `error`
  begin,      // a transaction; `returned` says which: "transaction", "savepoint", "joined"
  commit,
  rollback,
};

[[nodiscard]] std::string_view to_string(EventKind kind) noexcept;

struct Event {
  EventKind kind = EventKind::query;
  std::int64_t at_ns = 0;        // since the database was opened
  std::int64_t duration_ns = 0;  // of what ended with this event
  std::uint64_t call = 0;        // number of the driver call, from 1; 0 = none
  std::uint64_t load = 0;        // number of the lazy load this belongs to, from 1; 0 = none
  std::string_view driver;
  std::string_view operation;  // "fetch", "count", "scan", "select", "explain", "describe"
  std::string_view model;
  std::string_view relation;
  std::string_view statement;
  std::string_view returned;  // the type that the driver gave back: "Cursor<User>"
  std::uint64_t rows = 0;
  std::uint64_t owners = 0;
  std::uint64_t queries = 0;
  std::uint64_t group = 0;  // of a lazy load: the same for each load of that relationship of the
                            // same answer; from 1
  std::uint64_t peers = 0;  // of a lazy load: the rows of that answer
  std::span<const Cell> values;  // bound to the statement
  const DatabaseError* error = nullptr;
};

/// Whether a tracer that writes shows what was bound to statements, which may be private.
enum class BoundValues : std::uint8_t { hidden, shown };

class Tracer {
 public:
  virtual ~Tracer() = default;
  virtual void on(const Event& event) = 0;
};

}  // namespace ommi
