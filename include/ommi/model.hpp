#pragma once

/// \file
/// What an application's tables mean: models, fields, references, relationships.
///
/// ModelInfo is the description, as declared; anyone may write one. A Catalog takes a set of them
/// and `seal()` resolves every name once, giving all problems at once, so that nothing about models
/// can fail at load time for a reason that was knowable before. What did not resolve stays in the
/// catalog, marked with its problem: loading it is an error that says so, and everything else
/// works.
///
///     ommi::Catalog catalog;
///     catalog.add(post).add(user);
///     for (const ommi::Problem& problem : catalog.seal()) report(problem);
///     const ommi::Model* found = catalog.find("Post");
///
/// A sealed catalog is immutable and may be shared between threads.

#include <cstddef>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ommi/key.hpp"
#include "ommi/value.hpp"

namespace ommi {

namespace engine {
struct Binding;
}

/// What a field is declared to hold. `numeric` is any number; `any` has no promise to break.
enum class Type : std::uint8_t { any, boolean, integer, real, numeric, text, blob, date, datetime };

[[nodiscard]] std::string_view to_string(Type type) noexcept;
/// The type of that name, as `to_string` writes it.
[[nodiscard]] std::optional<Type> type_named(std::string_view name) noexcept;
/// Whether a stored value of `kind` is a value of `type`. NULL is accepted by all: nullability is
/// not the type's business.
[[nodiscard]] bool accepts(Type type, Kind kind) noexcept;

/// Where a fact was read: `models.py:31`, or `table Post` when the database itself said it.
struct Place {
  std::string file;
  unsigned line = 0;
  [[nodiscard]] std::string to_string() const;
  friend bool operator==(const Place&, const Place&) = default;
};

/// Who says that a reference exists.
enum class Origin : std::uint8_t { declared, inferred, manifest, python, code };
[[nodiscard]] std::string_view to_string(Origin origin) noexcept;

/// Fields of this model that name a row of another by its fields, paired by position.
struct Reference {
  std::vector<std::string> fields;
  std::string model;
  std::vector<std::string> target_fields;
  Origin origin = Origin::code;
  double confidence = 1.0;  // 0..1; below 1 only when inferred
  Place place = {};
};

struct FieldInfo {
  std::string name;
  std::string store_as;  // the column; empty = `name`
  Type type = Type::any;
  bool nullable = true;
  bool key = false;
  bool automatic = false;     // the database makes the value
  std::string declared_type;  // as the schema writes it
  Comparison comparison = {};
  Place place = {};
  const void* member = nullptr;  // of a typed model (ommi/describe.hpp)
  [[nodiscard]] const std::string& column() const noexcept {
    return store_as.empty() ? name : store_as;
  }
};

enum class Cardinality : std::uint8_t { one, many };

/// A field of `left` beside the field of `right` that it equals.
struct FieldPair {
  std::string left;
  std::string right;
  friend bool operator==(const FieldPair&, const FieldPair&) = default;
};

/// Where NULLs stand in an order; the default is SQLite's: first when ascending, last when
/// descending.
enum class Nulls : std::uint8_t { by_default, first, last };

/// A field that rows are ordered by.
struct Order {
  std::size_t field;
  bool descending = false;
  Nulls nulls = Nulls::by_default;
  bool of_link = false;  // of the association's rows, not of the model asked for
};

/// A field that the related rows are ordered by, as declared.
struct RelatedOrder {
  std::string field;
  bool descending = false;
  Nulls nulls = Nulls::by_default;
  bool of_link = false;          // a field of the association
  const void* member = nullptr;  // of a typed model; names it instead of `field`
};

/// A relationship: a lazy field. With an empty `join`, seal() finds it from the references.
///
/// Related rows come in the order declared, and where that leaves them equal by their key (then by
/// the association's); without a declared order, in any. A limit is on the rows of each owner:
/// those that come first. Links without a target row do not count. A condition on a path
/// (ommi/query.hpp) looks at all related rows, whatever the limit.
struct RelationInfo {
  std::string name;
  Cardinality cardinality = Cardinality::one;
  std::string target;
  bool required = false;                    // a to-one that promises a row
  std::string via = {};                     // the association model, or empty
  std::vector<FieldPair> join = {};         // owner = target, or owner = association
  std::vector<FieldPair> target_join = {};  // association = target
  // Where several references could be meant: the fields of the one to follow.
  std::vector<std::string> follow = {};         // to the target, or the association's to us
  std::vector<std::string> target_follow = {};  // the association's to the target
  std::vector<RelatedOrder> order = {};
  std::uint64_t limit = 0;            // rows for each owner; 0 = all
  bool linked = false;                // the association's own row is loaded with each target
  const void* target_type = nullptr;  // of a typed model; names it instead of `target`
  const void* via_type = nullptr;
  Origin origin = Origin::code;
  double confidence = 1.0;
  Place place = {};
};

struct ModelInfo {
  std::string name;
  std::string store_as = {};  // the table; empty = `name`
  std::vector<FieldInfo> fields = {};
  std::vector<Reference> references = {};
  std::vector<RelationInfo> relations = {};
  std::vector<std::vector<std::string>> unique_sets = {};  // fields; besides the key
  bool view = false;
  Place place = {};
  const void* type = nullptr;  // of a typed model (ommi/describe.hpp)
  std::shared_ptr<const engine::Binding> binding = {};
  [[nodiscard]] const std::string& table() const noexcept {
    return store_as.empty() ? name : store_as;
  }
};

/// What is wrong with a declaration.
struct Problem {
  enum class What : std::uint8_t {
    duplicate_model,
    duplicate_field,  // also two fields that store as one column
    no_key,
    unknown_model,
    unknown_field,
    no_reference,
    ambiguous_reference,
    association_missing_side,
    association_ambiguous_side,
    partial_reference,   // part of a composite key
    nullable_reference,  // a lazy field promises a row, and its reference may be NULL
  };
  What what;
  std::string model;
  std::string name;  // the field or relation, or empty
  std::string message;
  std::vector<std::string> candidates = {};  // nearest names, or the references to choose from
  Place place = {};
  std::string missing = {};  // of an unknown model its name, of an unknown field "Model.field"
};

[[nodiscard]] std::string_view to_string(Problem::What what) noexcept;

class Model;

/// Which side holds the reference that a relationship follows.
enum class Direction : std::uint8_t { forward, reverse, association };

/// A relationship with its names resolved. Where `problem` is set, nothing else but `info` is.
struct Relation {
  RelationInfo info;
  std::size_t index = 0;  // among the owner's relations
  const Model* owner = nullptr;
  const Model* target = nullptr;
  const Model* via = nullptr;
  Direction direction = Direction::forward;
  std::vector<std::size_t> owner_fields;   // paired with target_fields, or with via_owner_fields
  std::vector<std::size_t> target_fields;  // paired with owner_fields, or with via_target_fields
  std::vector<std::size_t> via_owner_fields;
  std::vector<std::size_t> via_target_fields;
  std::vector<Order> order;  // the declared one, then the keys; empty = any
  std::optional<Problem> problem;

  /// "Post.author".
  [[nodiscard]] std::string name() const;
  [[nodiscard]] bool many() const noexcept { return info.cardinality == Cardinality::many; }
};

/// A model with its names resolved.
class Model {
 public:
  ModelInfo info;
  std::size_t index = 0;           // in the catalog
  std::vector<std::size_t> key;    // field numbers; empty = rows cannot be named
  std::deque<Relation> relations;  // stable addresses
  std::optional<Problem> problem;  // set where the model itself does not hold together

  [[nodiscard]] const std::string& name() const noexcept { return info.name; }
  [[nodiscard]] const std::vector<FieldInfo>& fields() const noexcept { return info.fields; }
  /// The number of the field of that name (else of that column), or nothing. Exact case first, then
  /// any.
  [[nodiscard]] std::optional<std::size_t> find_field(std::string_view name) const noexcept;
  /// The relationship of that name, or null. Exact case first, then any.
  [[nodiscard]] const Relation* find_relation(std::string_view name) const noexcept;
  /// How the given fields compare, in order.
  [[nodiscard]] std::vector<Comparison> comparisons(const std::vector<std::size_t>& fields) const;
  /// Whether the fields are the key or a unique set, in any order.
  [[nodiscard]] bool unique(const std::vector<std::size_t>& fields) const;
};

/// A set of models; Ommi's ModelCollection.
class Catalog {
 public:
  Catalog() = default;
  Catalog(Catalog&&) noexcept = default;
  Catalog& operator=(Catalog&&) noexcept = default;
  Catalog(const Catalog&) = delete;
  Catalog& operator=(const Catalog&) = delete;

  /// Adds a model. Not after seal().
  Catalog& add(ModelInfo model);
  /// Adds typed models; defined in ommi/describe.hpp.
  template <class... Types>
  Catalog& add();
  /// Resolves every name. Returns all that does not hold together; call once, after the last add().
  std::vector<Problem> seal();

  [[nodiscard]] const std::deque<Model>& models() const noexcept { return models_; }
  /// The model of that name (else of that table), or null. Exact case first, then any.
  [[nodiscard]] const Model* find(std::string_view name) const noexcept;
  /// The model of a typed struct, by `&type_tag<T>`, or null.
  [[nodiscard]] const Model* find_type(const void* type) const noexcept;
  /// How many relationships the models have.
  [[nodiscard]] std::size_t relation_count() const noexcept;

 private:
  std::deque<Model> models_;  // stable addresses: relations point at models
};

/// The one of `names` that is nearest to `name` (fewest edits, case counted less), or empty when
/// none is near enough to be meant.
[[nodiscard]] std::string nearest(std::string_view name, const std::vector<std::string>& names);

}  // namespace ommi
