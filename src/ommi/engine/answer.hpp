#pragma once

/// \file
/// The rows of one answer, however they are kept, and the state of their lazy fields.
///
/// Each relationship that is looked at gets one LazyGroup, so that peers cost nothing to find. How
/// the rows themselves are kept is a subclass's: run-time rows as cells in an arena (Rows), typed
/// ones as objects (TypedRows). The loader knows only this class, so there is one loader for both.

#include <functional>
#include <memory>
#include <span>
#include <unordered_map>
#include <vector>

#include "engine/pin_count.hpp"
#include "engine/rollbacks.hpp"
#include "ommi/record.hpp"

namespace ommi::engine {

class Session;
class ObjectStore;
class Answer;

/// Rows of one model that a load brought, and their numbers in the order of the owners.
struct Brought {
  std::shared_ptr<Answer> rows;
  std::shared_ptr<ObjectStore> objects;  // of typed rows; null for run-time ones
  std::shared_ptr<std::vector<std::uint32_t>> order;
};

/// What one load brought.
struct Batch {
  Brought targets;
  Brought links;           // of a `linked` relationship: the association's rows, in step
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

/// What a lazy field gives: rows of a batch, in its orders from `begin` to `end`. Valid while the
/// answer that was asked lives.
struct Found {
  const Batch* batch;
  std::uint32_t begin;
  std::uint32_t end;
};

class Answer : public std::enable_shared_from_this<Answer> {
 public:
  Answer(const std::shared_ptr<Session>& session, const Model& model, Fetch fetch);
  virtual ~Answer() = default;
  Answer(const Answer&) = delete;
  Answer& operator=(const Answer&) = delete;

  [[nodiscard]] const Model& model() const noexcept { return *model_; }
  [[nodiscard]] std::uint32_t size() const noexcept { return size_; }
  [[nodiscard]] Fetch fetch() const noexcept { return fetch_; }
  [[nodiscard]] std::shared_ptr<Session> session() const noexcept { return session_.lock(); }
  [[nodiscard]] const std::vector<Fault>& faults() const noexcept { return faults_; }
  /// The first fault of a row, or null.
  [[nodiscard]] const Fault* fault(std::uint32_t row) const noexcept;
  /// "Post[17]".
  [[nodiscard]] std::string name_of(std::uint32_t row) const;

  /// Copies a row in; gives its number.
  virtual std::uint32_t append(std::span<const Cell> cells) = 0;
  /// A stored value: of the key and of every field that a relationship starts from, at least.
  [[nodiscard]] virtual Cell key_cell(std::uint32_t row, std::size_t field) const noexcept = 0;
  [[nodiscard]] virtual DatabaseError error_of(const Fault& fault) const = 0;
  /// No rows yet of a model that a relationship leads to, kept as these are.
  [[nodiscard]] virtual Brought fresh(const std::shared_ptr<Session>& session,
                                      const Model& model) const = 0;

  /// The related rows; loads them first if need be. Throws DatabaseError.
  Found related(std::uint32_t row, const Relation& relation);
  Found refresh(std::uint32_t row, const Relation& relation);
  /// Loads those of `rows` that are not loaded, also under Fetch::raise.
  void load_now(const Relation& relation, std::span<const std::uint32_t> rows);
  /// Loads all rows that are not loaded.
  void load_now(const Relation& relation);
  void expire(std::uint32_t row, const Relation& relation) noexcept;
  /// Tells the tracer of fallbacks for that relationship.
  [[nodiscard]] std::shared_ptr<const FallbackWitness> witness(const Relation& relation) const;
  [[nodiscard]] LazyState state(std::uint32_t row, const Relation& relation) const noexcept;
  [[nodiscard]] std::uint32_t missing_targets(std::uint32_t row,
                                              const Relation& relation) const noexcept;

  /// So many more lazy fields hold this answer, which lives until the last has let go.
  void pin(std::uint64_t fields) noexcept {
    if (pins_.add(fields) == 0) pinned_ = shared_from_this();
  }
  void unpin() noexcept {
    if (pins_.drop() == 1) const std::shared_ptr<Answer> last = std::move(pinned_);
  }

 protected:
  /// A row was added. Gives its number.
  std::uint32_t count_row() noexcept { return size_++; }
  void add_fault(std::size_t field) {
    faults_.push_back({size_, static_cast<std::uint32_t>(field)});
  }
  /// Forgets all rows and what was loaded for them.
  void forget_rows() noexcept;

 private:
  LazyGroup& group(const Relation& relation);
  [[nodiscard]] const LazyGroup* find_group(const Relation& relation) const noexcept;
  /// The error of a look under Fetch::raise, of which the tracer is told.
  [[nodiscard]] DatabaseError blocked(const Relation& relation) const;
  [[nodiscard]] std::shared_ptr<Session> open_session(const Relation& relation) const;
  void load(const Relation& relation, LazyGroup& group, std::uint32_t row, Fetch fetch);
  Found answer(const LazyGroup& group, std::uint32_t row) const;
  [[nodiscard]] bool stale(const LazyGroup& group, const Slot& slot) const noexcept;
  void forget_stale(LazyGroup& group) const;
  /// The slot if there is one whose content holds, else null.
  [[nodiscard]] const Slot* find_slot(std::uint32_t row, const Relation& relation) const noexcept;

  std::weak_ptr<Session> session_;
  std::shared_ptr<const Rollbacks> rollbacks_;
  std::shared_ptr<const Catalog> catalog_;  // keeps model_ alive
  const Model* model_;
  Fetch fetch_;
  std::uint32_t size_ = 0;
  std::vector<Fault> faults_;                       // ascending by row
  std::vector<std::unique_ptr<LazyGroup>> groups_;  // by relation number; null until looked at
  PinCount pins_;
  std::shared_ptr<Answer> pinned_;  // itself, while a lazy field holds it
};

/// The relationship of that name. Throws DatabaseError (ErrorCode::model) with the nearest one.
[[nodiscard]] const Relation& relation_named(const Model& model, std::string_view name);

/// "Post[17]", with the values of the key's fields.
[[nodiscard]] std::string row_name(const Model& model,
                                   const std::function<Cell(std::size_t)>& cell_of);

/// Loads `relation` for the owners `slots` (row numbers) and fills their slots in `group`: in as
/// few statements as the driver allows, every slot ending as loaded or failed. Gives the error of a
/// statement, which all slots that waited for it carry, too; throws only what no slot can carry.
std::optional<DatabaseError> load_slots(Session& session, Answer& owners, const Relation& relation,
                                        LazyGroup& group, std::span<const std::uint32_t> slots);

}  // namespace ommi::engine
