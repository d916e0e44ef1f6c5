#include "engine/transactions.hpp"

#include <fmt/format.h>

#include "engine/calls.hpp"

namespace ommi::engine {
namespace {

// Runs `work` and tells it as an event of `kind`.
template <class Work>
void told(Session& session, EventKind kind, std::string_view form, Work&& work) {
  Event event;
  event.call = session.next_call();
  event.operation = to_string(kind);
  event.returned = form;
  const std::int64_t started = session.tracer == nullptr ? 0 : session.now();
  const auto end = [&] {
    event.at_ns = session.now();
    event.duration_ns = event.at_ns - started;
  };
  try {
    work();
  } catch (const DatabaseError& error) {
    if (session.tracer != nullptr) {
      end();
      event.error = &error;
      session.emit_failed(event);
    }
    throw;
  }
  if (session.tracer == nullptr) return;
  end();
  event.kind = kind;
  session.emit(event);
}

// The event that ends a transaction is still told to its tracer.
template <class Work>
class AtTheEnd {
 public:
  explicit AtTheEnd(Work work) : work_(std::move(work)) {}
  AtTheEnd(const AtTheEnd&) = delete;
  AtTheEnd& operator=(const AtTheEnd&) = delete;
  ~AtTheEnd() { work_(); }

 private:
  Work work_;
};

// What a driver's commit failed with, as one of the two outcomes that a commit can have: nothing
// was kept, or nobody knows.
DatabaseError commit_error(const DatabaseError& error) {
  if (error.is(ErrorCode::transaction)) return error;
  const bool lost = (error.is(ErrorCode::connection) && error.code() != ErrorCode::locked) ||
                    error.is(ErrorCode::malformed_result);
  if (lost) {
    return DatabaseError(ErrorCode::in_doubt,
                         fmt::format("whether the transaction was committed is not known: {}; look "
                                     "before doing it again",
                                     error.message()),
                         error.place())
        .caused_by(error);
  }
  return DatabaseError(
             ErrorCode::transaction,
             fmt::format("the commit failed and everything was rolled back: {}", error.message()),
             error.place())
      .caused_by(error);
}

}  // namespace

std::string_view Transactions::name_of(Form form) noexcept {
  switch (form) {
    case Form::transaction:
      return "transaction";
    case Form::savepoint:
      return "savepoint";
    case Form::joined:
      return "joined";
  }
  return "transaction";
}

std::size_t Transactions::place_of(std::uint64_t id) const noexcept {
  std::size_t place = 0;
  while (place < levels_.size() && levels_[place].id != id) ++place;
  return place;
}

std::size_t Transactions::require_open(std::uint64_t id, std::string_view operation) const {
  const ErrorPlace where{.driver = session_.capabilities().name,
                         .operation = std::string(operation)};
  if (!session_.open()) {
    throw DatabaseError(ErrorCode::detached,
                        "the database was closed, which rolled the transaction back", where);
  }
  const std::size_t place = place_of(id);
  if (place < levels_.size()) return place;
  throw DatabaseError(ErrorCode::transaction,
                      "the transaction has ended: it was committed or rolled back before, or the "
                      "one around it was",
                      where);
}

Transactions::Form Transactions::form_of_next(const TransactionOptions& options) const {
  if (levels_.empty()) return Form::transaction;
  if (options.isolation != Isolation::driver_default) {
    throw DatabaseError(ErrorCode::unsupported,
                        "an inner transaction has the isolation of the one around it",
                        {.operation = "begin"});
  }
  const bool joins = options.nested == Nested::join || !session_.capabilities().savepoints;
  return joins ? Form::joined : Form::savepoint;
}

std::uint64_t Transactions::begin(const TransactionOptions& options) {
  Driver& driver = session_.driver();
  const Form form = form_of_next(options);
  const AtTheEnd settled([this] { tell_tracers(); });
  tell_tracers(options.tracer);
  told(session_, EventKind::begin, name_of(form), [&] {
    if (form == Form::transaction) driver.begin(options);
    if (form == Form::savepoint) driver.savepoint(static_cast<unsigned>(levels_.size()));
  });
  const bool read_only = options.read_only || (!levels_.empty() && levels_.back().read_only);
  levels_.push_back({++last_id_, form, read_only, session_.loads() + 1, false, options.tracer});
  return last_id_;
}

void Transactions::tell_tracers(Tracer* beginning) {
  std::vector<Tracer*> tracers;
  for (const Level& level : levels_) {
    if (level.tracer != nullptr) tracers.push_back(level.tracer);
  }
  if (beginning != nullptr) tracers.push_back(beginning);
  session_.set_transaction_tracers(std::move(tracers));
}

// The loads since it began are stale, and so are the levels inside it.
void Transactions::forget(std::size_t place) {
  session_.rollbacks()->add(levels_[place].first_load, session_.loads());
  levels_.resize(place, Level{});
}

void Transactions::commit_level(std::size_t place) {
  Driver& driver = session_.driver();
  try {
    if (levels_[place].form == Form::transaction) driver.commit();
    if (levels_[place].form == Form::savepoint) driver.release(static_cast<unsigned>(place));
  } catch (const DatabaseError& error) {
    try {
      undo(place);
    } catch (const DatabaseError&) {
      // What the commit failed with says more.
    }
    throw commit_error(error);
  }
  levels_.resize(place, Level{});
}

void Transactions::commit(std::uint64_t id) {
  const std::size_t place = require_open(id, "commit");
  if (place + 1 < levels_.size()) {
    throw DatabaseError(ErrorCode::transaction,
                        "a transaction inside this one is still open; end it first",
                        {.operation = "commit"});
  }
  const Level level = levels_[place];
  const AtTheEnd settled([this] { tell_tracers(); });
  told(session_, EventKind::commit, name_of(level.form), [&] {
    if (!level.doomed) {
      commit_level(place);
      return;
    }
    undo(place);
    throw DatabaseError(ErrorCode::transaction,
                        "a part of this transaction was rolled back, so nothing was committed and "
                        "all of it was rolled back",
                        {.operation = "commit"});
  });
}

void Transactions::undo(std::size_t place) {
  Driver& driver = session_.driver();
  const Form form = levels_[place].form;
  if (form == Form::joined) {
    levels_.resize(place, Level{});
    levels_.back().doomed = true;
    return;
  }
  forget(place);
  if (form == Form::transaction) driver.rollback();
  if (form == Form::savepoint) driver.rollback_to(static_cast<unsigned>(place));
}

void Transactions::rollback(std::uint64_t id) {
  const std::size_t place = require_open(id, "rollback");
  const AtTheEnd settled([this] { tell_tracers(); });
  told(session_, EventKind::rollback, name_of(levels_[place].form), [&] { undo(place); });
}

void Transactions::abandon() noexcept {
  if (levels_.empty()) return;
  try {
    rollback(levels_.front().id);
  } catch (...) {
    // The driver is about to end, and with it the transaction.
  }
  levels_.clear();
  tell_tracers();
}

void Transactions::require_writable() const {
  if (levels_.empty() || !levels_.back().read_only) return;
  throw DatabaseError(ErrorCode::read_only, "the transaction was begun for reading only",
                      {.driver = session_.capabilities().name});
}

}  // namespace ommi::engine
