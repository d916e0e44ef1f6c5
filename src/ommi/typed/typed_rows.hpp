#pragma once

/// \file
/// The rows of one answer as objects. The objects belong to whoever asked; kept here is what lazy
/// loading needs of them: the cells of the key and of the fields that relationships start from.

#include "engine/answer.hpp"
#include "engine/arena.hpp"
#include "ommi/describe.hpp"
#include "ommi/pages.hpp"

namespace ommi::engine {

class TypedRows final : public Answer {
 public:
  /// `objects` gets one object for each row; it is not touched after the last append().
  TypedRows(const std::shared_ptr<Session>& session, const Model& model, Fetch fetch,
            ObjectStore& objects);
  /// For objects that are there already.
  TypedRows(const std::shared_ptr<Session>& session, const Model& model, Fetch fetch);

  std::uint32_t append(std::span<const Cell> cells) override;
  /// Makes an object that was not loaded the next row.
  void adopt(void* object);
  /// Forgets the rows, for the next window. Only while nobody else holds this answer.
  void clear() noexcept;

  [[nodiscard]] Cell key_cell(std::uint32_t row, std::size_t field) const noexcept override;
  [[nodiscard]] DatabaseError error_of(const Fault& fault) const override;
  [[nodiscard]] Brought fresh(const std::shared_ptr<Session>& session,
                              const Model& model) const override;

 private:
  friend struct TypedCalls;
  void keep(Cell cell);
  void bind(void* object);
  void note_fault(std::size_t field, std::span<const Cell> cells);

  const Binding& binding_;
  ObjectStore* objects_ = nullptr;
  std::vector<std::uint32_t> kept_;       // fields, ascending
  std::vector<std::uint32_t> positions_;  // of each field, in kept_
  Pages<Cell, 4096> cells_;               // kept_.size() a row
  Arena arena_;
  std::unordered_map<std::uint32_t, DatabaseError> errors_;  // of the rows that have a fault
};

}  // namespace ommi::engine
