#pragma once

/// \file
/// Typed models against a database.
///
///     auto posts = database.find<Post>()
///                      .where(at<&Post::author, &User::name>() == "Ann")
///                      .order_by(at<&Post::id>())
///                      .with<&Post::tags>()
///                      .all();                          // DBResult<std::vector<Post>>
///     for (const Post& post : posts.or_raise()) post.author.get();
///
/// The objects are plain values and yours. Their lazy fields share what they load, in the same
/// loader and cache that run-time records use. A stored value that does not fit its member fails
/// the query as ErrorCode::decode, naming row and field.

#include <algorithm>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "ommi/condition.hpp"
#include "ommi/database.hpp"
#include "ommi/describe.hpp"
#include "ommi/pages.hpp"

namespace ommi {

namespace engine {

/// A member and the value that it is set to.
struct MemberValue {
  const void* member;
  Value value;
};

/// What the templates below are made of; nothing in here knows a C++ type.
struct TypedCalls {
  [[nodiscard]] static Finder find(const Database& database, const void* type,
                                   std::string_view type_name);
  static void where(Finder& finder, const std::function<Expression(const Model&)>& condition);
  static void order_by(Finder& finder, const void* member, bool descending);
  static void with(Finder& finder, const void* member);
  /// Reads all rows, or exactly one, or the first.
  enum class Due : std::uint8_t { all, one, first };
  static DBResult<Done> read(const Finder& finder, Due due, ObjectStore& objects);
  static DBResult<std::uint64_t> stream(const Finder& finder, std::size_t window,
                                        ObjectStore& objects, const std::function<bool()>& consume);
  static DBResult<std::uint64_t> update(const Finder& finder, std::span<const MemberValue> values);
  static DBResult<Done> load(std::span<const LazyField* const> fields);
  static DBResult<Done> attach(const Database& database, const void* type,
                               std::string_view type_name, std::span<void* const> objects);
  static DBResult<Done> add(const Database& database, const void* type, std::string_view type_name,
                            std::span<void* const> objects);
  /// `pinned` has counted the field already.
  static void bind(LazyField& field, Answer& pinned, std::uint32_t row,
                   std::uint32_t relation) noexcept;
};

/// The objects of an answer that is handed over as a vector.
template <class T>
class Gathered final : public ObjectStore {
 public:
  void* add() override { return &objects_.add(); }
  [[nodiscard]] std::vector<T> take() { return objects_.take(); }

 private:
  Pages<T> objects_;
};

/// The objects of one window of a stream, used again for the next.
template <class T>
class Window final : public ObjectStore {
 public:
  void* add() override {
    if (used_ == items_.size()) items_.emplace_back();
    return &items_[used_++];
  }
  [[nodiscard]] std::span<const T> take() {
    return std::span<const T>(items_.data(), std::exchange(used_, 0));
  }

 private:
  std::vector<T> items_;
  std::size_t used_ = 0;
};

}  // namespace engine

/// A new value for a member of `T`: `set<&Post::title>("x")`.
template <class T>
struct Setting {
  engine::MemberValue to;
};
template <auto Member, ComparableWith<member_type<Member>> Other>
[[nodiscard]] Setting<member_owner<Member>> set(const Other& value) {
  return {{&member_tag<Member>, compared_value<member_type<Member>>(value)}};
}

/// A query for objects of type `T` under construction; its terminals run it.
template <class T>
class TypedFinder {
  static_assert(Described<T>, "only a described struct can be looked for");

 public:
  TypedFinder& where(const Condition<T>& condition) {
    engine::TypedCalls::where(finder_, [&](const Model& model) { return condition.on(model); });
    return *this;
  }
  template <class Field>
  TypedFinder& order_by(const Term<T, Field, 0>& field, bool descending = false) {
    engine::TypedCalls::order_by(finder_, field.member(), descending);
    return *this;
  }
  TypedFinder& limit(std::uint64_t rows, std::uint64_t offset = 0) {
    finder_.limit(rows, offset);
    return *this;
  }
  /// Page `number` (from 1) of `size` rows; needs an order.
  TypedFinder& page(std::uint64_t size, std::uint64_t number) {
    finder_.page(size, number);
    return *this;
  }
  /// Tells `tracer`, beside the database's, what is done while this query runs.
  TypedFinder& traced_by(Tracer& tracer) noexcept {
    finder_.traced_by(tracer);
    return *this;
  }
  /// For `update` and `remove` without a condition, which are refused otherwise.
  TypedFinder& all_rows() {
    finder_.all_rows();
    return *this;
  }
  /// Loads these lazy fields with the rows: one statement each, and none later.
  template <auto... Lazies>
  TypedFinder& with() {
    static_assert((std::is_base_of_v<LazyField, member_type<Lazies>> && ...),
                  "with<> takes lazy fields");
    static_assert((std::is_base_of_v<member_owner<Lazies>, T> && ...), "of the struct looked for");
    (engine::TypedCalls::with(finder_, &member_tag<Lazies>), ...);
    return *this;
  }

  [[nodiscard]] DBResult<std::vector<T>> all() const { return read(engine::TypedCalls::Due::all); }
  /// Exactly one: none is ErrorCode::not_found, two is ErrorCode::multiple_rows.
  [[nodiscard]] DBResult<T> one() const {
    DBResult<std::vector<T>> found = read(engine::TypedCalls::Due::one);
    if (const Failure* failed = found.failure()) return *failed;
    return std::move(std::move(found).value().front());
  }
  [[nodiscard]] DBResult<std::optional<T>> first() const {
    DBResult<std::vector<T>> found = read(engine::TypedCalls::Due::first);
    if (const Failure* failed = found.failure()) return *failed;
    std::vector<T> objects = std::move(found).value();
    return objects.empty() ? std::optional<T>() : std::optional<T>(std::move(objects.front()));
  }
  [[nodiscard]] DBResult<std::uint64_t> count() const { return finder_.count(); }
  [[nodiscard]] DBResult<bool> exists() const { return finder_.exists(); }
  /// Sets members in all matching rows; gives how many. Objects at hand are not changed.
  template <std::same_as<Setting<T>>... Settings>
  [[nodiscard]] DBResult<std::uint64_t> update(const Settings&... settings) const {
    const std::array<engine::MemberValue, sizeof...(Settings)> values = {settings.to...};
    return engine::TypedCalls::update(finder_, values);
  }
  [[nodiscard]] DBResult<std::uint64_t> remove() const { return finder_.remove(); }
  /// All matching rows by one statement, handed over in windows of at most `window` objects, whose
  /// lazy fields are loaded a window at a time. `consume` is given a std::span<const T> that is
  /// valid during the call and ends the stream by returning false. Gives the rows read.
  template <class Consume>
  requires std::predicate<Consume&, std::span<const T>>
  [[nodiscard]] DBResult<std::uint64_t> stream(std::size_t window, Consume&& consume) const {
    engine::Window<T> objects;
    return engine::TypedCalls::stream(finder_, window, objects,
                                      [&] { return std::invoke(consume, objects.take()); });
  }

 private:
  friend class Database;
  explicit TypedFinder(Finder finder) : finder_(std::move(finder)) {}
  DBResult<std::vector<T>> read(engine::TypedCalls::Due due) const {
    engine::Gathered<T> objects;
    const DBResult<Done> done = engine::TypedCalls::read(finder_, due, objects);
    if (const Failure* failed = done.failure()) return *failed;
    return objects.take();
  }
  Finder finder_;
};

template <class T>
TypedFinder<T> Database::find() const {
  return TypedFinder<T>(engine::TypedCalls::find(*this, &type_tag<T>, type_name<T>()));
}

template <class T, class Lazy>
DBResult<Done> Database::load(const std::vector<T>& owners, Lazy T::*lazy) const {
  static_assert(std::is_base_of_v<LazyField, Lazy>, "only a lazy field can be loaded");
  std::vector<const LazyField*> fields;
  fields.reserve(owners.size());
  for (const T& owner : owners) fields.push_back(&(owner.*lazy));
  return engine::TypedCalls::load(fields);
}

template <class T>
DBResult<Done> Database::attach(T& object) const {
  void* const address = &object;
  return engine::TypedCalls::attach(*this, &type_tag<T>, type_name<T>(), {&address, 1});
}

template <class T>
DBResult<Done> Database::attach(std::vector<T>& objects) const {
  std::vector<void*> addresses;
  for (T& object : objects) addresses.push_back(&object);
  return engine::TypedCalls::attach(*this, &type_tag<T>, type_name<T>(), addresses);
}

template <class T>
DBResult<Done> Database::add(T& object) const {
  void* const address = &object;
  return engine::TypedCalls::add(*this, &type_tag<T>, type_name<T>(), {&address, 1});
}

template <class T>
DBResult<Done> Database::add(std::vector<T>& objects) const {
  std::vector<void*> addresses;
  for (T& object : objects) addresses.push_back(&object);
  return engine::TypedCalls::add(*this, &type_tag<T>, type_name<T>(), addresses);
}

}  // namespace ommi
