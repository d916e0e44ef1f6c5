#pragma once

/// \file
/// One open database: its driver, its models, its tracer. Every driver call of libommi passes
/// through here, so that each is traced and counted in one place. Throws DatabaseError; the public
/// classes capture it.

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "engine/hooks.hpp"
#include "engine/rollbacks.hpp"
#include "engine/transactions.hpp"
#include "ommi/driver.hpp"
#include "ommi/record.hpp"
#include "ommi/trace.hpp"

namespace ommi::engine {

class Rows;
class Session;

/// What a driver call is made for; goes into its events.
struct Purpose {
  std::string_view operation = "fetch";
  const Relation* relation = nullptr;
  std::uint64_t load = 0;
  std::uint64_t owners = 0;
};

/// Tells the tracer of `session`, while it has one, that a fallback was used; `place` says for
/// what, as far as the cause does not matter.
[[nodiscard]] std::shared_ptr<const FallbackWitness> witness_of(
    const std::shared_ptr<Session>& session, ErrorPlace place);

class Session : public std::enable_shared_from_this<Session> {
 public:
  explicit Session(std::unique_ptr<Driver> driver);

  /// Runs `query` and hands each row to `consume`, which ends it by returning false. Gives the rows
  /// read.
  template <class Consume>
  std::uint64_t each_row(const Query& query, const Purpose& purpose, Consume&& consume);

  /// Throws ErrorCode::detached when the database was closed.
  Driver& driver();
  [[nodiscard]] bool open() const noexcept { return driver_ != nullptr; }
  [[nodiscard]] const Capabilities& capabilities() const noexcept { return capabilities_; }
  [[nodiscard]] DriverStatistics statistics() const noexcept {
    return driver_ ? driver_->statistics() : DriverStatistics{};
  }
  /// Runs `work`, which calls the driver. What that throws and may not is ErrorCode::foreign, in
  /// the driver's name.
  template <class Work>
  decltype(auto) ask(Work&& work) const;
  /// Rolls back what is open and lets go of the driver.
  void close() noexcept;

  [[nodiscard]] Transactions& transactions() noexcept { return transactions_; }
  [[nodiscard]] const std::shared_ptr<Rollbacks>& rollbacks() const noexcept { return rollbacks_; }

  void use(std::shared_ptr<const Catalog> catalog);
  [[nodiscard]] const std::shared_ptr<const Catalog>& catalog() const noexcept { return catalog_; }

  /// Whether the lazy query of `relation` reads the whole table that it searches; asked once.
  [[nodiscard]] bool scans(const Relation& relation);

  /// The boundary for what is done on this database.
  template <class Work>
  auto captured(ErrorPlace place, Work&& work) {
    place.driver = capabilities_.name;
    return capture(place, std::forward<Work>(work),
                   [this] { return witness_of(shared_from_this(), {}); });
  }
  /// The failure of an operation that could not even begin.
  [[nodiscard]] Failure failed(const DatabaseError& error) {
    return {error, witness_of(shared_from_this(), {})};
  }

  /// Hands `event` to the tracer, with the driver's name, and the time unless it has one.
  void emit(Event& event) {
    if (tracer != nullptr) send(event);
  }
  /// Tells that a call failed; `event.error` says why. A malformed answer is told first.
  void emit_failed(Event& event);
  [[nodiscard]] std::int64_t now() const noexcept;
  [[nodiscard]] std::uint64_t next_call() noexcept { return ++calls_; }
  [[nodiscard]] std::uint64_t next_load() noexcept { return ++loads_; }
  [[nodiscard]] std::uint64_t loads() const noexcept { return loads_; }
  /// "Cursor<Post>".
  [[nodiscard]] std::string_view cursor_type(const Model& model);

  void set_tracer(Tracer* of_database) noexcept {
    hooks_.set_of_database(of_database);
    tracer = hooks_.tracer();
  }
  void set_transaction_tracers(std::vector<Tracer*> tracers) noexcept {
    hooks_.set_of_transactions(std::move(tracers));
    tracer = hooks_.tracer();
  }
  [[nodiscard]] Tracer* database_tracer() const noexcept { return hooks_.of_database(); }

  /// While it lives, `tracer` is told what is done as well, if there is one.
  class QueryHook {
   public:
    QueryHook(Session& session, Tracer* tracer) : session_(tracer == nullptr ? nullptr : &session) {
      if (session_ == nullptr) return;
      session_->hooks_.begin_query(*tracer);
      session_->tracer = session_->hooks_.tracer();
    }
    QueryHook(const QueryHook&) = delete;
    QueryHook& operator=(const QueryHook&) = delete;
    ~QueryHook() {
      if (session_ == nullptr) return;
      session_->hooks_.end_query();
      session_->tracer = session_->hooks_.tracer();
    }

   private:
    Session* session_;
  };

  Tracer* tracer = nullptr;  // all who are told, as one
  Fetch fetch = Fetch::peers;

 private:
  void send(Event& event);
  void begin_call(const Cursor& cursor, const Query& query, const Purpose& purpose, Event& event);
  void end_call(const Model& model, Event& event, std::int64_t started, std::uint64_t rows);
  void fail_call(const DatabaseError& error, const Query& query, const Purpose& purpose,
                 std::uint64_t call, std::int64_t started);

  Hooks hooks_;
  std::unique_ptr<Driver> driver_;
  Capabilities capabilities_;  // a copy: they are asked for after the driver is gone, too
  std::shared_ptr<const Catalog> catalog_;
  std::chrono::steady_clock::time_point opened_ = std::chrono::steady_clock::now();
  std::uint64_t calls_ = 0;
  std::uint64_t loads_ = 0;
  std::unordered_map<const Relation*, bool> scans_;
  std::unordered_map<const Model*, std::string> cursor_types_;
  std::shared_ptr<Rollbacks> rollbacks_ = std::make_shared<Rollbacks>();
  Transactions transactions_{*this};
};

template <class Work>
decltype(auto) Session::ask(Work&& work) const {
  try {
    return std::forward<Work>(work)();
  } catch (const DatabaseError&) {
    throw;
  } catch (const std::bad_alloc&) {
    throw;
  } catch (const std::exception& error) {
    throw DatabaseError(ErrorCode::foreign, error.what(), {.driver = capabilities_.name});
  }
}

template <class Consume>
std::uint64_t Session::each_row(const Query& query, const Purpose& purpose, Consume&& consume) {
  Driver& source = driver();
  const std::uint64_t call = next_call();
  const std::int64_t started = tracer == nullptr ? 0 : now();
  try {
    const std::unique_ptr<Cursor> cursor = ask([&] { return source.fetch(query); });
    Event event;
    event.call = call;
    event.at_ns = started;
    if (tracer != nullptr) begin_call(*cursor, query, purpose, event);
    std::vector<Cell> row(query.width());
    std::uint64_t rows = 0;
    while (ask([&] { return cursor->next(row); })) {
      ++rows;
      if (!consume(std::span<const Cell>(row))) break;
    }
    if (tracer != nullptr) end_call(*query.model, event, started, rows);
    return rows;
  } catch (const DatabaseError& error) {
    fail_call(error, query, purpose, call, started);
    throw;
  }
}

/// The query that loads `relation` for owners whose keys are `keys`, as many cells a row as the
/// join has pairs. Where the driver cannot, a limit for each owner is left to the loader.
[[nodiscard]] Query lazy_query(const Relation& relation, std::span<const Cell> keys,
                               const Capabilities& capabilities);

}  // namespace ommi::engine
