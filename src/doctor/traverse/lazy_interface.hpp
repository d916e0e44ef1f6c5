#pragma once

/// \file
/// Lazy fields as the doctor handles them, whoever makes them: libommi's own here, others' behind
/// the same interface. The doctor never looks at how a field keeps what it loaded, only at what it
/// gives.

#include <memory>
#include <optional>

#include "doctor/evidence.hpp"
#include "ommi/database.hpp"

namespace doctor {

/// What a lazy field gave. The rows of a wrapped answer are those inside.
struct LazyAnswer {
  Gave gave = Gave::rows;
  std::optional<ommi::RecordList> rows = {};
  std::optional<ommi::DatabaseError> error = {};
};

/// A relationship of one owner.
class ProbedField {
 public:
  virtual ~ProbedField() = default;
  /// Loads it, or gives what was kept.
  [[nodiscard]] virtual LazyAnswer look() = 0;
  [[nodiscard]] virtual LazyAnswer refresh() = 0;
  /// As a program does that goes on with nothing where the field cannot be loaded.
  [[nodiscard]] virtual LazyAnswer look_or_use_nothing() = 0;
  /// The same owner, whose reference is another now.
  virtual void owner_changed(const ommi::Record& now) = 0;
};

class LazyInterface {
 public:
  virtual ~LazyInterface() = default;
  /// The field `relation` of `owner`, which came from `database`. All of them outlive it.
  [[nodiscard]] virtual std::unique_ptr<ProbedField> field(
      const ommi::Database& database, const ommi::Record& owner,
      const ommi::Relation& relation) const = 0;
};

/// libommi's.
[[nodiscard]] const LazyInterface& own_lazy_interface() noexcept;

}  // namespace doctor
