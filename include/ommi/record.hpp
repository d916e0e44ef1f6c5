#pragma once

/// \file
/// Rows of models that are known only at run time, and their lazy fields.
///
///     for (const ommi::Record& user : users) {
///       fmt::print("{}: {} posts\n", user["name"].view(), user.many("posts").or_raise().size());
///     }
///
/// The rows of one answer are one group: the first look at a lazy field of any of them loads that
/// field for all (Fetch::peers), in as few statements as the driver allows. What is loaded is
/// cached, errors too, until refresh or expire. Records are handles: copy, sort and store them
/// freely; they keep their rows alive and share the cache. Loaded values stay readable after the
/// database is closed. One thread at a time.

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "ommi/model.hpp"
#include "ommi/result.hpp"
#include "ommi/value.hpp"

namespace ommi {

namespace engine {
class Rows;
}

/// How much the first look at a lazy field loads.
enum class Fetch : std::uint8_t {
  peers,  // the field of every row that came with this one
  one,    // of this row only
  raise,  // nothing: a look is an error before any statement
};

enum class LazyState : std::uint8_t { not_loaded, loading, loaded, failed };

class RecordList;

/// A stored value that is not of its field's declared type.
struct Fault {
  std::uint32_t row;
  std::uint32_t field;
};

/// One row of a model.
class Record {
 public:
  Record(std::shared_ptr<engine::Rows> rows, std::uint32_t row)
      : rows_(std::move(rows)), row_(row) {}

  [[nodiscard]] const Model& model() const noexcept;
  /// The stored value, as it is. Valid while any record of the same answer lives.
  /// Throws DatabaseError (ErrorCode::model) for a field that the model does not have.
  [[nodiscard]] Cell operator[](std::string_view field) const;
  [[nodiscard]] Cell cell(std::size_t field) const noexcept;
  /// The key's values; empty for a model without a key.
  [[nodiscard]] std::vector<Value> key() const;
  /// ErrorCode::decode, naming field and row, if a stored value is not of its declared type.
  [[nodiscard]] std::optional<DatabaseError> fault() const;

  /// The related row of a to-one relationship; nothing where the reference is NULL or the other
  /// side of a one-to-one is not there. A set reference without its row is
  /// ErrorCode::dangling_reference.
  [[nodiscard]] DBResult<std::optional<Record>> one(std::string_view relation) const;
  [[nodiscard]] DBResult<std::optional<Record>> one(const Relation& relation) const;
  /// The related rows of a to-many relationship; none is a success.
  [[nodiscard]] DBResult<RecordList> many(std::string_view relation) const;
  [[nodiscard]] DBResult<RecordList> many(const Relation& relation) const;
  /// Either kind as a list: a to-one gives none or one.
  [[nodiscard]] DBResult<RecordList> related(const Relation& relation) const;

  /// No I/O; works after the database is closed.
  [[nodiscard]] LazyState state(const Relation& relation) const;
  /// Loads this row's field again, whatever was cached.
  DBResult<RecordList> refresh(const Relation& relation) const;
  /// Loads it if it is not loaded.
  DBResult<RecordList> refresh_if_needed(const Relation& relation) const;
  /// Forgets what was loaded for this row.
  void expire(const Relation& relation) const;
  /// How many links of an association point at a target row that is not there; known once loaded.
  [[nodiscard]] std::uint32_t missing_targets(const Relation& relation) const;

  /// The same row of the same answer: identity, not equality.
  friend bool operator==(const Record& left, const Record& right) noexcept {
    return left.rows_ == right.rows_ && left.row_ == right.row_;
  }

 private:
  std::shared_ptr<engine::Rows> rows_;
  std::uint32_t row_;
};

/// Some rows of one answer, in order.
class RecordList {
 public:
  /// All rows of an answer.
  explicit RecordList(std::shared_ptr<engine::Rows> rows);
  /// The rows whose numbers are in `order[begin, end)`, and those that link them.
  RecordList(std::shared_ptr<engine::Rows> rows,
             std::shared_ptr<const std::vector<std::uint32_t>> order, std::uint32_t begin,
             std::uint32_t end, std::shared_ptr<engine::Rows> links = {},
             std::shared_ptr<const std::vector<std::uint32_t>> link_order = {});

  [[nodiscard]] std::size_t size() const noexcept { return end_ - begin_; }
  [[nodiscard]] bool empty() const noexcept { return begin_ == end_; }
  [[nodiscard]] Record operator[](std::size_t index) const;
  [[nodiscard]] const Model& model() const noexcept;
  /// Of a relationship that is declared RelationInfo::linked, the association's rows: the first
  /// linked the first of these rows to its owner, and so on. Throws DatabaseError
  /// (ErrorCode::model) where these rows came another way.
  [[nodiscard]] RecordList links() const;
  /// Loads a relationship of all rows now, where it is not loaded, also under Fetch::raise. What is
  /// wrong with one row is said when that one is looked at.
  [[nodiscard]] DBResult<Done> load(const Relation& relation) const;

  class Iterator {
   public:
    Iterator(const RecordList* list, std::size_t index) : list_(list), index_(index) {}
    Record operator*() const { return (*list_)[index_]; }
    Iterator& operator++() {
      ++index_;
      return *this;
    }
    friend bool operator==(const Iterator&, const Iterator&) = default;

   private:
    const RecordList* list_;
    std::size_t index_;
  };
  [[nodiscard]] Iterator begin() const noexcept { return {this, 0}; }
  [[nodiscard]] Iterator end() const noexcept { return {this, size()}; }

  /// The same rows of the same load: what a cached field gives twice.
  friend bool operator==(const RecordList&, const RecordList&) noexcept = default;

 private:
  std::shared_ptr<engine::Rows> rows_;
  std::shared_ptr<const std::vector<std::uint32_t>> order_;  // null = row numbers themselves
  std::uint32_t begin_ = 0;
  std::uint32_t end_ = 0;
  std::shared_ptr<engine::Rows> links_;  // null where the rows are not linked
  std::shared_ptr<const std::vector<std::uint32_t>> link_order_;
};

}  // namespace ommi
