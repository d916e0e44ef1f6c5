#pragma once

/// \file
/// The rows of one answer and the state of their lazy fields.
///
/// Cells lie in one array, texts in an arena: nothing is allocated per row or per value. Each
/// relationship that is looked at gets one LazyGroup, so that peers cost nothing to find.

#include <memory>
#include <unordered_map>
#include <vector>

#include "engine/arena.hpp"
#include "engine/rollbacks.hpp"
#include "ommi/record.hpp"

namespace ommi::engine {

class Session;

/// What one load brought: rows, and their numbers in the order of the owners.
struct Batch {
  std::shared_ptr<Rows> rows;
  std::shared_ptr<const std::vector<std::uint32_t>> order;
  std::uint64_t load = 0;  // the number of the load
};

struct Slot {
  LazyState state = LazyState::not_loaded;
  bool seen = false;  // looked at since it was loaded
  std::uint32_t batch = 0;
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
  std::uint32_t missing = 0;  // links without a target row
};

/// One relationship of the rows of one answer.
struct LazyGroup {
  std::uint64_t number = 0;  // of its first load
  std::vector<Slot> slots;
  std::vector<Batch> batches;
  std::unordered_map<std::uint32_t, DatabaseError> errors;  // of the slots that failed
  std::uint64_t rollbacks_seen = 0;  // the version of the rollbacks that the slots know of
};

class Rows : public std::enable_shared_from_this<Rows> {
 public:
  Rows(const std::shared_ptr<Session>& session, const Model& model, Fetch fetch);

  [[nodiscard]] const Model& model() const noexcept { return *model_; }
  [[nodiscard]] std::uint32_t size() const noexcept { return size_; }
  [[nodiscard]] Fetch fetch() const noexcept { return fetch_; }
  [[nodiscard]] Cell cell(std::uint32_t row, std::size_t field) const noexcept {
    return cells_[row * width_ + field];
  }
  [[nodiscard]] const Cell* row(std::uint32_t row) const noexcept {
    return cells_.data() + row * width_;
  }
  [[nodiscard]] const std::vector<Fault>& faults() const noexcept { return faults_; }
  /// The first fault of a row, or null.
  [[nodiscard]] const Fault* fault(std::uint32_t row) const noexcept;
  [[nodiscard]] DatabaseError error_of(const Fault& fault) const;
  /// "Post[17]".
  [[nodiscard]] std::string name_of(std::uint32_t row) const;

  /// Copies a row in; gives its number.
  std::uint32_t append(std::span<const Cell> cells);

  /// The related rows; loads them first if need be. Throws DatabaseError.
  RecordList related(std::uint32_t row, const Relation& relation);
  RecordList refresh(std::uint32_t row, const Relation& relation);
  void expire(std::uint32_t row, const Relation& relation) noexcept;
  [[nodiscard]] LazyState state(std::uint32_t row, const Relation& relation) const noexcept;
  [[nodiscard]] std::uint32_t missing_targets(std::uint32_t row,
                                              const Relation& relation) const noexcept;

 private:
  LazyGroup& group(const Relation& relation);
  [[nodiscard]] const LazyGroup* find_group(const Relation& relation) const noexcept;
  void load(const Relation& relation, LazyGroup& group, std::uint32_t row, Fetch fetch);
  RecordList answer(const LazyGroup& group, std::uint32_t row) const;
  [[nodiscard]] bool stale(const LazyGroup& group, const Slot& slot) const noexcept;
  void forget_stale(LazyGroup& group) const;
  /// The slot if there is one whose content holds, else null.
  [[nodiscard]] const Slot* find_slot(std::uint32_t row, const Relation& relation) const noexcept;

  std::weak_ptr<Session> session_;
  std::shared_ptr<const Rollbacks> rollbacks_;
  std::shared_ptr<const Catalog> catalog_;  // keeps model_ alive
  const Model* model_;
  Fetch fetch_;
  std::size_t width_;
  std::uint32_t size_ = 0;
  std::vector<Cell> cells_;
  std::vector<Fault> faults_;  // ascending by row
  Arena arena_;
  std::vector<std::unique_ptr<LazyGroup>> groups_;  // by relation number; null until looked at
  std::vector<std::uint16_t> accepted_;             // per field, a bit for each ommi::Kind
};

/// Loads `relation` for the owners `slots` (row numbers) and fills their slots in `group`: in as
/// few statements as the driver allows, every slot ending as loaded or failed. Throws only what no
/// slot can carry.
void load_slots(Session& session, Rows& owners, const Relation& relation, LazyGroup& group,
                std::span<const std::uint32_t> slots);

}  // namespace ommi::engine
