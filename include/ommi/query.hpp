#pragma once

/// \file
/// What is asked of a driver: an immutable expression tree and the query around it.
///
///     const ommi::Model& post = *catalog.find("Post");
///     query.where = (ommi::at(post, "author_id") == 7 || ommi::at(post, "id") < 3) && !deleted;
///
/// Expressions share their nodes: copying one is cheap. Field names are resolved when the
/// expression is built, so a driver sees numbers only.

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "ommi/model.hpp"
#include "ommi/value.hpp"

namespace ommi {

struct Node;

/// A condition. An empty one is always true.
class Expression {
 public:
  Expression() = default;
  explicit Expression(std::shared_ptr<const Node> node) : node_(std::move(node)) {}
  [[nodiscard]] const Node* node() const noexcept { return node_.get(); }
  [[nodiscard]] bool empty() const noexcept { return node_ == nullptr; }

  friend Expression operator&&(Expression left, Expression right);
  friend Expression operator||(Expression left, Expression right);
  friend Expression operator!(Expression inner);

 private:
  std::shared_ptr<const Node> node_;
};

/// What a condition may be about a field. Conditions have SQL's three values: one that compares
/// with NULL is neither true nor false but unknown, and so is NOT of it; only what is true is
/// found. So
/// `!(age == 3)` does not find rows without an age. `related` is never unknown.
enum class Operator : std::uint8_t {
  equal,      // with the value NULL: IS NULL, which is never unknown
  not_equal,  // with the value NULL: IS NOT NULL
  less,
  less_equal,
  greater,
  greater_equal,
  like,      // % is any text and _ one character; A to Z equal a to z. A blob is like nothing
  contains,  // the value means only itself, byte by byte: % and _ too, and a is not A. A number is
             // looked at as its text
  starts_with,
  ends_with,
  in,       // any of `values`: none is never true, and any number of them will do. NULL among them
            // makes what is not found unknown, as in SQL
  between,  // from values[0] to values[1], both included
  related,  // at least one row that `path` leads to matches `left`; so owners are never repeated
  both,     // AND of `left`, `right`
  either,   // OR
  negation  // NOT `left`
};

struct Node {
  Operator op;
  std::size_t field = 0;  // of the query's model
  std::vector<Value> values = {};
  std::optional<std::size_t> other_field = {};  // compared with instead of a value
  std::vector<const Relation*> path = {};       // of `related`: one hop after the other
  Expression left = {};
  Expression right = {};
  std::size_t depth = 1;  // of the tree below; see most_nested
};

/// How deep conditions nest. Deeper ones are refused where they are built (ErrorCode::query), since
/// databases refuse them too; a long list of alternatives is better said with `in`.
inline constexpr std::size_t most_nested = 900;

/// A field in an expression.
class FieldTerm {
 public:
  explicit FieldTerm(std::size_t field) : field_(field) {}
  [[nodiscard]] std::size_t field() const noexcept { return field_; }
  [[nodiscard]] Expression in(std::vector<Value> values) const;
  [[nodiscard]] Expression between(Value from, Value to) const;
  [[nodiscard]] Expression like(std::string_view pattern) const;
  [[nodiscard]] Expression contains(std::string_view text) const;
  [[nodiscard]] Expression starts_with(std::string_view text) const;
  [[nodiscard]] Expression ends_with(std::string_view text) const;
  [[nodiscard]] Expression is_null() const;

 private:
  std::size_t field_;
};

/// A field of the rows that a path of relationships leads to: `path(post, "author.name") == "Ann"`
/// is true of a post if some row that the path leads to matches; every hop becomes EXISTS, so no
/// post is found twice. The names are separated by dots.
///
/// Two conditions on a path may be met by two different rows; one row must meet both in
/// `any(post, "comments", at(comment, "likes") > 3 && at(comment, "author_id") == 7)`.
class PathTerm {
 public:
  PathTerm(std::vector<const Relation*> path, FieldTerm field)
      : path_(std::move(path)), field_(field) {}
  [[nodiscard]] const std::vector<const Relation*>& path() const noexcept { return path_; }
  [[nodiscard]] const FieldTerm& field() const noexcept { return field_; }
  /// `condition` (on the fields of the path's last model) holds for some row that the path leads
  /// to.
  [[nodiscard]] Expression any(Expression condition) const;
  [[nodiscard]] Expression in(std::vector<Value> values) const;
  [[nodiscard]] Expression between(Value from, Value to) const;
  [[nodiscard]] Expression like(std::string_view pattern) const;
  [[nodiscard]] Expression contains(std::string_view text) const;
  [[nodiscard]] Expression starts_with(std::string_view text) const;
  [[nodiscard]] Expression ends_with(std::string_view text) const;
  /// Some row that the path leads to has NULL there; no row at all is not that.
  [[nodiscard]] Expression is_null() const;

 private:
  std::vector<const Relation*> path_;
  FieldTerm field_;
};

/// The path from `model`. Throws DatabaseError (ErrorCode::model) with the nearest name.
[[nodiscard]] PathTerm path(const Model& model, std::string_view dotted);

/// `condition` (on the fields of the last model) holds for some row that the relationships
/// `dotted` lead to; without one: there is such a row.
[[nodiscard]] Expression any(const Model& model, std::string_view dotted,
                             Expression condition = {});

[[nodiscard]] Expression operator==(const PathTerm& term, Value value);
[[nodiscard]] Expression operator!=(const PathTerm& term, Value value);
[[nodiscard]] Expression operator<(const PathTerm& term, Value value);
[[nodiscard]] Expression operator<=(const PathTerm& term, Value value);
[[nodiscard]] Expression operator>(const PathTerm& term, Value value);
[[nodiscard]] Expression operator>=(const PathTerm& term, Value value);

/// The field of that name. Throws DatabaseError (ErrorCode::model) with the nearest name if there
/// is none.
[[nodiscard]] FieldTerm at(const Model& model, std::string_view field);

[[nodiscard]] Expression operator==(const FieldTerm& field, Value value);
[[nodiscard]] Expression operator!=(const FieldTerm& field, Value value);
[[nodiscard]] Expression operator<(const FieldTerm& field, Value value);
[[nodiscard]] Expression operator<=(const FieldTerm& field, Value value);
[[nodiscard]] Expression operator>(const FieldTerm& field, Value value);
[[nodiscard]] Expression operator>=(const FieldTerm& field, Value value);
[[nodiscard]] Expression operator==(const FieldTerm& left, const FieldTerm& right);
[[nodiscard]] Expression operator!=(const FieldTerm& left, const FieldTerm& right);
[[nodiscard]] Expression operator<(const FieldTerm& left, const FieldTerm& right);
[[nodiscard]] Expression operator>(const FieldTerm& left, const FieldTerm& right);
[[nodiscard]] Expression operator<=(const FieldTerm& left, const FieldTerm& right);
[[nodiscard]] Expression operator>=(const FieldTerm& left, const FieldTerm& right);

/// The keys of a batch load: rows of `fields.size()` cells each, borrowed from the owners. No part
/// is NULL.
struct KeyBatch {
  std::vector<std::size_t> fields;  // of the model, or of the association when there is one
  std::span<const Cell> cells;
  [[nodiscard]] std::size_t count() const noexcept {
    return fields.empty() ? 0 : cells.size() / fields.size();
  }
};

/// An association between the keys and the model: rows of `model` joined to `fields` of the model
/// asked for. A link without a target row still gives a row, whose target columns are all NULL.
struct Through {
  const Model* model = nullptr;
  std::vector<std::size_t> fields;         // of `model`; equal to …
  std::vector<std::size_t> target_fields;  // … these of the query's model
  bool whole = false;                      // the rows have all fields of `model`, too
};

/// One question to a driver. The rows have all of `model`'s fields in order; with `through` and
/// `keys`, the association's `keys.fields` come before them, then its `fields`, then (of a `whole`
/// one) all of its fields.
struct Query {
  const Model* model = nullptr;
  Expression where = {};
  std::optional<KeyBatch> keys = {};
  std::optional<Through> through = {};
  std::vector<Order> order = {};
  std::optional<std::uint64_t> limit = {};
  std::uint64_t offset = 0;
  /// At most so many rows for each of `keys`, the first in `order`; a link without a target does
  /// not count and is always there. Asks for Capabilities::windows.
  std::optional<std::uint64_t> limit_per_key = {};

  /// How many columns a row has.
  [[nodiscard]] std::size_t width() const noexcept;
  /// How many columns of the association come before those of `model`.
  [[nodiscard]] std::size_t link_width() const noexcept;
  /// The model that a part of the order is about. Throws DatabaseError (ErrorCode::query) where it
  /// is about an association that is not there.
  [[nodiscard]] const Model& ordered_model(const Order& by) const;
};

}  // namespace ommi
