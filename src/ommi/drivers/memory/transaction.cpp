#include "drivers/memory/transaction.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "ommi/error.hpp"

namespace ommi::memory {
namespace {

[[noreturn]] void fail(ErrorCode code, std::string message, std::string_view operation) {
  throw DatabaseError(code, std::move(message),
                      {.driver = "memory", .operation = std::string(operation)});
}

}  // namespace

void TransactionState::require_open(std::string_view operation) const {
  if (!open_) fail(ErrorCode::transaction, "there is no open transaction", operation);
}

void TransactionState::require_writable() const {
  if (!read_only_) return;
  throw DatabaseError(ErrorCode::read_only, "the transaction was begun for reading only",
                      {.driver = "memory"});
}

void TransactionState::end(std::optional<Tables> tables) {
  if (!open_) return;
  store_->end_writing(this, std::move(tables));
  open_ = false;
  read_only_ = false;
  current_ = {};
  savepoints_.clear();
}

// Every isolation that can be asked for is met by a snapshot that nobody else can write over. Who
// may write takes the turn at once, so that no transaction fails half-way for another's sake.
void TransactionState::begin(const TransactionOptions& options) {
  if (open_) fail(ErrorCode::transaction, "a transaction is open already", "begin");
  current_ = options.read_only ? store_->committed() : store_->begin_writing(this);
  open_ = true;
  read_only_ = options.read_only;
}

void TransactionState::commit() {
  require_open("commit");
  try {
    check_references(current_, When::at_commit);
  } catch (const DatabaseError& cause) {
    end(std::nullopt);
    throw DatabaseError(
        ErrorCode::transaction,
        fmt::format("the commit failed and everything was rolled back: {}", cause.message()),
        {.driver = "memory", .operation = "commit"})
        .caused_by(cause);
  }
  end(std::move(current_));
}

void TransactionState::rollback() { end(std::nullopt); }

std::size_t TransactionState::position(unsigned number, std::string_view operation) const {
  require_open(operation);
  const auto found = std::ranges::find(savepoints_, number, &std::pair<unsigned, Tables>::first);
  if (found == savepoints_.end()) {
    fail(ErrorCode::transaction, fmt::format("there is no savepoint {}", number), operation);
  }
  return static_cast<std::size_t>(found - savepoints_.begin());
}

void TransactionState::savepoint(unsigned number) {
  require_open("savepoint");
  savepoints_.emplace_back(number, current_);
}

void TransactionState::release(unsigned number) { savepoints_.resize(position(number, "release")); }

void TransactionState::rollback_to(unsigned number) {
  const std::size_t at = position(number, "rollback_to");
  current_ = std::move(savepoints_[at].second);
  savepoints_.resize(at);
}

}  // namespace ommi::memory
