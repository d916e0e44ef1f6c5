#pragma once

/// \file
/// Lazy fields of typed models.
///
///     post.author.get().name;                          // throws the error, if there is one
///     if (auto author = post.author.get_result()) …    // or as a DBResult
///     for (const Tag& tag : post.tags.get()) …         // none is a success
///
/// A lazy field is a plain value of 16 bytes: a shared answer and the number of a row in it. It
/// does not know its owner, so owners may be copied, moved and sorted; copies share what is loaded.
/// The first look loads the field for all rows of the answer (see Fetch); errors are kept like
/// values, until refresh or expire. What is loaded stays readable after the database is closed. One
/// thread at a time.

#include <cstdint>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "ommi/record.hpp"
#include "ommi/result.hpp"

namespace ommi {

/// Its address stands for the type, also for one that is only declared so far.
template <class T>
inline constexpr char type_tag = 0;

namespace engine {

class Answer;
struct TypedCalls;

/// Objects that rows are turned into; what the engine sees of them.
class ObjectStore {
 public:
  ObjectStore() = default;
  virtual ~ObjectStore() = default;
  ObjectStore(const ObjectStore&) = delete;
  ObjectStore& operator=(const ObjectStore&) = delete;
  /// A new object at the end; its address is good until the next one.
  virtual void* add() = 0;
};

template <class T>
class Objects final : public ObjectStore {
 public:
  void* add() override { return &items.emplace_back(); }
  std::vector<T> items;
};

/// Those objects that belong to one owner: the numbers of them are in `order[begin, end)`.
struct RelatedObjects {
  const std::shared_ptr<ObjectStore>& objects;
  const std::shared_ptr<std::vector<std::uint32_t>>& order;
  std::uint32_t begin;
  std::uint32_t end;
  [[nodiscard]] bool empty() const noexcept { return begin == end; }
  /// The first; there must be one.
  template <class T>
  [[nodiscard]] std::shared_ptr<const T> front() const {
    return {objects, &static_cast<const Objects<T>&>(*objects).items[(*order)[begin]]};
  }
};

}  // namespace engine

/// What all lazy fields have in common.
class LazyField {
 public:
  LazyField() = default;
  LazyField(const LazyField& other) noexcept
      : answer_(other.answer_), row_(other.row_), relation_(other.relation_) {
    if (answer_ != nullptr) hold();
  }
  LazyField(LazyField&& other) noexcept
      : answer_(std::exchange(other.answer_, nullptr)),
        row_(other.row_),
        relation_(other.relation_) {}
  LazyField& operator=(LazyField other) noexcept {
    std::swap(answer_, other.answer_);
    row_ = other.row_;
    relation_ = other.relation_;
    return *this;
  }
  ~LazyField() {
    if (answer_ != nullptr) let_go();
  }

  /// No I/O; works after the database is closed.
  [[nodiscard]] LazyState state() const noexcept;
  /// Forgets what was loaded for this row.
  void expire() const noexcept;

 protected:
  struct Found {
    engine::RelatedObjects targets;
    engine::RelatedObjects links;  // of a linked relationship
  };
  enum class Look : std::uint8_t { cached, fresh };
  /// Loads what is not loaded, or all anew. Throws DatabaseError.
  [[nodiscard]] Found look(Look how) const;
  /// The error of a to-one that promises a row and found none.
  [[nodiscard]] DatabaseError no_row() const;
  /// Tells the tracer of fallbacks for this field; null for an object that no database knows.
  [[nodiscard]] std::shared_ptr<const FallbackWitness> witness() const;

 private:
  friend struct engine::TypedCalls;
  void hold() const noexcept;
  void let_go() const noexcept;

  engine::Answer* answer_ = nullptr;  // which counts the fields that hold it
  std::uint32_t row_ = 0;
  std::uint32_t relation_ = 0;
};
static_assert(sizeof(LazyField) == 16 || sizeof(void*) != 8);

/// The one related row.
template <class T>
class LazyLoadTheRelated : public LazyField {
  static_assert(std::is_class_v<T>, "a lazy field leads to a model, which is a struct");

 public:
  using Target = T;
  using Association = void;
  static constexpr Cardinality cardinality = Cardinality::one;
  static constexpr bool required = true;

  /// Valid as long as this field or a copy of it lives.
  [[nodiscard]] const T& get() const { return *find(Look::cached); }
  /// Keeps the object by itself.
  [[nodiscard]] DBResult<std::shared_ptr<const T>> get_result() const {
    return capture(
        {}, [&] { return find(Look::cached); }, [&] { return witness(); });
  }
  /// The related row, or `fallback` on any failure, of which the tracer is told.
  [[nodiscard]] T or_use(T fallback) const {
    DBResult<std::shared_ptr<const T>> found = get_result();
    if (found) return *found.value();
    found.failure()->fall_back();
    return fallback;
  }
  /// Loads it again, whatever was kept. The object that was loaded before lives on.
  DBResult<std::shared_ptr<const T>> refresh() const {
    return capture(
        {}, [&] { return find(Look::fresh); }, [&] { return witness(); });
  }
  /// Loads it again if it failed, or loads it.
  DBResult<std::shared_ptr<const T>> refresh_if_needed() const {
    return state() == LazyState::loaded ? get_result() : refresh();
  }

 private:
  std::shared_ptr<const T> find(Look how) const {
    const Found found = look(how);
    if (found.targets.empty()) throw no_row();
    return found.targets.front<T>();
  }
};

/// The one related row, or none.
template <class T>
class LazyLoadTheRelated<std::optional<T>> : public LazyField {
  static_assert(std::is_class_v<T>, "a lazy field leads to a model, which is a struct");

 public:
  using Target = T;
  using Association = void;
  static constexpr Cardinality cardinality = Cardinality::one;
  static constexpr bool required = false;

  /// Null where there is none; valid as long as this field or a copy of it lives.
  [[nodiscard]] const T* get() const { return find(Look::cached).get(); }
  /// A success without an object where there is none.
  [[nodiscard]] DBResult<std::shared_ptr<const T>> get_result() const {
    return capture(
        {}, [&] { return find(Look::cached); }, [&] { return witness(); });
  }
  /// The related row or none; `fallback` on any failure, of which the tracer is told.
  [[nodiscard]] std::optional<T> or_use(std::optional<T> fallback) const {
    DBResult<std::shared_ptr<const T>> found = get_result();
    if (found) return found.value() ? std::optional<T>(*found.value()) : std::nullopt;
    found.failure()->fall_back();
    return fallback;
  }
  DBResult<std::shared_ptr<const T>> refresh() const {
    return capture(
        {}, [&] { return find(Look::fresh); }, [&] { return witness(); });
  }
  DBResult<std::shared_ptr<const T>> refresh_if_needed() const {
    return state() == LazyState::loaded ? get_result() : refresh();
  }

 private:
  std::shared_ptr<const T> find(Look how) const {
    const Found found = look(how);
    if (found.targets.empty()) return nullptr;
    return found.targets.front<T>();
  }
};

/// Related objects, in the order of the relationship. Shares them with every other row that they
/// are related to, and keeps them by itself.
template <class T>
class RelatedList {
  static_assert(std::is_class_v<T>, "a lazy field leads to a model, which is a struct");

 public:
  using Target = T;
  using Association = void;

  RelatedList() = default;
  explicit RelatedList(const engine::RelatedObjects& found)
      : objects_(std::static_pointer_cast<const engine::Objects<T>>(found.objects)),
        order_(found.order),
        begin_(found.begin),
        end_(found.end) {}

  [[nodiscard]] std::size_t size() const noexcept { return end_ - begin_; }
  [[nodiscard]] bool empty() const noexcept { return begin_ == end_; }
  [[nodiscard]] const T& operator[](std::size_t index) const {
    return objects_->items[(*order_)[begin_ + index]];
  }
  [[nodiscard]] std::vector<T> to_vector() const { return std::vector<T>(begin(), end()); }

  class Iterator {
   public:
    using iterator_category = std::forward_iterator_tag;
    using value_type = T;
    using difference_type = std::ptrdiff_t;
    using pointer = const T*;
    using reference = const T&;
    Iterator() = default;
    Iterator(const T* items, const std::uint32_t* place) : items_(items), place_(place) {}
    const T& operator*() const { return items_[*place_]; }
    const T* operator->() const { return &items_[*place_]; }
    Iterator& operator++() {
      ++place_;
      return *this;
    }
    Iterator operator++(int) {
      Iterator before = *this;
      ++place_;
      return before;
    }
    friend bool operator==(const Iterator&, const Iterator&) = default;

   private:
    const T* items_ = nullptr;
    const std::uint32_t* place_ = nullptr;
  };
  [[nodiscard]] Iterator begin() const noexcept { return at(begin_); }
  [[nodiscard]] Iterator end() const noexcept { return at(end_); }

 private:
  [[nodiscard]] Iterator at(std::uint32_t place) const noexcept {
    return objects_ ? Iterator(objects_->items.data(), order_->data() + place) : Iterator();
  }
  std::shared_ptr<const engine::Objects<T>> objects_;
  std::shared_ptr<const std::vector<std::uint32_t>> order_;
  std::uint32_t begin_ = 0;
  std::uint32_t end_ = 0;
};

/// A target and the row of the association that links it to its owner.
template <class T, class Association>
struct Linked {
  T target;
  Association link;
};

/// Related objects beside the rows that link them. The elements refer to the objects, which live as
/// long as the list or the lazy field that it came from:
///
///     for (const auto& [tag, link] : post.tags.get()) … tag.word … link.weight …
template <class T, class A>
class RelatedList<Linked<T, A>> {
 public:
  using Target = T;
  using Association = A;
  using Element = Linked<const T&, const A&>;

  RelatedList() = default;
  RelatedList(const engine::RelatedObjects& targets, const engine::RelatedObjects& links)
      : targets_(targets), links_(links) {}

  [[nodiscard]] std::size_t size() const noexcept { return targets_.size(); }
  [[nodiscard]] bool empty() const noexcept { return targets_.empty(); }
  [[nodiscard]] Element operator[](std::size_t index) const {
    return {targets_[index], links_[index]};
  }
  [[nodiscard]] const RelatedList<T>& targets() const noexcept { return targets_; }
  [[nodiscard]] const RelatedList<A>& links() const noexcept { return links_; }
  /// Copies, which need no list.
  [[nodiscard]] std::vector<Linked<T, A>> to_vector() const {
    std::vector<Linked<T, A>> copies;
    copies.reserve(size());
    for (const Element each : *this) copies.push_back({each.target, each.link});
    return copies;
  }

  class Iterator {
   public:
    using iterator_category = std::input_iterator_tag;
    using value_type = Element;
    using difference_type = std::ptrdiff_t;
    using pointer = void;
    using reference = Element;
    Iterator() = default;
    Iterator(typename RelatedList<T>::Iterator target, typename RelatedList<A>::Iterator link)
        : target_(target), link_(link) {}
    Element operator*() const { return {*target_, *link_}; }
    Iterator& operator++() {
      ++target_;
      ++link_;
      return *this;
    }
    Iterator operator++(int) {
      Iterator before = *this;
      ++*this;
      return before;
    }
    friend bool operator==(const Iterator&, const Iterator&) = default;

   private:
    typename RelatedList<T>::Iterator target_;
    typename RelatedList<A>::Iterator link_;
  };
  [[nodiscard]] Iterator begin() const noexcept { return {targets_.begin(), links_.begin()}; }
  [[nodiscard]] Iterator end() const noexcept { return {targets_.end(), links_.end()}; }

 private:
  RelatedList<T> targets_;
  RelatedList<A> links_;
};

/// All related rows; none is a success. LazyLoadEveryRelated<Linked<T, Association>> gives with
/// each target the row that links it.
template <class T>
class LazyLoadEveryRelated : public LazyField {
 public:
  using Target = typename RelatedList<T>::Target;
  using Association = typename RelatedList<T>::Association;
  static constexpr Cardinality cardinality = Cardinality::many;
  static constexpr bool required = false;

  [[nodiscard]] RelatedList<T> get() const { return find(Look::cached); }
  [[nodiscard]] DBResult<RelatedList<T>> get_result() const {
    return capture(
        {}, [&] { return find(Look::cached); }, [&] { return witness(); });
  }
  /// The related rows, or `fallback` on any failure, of which the tracer is told.
  [[nodiscard]] std::vector<T> or_use(std::vector<T> fallback) const {
    DBResult<RelatedList<T>> found = get_result();
    if (found) return found.value().to_vector();
    found.failure()->fall_back();
    return fallback;
  }
  DBResult<RelatedList<T>> refresh() const {
    return capture(
        {}, [&] { return find(Look::fresh); }, [&] { return witness(); });
  }
  DBResult<RelatedList<T>> refresh_if_needed() const {
    return state() == LazyState::loaded ? get_result() : refresh();
  }

 private:
  RelatedList<T> find(Look how) const {
    const Found found = look(how);
    if (found.targets.empty()) return {};
    if constexpr (std::is_void_v<Association>) {
      return RelatedList<T>(found.targets);
    } else {
      return RelatedList<T>(found.targets, found.links);
    }
  }
};

}  // namespace ommi
