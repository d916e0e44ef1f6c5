#pragma once

/// \file
/// What the lazy field of a typed to-many relationship gives: objects, which owners may share.

#include <cstdint>
#include <iterator>
#include <memory>
#include <type_traits>
#include <vector>

namespace ommi {

/// Its address stands for the type, also for one that is only declared so far.
template <class T>
inline constexpr char type_tag = 0;

namespace engine {

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

}  // namespace ommi
