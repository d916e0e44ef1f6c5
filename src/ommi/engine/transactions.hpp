#pragma once

/// \file
/// The open transaction of a session and the ones inside it, outermost first.

#include <cstdint>
#include <vector>

#include "ommi/driver.hpp"

namespace ommi::engine {

class Session;

class Transactions {
 public:
  explicit Transactions(Session& session) : session_(session) {}

  /// Begins one, inside the innermost that is open; gives the number that it is known by.
  std::uint64_t begin(const TransactionOptions& options);
  void commit(std::uint64_t id);
  /// Ends it and the ones inside it.
  void rollback(std::uint64_t id);
  /// Rolls back whatever is open; never fails.
  void abandon() noexcept;

  [[nodiscard]] bool open(std::uint64_t id) const noexcept { return place_of(id) < levels_.size(); }
  /// Throws ErrorCode::read_only in a transaction that was begun so.
  void require_writable() const;

 private:
  enum class Form : std::uint8_t { transaction, savepoint, joined };
  struct Level {
    std::uint64_t id;
    Form form;
    bool read_only;
    std::uint64_t first_load;  // the next one when it began
    bool doomed = false;       // a joined one inside it was rolled back
    Tracer* tracer = nullptr;
  };

  [[nodiscard]] static std::string_view name_of(Form form) noexcept;
  [[nodiscard]] std::size_t place_of(std::uint64_t id) const noexcept;
  [[nodiscard]] std::size_t require_open(std::uint64_t id, std::string_view operation) const;
  [[nodiscard]] Form form_of_next(const TransactionOptions& options) const;
  /// From now on, those of the levels that are open are told, and `beginning`.
  void tell_tracers(Tracer* beginning = nullptr);
  void commit_level(std::size_t place);
  void undo(std::size_t place);
  void forget(std::size_t place);

  Session& session_;
  std::vector<Level> levels_;
  std::uint64_t last_id_ = 0;
};

}  // namespace ommi::engine
