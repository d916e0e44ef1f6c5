#pragma once

/// \file
/// One connection's view of a store: its transaction, and the savepoints in it.

#include <utility>

#include "drivers/memory/store.hpp"

namespace ommi::memory {

class TransactionState {
 public:
  explicit TransactionState(std::shared_ptr<Store> store) : store_(std::move(store)) {}
  ~TransactionState() { end(std::nullopt); }
  TransactionState(const TransactionState&) = delete;
  TransactionState& operator=(const TransactionState&) = delete;

  /// What this connection sees now.
  [[nodiscard]] Tables tables() const { return open_ ? current_ : store_->committed(); }

  void begin(const TransactionOptions& options);
  void commit();
  void rollback();
  void savepoint(unsigned number);
  void release(unsigned number);
  void rollback_to(unsigned number);

  /// Changes the tables by `work(tables)`, all or not at all. Outside a transaction the change is
  /// one of its own. `work` gives the name of the table whose references are checked then, in lower
  /// case; nothing = all are, at the commit.
  template <class Work>
  void change(Work&& work) {
    const bool alone = !open_;
    if (alone) begin({});
    try {
      require_writable();
      Tables changed = current_;
      const std::optional<std::string> touched = work(changed);
      if (touched) check_references(changed, When::at_once, *touched);
      if (alone) check_references(changed, When::at_commit);
      current_ = std::move(changed);
    } catch (...) {
      if (alone) end(std::nullopt);
      throw;
    }
    if (alone) end(std::move(current_));
  }

 private:
  void require_open(std::string_view operation) const;
  void require_writable() const;
  void end(std::optional<Tables> tables);
  [[nodiscard]] std::size_t position(unsigned number, std::string_view operation) const;

  std::shared_ptr<Store> store_;
  bool open_ = false;
  bool read_only_ = false;
  Tables current_;
  std::vector<std::pair<unsigned, Tables>> savepoints_;
};

}  // namespace ommi::memory
