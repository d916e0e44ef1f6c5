#pragma once

/// \file
/// Transactions: RAII and callback, nested as savepoints.
///
///     ommi::Transaction transaction = database.begin();
///     database.add("Post", {{"title", "new"}}).or_raise();
///     transaction.commit().or_raise();              // or the destructor rolls back, and traces
///     that it did
///
///     auto done = database.transaction([&]() -> ommi::DBResult<ommi::Record> { … });   // commit
///     on success,
///                                                                        // rollback on a Failure
///                                                                        or an exception
///
/// A rollback makes lazy values stale that were loaded since the transaction (or savepoint) began:
/// they count as not loaded at the next look. One thread at a time.

#include <memory>

#include "ommi/driver.hpp"
#include "ommi/result.hpp"

namespace ommi {

namespace engine {
class Session;
}

/// An open transaction, or an open savepoint inside one. Movable; ends by commit, rollback or its
/// destructor.
class [[nodiscard]] Transaction {
 public:
  Transaction(Transaction&& other) noexcept;
  Transaction& operator=(Transaction&&) = delete;
  Transaction(const Transaction&) = delete;
  ~Transaction();

  /// Makes what was done lasting (of an inner one: part of the outer). A failed commit has rolled
  /// back: ErrorCode::transaction with the cause; ErrorCode::in_doubt when the answer was lost.
  DBResult<Done> commit();
  DBResult<Done> rollback();
  [[nodiscard]] bool open() const noexcept { return session_ != nullptr; }

 private:
  friend class Database;
  Transaction(std::shared_ptr<engine::Session> session, unsigned level)
      : session_(std::move(session)), level_(level) {}
  std::shared_ptr<engine::Session> session_;
  unsigned level_ = 0;  // 0 = the outermost
};

}  // namespace ommi
