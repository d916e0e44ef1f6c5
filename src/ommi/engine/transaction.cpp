#include "ommi/transaction.hpp"

#include "engine/session.hpp"
#include "ommi/database.hpp"

namespace ommi {
namespace {

ErrorPlace place_of(std::string_view operation, const engine::Session* session) {
  return {.driver = session == nullptr ? std::string() : session->capabilities().name,
          .operation = std::string(operation)};
}

}  // namespace

Transaction::Transaction(Transaction&& other) noexcept = default;

Transaction::~Transaction() {
  if (!open()) return;
  // Where it fails, the tracer was told; a destructor can tell nobody else.
  const DBResult<Done> ignored = rollback();
  static_cast<void>(ignored);
}

bool Transaction::open() const noexcept {
  return session_ != nullptr && session_->transactions().open(id_);
}

DBResult<Done> Transaction::commit() {
  return capture(place_of("commit", session_.get()), [&] {
    if (!session_) {
      throw DatabaseError(ErrorCode::transaction, "the transaction was moved from");
    }
    session_->transactions().commit(id_);
    return Done{};
  });
}

DBResult<Done> Transaction::rollback() {
  return capture(place_of("rollback", session_.get()), [&] {
    if (!session_) {
      throw DatabaseError(ErrorCode::transaction, "the transaction was moved from");
    }
    session_->transactions().rollback(id_);
    return Done{};
  });
}

DBResult<Transaction> Database::begin(const TransactionOptions& options) const {
  return session_->captured({.operation = "begin"}, [&] {
    return Transaction(session_, session_->transactions().begin(options));
  });
}

}  // namespace ommi
