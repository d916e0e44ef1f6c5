#pragma once

/// \file
/// A JSON value that knows where it stands: what is asked of it either holds or is an error with a
/// JSON pointer. Included by the manifest's reader only.

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

namespace doctor::sources {

class Shape {
 public:
  Shape(const nlohmann::json& value, const std::string& file) : value_(&value), file_(&file) {}

  /// Must be an object with these keys at most; unknown ones are errors with the nearest name.
  void allow(std::initializer_list<std::string_view> keys) const;
  [[nodiscard]] bool has(std::string_view key) const;
  [[nodiscard]] bool is_null() const { return value_->is_null(); }
  /// The value of a key that must be there.
  [[nodiscard]] Shape at(std::string_view key) const;
  /// Calls `each` for the items of the list at `key`; nothing when the key is not there.
  void each(std::string_view key, const std::function<void(const Shape&)>& visit) const;
  /// Calls `visit` for the items of this list.
  void items(const std::function<void(const Shape&)>& visit) const;

  /// A text, as the bytes it stands for. Names may be empty: tables may.
  [[nodiscard]] std::string text() const;
  [[nodiscard]] std::vector<std::string> names() const;
  [[nodiscard]] bool flag(std::string_view key, bool otherwise) const;
  [[nodiscard]] double fraction(std::string_view key, double otherwise) const;
  [[nodiscard]] std::uint64_t number(std::string_view key) const;
  [[nodiscard]] const nlohmann::json& value() const { return *value_; }
  [[nodiscard]] std::size_t size() const { return value_->size(); }

  /// Throws DatabaseError (ErrorCode::model): "shop.json: /models/0/name: <why>".
  [[noreturn]] void fail(std::string_view why) const;
  /// "a list", "the number 3" …: what is here, for a message.
  [[nodiscard]] std::string what() const;

 private:
  Shape(const nlohmann::json& value, const std::string& file, std::string pointer)
      : value_(&value), file_(&file), pointer_(std::move(pointer)) {}
  const nlohmann::json* value_;
  const std::string* file_;
  std::string pointer_;
};

}  // namespace doctor::sources
