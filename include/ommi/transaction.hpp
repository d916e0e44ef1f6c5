#pragma once

/// \file
/// Transactions: RAII and callback, nested as savepoints.
///
///     ommi::Transaction transaction = database.begin().or_raise();
///     database.add("Post", {{"title", "new"}}).or_raise();
///     transaction.commit().or_raise();  // or the destructor rolls back, and tells the tracer
///
///     auto post = database.transaction([&] { return database.add("Post", {{"title", "new"}}); });
///     // commits on success, rolls back on a Failure or an exception
///
/// A rollback makes lazy values stale that were loaded since the transaction (or savepoint) began:
/// they count as not loaded at the next look. Closing the database rolls back. One thread at a
/// time.

#include <cstdint>
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

  /// Makes what was done lasting (of an inner one: part of the outer). Refused while an inner one
  /// is open. A failed commit has rolled back: ErrorCode::transaction with the cause;
  /// ErrorCode::in_doubt when the answer was lost.
  DBResult<Done> commit();
  /// Undoes what was done, in inner ones too, and ends those.
  DBResult<Done> rollback();
  [[nodiscard]] bool open() const noexcept;

 private:
  friend class Database;
  Transaction(std::shared_ptr<engine::Session> session, std::uint64_t id)
      : session_(std::move(session)), id_(id) {}
  std::shared_ptr<engine::Session> session_;
  std::uint64_t id_ = 0;
};

}  // namespace ommi
