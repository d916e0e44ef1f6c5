#pragma once

/// \file
/// A sequence that grows by pages: what is in it is moved no more while it grows, and only once
/// more to become a vector.

#include <cstddef>
#include <iterator>
#include <utility>
#include <vector>

namespace ommi::engine {

/// Elements in pages of `page` each, a power of two. The first page grows as a vector does, so that
/// few elements cost little.
template <class T, std::size_t page = 512>
class Pages {
  static_assert((page & (page - 1)) == 0, "an element is found by a shift");

 public:
  /// A new element at the end; its address is good until the next one.
  template <class... Arguments>
  T& add(Arguments&&... arguments) {
    if (last_ == nullptr || last_->size() == page) grow();
    return last_->emplace_back(std::forward<Arguments>(arguments)...);
  }
  [[nodiscard]] const T& operator[](std::size_t index) const noexcept {
    return pages_[index / page][index % page];
  }
  void clear() noexcept {
    pages_.clear();
    last_ = nullptr;
  }
  /// All elements; they are not here any more.
  [[nodiscard]] std::vector<T> take() {
    std::vector<T> all;
    if (pages_.size() == 1) all = std::move(pages_.front());
    if (pages_.size() > 1) {
      all.reserve((pages_.size() - 1) * page + last_->size());
      for (std::vector<T>& each : pages_) {
        all.insert(all.end(), std::make_move_iterator(each.begin()),
                   std::make_move_iterator(each.end()));
        each = std::vector<T>();
      }
    }
    clear();
    return all;
  }

 private:
  void grow() {
    std::vector<T>& fresh = pages_.emplace_back();
    if (pages_.size() > 1) fresh.reserve(page);
    last_ = &fresh;
  }

  std::vector<std::vector<T>> pages_;
  std::vector<T>* last_ = nullptr;
};

}  // namespace ommi::engine
